"""Determiners agree with the terms that are put behind them."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.agreement import (
    Swap,
    add_article,
    agree,
    agree_after,
    determiner_gender,
    features_of,
    has_article,
    is_same_adjective,
)

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


@pytest.mark.parametrize("case", CASES["article"], ids=lambda case: f"{case['lang']} {case['before']}{case['term']}")
def test_a_lost_article_comes_back(case: dict[str, str]) -> None:
    """Contracted, once, and only where the gender is known."""
    once = add_article(case["before"], case["term"], case["lang"])
    assert once == case["becomes"]
    assert add_article(once, case["term"], case["lang"]) == once


@pytest.mark.parametrize("case", CASES["after"], ids=lambda case: case["rule"])
def test_a_participle_behind_a_term_agrees(case: dict[str, Any]) -> None:
    """Where it agreed with what stood there before."""
    swap = Swap(case["old"], case["term"], case.get("shown", ""), case.get("known", ""))
    is_subject = not case.get("governed", False)
    assert agree_after(case["after"], swap, case["lang"], is_subject=is_subject) == case["becomes"]


def test_an_article_is_one_that_agrees() -> None:
    """ "a" before a masculine noun is a preposition."""
    assert has_article("voltou à ", "Casa Branca", "pt")
    assert has_article("pela ", "comissão", "pt")
    assert not has_article("voltou a ", "ministro", "pt")
    assert not has_article("uma nova ", "comissão", "pt")


def test_a_known_gender_wins_over_the_ending() -> None:
    """An entry says that "imunizante" is masculine."""
    assert agree("o preço da ", "imunizante", "pt", old="vacina", gender="m") == "o preço do "


def test_a_determiner_shows_its_gender() -> None:
    """Where its masculine and feminine differ."""
    assert [determiner_gender(text, "pt") for text in ("com a ", "um ", "disse ")] == ["f", "m", ""]
    assert determiner_gender("de l'", "ca") == ""


def test_adjectives_differ_by_their_ending_alone() -> None:
    """Short words are too often two."""
    assert is_same_adjective("republicanas", "republicano", "es")
    assert not is_same_adjective("porta", "porto", "pt")
    assert not is_same_adjective("Republicana", "republicano", "pt")


@given(st.sampled_from(["pt", "es", "ca", "gl"]), st.text(alphabet="aeldosu nm'", max_size=12))
def test_agreement_is_stable(lang: str, before: str) -> None:
    """What agrees already stays, and nothing but the last words changes."""
    for term in ("decisão", "gobierno", "guerra"):
        once = agree(before, term, lang)
        assert agree(once, term, lang) == once
        assert once[:1].lower() == before[:1].lower() or not before.strip() or len(before.split()) <= 2
