"""Fitting: characters, sums of money and numbers. The cases lie in tests/cases/fitting/."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.fitting import (
    Money,
    Number,
    find_money,
    find_numbers,
    fit_characters,
    money_forms,
    number_forms,
    speak_money,
    unwritable_spans,
    word_for_engine,
    write_figures,
    write_money,
    write_number,
)
from pipeline.fitting.currencies import money_row, name_of, read_names, written_codes
from pipeline.fitting.reading import compile_find
from pipeline.glossary import find_forms
from pipeline.languages import LANGUAGES
from pipeline.protecting import mark_spans, read_marks
from pipeline.typography import read_table

CASES = Path(__file__).parent / "cases/fitting"
LANGS = ("en", "pt", "pt-PT", "es", "ca", "gl", "bg", "fr", "de", "it")


def load(name: str) -> dict[str, Any]:
    """Read a table of cases."""
    return tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))


READ = [(lang, case["text"], case["sums"]) for lang, cases in load("sums_read").items() for case in cases]
WRITTEN = [
    (text, lang, written)
    for text, rows in load("sums_written").items()
    for row in rows
    for lang, written in row.items()
]
NUMBERS = load("numbers")["number"]


def can_write(char: str) -> bool:
    """Stand in for a small vocabulary: ASCII without @ and #, and the letters of Portuguese."""
    return (char.isascii() and char not in "@#{}<^~`\\\n\t") or char in "áàâãçéêíóôõúÁÉÍÓÚº"


@pytest.mark.parametrize(("lang", "text", "sums"), READ, ids=[text for _, text, _ in READ])
def test_sums_are_found(lang: str, text: str, sums: list[str]) -> None:
    """Every sum is found with its currency and amounts, and nothing else is taken for one."""
    found = find_money(text, lang)
    wanted = [(code, tuple(Decimal(amount) for amount in amounts)) for code, *amounts in map(str.split, sums)]
    assert [(money.currency, money.amounts) for money in found] == wanted
    assert [money.text for money in found] == [text[money.start : money.end] for money in found]


@pytest.mark.parametrize(("text", "lang", "written"), WRITTEN, ids=[f"{lang}: {text}" for text, lang, _ in WRITTEN])
def test_sums_are_written_as_news_writes_them(text: str, lang: str, written: str) -> None:
    """Scale, plural, link and marks are those of the language; the amount keeps its decimals."""
    (money,) = find_money(text, "en")
    assert write_money(money, lang) == written


@pytest.mark.parametrize("case", load("sums_spoken")["sum"], ids=lambda case: case["text"])
def test_a_sum_is_said_in_words_where_its_sign_is_not_in_the_vocabulary(case: dict[str, str]) -> None:
    """Pounds and euros are spoken, singular before a noun; a plain dollar sum stays, the engine knows it."""
    (money,) = find_money(case["text"], "en")
    assert speak_money(money, case["text"]) == case["spoken"]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("$10 million", "por US$ 10 milhões, disse"),
        ("$10 million", "por US $ 10 milhões, disse"),
        ("$10 million", "por 10 milhões de dólares americanos"),
        ("$20,000", "por 20 mil dólares"),
        ("$20,000", "por US$ 20.000."),
        ("£2.8bn", "de 2,8 bilhões de libras esterlinas"),
        ("between $20,000 and $35,000", "entre US$ 20.000 e US$ 35.000 por noite"),
        ("between $20,000 and $35,000", "entre 20 mil e 35 mil dólares por noite"),
        ("$5-10 million", "de US$ 5 milhões a US$ 10 milhões"),
        ("$5-10 million", "de US$ 5-10 milhões"),
        ("$5m to $6m", "de 5 para 6 milhões de dólares"),
        ("$5m to $6m", "de 5 milhões para 6 milhões de dólares"),
        ("120 denars", "120 denares"),
        ("50p", "50 centavos de libra"),
        ("$5.00", "5 dólares"),
    ],
)
def test_other_right_forms_of_a_sum_count(text: str, target: str) -> None:
    """What the press writes as well is found in a target, and found whole."""
    (money,) = find_money(text, "en")
    forms = (write_money(money, "pt"), *money_forms(money, "pt"))
    ((start, end),) = find_forms(target, forms, "pt")
    assert not target[:start].rstrip().endswith(("US", "$"))
    assert target[end:].lstrip()[:2] not in ("mi", "mi")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("£11million", "por 11 milhões de euros"),
        ("£11million", "por 11 bilhões de libras"),
        ("$1.2 billion", "por 1,2 milhão de dólares"),
        ("$20,000", "por 20 dólares"),
        ("C$5", "por 5 dólares americanos"),
        ("between $20,000 and $35,000", "entre 20.000 e 30.000 dólares"),
        ("$1,500.50", "por 1.500,5 dólares"),
    ],
)
def test_wrong_sums_do_not_count(text: str, target: str) -> None:
    """Another currency, another scale, another amount: the sum is missing."""
    (money,) = find_money(text, "en")
    assert find_forms(target, (write_money(money, "pt"), *money_forms(money, "pt")), "pt") == []


