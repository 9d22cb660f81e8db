"""What cannot be a translation is doubted, and nothing that people or engines really write."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enforcing.doubting import count_repeats, cut_in_pieces, find_doubt
from pipeline.languages import parse_language
from pipeline.model import MARK_CLOSE
from pipeline.protecting import fence, read_marks

CASES = tomllib.loads((Path(__file__).parent / "cases/doubts.toml").read_text("utf-8"))["case"]
NEWS = Path(__file__).parents[2] / "shared/data/ntrex"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['doubt'] or 'fine'}: {case['answer'][:24]}")
def test_doubts(case: dict[str, str]) -> None:
    """Each case of the table; marks around a word change nothing."""
    assert find_doubt(case["source"], case["answer"], "en", case["lang"]) == case["doubt"]
    first, space, rest = case["answer"].partition(" ")
    marked = f"{fence(0, first)}{space}{rest}" if first else ""
    assert find_doubt(case["source"], marked, "en", case["lang"]) == case["doubt"]


@pytest.mark.skipif(not NEWS.is_dir(), reason="the parallel news is not here")
@pytest.mark.parametrize("path", sorted(NEWS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_no_human_translation_is_doubted(path: Path) -> None:
    """News in any language, against the English lines."""
    english, other = (
        [json.loads(line)["text"] for line in each.read_text("utf-8").splitlines()]
        for each in (NEWS / "en.jsonl", path)
    )
    lang = parse_language(path.stem)
    if lang != "en":
        assert [a for e, a in zip(english, other, strict=True) if find_doubt(e, a, "en", lang)] == []


@given(st.lists(st.sampled_from("ab"), max_size=40), st.integers(1, 6), st.lists(st.sampled_from("cd"), max_size=5))
def test_a_phrase_that_comes_again_is_counted(before: list[str], times: int, after: list[str]) -> None:
    """However it is embedded."""
    assert count_repeats(" ".join([*before, *["x y z"] * times, *after])) >= times


@given(st.lists(st.sampled_from(["one", "two,", "three;", fence(1, "New York"), fence(2, "a b c d e f")]), max_size=12))
def test_cutting_loses_nothing_and_never_cuts_a_mark(words: list[str]) -> None:
    """The pieces are the text, and each has whole marks."""
    text = " ".join(words)
    pieces = cut_in_pieces(text)
    assert " ".join(pieces).split() == text.split()
    assert all(piece.count(MARK_CLOSE) == len(read_marks(piece)[1]) for piece in pieces)
