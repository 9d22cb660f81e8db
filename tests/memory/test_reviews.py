"""What people reviewed: which review a segment gets, what an import does with each unit."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.memory import (
    Memory,
    Review,
    Reviews,
    Verdict,
    count,
    export_units,
    find_reviews,
    import_units,
    prune,
    reviews_digest,
    was_imported,
)
from pipeline.model import (
    Alternative,
    Article,
    LocalisedSegment,
    ParallelArticle,
    Role,
    Segment,
    Signature,
    State,
    Target,
    Unit,
)

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/memory/importing.toml").read_text("utf-8"))["case"]
PAIR = ("en", "pt")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    """Open a new memory."""
    opened = Memory(tmp_path / "memory.sqlite")
    yield opened
    opened.close()


def unit(source: str, target: str, *, place: str = "a.txt b1s1", approved: bool = True) -> Unit:
    """Make a unit of `place`."""
    article, _, segment = place.partition(" ")
    return Unit(article, segment, *PAIR, source, target, approved)


def record(memory: Memory, name: str, segments: dict[str, tuple[str, str]], state: State = State.MACHINE) -> None:
    """Record an article as it would be written: id -> (source, target)."""
    items = tuple(
        LocalisedSegment(Segment(key, source, 0), key, Role.BODY, source, targets={"pt": Target(target, state)})
        for key, (source, target) in segments.items()
    )
    article = Article(Path(name).stem, Path(name).suffix, "en", ())
    memory.record(ParallelArticle(article, items, ("pt",), frozenset(), Signature("1", "", {}, {}, "", {})))


def take(memory: Memory, *units: Unit, replace_: bool = False) -> list[Verdict]:
    """Import units and return the verdicts."""
    return [done.verdict for done in import_units(memory, units, ("f.xlf", "0"), replace=replace_)]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_unit_gets_its_verdict(case: dict[str, object], memory: Memory) -> None:
    """The table says what is in the memory, what the file has, and what becomes of it."""
    rows = {key: tuple(pair) for key, pair in case.get("written", {}).items()}  # type: ignore[attr-defined]
    if rows:
        record(memory, "a.txt", rows)  # type: ignore[arg-type]
    for source, target in case.get("reviewed", []):  # type: ignore[attr-defined]
        take(memory, unit(source, target))
    given = unit(case["source"], case["target"], approved=case.get("approved", False))  # type: ignore[arg-type]
    done = import_units(memory, [given], ("f.xlf", "0"), replace=bool(case.get("replace", False)))[0]
    assert done.verdict == case["verdict"]
    assert done.is_stale == case.get("stale", False)
    current = [(source, target) for _, (source, target) in rows.items()] or [(case["source"], "")]
    found = find_reviews(memory, "a.txt", PAIR, [("b1s1", str(current[0][0]))])
    assert found.get("b1s1", Review()).text == case["text"]


def test_nothing_is_dropped(memory: Memory) -> None:
    """A conflict and a replaced review stay in the file, to be looked at."""
    take(memory, unit("s", "one"))
    take(memory, unit("s", "two"))
    take(memory, unit("s", "three"), replace_=True)
    rows = memory.rows("SELECT target, standing FROM review ORDER BY id")
    assert rows == [("one", "replaced"), ("two", "aside"), ("three", "in force")]


def test_a_machine_never_overwrites_a_review(memory: Memory) -> None:
    """Whatever is written for the article later, the review stands."""
    record(memory, "a.txt", {"b1s1": ("s", "machine")})
    take(memory, unit("s", "person", approved=False))
    for text in ("person", "another engine"):
        record(memory, "a.txt", {"b1s1": ("s", text)})
        assert find_reviews(memory, "a.txt", PAIR, [("b1s1", "s")])["b1s1"].text == "person"


def test_the_segment_itself_then_the_article_then_elsewhere(memory: Memory) -> None:
    """The nearest review wins; those from elsewhere only if they agree, else a warning lists them."""
    take(memory, unit("s", "elsewhere", place="b.txt b9s1"))
    found = find_reviews(memory, "a.txt", PAIR, [("b1s1", "s"), ("b2s1", "t")])
    assert (found["b1s1"].text, found["b1s1"].reason, "b2s1" in found) == (
        "elsewhere", "reviewed in b.txt, the same source", False,
    )  # fmt: skip
    take(memory, unit("s", "other", place="c.txt b1s1"))
    found = find_reviews(memory, "a.txt", PAIR, [("b1s1", "s")])
    assert (found["b1s1"].text, found["b1s1"].rule) == ("", "review_conflict")
    assert [(one.text, one.quality, one.origin) for one in found["b1s1"].alternatives] == [
        ("elsewhere", 100, "f.xlf"), ("other", 100, "f.xlf"),
    ]  # fmt: skip
    take(memory, unit("s", "here", place="a.txt b7s1"))
    assert find_reviews(memory, "a.txt", PAIR, [("b1s1", "s")])["b1s1"].text == "here"
    take(memory, unit("s", "this", place="a.txt b1s1"))
    found = find_reviews(memory, "a.txt", PAIR, [("b1s1", "s"), ("b7s1", "s")])
    assert [found[key].text for key in ("b1s1", "b7s1")] == ["this", "here"]
    assert find_reviews(memory, "a.txt", ("en", "es"), [("b1s1", "s")]) == {}


def test_a_changed_source_makes_a_review_stale(memory: Memory) -> None:
    """It is not used and not replaced: a warning stands at its segment until somebody reviews the new text."""
    take(memory, unit("old source", "person"))
    found = find_reviews(memory, "a.txt", PAIR, [("b1s1", "new source")])["b1s1"]
    assert (found.text, found.rule) == ("", "review_stale")
    assert "'person'" in found.warning
    assert "'old source'" in found.warning
    assert found.alternatives == (Alternative("person", "f.xlf", 50, "old source", is_earlier=True),)
    moved = find_reviews(memory, "a.txt", PAIR, [("b1s1", "new source"), ("b2s1", "old source")])
    assert [moved.get("b1s1"), moved["b2s1"].text] == [None, "person"]
    take(memory, unit("new source", "again"))
    assert find_reviews(memory, "a.txt", PAIR, [("b1s1", "new source")])["b1s1"].text == "again"


def test_white_space_is_no_change(memory: Memory) -> None:
    """Tools break lines as they please."""
    record(memory, "a.txt", {"b1s1": ("the old harbour", "o porto velho")})
    assert take(memory, unit("the old\n harbour", "o porto\nvelho", approved=False)) == [Verdict.UNCHANGED]
    assert take(memory, unit("the old\n harbour", "o velho porto", approved=False)) == [Verdict.TAKEN]


def test_digest_of_an_article_is_told_without_parsing_it(memory: Memory) -> None:
    """From what was recorded: the same as when the article was made; "" where nothing is reviewed."""
    record(memory, "a.txt", {"b1s1": ("s", "m"), "b2s1": ("t", "n"), "b3s1": ("The old bridge is closed now.", "o")})
    assert Reviews(memory).recorded("a.txt", "en", ["pt"]) == ""
    take(memory, unit("t", "elsewhere", place="b.txt b1s1"))
    take(memory, unit("The old bridge is open now.", "aberta", place="b.txt b2s1"))
    for least in (75, 0):
        made = Reviews(memory, least).find("a.txt", PAIR, [("b1s1", "s"), ("b2s1", "t"), ("b3s1", LIKE)])
        assert set(made) == ({"b2s1", "b3s1"} if least else {"b2s1"})
        assert Reviews(memory, least).recorded("a.txt", "en", ["pt"]) == reviews_digest({"pt": made}) != ""
    assert Reviews(memory).recorded("a.txt", "en", ["es"]) == ""


LIKE = "The old bridge is closed now."


def test_reviews_of_similar_sentences_are_offered(memory: Memory) -> None:
    """To what has no review of its own; beside the warning of a stale one, each text once; never as the text."""
    take(memory, unit("The old bridge is open now.", "aberta", place="b.txt b1s1"))
    take(memory, unit("The old bridge was closed now.", "fechada", place="b.txt b2s1"))
    found = Reviews(memory).find("a.txt", PAIR, [("b1s1", LIKE), ("b2s1", "Nothing is like this here.")])
    assert found == {"b1s1": Review(alternatives=(
        Alternative("aberta", "f.xlf", 85, "The old bridge is open now."),
        Alternative("fechada", "f.xlf", 85, "The old bridge was closed now."),
    ))}  # fmt: skip
    assert Reviews(memory, 90).find("a.txt", PAIR, [("b1s1", LIKE)]) == {}
    assert Reviews(memory, 0).find("a.txt", PAIR, [("b1s1", LIKE)]) == {}
    assert Reviews(memory).find("a.txt", ("en", "es"), [("b1s1", LIKE)]) == {}
    take(memory, unit("The old bridge is closed today.", "aberta", place="a.txt b1s1"))
    stale = Reviews(memory).find("a.txt", PAIR, [("b1s1", LIKE)])["b1s1"]
    assert (stale.rule, [(one.text, one.is_earlier) for one in stale.alternatives]) == (
        "review_stale", [("aberta", True), ("fechada", False)],
    )  # fmt: skip
    take(memory, unit(LIKE, "revista", place="a.txt b1s1"))
    own = Reviews(memory).find("a.txt", PAIR, [("b1s1", LIKE)])["b1s1"]
    assert (own.text, own.alternatives) == ("revista", ())


def test_state_is_that_of_the_reviews_of_a_pair(memory: Memory) -> None:
    """It changes with a review of that pair, whatever article it is of, and with nothing else."""
    assert Reviews(memory).state("en", ["pt", "es"]) == ""
    take(memory, unit("s", "one"))
    first = Reviews(memory).state("en", ["pt", "es"])
    record(memory, "a.txt", {"b1s1": ("s", "machine")})
    take(memory, unit("s", "aside"))
    assert Reviews(memory).state("en", ["pt", "es"]) == Reviews(memory).state("en", ["pt"]) == first != ""
    assert Reviews(memory).state("en", ["es"]) == ""
    take(memory, unit("t", "two", place="b.txt b1s1"))
    assert Reviews(memory).state("en", ["pt"]) != first


def test_export_gives_what_is_in_force_in_order(memory: Memory) -> None:
    """b2 before b10; what engines wrote only when asked for, and not where a review stands."""
    take(memory, unit("ten", "dez", place="a.txt b10s1"), unit("two", "dois", place="a.txt b2s1"))
    take(memory, unit("two", "duas", place="a.txt b2s1"))
    assert [one.target for one in export_units(memory)] == ["dois", "dez"]
    assert export_units(memory, "es") == []
    record(memory, "a.txt", {"b2s1": ("two", "máquina"), "b3s1": ("three", "três")})
    units = export_units(memory, "pt", machine_too=True)
    assert [(one.target, one.is_approved) for one in units] == [("dois", True), ("três", False), ("dez", True)]


def test_counts_and_pruning(memory: Memory) -> None:
    """Prune forgets what engines said that are gone, and former wordings; never a review."""
    memory.note(("e", "1", *PAIR), {("s",): ("m", b"")})
    memory.note(("e", "2", *PAIR), {("s",): ("m2", b""), ("t",): ("n2", b"")})
    record(memory, "a.txt", {"b1s1": ("s", "old")})
    record(memory, "a.txt", {"b1s1": ("s", "new")})
    take(memory, unit("s", "one"), unit("s", "two"), unit("gone", "x", place="a.txt b4s1"))
    row = count(memory)[0]
    assert (row.pair, row.machine, row.reviewed, row.aside, row.stale) == ("en-pt", 3, 2, 1, 1)
    assert prune(memory, [("e", "2", *PAIR)]) == 1
    assert replace(count(memory)[0], machine=3) == row
    assert memory.recall(("e", "2", *PAIR), [("s",), ("t",)]) == {("s",): ("m2", b""), ("t",): ("n2", b"")}
    assert memory.rows("SELECT target FROM segment") == [("new",)]


def test_imported_files_are_known_by_their_bytes(memory: Memory) -> None:
    """So that a run may write an edited file again, once it was taken in."""
    import_units(memory, [], ("f.xlf", "abc"))
    assert [was_imported(memory, "abc"), was_imported(memory, "abd")] == [True, False]
