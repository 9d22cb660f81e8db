"""Which segments a change touches, and what is said of them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import signing
from pipeline.batch.changes import Changes, find_changes
from pipeline.batch.planning import Planner
from pipeline.batch.tasks import Task
from pipeline.engines.firefox import FirefoxEngine
from pipeline.engines.routes import Router
from pipeline.exports import write_article
from pipeline.glossary import load_glossary
from pipeline.localise import Options, Tools, localise_article
from pipeline.memory import Memory, import_units
from pipeline.model import Unit

TEXT = (
    "The mayor visits Lisbon\n\nСнимка: БГНЕС\n\nKing Fahd Causeway was closed on Monday.\n\n"
    "He will visit it on Monday. The people of the city wait for the mayor with patience.\n\n"
    "An 18-year-old man was there.\n"
)
IDS = ("b1s1", "b2s1", "b3s1", "b4s1", "b4s2", "b5s1")
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
TERM = 'msgid "mayor"\nmsgstr "presidente da câmara"\n\n'
PATTERN = '# type: pattern\nmsgid "{n}-year-old"\nmsgstr "de {n} anos"\n\n'
OPTIONS = Options(("pt",))
Edit = Callable[[Path], object]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Localise one article into `out` with a glossary of two entries and a memory, once."""
    root = tmp_path_factory.mktemp("made")
    for pair, text in (("en/pt", TERM + PATTERN), ("bg/en", 'msgid "Снимка"\nmsgstr "Photo"\n\n# type: label\n')):
        (root / "terms" / pair).parent.mkdir(parents=True)
        (root / "terms" / f"{pair}.po").write_text(HEAD + text.partition("# type: label")[0], "utf-8")
    (root / "visit.en.txt").write_text(TEXT, "utf-8")
    with Tools.open(load_glossary([root / "terms"]), OPTIONS, memory=root / "memory.sqlite", frugal=True) as tools:
        done = localise_article(TEXT.encode(), "visit.en", ".txt", OPTIONS, tools)
        tools.remember(done.parallel)
    write_article(done.parallel, done.rendered, root / "out")
    yield root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """Give a copy of it to change."""
    return Path(shutil.copytree(made, tmp_path / "root"))


def changes(root: Path, options: Options = OPTIONS, *, redo: bool = False) -> Changes:
    """Return what a run would do again."""
    glossary = load_glossary([root / "terms"])
    task = Task(0, "visit.en.txt", root / "visit.en.txt", "visit.en", ".txt")
    with closing(Memory(root / "memory.sqlite")) as memory, closing(Router(options.engine)) as router:
        plan = Planner(options, glossary, router, root / "out", memory=memory).plan(task, redo=redo)
        return find_changes(plan, options, glossary, memory)


def said(found: Changes) -> dict[str, list[str]]:
    """Return the reasons by segment, languages in front."""
    reasons: dict[str, list[str]] = {}
    for redo in found.redone:
        reasons.setdefault(redo.segment, []).append(f"{','.join(redo.langs)}: {redo.reason}")
    return reasons


def edit(name: str, old: str, new: str) -> Edit:
    """Return a change of one file."""
    return lambda root: (root / name).write_text((root / name).read_text("utf-8").replace(old, new, 1), "utf-8")


def add(name: str, text: str) -> Edit:
    """Return an addition to one file."""
    return lambda root: (root / name).write_text((root / name).read_text("utf-8") + text, "utf-8")


