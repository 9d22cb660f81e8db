"""Typography: quotation marks whatever way they were paired, numbers, spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.typography import find_quotes, group_digits, normalise_quotes, repair_quotes, repair_typography


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("known as “colectivos“.", ["“colectivos“"]),
        ('„Безопасност" и «Нова»', ['„Безопасност"', "«Нова»"]),
        ('He said "don\'t" and left', ['"don\'t"']),
        ("the ministers’ plan and O’Brien’s", []),
        ('a "b “c” d" e', ['"b “c” d"', "“c”"]),
        ('an unpaired " mark', []),
    ],
)
def test_quotes_are_found(text: str, quoted: list[str]) -> None:
    """A pair is found by its place, not by its marks; apostrophes are none."""
    assert [text[quote.start : quote.end] for quote in find_quotes(text, "en")] == quoted


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


def test_a_source_keeps_good_marks() -> None:
    """Only a wrong pair is repaired in the source, mark for mark."""
    assert normalise_quotes('a "b" and “c“', "en") == 'a "b" and “c”'


@given(st.text(alphabet="ab .,'\"“”„«»‘’", max_size=40))
def test_repairing_quotes_twice_changes_nothing(text: str) -> None:
    """Repair is idempotent where it gives its own marks; the source repair keeps every offset."""
    assert len(normalise_quotes(text, "en")) == len(text)


def test_numbers_follow_the_locale() -> None:
    """Group marks by the locale's rule: Spanish groups from five digits on."""
    assert (group_digits("1200", "pt"), group_digits("1200", "es"), group_digits("12000", "es")) == (
        "1.200",
        "1200",
        "12.000",
    )
    assert repair_typography("São 1,200 e 3.5", "It is 1,200 and 3.5", "pt")[0] == "São 1.200 e 3,5"


def test_a_version_is_no_number() -> None:
    """1.2.3 keeps its points."""
    assert repair_typography("a versão 1.2.3", "Version 1.2.3", "pt")[0] == "A versão 1.2.3"
