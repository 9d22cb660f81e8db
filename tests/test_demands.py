"""Which capitalised words must be copied."""

import pytest

from pipeline.demands import DemandBuilder, words_to_translate
from pipeline.glossary import Glossary


@pytest.mark.parametrize(
    ("lang", "text", "copied"),
    [
        ("es", "El Gobierno de España criticó a Alberto Feijóo en Londres", ["Alberto", "Feijóo"]),
        ("pt", "A Assembleia e o Chega, de André Ventura", ["Chega", "André", "Ventura"]),
        ("en", "The Government of Spain met Alberto Feijóo", ["Government", "Spain", "Alberto", "Feijóo"]),
    ],
)
def test_offices_and_countries_are_no_names_to_copy(lang: str, text: str, copied: list[str]) -> None:
    """A language with a row lets its engine translate them; elsewhere the engine's own copies tell the names."""
    names = [word.strip(",") for word in text.split() if word[0].isupper() and word not in ("El", "A", "The")]
    found = DemandBuilder(Glossary(()), lang, ("ca",), bool).build(text, (), names)
    assert [demand.source for demand in found if demand.kind == "copied"] == copied


def test_every_row_has_offices_and_places() -> None:
    """A row that a linguist adds holds words with a capital, each once in its list."""
    for lang in ("es", "pt", "ca", "gl"):
        words = words_to_translate(lang)
        assert words and all(word[:1].isupper() for word in words)
    assert words_to_translate("en") == frozenset()
