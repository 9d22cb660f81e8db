"""Terms in the plural, and the forms of an entry that count for one."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.agreement import pluralise
from pipeline.glossary import accepted_forms, feminine
from pipeline.model import Entry

CASES = tomllib.loads((Path(__file__).parent / "cases/plurals.toml").read_text("utf-8"))
ROWS = [(lang, term, plural) for lang, rows in CASES.items() for term, plural in rows.items()]


@pytest.mark.parametrize(("lang", "term", "plural"), ROWS, ids=str)
def test_a_term_has_its_plural(lang: str, term: str, plural: str) -> None:
    """By the table of its language; in capitals as well."""
    assert pluralise(term, lang) == plural
    assert pluralise(term.upper(), lang).casefold() == plural.casefold()


@given(st.sampled_from(["en", "pt", "es", "ca", "gl"]), st.text(alphabet="aãosmnlzxí- '", min_size=1, max_size=12))
def test_any_text_has_a_plural(lang: str, term: str) -> None:
    """Never an error, never a word more or less."""
    assert len(pluralise(term, lang).split()) == len(term.split())


def test_a_language_without_rules_has_no_plurals() -> None:
    """Then a plural in the source is satisfied by the forms of the entry."""
    assert pluralise("закон", "bg") == ""
    entry = Entry("law", "en", "закон", "bg", forms=("закони",))
    assert accepted_forms(entry, is_plural=True) == ("закон", "закони")


@pytest.mark.parametrize(
    ("entry", "singular", "plural"),
    [
        (Entry("deal", "en", "acordo", "pt"), ("acordo",), ("acordos", "acordo")),
        (Entry("deal", "en", "acordo", "pt", plural="pactos"), ("acordo", "pactos"), ("pactos",)),
        (
            Entry("minister", "en", "ministro", "pt", feminine="ministra", forms=("da Defesa", "titular")),
            ("ministro", "ministra", "da Defesa", "titular"),
            ("ministros", "ministras", "da Defesa", "ministro", "ministra", "titular"),
        ),
        (Entry("ceasefire", "en", "alto el fuego", "es", forms=("altos el fuego", "tregua")),
         ("alto el fuego", "altos el fuego", "tregua"), ("altos el fuego", "alto el fuego", "tregua")),
    ],
    ids=lambda value: value.target if isinstance(value, Entry) else None,
)  # fmt: skip
def test_a_plural_is_a_plural_where_the_entry_names_one(
    entry: Entry, singular: tuple[str, ...], plural: tuple[str, ...]
) -> None:
    """What the entry names comes first, then a plural among its forms, then the rule; the singular is never written."""
    assert accepted_forms(entry, is_plural=False) == singular
    assert accepted_forms(entry, is_plural=True) == plural


def test_a_feminine_has_its_plural() -> None:
    """Named, or by rule; none where the entry has no feminine."""
    entry = Entry("minister", "en", "ministro", "pt", feminine="ministra")
    assert feminine(entry, is_plural=True) == "ministras"
    assert feminine(Entry("minister", "en", "ministro", "pt"), is_plural=True) == ""


def test_a_word_that_is_its_own_plural_has_both() -> None:
    """ "Species" does not say which: the one that the engine wrote is right."""
    entry = Entry("species", "en", "espécie animal", "pt", type="term")
    assert accepted_forms(entry, is_plural=False) == ("espécie animal", "espécies animais")
    assert accepted_forms(replace(entry, source="kind"), is_plural=False) == ("espécie animal",)
