"""Currencies and scales by language: how each is written, and by which spellings it is read (data/money.toml, CLDR)."""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from pipeline.typography import currency_names, plural_of, read_table, row_of, scale_words

SPACE = "[ \u00a0\u202f\u2009]"
Scale = tuple[int, dict[str, str]]  # value, plural category -> word


@cache
def money_row(lang: str) -> dict[str, Any]:
    """Return the row of a language in the table of money; {} where all comes from CLDR."""
    return row_of("money", lang) or {}


@cache
def signs(lang: str) -> dict[str, str]:
    """Return the signs that are read in a language, with their codes: "$" -> USD."""
    ambiguous = money_row(lang).get("ambiguous", ())
    return {sign: code for sign, code in read_table("money")["signs"].items() if sign not in ambiguous}


@cache
def codes() -> frozenset[str]:
    """Return the ISO codes that are read beside a figure."""
    return frozenset(read_table("money")["codes"].split())


@cache
def written_codes() -> tuple[str, ...]:
    """Return all the codes that have names: ISO 4217 of today, with BGN and HRK."""
    return tuple(read_table("money")["currencies"].split())


@lru_cache(maxsize=4096)
def name_of(code: str, amount: Decimal, lang: str) -> str:
    """Return the name of a currency behind an amount: "dólares", "dinar macedônio"; "" where the language has none."""
    kind = plural_of(amount, lang)
    own = money_row(lang).get("names", {}).get(code)
    if own:
        return str(own[0] if kind == "one" else own[1])
    names = currency_names(code, lang)
    return names.get(kind) or names.get("other", "")


@lru_cache(maxsize=4096)
def names_of(code: str, lang: str) -> tuple[str, ...]:
    """Return every spelling of a currency's name that is read and accepted, those that are written first."""
    own = money_row(lang)
    names = [*own.get("names", {}).get(code, ()), *own.get("also", {}).get(code, ())]
    return tuple(dict.fromkeys([*names, *currency_names(code, lang).values()]))


@cache
def read_names(lang: str) -> dict[str, str]:
    """Return folded name -> code, without the names that two currencies share."""
    found: dict[str, str] = {}
    shared = set()
    for code in (*written_codes(), "GBX", "cent"):
        for name in names_of(code, lang):
            key = name.lower()
            if found.setdefault(key, code) != code:
                shared.add(key)
    return {name: code for name, code in found.items() if name not in shared}


@cache
def written_scales(lang: str) -> tuple[Scale, ...]:
    """Return the scales that a language writes, the largest first; thousands are written in digits."""
    own = money_row(lang).get("scales")
    if own:
        return tuple((value, {"one": one, "other": many}) for value, one, many in own)
    scales: dict[int, dict[str, str]] = {}
    for value, kind, word in scale_words(lang, ("long",)):
        if value >= 10**5:
            scales.setdefault(value, {})[kind] = word
    return tuple(sorted(scales.items(), reverse=True))


@cache
def read_scales(lang: str) -> dict[str, int]:
    """Return every spelling of a scale that is read in a language, as it is written, with its value."""
    own = money_row(lang)
    found = {word: value for value, _, word in scale_words(lang)} if "scales" not in own else {}
    for value, spellings in own.get("short", ()):
        found |= {word.replace("-", " "): value for word in spellings.split()}
    for value, words in written_scales(lang):
        found |= dict.fromkeys(words.values(), value)
    return found


def scale_patterns(lang: str) -> str:
    """Return the pattern of the scales that are read: long words in any case, short ones as written."""
    long, short = (
        any_of(word for word in read_scales(lang) if (len(word) > 3) == is_long) for is_long in (True, False)
    )
    return f"(?:(?i:{long or '(?!)'})|(?:{short or '(?!)'}))"


def scale_of(word: str, lang: str) -> int:
    """Return the value of a scale word as it stands in a text."""
    scales, word = read_scales(lang), fold_spaces(word)
    if word in scales:
        return scales[word]
    return next(value for known, value in scales.items() if known.lower() == word.lower())


def any_of(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, the longest first; a space stands for every kind of space."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", SPACE) for word in ordered)


def fold_spaces(text: str) -> str:
    """Write every kind of space as a plain one."""
    return re.sub(SPACE, " ", text)


def link(scale_word: str, name: str, lang: str) -> str:
    """Link a scale word and a currency: "milhões de dólares", "millions d'euros", but "mil dólares".

    >>> link("milions", "euros", "ca"), link("millones", "euros", "es"), link("million", "euros", "en")
    ("milions d'euros", 'millones de euros', 'million euros')
    """
    own = money_row(lang)
    joint = " " if read_scales(lang).get(scale_word) == 1000 else str(own.get("of", " "))
    if (
        "elided" in own
        and joint != " "
        and name[:1].lower() in "aeiouàáèéêíòóúœh"
        and not name.lower().startswith(("ie", "iu", "h"))
    ):
        joint = str(own["elided"])
    return scale_word + joint + name
