"""Typography: quotation marks however they were paired, figures, spaces. The cases lie in tests/cases/typography/."""

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.numbers import format_currency
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.languages import LANGUAGES
from pipeline.typography import (
    REPAIRS,
    Spare,
    find_quotes,
    group_digits,
    normalise_quotes,
    read_figure,
    repair_quotes,
    repair_typography,
    row,
    row_of,
    uses_typographic_quotes,
    write_figure,
    write_percent,
)
from pipeline.typography.quotes import MARKS

CASES = Path(__file__).parent / "cases/typography"
MESSY = st.text(alphabet="abs .,5%€$?!-—'\"“”„«»‘’‚\u202f", max_size=30)
SOME = st.sampled_from(["en", "pt", "es", "ca", "gl", "bg", "fr", "de", "sv", "it"])


def load(name: str) -> dict[str, Any]:
    """Read a table of cases."""
    return tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))


def by_language(name: str) -> list[Any]:
    """Read a table of cases whose keys are languages."""
    return [
        pytest.param(lang, case, id=f"{lang}: {case['text']}") for lang, rows in load(name).items() for case in rows
    ]


@pytest.mark.parametrize("case", load("quotes")["quotes"], ids=lambda case: case["text"])
def test_quotes_are_found(case: dict[str, Any]) -> None:
    """A pair is found by its place, not by its marks; apostrophes are none."""
    text = case["text"]
    assert [text[quote.start : quote.end] for quote in find_quotes(text, case.get("lang", "en"))] == case["found"]


@pytest.mark.parametrize(("lang", "case"), by_language("normalised"))
def test_a_source_is_brought_into_order(lang: str, case: dict[str, str]) -> None:
    """Wrong pairs and foreign styles are repaired mark for mark; straight ones and the language's own styles stay."""
    assert normalise_quotes(case["text"], lang) == case.get("becomes", case["text"])


def test_quotations_inside_foreign_text_keep_their_style() -> None:
    """A fragment brings its own marks; a quotation that is a fragment has the marks of the article."""
    text = "It read Снимка „НИМХ“ and „gancheros“ too"
    inside, whole = text.index("Снимка"), text.index("„gancheros")
    spans = [(inside, inside + len("Снимка „НИМХ“")), (whole, whole + len("„gancheros“"))]
    assert normalise_quotes(text, "en", spans) == "It read Снимка „НИМХ“ and “gancheros” too"


def test_straight_marks_stay_only_where_the_article_has_no_others() -> None:
    """An article that mixes styles gets one; foreign text does not count."""
    text = 'a "straight" one, the ministers\' plan and “one“'
    assert uses_typographic_quotes(text)
    assert not uses_typographic_quotes(text, [(text.index("“"), len(text))])
    assert normalise_quotes(text, "en", straight=False) == "a “straight” one, the ministers' plan and “one”"
    assert normalise_quotes(text, "en") == 'a "straight" one, the ministers\' plan and “one”'


@pytest.mark.parametrize(("lang", "case"), by_language("targets"))
def test_a_target_is_repaired(lang: str, case: dict[str, str]) -> None:
    """A target has its language's marks, figures and spaces; what is right stays, and each repair is reported."""
    text, repairs = repair_typography(case["text"], case["source"], lang, case.get("source_lang", "en"))
    assert text == case.get("becomes", case["text"])
    assert [before for _, before, _ in repairs] == [case["text"], *(after for _, _, after in repairs)][: len(repairs)]


# Where newspapers write otherwise than CLDR has it; see the table.
PERCENT_BY_USAGE = {"ca"}


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_percent_stands_where_cldr_has_it(lang: str) -> None:
    """Side and space in each language of the table, but for those where usage is known to differ."""
    if row_of("typography", lang) is None:
        pytest.skip("no row of its own")
    pattern = Locale.parse(lang.replace("-", "_")).percent_formats[None].pattern
    wanted = re.sub(r"#.*0", "18", re.sub(r"[\u200e\u200f]|;.*", "", pattern))
    assert (write_percent("18", lang) == wanted) is (lang not in PERCENT_BY_USAGE)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_a_sum_stands_as_babel_writes_it(lang: str) -> None:
    """A sign on either side, close or not, comes to where CLDR's pattern has it; what is right stays as it is."""
    written = format_currency(Decimal("20.50"), "EUR", locale=lang.replace("-", "_"))
    wanted = re.sub(r"[\u200e\u200f]|[A-Z]+", "", written)
    figure = re.sub(r"[^\d.,]", "", wanted)
    if "€" not in wanted or row_of("typography", lang) is None:
        pytest.skip("no row, or no sign of its own")
    for text in (f"€{figure}", f"{figure}€", f"{figure} €", f"€ {figure}", wanted):
        done, _ = repair_typography(text, "€20.50", lang, spare=Spare({"numbers", "first_letter"}))
        assert done in (wanted, wanted.replace("\u00a0", " ")), text


