"""What is current, and why the rest is not."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline import signing
from pipeline.batch.planning import Planner
from pipeline.batch.seen import QUIET_NS
from pipeline.batch.tasks import Action, Plan, Task
from pipeline.engines.firefox import FirefoxEngine
from pipeline.engines.routes import Router
from pipeline.exports import write_article
from pipeline.exports.guarding import digest_file
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
NEW = sha256(b"new").hexdigest()


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


def plan(root: Path, options: Options = OPTIONS, *, redo: bool = False, recall: bool = False) -> Plan:
    """Plan the article; with `recall` as a run that goes by what the last such run found current."""
    task = Task(0, "visit.en.txt", root / "visit.en.txt", "visit.en", ".txt")
    asked = planner(root, options)
    if recall:
        asked.recall()
    found = asked.plan(task, redo=redo)
    asked.keep()
    return found


@pytest.fixture
def seen(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy that a run found current, its files as old as they need be for that to be kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("pipeline.batch.seen.QUIET_NS", -1_000_000_000)
    assert plan(root, recall=True).action is Action.SKIP
    return root


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
    "manifest of another version": (
        edit("out/visit/manifest.json", "reviews_", "reviews"), Action.LOCALISE, "the program changed",
    ),
    "manifest of another version, and edited": (
        lambda root: [
            edit("out/visit/manifest.json", "reviews_", "reviews")(root),
            edit("out/visit/visit.pt.txt", "segunda", "terça")(root),
        ],
        Action.LEAVE, "visit.pt.txt edited since it was written; the program changed",
    ),
    "killed while writing, and edited": (
        lambda root: [
            (root / "out/visit/.visit.tmx.tmp-12-3").touch(),
            edit("out/visit/visit.pt.txt", "segunda", "terça")(root),
        ],
        Action.LEAVE, "visit.pt.txt edited since it was written; an earlier run was interrupted",
    ),
    "killed between two files": (
        lambda root: [
            shutil.copy(root / "out/visit/manifest.json", root / "out/visit/.manifest.json.tmp-12-3"),
            edit("out/visit/.manifest.json.tmp-12-3", digest_file(root / "out/visit/visit.pt.txt"), NEW)(root),
            (root / "out/visit/visit.pt.txt").write_bytes(b"new"),
        ],
        Action.LOCALISE, "an earlier run was interrupted",
    ),
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


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_seen_by_a_run_that_recalls(change: str, seen: Path) -> None:
    """What the last run found current hides no change, and changes no reason."""
    CHANGES[change][0](seen)
    expected, found = plan(seen), plan(seen, recall=True)
    assert replace(found, error=None) == replace(expected, error=None)


def test_what_nobody_touched_is_not_read_again(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither article nor outputs nor manifest; the plan has what the report says."""

    def fail(*_: object) -> None:
        raise AssertionError

    expected = plan(seen)
    for name in ("planning.read_file", "planning._digest_file", "places.read_manifest"):
        monkeypatch.setattr(f"pipeline.batch.{name}", fail)
    found = plan(seen, recall=True)
    assert (found.action, found.folder, found.row) == (expected.action, expected.folder, expected.row)


@pytest.mark.parametrize("name", ["visit.en.txt", "out/visit/visit.pt.txt", "out/visit/manifest.json"])
def test_an_edit_of_the_same_size_and_time_is_seen(name: str, seen: Path) -> None:
    """Whoever sets a file's time back changes another time by that."""
    before = (seen / name).stat()
    data = (seen / name).read_bytes()
    (seen / name).write_bytes(data.replace(b"e", b"o"))
    os.utime(seen / name, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (seen / name).stat().st_mtime_ns == before.st_mtime_ns
    assert plan(seen, recall=True) == plan(seen)
    assert plan(seen, recall=True).action is not Action.SKIP


def test_files_just_written_are_read_again(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may be written once more in the same tick of the file system's clock: it is not kept as seen."""
    monkeypatch.setattr("pipeline.batch.seen.QUIET_NS", QUIET_NS)
    edit("out/visit/visit.pt.txt", "o", "o")(seen)
    assert plan(seen, recall=True).action is Action.SKIP
    monkeypatch.setattr("pipeline.batch.places.read_manifest", lambda _: None)
    assert plan(seen, recall=True).action is Action.LOCALISE


def test_edits_that_were_imported_are_looked_up_each_time(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is not as it was written, and the memory alone tells that this is in order: its word may change."""
    edit("out/visit/visit.en-pt.xlf", "segunda", "terça")(seen)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.batch.planning._Reviewed.was_imported", lambda *_: True)
        assert plan(seen, recall=True).action is Action.SKIP
    assert plan(seen, recall=True).action is Action.LEAVE


@pytest.mark.parametrize("data", [b"", b"[]", b"0\n[[], {}]"])
def test_a_damaged_record_costs_time_alone(data: bytes, seen: Path, tmp_path: Path) -> None:
    """It is as if it were not there, and written again."""
    (path,) = (tmp_path / "cache/translate-article/runs").iterdir()
    whole = path.read_bytes()
    path.write_bytes(data)
    assert plan(seen, recall=True) == plan(seen)
    assert path.read_bytes() == whole


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
def test_an_option_that_changes_the_text_is_named(options: Options, reason: str, seen: Path) -> None:
    """With its old value and the new one."""
    assert reason in plan(seen, options).reasons
    assert reason in plan(seen, options, recall=True).reasons


def test_an_option_in_other_words_is_the_same(root: Path) -> None:
    """The article's own language among the targets changes nothing."""
    assert plan(root, replace(OPTIONS, targets=("en", "pt"))).action is Action.SKIP


@pytest.mark.parametrize("recall", [False, True])
def test_engine_and_program_are_named(recall: bool, seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of an engine, a table edited in a checkout, a route for a fragment that had none."""
    with monkeypatch.context() as patch:
        patch.setattr(FirefoxEngine, "version", "2")
        patch.setattr(signing, "program_digest", lambda: "other")
        found = plan(seen, recall=recall)
    assert found.reasons[:1] == ("the program changed",)
    assert any(reason.startswith("engine en-pt:firefox changed") for reason in found.reasons)
    with monkeypatch.context() as patch:
        patch.setattr(signing, "_version", lambda package: f"{package} 9")
        assert any(reason.startswith("babel changed from 2.") for reason in plan(seen, recall=recall).reasons)
    edit("out/visit/manifest.json", '"bg-pt": ""', '"bg-pt": "bg-pt:argos"')(seen)
    assert "the route of a fragment changed" in plan(seen, recall=recall).reasons


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
