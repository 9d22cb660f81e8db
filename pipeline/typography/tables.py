"""What a language's writing asks for: marks, forms of figures, words of scale and of currency (CLDR, and our tables).

Babel brings CLDR. It is loaded when a figure has to be written or read, not before.
"""

import re
import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from pipeline.languages import base_language

if TYPE_CHECKING:
    from babel import Locale

PLURALS = ("one", "two", "few", "many", "other", "zero")


@cache
def read_table(name: str) -> dict[str, Any]:
    """Read a table of pipeline/data by its file name without ending."""
    return tomllib.loads(resources.files("pipeline").joinpath(f"data/{name}.toml").read_text("utf-8"))


def row(lang: str) -> dict[str, Any]:
    """Return the typography of a language; English where the table has none."""
    return row_of("typography", lang) or row_of("typography", "en") or {}


def row_of(table: str, lang: str) -> dict[str, Any] | None:
    """Return the row of a language in a table: of the full tag, else of its base language, else None."""
    rows = read_table(table)
    found: dict[str, Any] | None = rows.get(lang) or rows.get(base_language(lang))
    return found


@cache
def locale_of(lang: str) -> "Locale | None":
    """Return Babel's locale of a language; None where CLDR has none."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(lang.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


@cache
def currency_place(lang: str) -> tuple[bool, str]:
    """Return whether a currency's sign stands before its figure, and the space between them (CLDR).

    >>> currency_place("en"), currency_place("es"), currency_place("pt"), currency_place("he")
    ((True, ''), (False, '\\xa0'), (True, '\\xa0'), (False, '\\xa0'))
    """
    locale = locale_of(lang)
    pattern = locale.currency_formats["standard"].pattern if locale else "¤#"
    bare = re.sub(r"[\u200e\u200f]|;.*", "", pattern)
    spaces = "".join(char for char in bare if char.isspace())
    return bare.startswith("¤"), spaces


@cache
def territory_words(lang: str) -> frozenset[str]:
    """Return the countries and continents that have a name of one word in a language (CLDR): "España", "Europa"."""
    locale = locale_of(lang)
    return (
        frozenset(name for name in locale.territories.values() if name.istitle() and name.isalpha())
        if locale
        else frozenset()
    )


@cache
def compound_days(lang: str) -> frozenset[str]:
    """Return the days of the week that a language writes with a hyphen (CLDR): "segunda-feira"."""
    locale = locale_of(lang)
    return frozenset(day for day in locale.days["format"]["wide"].values() if "-" in day) if locale else frozenset()


def plural_of(value: Decimal, lang: str) -> str:
    """Return the CLDR plural category of a number as it is written: "1.0" and "1" may differ.

    >>> plural_of(Decimal("1.2"), "pt"), plural_of(Decimal("1.2"), "es"), plural_of(Decimal(5), "ru")
    ('one', 'other', 'many')
    """
    locale = locale_of(lang)
    return str(locale.plural_form(value)) if locale else "one" if value == 1 else "other"


@cache
def currency_names(code: str, lang: str) -> dict[str, str]:
    """Return the CLDR names of a currency by plural category, as they stand inside a sentence; {} where none.

    >>> currency_names("MKD", "pt")["other"]
    'dinares macedônios'
    """
    from babel.numbers import get_currency_name

    locale = locale_of(lang)
    if locale is None or code not in locale.currencies:
        return {}
    counts = {"one": 1, "two": 2, "few": 3, "many": 5, "other": Decimal("1.5"), "zero": 0}
    kinds = {plural_of(Decimal(count), lang) for count in (0, 1, 2, 3, 5, 11, 20, 100)} | {"other"}
    names = {kind: _inside(_plural_name(locale, code, kind), lang) for kind in kinds if kind in counts}
    return {kind: name or _inside(str(get_currency_name(code, locale=locale)), lang) for kind, name in names.items()}


def _plural_name(locale: "Locale", code: str, kind: str) -> str:
    names = locale._data["currency_names_plural"].get(code) or {}
    return str(names.get(kind) or names.get("other") or "")


def _inside(name: str, lang: str) -> str:
    # CLDR writes Portuguese names and German adjectives with a capital, as in a list; German nouns keep theirs.
    adjective = lang == "de" and re.match(r"\w+ische[rs]? ", name)
    return name[:1].lower() + name[1:] if adjective or lang in ("pt", "pt-BR") else name


@cache
def scale_words(lang: str, lengths: tuple[str, ...] = ("long", "short")) -> tuple[tuple[int, str, str], ...]:
    """Return the scale words of a language by CLDR: (value, plural category, word), largest value first.

    >>> (10**6, "other", "milhões") in scale_words("pt")
    True
    """
    locale = locale_of(lang)
    forms = locale.compact_decimal_formats if locale else {}
    found: dict[tuple[int, str, str], None] = {}
    for length in lengths:
        for kind, patterns in (forms.get(length) or {}).items():
            for size, pattern in patterns.items():
                text = getattr(pattern, "pattern", pattern).replace("'", "")
                zeros, word = text.count("0"), text.replace("0", "").strip(" \u00a0")
                if zeros and word:
                    found[int(size) // 10 ** (zeros - 1), kind, word] = None
    return tuple(sorted(found, key=lambda one: (-one[0], one[1], one[2])))
