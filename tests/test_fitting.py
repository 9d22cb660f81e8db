"""Fitting: characters, sums of money and numbers."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fitting import (
    Money,
    find_money,
    find_numbers,
    fit_characters,
    money_forms,
    number_forms,
    speak_money,
    unwritable_spans,
    write_money,
    write_number,
)

CASES = json.loads((Path(__file__).parent / "cases/money/english.json").read_text("utf-8"))


def can_write(char: str) -> bool:
    """Stand in for a small vocabulary: ASCII without @ and #, and the letters of Portuguese."""
    return (char.isascii() and char not in "@#{}<^~`\\\n\t") or char in "áàâãçéêíóôõúÁÉÍÓÚº"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_sums_are_found_and_written(case: dict[str, Any]) -> None:
    """Every sum is found with its currency and amounts, and written as Portuguese and Spanish write it."""
    found = find_money(case["text"], "en")
    assert [[money.currency, list(money.amounts)] for money in found] == [
        [currency, [Decimal(amount) for amount in amounts]] for currency, amounts in case["sums"]
    ]
    for lang in ("pt", "es"):
        assert [write_money(money, lang) for money in found] == case[lang]


def test_a_sum_is_said_in_words_where_its_sign_is_not_in_the_vocabulary() -> None:
    """Pounds and euros are spoken; a plain dollar sum stays, the engine knows it."""
    pound, dollar = find_money("£11million and $2 billion", "en")
    assert speak_money(pound, "£11million and $2 billion") == "11 million pounds"
    assert speak_money(dollar, "£11million and $2 billion") == "$2 billion"


def test_a_sum_with_its_sign_counts_as_right() -> None:
    """The press writes US$ 10 milhões as well as 10 milhões de dólares."""
    (money,) = find_money("$10 million", "en")
    assert {"US$ 10 milhões", "$10 milhões"} <= set(money_forms(money, "pt"))
    assert not any("libra" in form or "€" in form for form in money_forms(money, "pt"))


@given(st.integers(1, 10**13), st.sampled_from(["USD", "GBP", "EUR"]))
def test_english_sums_read_back(amount: int, currency: str) -> None:
    """What a source writes with a sign is found again as the same amount."""
    sign = {"USD": "$", "GBP": "£", "EUR": "€"}[currency]
    (money,) = find_money(f"It took {sign}{amount:,} in all.", "en")
    assert (money.currency, money.amounts) == (currency, (Decimal(amount),))


def test_sums_in_a_language_without_a_row_stay_as_they_are() -> None:
    """No table, no guess."""
    money = Money(0, 2, "$5", "USD", (Decimal(5),), "")
    assert write_money(money, "hu") == "$5"
    assert money_forms(money, "hu") == ()


@pytest.mark.parametrize(
    ("text", "written", "also"),
    [
        ("1,200", "1.200", "1200"),
        ("3.5", "3,5", "3.5"),
        ("2020", "2020", "2020"),
        ("62", "62", "62"),
        ("7", "7", "sete"),
        ("19th", "19º", "XIX"),
        ("1st", "1º", "primeira"),
    ],
)
def test_numbers_have_the_forms_of_the_target(text: str, written: str, also: str) -> None:
    """A number is written in the locale's form; words, Roman numerals and the source's form count."""
    (number,) = find_numbers(f"in {text} cases", "en")
    assert write_number(number, "pt") == written
    assert also in (*number_forms(number, "pt"), written)


def test_digits_in_words_and_sums_are_no_numbers() -> None:
    """G7, B2B, $5 and COVID-19's hyphen: only free-standing digits count."""
    assert [number.text for number in find_numbers("G7 and B2B paid $5 to 12 people", "en")] == ["12"]


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        ("“so-called” ‘reform’", "\"so-called\" 'reform'"),
        ("the years 2010–15 — all of them", "the years 2010-15 - all of them"),
        ("a word—another", "a word - another"),
        ("it’s\N{NO-BREAK SPACE}here…", "it's here..."),
        ("plain text", "plain text"),
    ],
)
def test_characters_with_an_equal_are_replaced(text: str, fitted: str) -> None:
    """Typographic marks become what the vocabulary has."""
    assert fit_characters(text, lambda char: can_write(char) and char != "…") == fitted


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("write to desk@news.bg or @desk about #vote", ["desk@news.bg", "@desk", "#vote"]),
        ("Mr Peña's plan, Škoda said", ["Peña", "Škoda"]),
        ("News.bg reports.", ["News.bg"]),
        ("see https://example.org/a?b=1.", ["https://example.org/a?b=1"]),
        ("a plain “quoted” sentence – with £5", []),
    ],
)
def test_tokens_without_an_equal_are_protected(text: str, tokens: list[str]) -> None:
    """Addresses always, and words with letters outside the vocabulary."""
    assert [text[start:end] for start, end in unwritable_spans(text, can_write)] == tokens
