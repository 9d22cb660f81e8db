"""Tags in sentences: cut with the text, placed in translations, never lost, never crossing."""

import itertools
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_reference import read_pieces

from pipeline.documents.markdown import parse_markdown
from pipeline.inline import Place, Tag, cut_pieces, join_text, join_written, place_inline, rebuild_pieces, spans_of
from pipeline.model import Piece, Side

CASES = tomllib.loads((Path(__file__).parent / "cases/inline/placing.toml").read_text("utf-8"))["case"]


def show(pieces: tuple[Piece, ...]) -> str:
    """Write pieces with their tags."""
    return "".join(piece.written if piece.side is not Side.TEXT else piece.text for piece in pieces)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_tags_stand_around_the_same_words(case: dict[str, Any]) -> None:
    """A tag is where its words are: verbatim, by alignment, else by their share, which is told."""
    pieces = read_pieces(case["source"])
    source, wanted = join_text(pieces), read_pieces(case["target"])
    target = join_text(wanted)
    links = [
        (source.index(here), source.index(here) + len(here), target.index(there), target.index(there) + len(there))
        for here, there in case.get("alignment", [])
    ]
    got, guessed = rebuild_pieces(pieces, target, links)
    assert show(got) == show(tuple(wanted))
    assert len(guessed) == case.get("guessed", 0)


TEXTS = st.lists(st.sampled_from(["Ana", "the", "mayor", "said", "b,", "“No”", "x.", "Ñu", "42"]), max_size=9).map(
    " ".join
)


@st.composite
def tagged(draw: st.DrawFn) -> list[Piece]:
    """Make pieces with tags that nest, some of which hold nothing."""
    text = draw(TEXTS)
    pieces: list[Piece] = []
    stack: list[int] = []
    number = 0
    for char in [*text, ""]:
        for move in draw(st.lists(st.sampled_from(["open", "close", "void"]), max_size=2)) if char in " " else []:
            if move == "close" and stack:
                top = stack.pop()
                pieces.append(Piece(f"</{top}>", "", Side.CLOSE, top))
            elif move != "close":
                number += 1
                side = Side.OPEN if move == "open" else Side.VOID
                pieces.append(Piece(f"<{number}>" if move == "open" else f"<{number}/>", "", side, number))
                stack.extend([number] if move == "open" else [])
        pieces += [Piece(char, char)] if char else []
    while stack:
        top = stack.pop()
        pieces.append(Piece(f"</{top}>", "", Side.CLOSE, top))
    return pieces


def assert_well_nested(pieces: list[Piece], numbers: set[int]) -> None:
    """Every tag once, every pair closed in the order of opening."""
    stack, seen = [], set()
    for piece in pieces:
        if piece.side in (Side.OPEN, Side.VOID):
            assert piece.number not in seen
            seen.add(piece.number)
            stack.extend([piece.number] if piece.side is Side.OPEN else [])
        elif piece.side is Side.CLOSE:
            assert stack.pop() == piece.number
    assert stack == []
    assert seen == numbers


@settings(deadline=None, max_examples=300)
@given(tagged(), TEXTS, st.data())
def test_every_tag_stands_once_and_nests(pieces: list[Piece], target: str, data: st.DataObject) -> None:
    """Whatever the target and the alignment say."""
    source = join_text(pieces)
    link = st.tuples(*(st.integers(0, len(text)) for text in (source, source, target, target)))
    links = [(min(a, b), max(a, b), min(c, d), max(c, d)) for a, b, c, d in data.draw(st.lists(link, max_size=4))]
    got, _ = rebuild_pieces(pieces, target, links)
    assert join_text(got) == target
    assert_well_nested(list(got), {piece.number for piece in pieces if piece.number})


@settings(deadline=None, max_examples=300)
@given(tagged(), st.data())
def test_tags_nest_over_the_segments_of_a_block(pieces: list[Piece], data: st.DataObject) -> None:
    """Cut anywhere, each segment translated by itself: one after the other the tags nest still."""
    text = join_text(pieces)
    gaps = [i for i, char in enumerate(text) if char == " "]
    cuts = sorted(data.draw(st.sets(st.sampled_from(gaps), max_size=3))) if gaps else []
    spans = list(zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(text)], strict=True))
    segments = cut_pieces(pieces, spans)
    assert "".join(join_written(part) + tail for part, tail in segments) == join_written(pieces)
    assert [join_text(part) for part, _ in segments] == [text[start:end] for start, end in spans]
    left = "".join(tail for _, tail in segments)
    whole: list[Piece] = []
    for part, _ in segments:
        got, _ = rebuild_pieces(part, data.draw(TEXTS))
        whole += got
    tags = [piece for piece in whole if piece.side is not Side.TEXT]
    assert sorted([tag.written for tag in tags] + left.replace("><", "> <").split()) == sorted(
        piece.written for piece in pieces if piece.side is not Side.TEXT
    )
    if not left.strip():
        assert_well_nested(whole, {piece.number for piece in pieces if piece.number})


