"""Determiners agree with the terms that are put behind them."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.agreement import agree, features_of

CASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "cases/agreement.toml").read_text("utf-8"))
FEATURES = [
    (lang, term, tuple(mark.replace("?", "") for mark in features.split()))
    for lang, rows in CASES["features"].items()
    for features, terms in rows.items()
    for term in terms
]


@pytest.mark.parametrize(("lang", "term", "features"), FEATURES, ids=str)
def test_a_term_shows_its_gender_and_number(lang: str, term: str, features: tuple[str, str]) -> None:
    """By the ending of its first noun, or by the list of those that go against it."""
    assert features_of(term, lang) == features


@pytest.mark.parametrize("case", CASES["agree"], ids=lambda case: f"{case['lang']} {case['before']}{case['term']}")
def test_the_determiner_agrees(case: dict[str, str]) -> None:
    """As the case says."""
    assert agree(case["before"], case["term"], case["lang"], old=case.get("old", "")) == case["becomes"]


@given(st.sampled_from(["pt", "es", "ca", "gl"]), st.text(alphabet="aeldosu nm'", max_size=12))
def test_agreement_is_stable(lang: str, before: str) -> None:
    """What agrees already stays, and nothing but the last words changes."""
    for term in ("decisão", "gobierno", "guerra"):
        once = agree(before, term, lang)
        assert agree(once, term, lang) == once
        assert once[:1].lower() == before[:1].lower() or not before.strip() or len(before.split()) <= 2
