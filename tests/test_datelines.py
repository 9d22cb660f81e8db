"""Datelines are cut off the first sentence, and written in a target by entries and by CLDR's forms of dates."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.text import parse_text
from pipeline.glossary import builtin_folder, compose_dateline, load_glossary
from pipeline.segmenting import segment_article
from pipeline.typography import NamedDate, find_dateline, read_date, write_date

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases/typography/datelines.toml").read_text("utf-8")
)["case"]
LANGS = ["en", "es", "pt", "ca", "gl", "bg", "mk", "sr", "ru", "uk", "de", "fr", "it", "el", "tr"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_dateline_is_found(case: dict[str, Any]) -> None:
    """The dateline is the beginning of the text up to its dash, or there is none."""
    line = find_dateline(case["text"], case["lang"])
    assert case["text"][: line.end if line else 0] == case["line"]


@pytest.mark.parametrize(
    ("case", "target"),
    [(case, lang) for case in CASES for lang in case.get("in", ())],
    ids=lambda value: str(value)[:40],
)
def test_dateline_is_written(case: dict[str, Any], target: str) -> None:
    """Places and agency are written by their entries, the date by the target's grammar."""
    glossary = load_glossary([builtin_folder()])
    done = compose_dateline(case["line"], case["lang"], target, glossary)
    assert (done.text if done else "") == case["in"][target]


def test_dateline_is_a_segment() -> None:
    """The first sentence begins after the dateline; nothing is lost between them; a stop in "Nov." cuts nothing."""
    text = "CARACAS, Nov. 20 (Reuters) - The court said no. It will wait."
    article = segment_article(replace(parse_text(f"Title\n\n{text}\n", name="a", suffix=".txt"), language="en"))
    segments = article.blocks[-1].segments
    assert [one.source for one in segments] == ["CARACAS, Nov. 20 (Reuters) -", "The court said no.", "It will wait."]
    assert "".join(one.source + one.tail for one in segments) == text


@pytest.mark.parametrize("lang", LANGS)
@given(days=st.integers(0, 40_000), is_short=st.booleans(), has_year=st.booleans())
def test_date_comes_back(lang: str, days: int, is_short: bool, has_year: bool) -> None:
    """What is written as a date is read as that date."""
    day = date(1930, 1, 1) + timedelta(days)
    value = NamedDate(day.day, day.month, day.year if has_year else None, is_short)
    found = read_date(write_date(value, lang), lang)
    assert found is not None
    assert (found.day, found.month, found.year) == (value.day, value.month, value.year)


@given(st.text(alphabet="AZaz Б,./()-–—1 ", max_size=120))
def test_parts_lie_in_order(text: str) -> None:
    """The parts of a dateline stand one after the other, inside it, and are not empty."""
    if line := find_dateline(text, "en"):
        spans = [span for span in (*line.places, line.date, line.agency) if span]
        edges = [0, *(edge for span in spans for edge in span), line.end, len(text)]
        assert edges == sorted(edges)
        assert all(start < end for start, end in spans)
