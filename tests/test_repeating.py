"""A sentence that a file has in two places is translated once, and stands in both."""

from collections.abc import Sequence

import pytest

from pipeline.model import Article, Block, Piece, Role, Segment, Side
from pipeline.repeating import fill_repeats, mark_repeats, without_repeats

TAGGED = (Piece("<b>", "", Side.OPEN, 1), Piece("One", "One"), Piece("</b>", "", Side.CLOSE, 1))


def build(*rows: tuple[str, bool] | tuple[str, bool, Role]) -> Article:
    """Make an article of texts, each with whether it is a copy and its role."""
    blocks = (
        Block(f"b{i}", row[2] if len(row) > 2 else Role.BODY, (Segment(f"b{i}s1", row[0], 0),), "", is_copy=row[1])
        for i, row in enumerate(rows, start=1)
    )
    return Article("a", ".html", "en", tuple(blocks))


def repeats(article: Article) -> list[str]:
    """Give what each segment repeats."""
    return [one.repeats for block in mark_repeats(article).blocks for one in block.segments]


CASES: list[tuple[str, Sequence[tuple[str, bool] | tuple[str, bool, Role]], list[str]]] = [
    ("a copy of what readers see", [("One", True), ("One", False)], ["b2s1", ""]),
    ("of the first of two", [("One", True), ("One", False), ("One", False)], ["b2s1", "", ""]),
    ("of the story before furniture", [("One", True), ("One", False, Role.BOILERPLATE), ("One", False)],
     ["b3s1", "", ""]),
    ("of another copy", [("One", True), ("Two", False), ("One", True)], ["", "", "b1s1"]),
    ("marks in another style", [("\"It's so\"", True), ("“It’s so”", False)], ["b2s1", ""]),
    ("other spaces", [("One\u00a0two", True), ("One  two", False)], ["b2s1", ""]),
    ("another text", [("One.", True), ("One", False)], ["", ""]),
    ("another case", [("ONE", True), ("One", False)], ["", ""]),
    ("what readers see twice", [("One", False), ("One", False)], ["", ""]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_copies_name_what_they_repeat(
    rows: Sequence[tuple[str, bool] | tuple[str, bool, Role]], wanted: list[str]
) -> None:
    """A copy that says the same; nothing else."""
    assert repeats(build(*rows)) == wanted


def test_a_copy_with_tags_is_none() -> None:
    """Where they go depends on it; nor is one with words that are kept."""
    for pieces in (TAGGED, (Piece("One", "One", kept=True),)):
        copy = Block("b1", Role.BODY, (Segment("b1s1", "One", 0, pieces=pieces),), "", is_copy=True)
        article = Article("a", ".html", "en", (copy, *build(("x", False), ("One", False)).blocks[1:]))
        assert repeats(article) == ["", ""]


def test_repeats_are_read_once_and_written_everywhere() -> None:
    """The target stands in both; where the original stays, the copy stays as it is written."""
    article = mark_repeats(build(('"One"', True), ("“One”", False), ("Two", True)))
    assert [block.id for block in without_repeats(article).blocks] == ["b2", "b3"]
    assert fill_repeats(article, {"b2s1": "«Um»", "b3s1": "Dois"}) == {"b1s1": "«Um»", "b2s1": "«Um»", "b3s1": "Dois"}
    assert fill_repeats(article, {"b2s1": "“One”", "b3s1": "Two"})["b1s1"] == '"One"'