GLOSSARY = "pt: the glossary changed: {} (en-pt)".format
CHANGES: dict[str, tuple[Edit, dict[str, str]]] = {
    "one sentence of a paragraph": (
        edit("visit.en.txt", "He will visit", "He will see"), {"b4s1": "pt: the source changed"},
    ),
    "a paragraph is put in front: only it is new, though every number changed": (
        edit("visit.en.txt", "King Fahd", "A new paragraph begins here.\n\nKing Fahd"),
        {"b3s1": "pt: the source changed"},
    ),
    "a paragraph at the end": (add("visit.en.txt", "\nThat was all.\n"), {"b6s1": "pt: the segment is new"}),
    "a paragraph goes": (edit("visit.en.txt", "Снимка: БГНЕС\n\n", ""), {}),
    "an entry that two segments use": (
        edit("terms/en/pt.po", "presidente da câmara", "alcaide"),
        {"b1s1": GLOSSARY("mayor"), "b4s2": GLOSSARY("mayor")},
    ),
    "an entry goes": (edit("terms/en/pt.po", TERM, ""), {"b1s1": GLOSSARY("mayor"), "b4s2": GLOSSARY("mayor")}),
    "a new entry": (add("terms/en/pt.po", 'msgid "patience"\nmsgstr "calma"\n'), {"b4s2": GLOSSARY("patience")}),
    "a new entry whose words stand in different segments": (
        add("terms/en/pt.po", 'msgid "mayor on Monday"\nmsgstr "x"\n'), {},
    ),
    "a pattern changes": (edit("terms/en/pt.po", "de {n} anos", "com {n} anos"), {"b5s1": GLOSSARY("{n}-year-old")}),
    "a pattern goes": (edit("terms/en/pt.po", PATTERN, ""), {"b5s1": GLOSSARY("{n}-year-old")}),
    "a new pattern that fits nowhere": (
        add("terms/en/pt.po", '# type: pattern\nmsgid "{n}-month-old"\nmsgstr "de {n} meses"\n'), {},
    ),
    "a word before a name begins another term": (
        add("terms/en/pt.po", 'msgid "King of Spain"\nmsgstr "rei de Espanha"\n'),
        {"b3s1": GLOSSARY("words that begin terms")},
    ),
    "an entry for a fragment": (edit("terms/bg/en.po", "Photo", "Picture"), {
        "b2s1": "pt: the glossary changed: Снимка (bg-en)",
    }),
    "a side file goes": (lambda root: (root / "out/visit/visit.tmx").unlink(), {}),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_segments_that_a_change_touches(change: str, root: Path) -> None:
    """Those and no other, with the reason."""
    act, wanted = CHANGES[change]
    act(root)
    assert said(changes(root)) == {segment: [reason] for segment, reason in wanted.items()}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (replace(OPTIONS, targets=("pt", "pt-BR")), "pt-BR: the language is new"),
        (replace(OPTIONS, keep=frozenset()), None),
        (replace(OPTIONS, base_url="https://example.org"), None),
        (replace(OPTIONS, source="en"), None),
        (replace(OPTIONS, near_hits=0), None),
        (replace(OPTIONS, no_typography=frozenset({"numbers"})), "pt: option no_typography changed"),
    ],
)
def test_options(options: Options, reason: str | None, root: Path) -> None:
    """Another language concerns every segment, an option that changes no sentence none."""
    found = changes(root, options)
    assert found.total == len(IDS)
    assert said(found) == ({segment: [reason] for segment in IDS} if reason else {})


def test_engine_and_program(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine concerns what it wrote, the program everything."""
    monkeypatch.setattr(FirefoxEngine, "version", "2")
    found = said(changes(root))
    assert set(found) == set(IDS) - {"b2s1"}
    assert found["b1s1"] == ["pt: engine en-pt:firefox changed"]
    monkeypatch.undo()
    monkeypatch.setattr(signing, "program_digest", lambda: "other")
    assert said(changes(root)) == {segment: ["pt: the program changed"] for segment in IDS}
    monkeypatch.undo()
    monkeypatch.setattr(
        signing, "_version", lambda package: "1" if package == "sentencex" else signing.metadata.version(package)
    )
    assert said(changes(root)) == {segment: ["pt: sentencex changed"] for segment in IDS}


def test_route(root: Path) -> None:
    """Another route concerns what came by the old one."""
    edit("out/visit/manifest.json", '"pt": "en-pt:firefox"', '"pt": "en-pt:argos"')(root)
    text = (root / "out/visit/visit.parallel.jsonl").read_text("utf-8")
    assert said(changes(root)) == {}
    (root / "out/visit/visit.parallel.jsonl").write_text(
        text.replace('"route": "en-pt:firefox"', '"route": "en-pt:argos"')
    )
    found = said(changes(root))
    assert found["b1s1"] == ["pt: the route changed from en-pt:argos to en-pt:firefox"]
    assert set(found) == set(IDS) - {"b2s1"}


def review(root: Path, segment: str, source: str, target: str) -> None:
    """Take in what a person reviewed."""
    with closing(Memory(root / "memory.sqlite")) as memory:
        import_units(memory, [Unit("visit.en.txt", segment, "en", "pt", source, target, True)], ("x.xlf", "0"))


def test_reviews(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was reviewed is written anew once, and no change of glossary, engine or program touches it then."""
    review(root, "b1s1", "The mayor visits Lisbon", "O autarca está em Lisboa")
    assert said(changes(root)) == {"b1s1": ["pt: it was reviewed"]}
    glossary = load_glossary([root / "terms"])
    with Tools.open(glossary, OPTIONS, memory=root / "memory.sqlite", frugal=True) as tools:
        done = localise_article(TEXT.encode(), "visit.en", ".txt", OPTIONS, tools)
        tools.remember(done.parallel)
        write_article(done.parallel, done.rendered, root / "out")
    edit("terms/en/pt.po", "presidente da câmara", "alcaide")(root)
    assert said(changes(root)) == {"b4s2": [GLOSSARY("mayor")]}
    monkeypatch.setattr(signing, "program_digest", lambda: "other")
    assert "b1s1" not in said(changes(root))
    edit("visit.en.txt", "The mayor visits Lisbon", "The mayor leaves Lisbon")(root)
    assert said(changes(root))["b1s1"] == ["pt: the source changed; it was reviewed, and the review is stale"]


def test_what_is_new_or_asked_for_is_done_whole(root: Path) -> None:
    """Every segment, with that reason."""
    assert said(changes(root, redo=True)) == {segment: ["pt: asked for"] for segment in IDS}
    shutil.rmtree(root / "out/visit")
    found = changes(root)
    assert (found.total, found.segments) == (len(IDS), len(IDS))
    assert said(found)["b4s2"] == ["pt: new"]
