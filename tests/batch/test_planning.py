"""What is current, and why the rest is not."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import signing
from pipeline.batch.planning import Planner
from pipeline.batch.tasks import Action, Plan, Task
from pipeline.engines.firefox import FirefoxEngine
from pipeline.engines.routes import Router
from pipeline.exports import write_article
from pipeline.glossary import load_glossary
from pipeline.localise import Options, Tools, localise_article

TEXT = (
    "The mayor visits Lisbon\n\nСнимка: БГНЕС\n\nКметът каза, че няма пари за това.\n\nHe will visit it on Monday."
    " The people of the city wait for him with great patience and some hope.\n"
)
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
TERM = 'msgid "mayor"\nmsgstr "presidente da câmara"\n\n'
OTHER = 'msgid "harbour"\nmsgstr "porto"\n\n'
OPTIONS = Options(("pt",))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Localise one article into `out` with a glossary of two entries, once."""
    root = tmp_path_factory.mktemp("made")
    (root / "terms/en").mkdir(parents=True)
    (root / "terms/en/pt.po").write_text(HEAD + TERM + OTHER, "utf-8")
    (root / "visit.en.txt").write_text(TEXT, "utf-8")
    with Tools.open(load_glossary([root / "terms"]), OPTIONS, frugal=True) as tools:
        done = localise_article(TEXT.encode(), "visit.en", ".txt", OPTIONS, tools)
    write_article(done.parallel, done.rendered, root / "out")
    yield root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """Give a copy of it to change."""
    return Path(shutil.copytree(made, tmp_path / "root"))


def planner(root: Path, options: Options = OPTIONS) -> Planner:
    """Make a planner as a new run would."""
    return Planner(options, load_glossary([root / "terms"]), Router(options.engine, via=options.via), root / "out")


def plan(root: Path, options: Options = OPTIONS, *, redo: bool = False) -> Plan:
    """Plan the article."""
    task = Task(0, "visit.en.txt", root / "visit.en.txt", "visit.en", ".txt")
    return planner(root, options).plan(task, redo=redo)