def test_code_is_not_cut() -> None:
    """A sentence end inside code, or inside a character's name, is none."""
    pieces = [Piece("`", "", Side.OPEN, 1), Piece("a. B", "a. B", kept=True), Piece("`", "", Side.CLOSE, 1)]
    assert len(cut_pieces(pieces, [(0, 2), (3, 4)])) == 1
    pieces[1] = Piece("a.\n", "a. ", kept=True)
    assert len(cut_pieces([*pieces, Piece("B", "B")], [(0, 2), (3, 4)])) == 1


def test_many_tags_take_linear_time() -> None:
    """Beyond MANY tags a sentence no tag is compared with another."""
    source = "word " * 2_000
    tags = [Tag(at, at + 4) for at in range(0, len(source) - 5, 5)]
    places = place_inline(source, tags, source.upper())
    assert [place.how for place in places] == ["guessed"] * len(tags)
    assert all(one.end <= other.start for one, other in itertools.pairwise(places))


def test_a_stray_link_does_not_stretch_a_tag() -> None:
    """A word that is linked elsewhere as well, beyond other words, stays outside; a small word between does not cut."""
    source, target = "the big house of Ana", "a casa grande da Ana"
    links = [(4, 7, 7, 13), (8, 13, 2, 6), (8, 13, 17, 20), (17, 20, 17, 20), (14, 16, 14, 16)]
    assert place_inline(source, [Tag(4, 13)], target, links) == [Place(2, 13, "aligned")]
    source, target = "the peace agreement held", "o acordo de paz durou"
    links = [(4, 9, 12, 15), (10, 19, 2, 8), (10, 19, 9, 11), (20, 24, 9, 11), (20, 24, 16, 21)]
    assert place_inline(source, [Tag(4, 19)], target, links) == [Place(2, 15, "aligned")]


def test_spans_of_segments_that_share_a_tag() -> None:
    """A tag over two segments begins in one and ends in the other."""
    pieces = read_pieces("a [1:b. C] d.")
    (first, _), (second, _) = cut_pieces(pieces, [(0, 4), (5, 9)])
    assert [(span.start, span.end, span.last) for span in spans_of(first)] == [(2, 4, None)]
    assert [(span.start, span.end, span.first) for span in spans_of(second)] == [(0, 1, None)]


def place(source: str, target: str, *links: tuple[int, int, int, int]) -> list[str]:
    """Place the tags of Markdown."""
    pieces = parse_markdown(source, name="t", suffix=".md").blocks[0].segments[0].pieces
    got, _ = rebuild_pieces(pieces, target, links)
    return [show(got)]


def test_no_tag_stands_in_code() -> None:
    """A tag whose words went into code goes around it; the code stays as it is."""
    assert place("Run `the test` [now](x).", "Corra `the test`.".replace("`", ""), (13, 16, 10, 14)) == [
        "Corra [`the test`](x)."
    ]


def test_marks_stand_at_the_edges_of_words() -> None:
    """Markdown knows no mark that closes inside a compound, and none beside white space."""
    assert place("The *newly* elected", "O recém-eleito", (4, 9, 2, 7)) == ["O *recém-eleito*"]
    assert place("*a* *b c* d", "x y z", (0, 1, 0, 3), (2, 3, 2, 5)) == ["*x y* *z*"]


def test_links_stand_apart() -> None:
    """No link holds a link: the smaller keeps its words, the larger gets the rest; else a word beside it."""
    assert place("[a](1) [b c](2)", "x y z", (0, 1, 0, 1), (2, 5, 0, 5)) == ["[x](1) [y z](2)"]
    assert place("[a](1) [b](2) c", "x y", (0, 1, 0, 1), (2, 3, 0, 1)) == ["[x](1) [y](2)"]
    assert place("a [#](1)", "x y #") == ["x y [#](1)"]
    assert place("The *kbd*<a id=x></a> one.", "O *kbd*.".replace("*", ""), (4, 7, 2, 5)) == ["O *kbd*<a id=x></a>."]


def test_a_tag_without_words_stays_in_its_tag() -> None:
    """Also where white space at the edge of that tag is left outside."""
    assert place("List<i><br> see *b*</i>.", "Lista vé b.") == ["Lista <i><br>vé *b*</i>."]


def test_emphasis_in_emphasis_is_not_strong() -> None:
    """Two tags on one word are written with different marks."""
    assert place("*a* *b* c", "x y", (0, 1, 0, 1), (2, 3, 0, 1)) == ["*_x_* y"]


def test_a_tag_is_not_put_around_a_mark() -> None:
    """Where an alignment knows the full stop alone, words are guessed."""
    pieces = read_pieces("He is safe, the study [1:shows.]")
    got, guessed = rebuild_pieces(pieces, "Está salvo, mostra o estudo.", [(28, 29, 27, 28)])
    assert guessed
    assert "estudo" in show(got).partition("<1>")[2]