@pytest.mark.parametrize("name", [name for name, _ in REPAIRS])
def test_each_repair_can_be_switched_off(name: str) -> None:
    """It then changes nothing in any case, and is what some case needs."""
    cases = [(lang, case) for lang, rows in load("targets").items() for case in rows]
    with_, without = (
        [
            repair_typography(c["text"], c["source"], lang, c.get("source_lang", "en"), spare=Spare(off))[1]
            for lang, c in cases
        ]
        for off in ((), {name})
    )
    assert any(name == repair for done in with_ for repair, _, _ in done)
    assert not any(name == repair for done in without for repair, _, _ in done)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("pt", "a “b ‘c’ d” e"),
        ("ca", "a «b “c” d» e"),
        ("bg", "a „b „c“ d“ e"),
        ("fr", "a «\u202fb «\u202fc\u202f» d\u202f» e"),
    ],
)
def test_a_target_has_its_own_marks(lang: str, expected: str) -> None:
    """Outer and nested marks are those of the language (CLDR 48)."""
    assert repair_quotes('a "b “c” d" e', lang) == expected


class Counted(list[tuple[int, int]]):
    """Spans that count how often they are gone through."""

    passes = 0

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Go through them once more."""
        self.passes += 1
        return super().__iter__()


def test_marks_and_spans_are_not_held_against_each_other_one_by_one() -> None:
    """A long text has many of both: the spans are gone through as often for 500 quotations as for one."""
    passes = set()
    for many in (1, 500):
        leave = Counted((at * 12, at * 12 + 3) for at in range(many))
        normalise_quotes("Bea „so“ on " * many, "en", leave)
        uses_typographic_quotes("Bea „so“ on " * many, leave)
        passes.add(leave.passes)
    assert len(passes) == 1


@given(MESSY, SOME)
@example("a 'b'“c“ d", "en")
def test_normalising_keeps_offsets_and_holds(text: str, lang: str) -> None:
    """A source is repaired mark for mark, nothing else changes, and a second time changes nothing."""
    done = normalise_quotes(text, lang)
    assert len(done) == len(text)
    assert all(old == new or old in MARKS for old, new in zip(text, done, strict=True))
    assert normalise_quotes(done, lang) == done


@settings(max_examples=400)
@given(MESSY, MESSY, SOME)
def test_repairing_twice_changes_nothing(text: str, source: str, lang: str) -> None:
    """A repaired target needs no repair."""
    done, _ = repair_typography(text, source, lang)
    assert repair_typography(done, source, lang) == (done, [])


@settings(max_examples=300)
@given(MESSY, SOME)
def test_repaired_quotations_are_well_formed(text: str, lang: str) -> None:
    """Every quotation found after a repair has the language's own pair."""
    done = repair_quotes(text, lang)
    if done == text:
        return  # no repair holds: its marks make no sense, or it is right
    marks = row(lang)["quotes"]
    for quote in find_quotes(done, lang):
        opening, closing = marks[:2] if quote.depth % 2 == 0 else marks[2:]
        assert (done[quote.start], done[quote.end - 1]) == (opening, closing)


@given(st.decimals(0, 10**12, places=2, allow_nan=False), st.sampled_from(sorted(LANGUAGES)))
def test_a_written_figure_reads_back(value: Decimal, lang: str) -> None:
    """Marks between thousands and before decimals mean the same to reader and writer, in every language."""
    assert read_figure(write_figure(value, lang), lang) == value


def test_figures_follow_the_locale() -> None:
    """Group marks by the locale's rule: Spanish groups from five digits on."""
    assert [group_digits(digits, lang) for digits, lang in (("1200", "pt"), ("1200", "es"), ("12000", "es"))] == [
        "1.200",
        "1200",
        "12.000",
    ]