AMOUNTS = st.one_of(
    st.integers(1, 10**13).map(Decimal),
    st.integers(1, 999).map(lambda n: Decimal(n) * 10**6),
    st.integers(11, 99).map(lambda n: Decimal(n) * 10**8),
    st.decimals(Decimal("0.01"), Decimal(99999), places=2, allow_nan=False),
)


@settings(max_examples=400)
@given(AMOUNTS, st.sampled_from(written_codes()), st.sampled_from(LANGS))
def test_a_written_sum_reads_back(amount: Decimal, code: str, lang: str) -> None:
    """What a language writes is found in it again, with the same currency and amount."""
    name = name_of(code, amount, lang)
    written = write_money(Money(0, 0, "", code, (amount,), "", "en"), lang)
    found = [(money.currency, money.amounts) for money in find_money(f"- {written}.", lang)]
    in_digits = all(char.isdigit() or char in "., \u00a0\u202f" for char in written.removesuffix(name))
    if name.lower() not in read_names(lang) or (name in money_row(lang)["weights"] and in_digits):
        assert found == []  # two currencies share the name; or "20 pounds", which may be a weight
    else:
        assert found == [(code, (amount,))]


@settings(max_examples=200)
@given(st.integers(1, 10**13), st.sampled_from(["USD", "GBP", "EUR"]))
def test_english_sums_read_back(amount: int, currency: str) -> None:
    """What a source writes with a sign is found again as the same amount."""
    sign = {"USD": "$", "GBP": "£", "EUR": "€"}[currency]
    (money,) = find_money(f"It took {sign}{amount:,} in all.", "en")
    assert (money.currency, money.amounts) == (currency, (Decimal(amount),))


@settings(max_examples=200)
@given(st.text(max_size=40) | st.text("0123456789.,$£€p-– millontabd’'%:", max_size=60), st.sampled_from(LANGS))
def test_any_text_can_be_searched(text: str, lang: str) -> None:
    """No text is too odd: spans lie in the text, in order, apart from each other, and can be written."""
    for found in (find_money(text, lang), find_numbers(text, lang)):
        ends = [0, *(one.end for one in found)]
        assert all(end <= one.start < one.end <= len(text) for end, one in zip(ends, found, strict=False))
        for one in found:
            assert write_money(one, "pt") if isinstance(one, Money) else write_number(one, "pt")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_writes_sums(lang: str) -> None:
    """CLDR has the names where our table has none, and none in Maltese: there the source's form stays."""
    (money,) = find_money("$10 million", "en")
    assert ("$" in write_money(money, lang)) == (lang in ("mt", "en", "en-GB", "en-US"))


@pytest.mark.parametrize("case", NUMBERS, ids=lambda case: case["text"])
def test_numbers_have_the_forms_of_the_target(case: dict[str, Any]) -> None:
    """A number is found whole and written in the locale's form; words, Roman numerals and other groupings count."""
    found = find_numbers(case["text"], "en")
    if case.get("none"):
        assert [number.text for number in found] == []
        return
    (number,) = found
    assert number.text == case["found"]
    for lang in LANGS:
        if lang in case:
            assert write_number(number, lang) == case[lang]
    for lang, forms in case.get("counts", {}).items():
        assert set(forms) <= set(number_forms(number, lang))


@pytest.mark.parametrize("case", load("numbers_read")["text"], ids=lambda case: case["text"])
def test_numbers_of_other_languages_are_read(case: dict[str, Any]) -> None:
    """Marks are read as the source language means them."""
    found = find_numbers(case["text"], case["lang"])
    assert [number.value for number in found] == [Decimal(value) for value in case["values"]]


@settings(max_examples=300)
@given(st.integers(1000, 10**12), st.sampled_from(LANGS), st.sampled_from(LANGS))
def test_a_written_number_reads_back(value: int, lang: str, target: str) -> None:
    """Grouped digits mean the same number in the language that they were written in."""
    number = Number(0, 0, f"{value:,}", "plain", Decimal(value), is_grouped=True)
    (read,) = find_numbers(f"- {write_number(number, lang)} -", lang)
    assert read.value == value
    assert write_number(read, target) in (write_number(number, target), str(value))


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        ("“so-called” ‘reform’", "\"so-called\" 'reform'"),
        ("the years 2010–15 — all of them", "the years 2010-15 - all of them"),
        ("a word—another", "a word - another"),
        ("it’s\N{NO-BREAK SPACE}here…", "it's here..."),
        ("plain text", "plain text"),
        ("a\N{IDEOGRAPHIC SPACE}ﬁne Ａ1\N{SOFT HYPHEN}\N{RIGHT-TO-LEFT OVERRIDE}x\x7f", "a fine A1x"),
        ("5½ or 2⅔", "5 1/2 or 2 2/3"),
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
        ("the € fell by €5", ["€"]),
        ("x² is no x2, and Foo™ no FooTM", ["x²", "Foo™"]),
        ("a 😀 and 3 ≥ 2", ["😀", "≥"]),
        ("Mr S\u030ckoda", ["S\u030ckoda"]),
    ],
)
def test_tokens_without_an_equal_are_protected(text: str, tokens: list[str]) -> None:
    """Addresses always, and words with letters outside the vocabulary."""
    assert [text[start:end] for start, end in unwritable_spans(text, can_write)] == tokens


