"""Cyrillic names in Latin letters."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.glossary.transliteration import is_by_scheme, scheme_names, scheme_of, transliterate, write_by_scheme

TABLES = tomllib.loads((Path(__file__).parents[1] / "cases/glossary/transliteration.toml").read_text(encoding="utf-8"))
CASES = [(lang, source, target) for lang, names in TABLES.items() for source, target in names.items()]


@pytest.mark.parametrize(("lang", "source", "target"), CASES, ids=str)
def test_name_follows_its_countrys_scheme(lang: str, source: str, target: str) -> None:
    """A name is written by the official scheme of its language, capitals included."""
    assert transliterate(source, lang) == target


SCHEMES = tomllib.loads((Path(__file__).parents[1] / "cases/glossary/schemes.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_name_follows_the_scheme_of_its_pair(scheme: str) -> None:
    """A scheme that is not its country's own writes the names of its table."""
    assert {name: write_by_scheme(name, scheme) for name in SCHEMES[scheme]} == SCHEMES[scheme]


def test_every_scheme_has_its_names() -> None:
    """No scheme is shipped that no table of names holds."""
    countries = {scheme_of(lang, "fr") for lang in TABLES}
    assert countries | set(SCHEMES) == set(scheme_names())


@pytest.mark.parametrize(
    ("pair", "scheme"),
    [("ru-es", "ru-es"), ("ru-pt-BR", "ru-pt"), ("ru-gl", "ru-bgn"), ("bg-es", "bg-streamlined"), ("sr-en", "sr-plain"),
     ("sr-ca", "sr-gaj"), ("en-bg", ""), ("ru-bg", ""), ("el-en", ""), ("sr-Latn-en", "")],
)  # fmt: skip
def test_pair_has_its_scheme(pair: str, scheme: str) -> None:
    """A pair's own scheme wins over its country's; into Cyrillic, and from elsewhere, there is none."""
    source, _, target = pair.partition("-")
    if pair.startswith("sr-Latn"):
        source, target = "sr-Latn", "en"
    assert scheme_of(source, target) == scheme


def test_accents_are_free_where_the_target_has_its_own() -> None:
    """Spanish may write "Zajárova"; English may not add a mark, and no letter may be another."""
    assert is_by_scheme("María Zajárova", "Мария Захарова", "ru-es")
    assert not is_by_scheme("María Zakharova", "Мария Захарова", "ru-es")
    assert not is_by_scheme("Rumén Radev", "Румен Радев", "bg-streamlined")


@pytest.mark.parametrize("lang", TABLES)
def test_table_has_enough_names(lang: str) -> None:
    """Each scheme is held by at least fifteen names."""
    assert len(TABLES[lang]) >= 15


@pytest.mark.parametrize("lang", ["el", "en", "kk"])
def test_language_without_scheme(lang: str) -> None:
    """A language without a scheme gives None, not a guess."""
    assert transliterate("Снимка", lang) is None


def test_letters_of_neighbours_are_written_too() -> None:
    """Letters that the language itself does not have leave no Cyrillic behind."""
    assert transliterate("Ђоковић, Ёлкин, Київ", "bg") == "Djokovic, Yolkin, Kiyiv"


def test_decomposed_letters_are_letters() -> None:
    """й in two code points is й; a stress mark is dropped."""
    assert transliterate("И\u0306ордан Сто\u0301ев", "bg") == "Yordan Stoev"


@pytest.mark.parametrize("lang", TABLES)
@given(
    text=st.text(alphabet=st.sampled_from("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјљњћђџѓќѕАЩЯЄЇЂ'’- .aZ1"), max_size=30)
)
def test_no_cyrillic_is_left(lang: str, text: str) -> None:
    """No letter of today's Cyrillic alphabets survives; Latin letters, digits and spaces do, in their order."""
    for written in (transliterate(text, lang), *(write_by_scheme(text, scheme) for scheme in SCHEMES)):
        assert written is not None
        assert not any("\u0400" <= char <= "\u04ff" for char in written)
        rest = iter(written)
        assert all(char in rest for char in text if char in "aZ1 .-")
