"""Plain text in, plain text out: blocks, roles, and the round trip."""

import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents import PARSERS, RENDERERS, parser_for, renderer_for
from pipeline.documents.text import parse_text, render_text
from pipeline.errors import DocumentError
from pipeline.model import Article, Role

CASES = Path(__file__).parents[1] / "cases" / "documents"
SEED = Path(__file__).parents[3] / "shared" / "articles" / "maduro.en.txt"


def load(name: str) -> list[dict[str, Any]]:
    """Read the cases of a file."""
    return tomllib.loads((CASES / name).read_text("utf-8"))["case"]


def parse(text: str) -> Article:
    """Parse a text."""
    return parse_text(text, name="article", suffix=".txt")


def sources(article: Article) -> dict[str, str]:
    """Give the source of each segment by id."""
    return {segment.id: segment.source for block in article.blocks for segment in block.segments}


@pytest.mark.parametrize("case", load("blocks.toml"), ids=lambda case: case["rule"])
def test_lines_that_belong_together_are_one_block(case: dict[str, Any]) -> None:
    """Wrapped prose is one block, independent lines are a block each."""
    article = parse(case["text"].strip("\n"))
    assert [block.text for block in article.blocks] == [block.strip("\n") for block in case["blocks"]]


@pytest.mark.parametrize("case", load("roles.toml"), ids=lambda case: case["rule"])
def test_role_of_each_block(case: dict[str, Any]) -> None:
    """Wording and place give each block its role."""
    article = parse("\n\n".join(text for _, text in case["blocks"]))
    assert [[str(block.role), block.text] for block in article.blocks] == case["blocks"]


LINES = st.lists(
    st.one_of(
        st.sampled_from(["", " ", "\t", "Photo: AP", "- item", "  - item", "1. one", "2. two", "56", "* * *", "Share"]),
        st.text(alphabet="ab Zя.,😀“\x0c\u2028\x85\ufeff", max_size=20),
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80),
        st.lists(st.sampled_from(["word", "Longer", "wrapped,", "end."]), min_size=8, max_size=14).map(" ".join),
    ),
    max_size=12,
)
TEXTS = st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"])).map(lambda x: x[1].join(x[0]))


@settings(deadline=None)
@given(TEXTS)
def test_round_trip_is_exact(text: str) -> None:
    """With every segment's own source and nothing left out, the output is the input."""
    article = parse(text)
    assert render_text(article, sources(article), ()) == (text if article.blocks else "")
    assert article.blocks or not text.strip()


@settings(deadline=None)
@given(TEXTS)
def test_segments_keep_the_invariants_of_the_model(text: str) -> None:
    """Sources are at their offsets, not empty, without outer white space; ids count from 1."""
    article = parse(text)
    assert article.language == ""
    for number, block in enumerate(article.blocks, start=1):
        (segment,) = block.segments
        assert (block.id, segment.id, segment.tail) == (f"b{number}", f"b{number}s1", "")
        assert text[segment.start : segment.start + len(segment.source)] == segment.source
        assert segment.source == segment.source.strip() != ""
    gaps = [block.lead for block in article.blocks] + [article.tail]
    assert sum(map(len, gaps)) + sum(len(block.text) for block in article.blocks) == len(text)


@settings(deadline=None)
@given(TEXTS, st.sets(st.sampled_from(list(Role))))
def test_left_out_blocks_leave_no_trace(text: str, left_out: set[Role]) -> None:
    """Without some roles the other texts stand in order, with no blank line at the start."""
    article = parse(text)
    kept = [block for block in article.blocks if block.role not in left_out]
    written = render_text(article, sources(article), left_out)
    position = 0
    for block in kept:
        position = written.index(block.text, position) + len(block.text)
    if kept and kept[0] is not article.blocks[0]:
        assert written.lstrip("\n\r") == written or kept[0].text[0] in "\n\r"
    assert not kept or written.endswith(kept[-1].text + article.tail)


TOP = "Link to main version\n\n56\n\nKyiv metro to run through the night\n\n"
BODY = "Trains on the red line will run all night from October, the operator said on Monday."


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("final", ["", "\n", "\n\n"])
def test_furniture_is_left_out_without_stray_lines(line_end: str, final: str) -> None:
    """Neither the top nor the end keeps the blank lines of what was left out; the file ends as before."""
    text = (TOP + BODY + "\n\nShare on Facebook" + final).replace("\n", line_end)
    article = parse(text)
    written = render_text(article, sources(article), {Role.BOILERPLATE, Role.COUNTER})
    wanted = "Kyiv metro to run through the night\n\n" + BODY + final
    assert written == wanted.replace("\n", line_end)


def test_blocks_stay_apart_where_a_line_between_them_is_left_out() -> None:
    """The widest gap of the left-out lines stays, so that headline and body do not become one paragraph."""
    article = parse(f"Kyiv metro to run through the night\n\nShare on Facebook\n{BODY}\n")
    written = render_text(article, sources(article), {Role.BOILERPLATE})
    assert written == f"Kyiv metro to run through the night\n\n{BODY}\n"


def test_list_markers_stay_where_the_text_changes() -> None:
    """A list marker is written again and never reaches the translation."""
    article = parse("- one\n- two\n")
    assert render_text(article, {"b1s1": "um", "b2s1": "dois"}, ()) == "- um\n- dois\n"


@pytest.mark.shared
@pytest.mark.skipif(not SEED.exists(), reason="no shared data beside the project")
@pytest.mark.parametrize("width", [66, 72, 80, 100])
def test_wrapping_an_article_changes_no_block(width: int) -> None:
    """The same article wrapped at any usual margin has the same blocks with the same roles."""
    plain = parse(SEED.read_text("utf-8"))
    wrapped = parse("\n\n".join(textwrap.fill(block.text, width, break_on_hyphens=False) for block in plain.blocks))
    assert [block.role for block in wrapped.blocks] == [block.role for block in plain.blocks]
    assert [" ".join(block.text.split()) for block in wrapped.blocks] == [block.text for block in plain.blocks]


def test_formats_are_known_by_suffix() -> None:
    """Every format that can be read can be written; an unknown one is refused with the known ones named."""
    assert set(PARSERS) == set(RENDERERS)
    assert parser_for(".TXT") is parse_text
    assert renderer_for("") is render_text
    with pytest.raises(DocumentError, match=r"\.docx files: supported are .*\.txt, .*\.md, .*no suffix"):
        parser_for(".docx")