@given(st.text(max_size=40))
def test_no_character_is_lost_silently(text: str) -> None:
    """Every character is written, or has an equal, or lies in a span that is protected; white space counts as one."""
    spans = unwritable_spans(text, can_write)
    assert spans == sorted(spans)
    for at, char in enumerate(text):
        if any(start <= at < end for start, end in spans) or char in "$£€¥₽₴":
            continue
        fitted = fit_characters(f"a{char}a", can_write)[1:-1]
        assert all(can_write(one) for one in fitted), (char, fitted)


@pytest.mark.parametrize(
    ("text", "lang", "target", "written"),
    [
        ("2.4%", "en", "fr", "2,4\u00a0%"),
        ("(0.3%)", "en", "es", "(0,3\u00a0%)"),
        ("12,345.6", "en", "de", "12.345,6"),
        ("12.345,6", "de", "en", "12,345.6"),
        ("2025-06-18", "en", "pt", "2025-06-18"),
        ("192.168.1.1", "en", "pt", "192.168.1.1"),
        ("4-6 6-2", "en", "pt", "4-6 6-2"),
        ("2024", "en", "pt", "2024"),
        ("06/18/2025", "en", "pt", "06/18/2025"),
        ("— • —", "en", "pt", "— • —"),
    ],
)
def test_a_cell_of_figures_is_written_as_the_language_does(text: str, lang: str, target: str, written: str) -> None:
    """Without an engine; dates, addresses, scores and years stay."""
    assert write_figures(text, lang, target) == written


READING = tomllib.loads((CASES / "reading.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("kind", "case"), [(kind, case) for kind, cases in READING.items() for case in cases], ids=lambda row: str(row)[:60]
)
def test_an_engine_reads_titles_and_announcements_in_words_that_it_knows(kind: str, case: dict[str, Any]) -> None:
    """Both change nothing else, and a headline's infinitive is a future only behind what can act."""
    text, names = case["text"], case.get("names", ())
    read = word_for_engine(text, case["lang"], names, is_headline=kind == "headline")
    assert read == case.get("reads", text)
    if kind == "headline":
        assert word_for_engine(text, case["lang"], names) == text


RULES = [(lang, rule) for lang, row in read_table("reading").items() for rule in row.get("rules", ())]


@pytest.mark.parametrize(("lang", "rule"), RULES, ids=[rule["find"][:40] for _, rule in RULES])
def test_each_rule_of_reading_does_what_its_example_says(lang: str, rule: dict[str, Any]) -> None:
    """A rule alone turns its example into what an engine reads, and leaves what is kept; a figure may be a span."""
    find = compile_find(rule["find"], lang)
    before, after = rule["example"]
    assert find.sub(rule["reads"], before) == after
    for text in rule.get("kept", ()):
        assert find.sub(rule["reads"], text) == text
    spans = [
        (*match.span(), number, match[0]) for number, match in enumerate(re.finditer(r"(?<!\w)\d+(?:[.,]\d+)*", before))
    ]
    marked = find.sub(rule["reads"], mark_spans(before, spans))
    assert (read_marks(marked)[0], len(read_marks(marked)[1])) == (after, len(spans))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("up 12 pc and 3.5pc", [("12 pc", "percent"), ("3.5pc", "percent")]),
        ("a 24 pc dinner set, 10 pcs and 2 PCs", [("24", "plain"), ("10", "plain"), ("2", "plain")]),
        ("she weighs 10st 4lb, he 9st", [("10st 4lb", "verbatim"), ("9st", "verbatim")]),
        ("the 1st, 11th, 21st, 2nd and 3rd", [(one, "ordinal") for one in ("1st", "11th", "21st", "2nd", "3rd")]),
    ],
)
def test_british_short_units_are_read(text: str, found: list[tuple[str, str]]) -> None:
    """ "pc" is percent, "st" is a weight where no ordinal ends so; sets of pieces and computers are neither."""
    assert [(number.text, number.kind) for number in find_numbers(text, "en")] == found


def test_a_marked_span_is_one_name() -> None:
    """A glossary term is the subject of its headline, whatever words it has; what is inside keeps its words."""
    marked = mark_spans("Bank to cut and Mr Ive", [(0, 4, 0, "Bank of England"), (19, 22, 1, "Ive")])
    read = word_for_engine(marked, "en", (), is_headline=True)
    assert read_marks(read)[0] == "Bank of England will cut and Mr. Ive"
    assert [mark.number for mark in read_marks(read)[1]] == [0, 1]