def test_what_is_current_is_told_without_an_engine(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing changed: skipped, and no engine was loaded, no article parsed, no glossary file read into entries."""

    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(FirefoxEngine, "load", fail)
    monkeypatch.setattr("pipeline.glossary.store.read_content", fail)
    monkeypatch.setattr("pipeline.localise.parser_for", fail)
    found = plan(root)
    assert (found.action, found.reasons, found.folder) == (Action.SKIP, (), root / "out/visit")


def edit(name: str, old: str, new: str) -> Callable[[Path], object]:
    """Return a change of one file."""
    return lambda root: (root / name).write_text((root / name).read_text("utf-8").replace(old, new), "utf-8")


CHANGES: dict[str, tuple[Callable[[Path], object], Action, str]] = {
    "article": (edit("visit.en.txt", "Monday", "Tuesday"), Action.LOCALISE, "the article changed"),
    "term that is used": (edit("terms/en/pt.po", "presidente da câmara", "alcaide"), Action.LOCALISE, "the glossary"),
    "term that is not used": (edit("terms/en/pt.po", '"porto"', '"cais"'), Action.REFRESH, ""),
    "new term that could match": (edit("terms/en/pt.po", "harbour", "Monday"), Action.LOCALISE, "the glossary"),
    "file gone": (lambda root: (root / "out/visit/visit.tmx").unlink(), Action.LOCALISE, "visit.tmx is missing"),
    "pipe in place of a file": (
        lambda root: [(root / "out/visit/visit.tmx").unlink(), os.mkfifo(root / "out/visit/visit.tmx")],
        Action.LOCALISE, "visit.tmx is missing",
    ),
    "link to itself in place of a file": (
        lambda root: [(root / "out/visit/visit.tmx").unlink(), (root / "out/visit/visit.tmx").symlink_to("visit.tmx")],
        Action.LOCALISE, "visit.tmx is missing",
    ),
    "manifest damaged": (edit("out/visit/manifest.json", "{", ""), Action.LOCALISE, "new"),
    "manifest of another version": (edit("out/visit/manifest.json", "reviews_", "reviews"), Action.LOCALISE, "new"),
    "manifest of another file": (edit("out/visit/manifest.json", "visit.en.txt", "visit.txt"), Action.LOCALISE, "new"),
    "killed while writing": (
        lambda root: (root / "out/visit/.visit.tmx.tmp-12-3").touch(), Action.LOCALISE, "interrupted",
    ),
    "edited by hand": (edit("out/visit/visit.en-pt.xlf", "segunda", "terça"), Action.LEAVE, "visit.en-pt.xlf edited"),
    "edited, and the article changed": (
        lambda root: [edit(f"{name}.txt", "on", "at")(root) for name in ("visit.en", "out/visit/visit.en")],
        Action.LEAVE, "visit.en.txt edited",
    ),
    "article gone": (lambda root: (root / "visit.en.txt").unlink(), Action.FAIL, "no such file"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_seen_and_named(change: str, root: Path) -> None:
    """A change that matters makes the article stale, one that does not leaves it; a person's edit is kept."""
    act, action, reason = CHANGES[change]
    act(root)
    found = plan(root)
    assert found.action is action, found
    assert reason in "; ".join(found.reasons)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (replace(OPTIONS, targets=("pt", "pt-BR")), "option targets changed from pt to pt,pt-BR"),
        (replace(OPTIONS, source="en"), "option source changed from auto to en"),
        (replace(OPTIONS, engine="firefox"), "option engine changed from auto to firefox"),
        (replace(OPTIONS, encoding="utf-16"), "option encoding changed from none to utf-16"),
        (replace(OPTIONS, targets=("ja",)), "the engines changed"),
    ],
)
def test_an_option_that_changes_the_text_is_named(options: Options, reason: str, root: Path) -> None:
    """With its old value and the new one."""
    assert reason in plan(root, options).reasons


def test_an_option_in_other_words_is_the_same(root: Path) -> None:
    """The article's own language among the targets changes nothing."""
    assert plan(root, replace(OPTIONS, targets=("en", "pt"))).action is Action.SKIP


def test_engine_and_program_are_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of an engine, a table edited in a checkout, a route for a fragment that had none."""
    monkeypatch.setattr(FirefoxEngine, "version", "2")
    monkeypatch.setattr(signing, "program_digest", lambda: "other")
    found = plan(root)
    assert found.reasons[:1] == ("the program changed",)
    assert any(reason.startswith("engine en-pt:firefox changed") for reason in found.reasons)
    monkeypatch.undo()
    monkeypatch.setattr(signing, "_version", lambda package: f"{package} 9")
    assert any(reason.startswith("babel changed from 2.") for reason in plan(root).reasons)
    monkeypatch.undo()
    edit("out/visit/manifest.json", '"bg-pt": ""', '"bg-pt": "bg-pt:argos"')(root)
    assert "the route of a fragment changed" in plan(root).reasons


def test_redo_redoes_what_is_current_and_what_is_edited(root: Path) -> None:
    """Asked for, everything is done again."""
    edit("out/visit/visit.pt.txt", "segunda", "terça")(root)
    assert plan(root, redo=True).action is Action.LOCALISE


def test_refreshed_manifest_is_current(root: Path) -> None:
    """The new digest of the glossary is written, so that the next run need not look again; nothing else changes."""
    edit("terms/en/pt.po", '"porto"', '"cais"')(root)
    before = {path.name: path.read_bytes() for path in (root / "out/visit").iterdir()}
    planner(root).refresh(plan(root))
    assert plan(root).action is Action.SKIP
    after = {path.name: path.read_bytes() for path in (root / "out/visit").iterdir()}
    assert [name for name in before if before[name] != after[name]] == ["manifest.json"]
    assert before["manifest.json"].count(b"\n") == after["manifest.json"].count(b"\n")
