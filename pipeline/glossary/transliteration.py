"""Cyrillic names in Latin letters, by each country's own scheme (pipeline/data/transliteration.toml)."""

import re
import tomllib
from functools import cache
from importlib import resources

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@cache
def _schemes() -> dict[str, dict[str, dict[str, str]]]:
    text = resources.files("pipeline").joinpath("data/transliteration.toml").read_text("utf-8")
    return {
        lang: {name: dict(pair.split("=") for pair in row.split()) for name, row in table.items()}
        for lang, table in tomllib.loads(text).items()
    }


def transliterate(text: str, lang: str) -> str | None:
    """Write Cyrillic words in Latin letters; None for a language without a scheme.

    >>> transliterate("Щерю Георгиев, БГНЕС", "bg")
    'Shteryu Georgiev, BGNES'
    """
    scheme = _schemes().get(lang)
    return None if scheme is None else _WORD.sub(lambda m: _word(m[0], scheme), text)


def _word(word: str, scheme: dict[str, dict[str, str]]) -> str:
    lower = word.lower()
    if not any("\u0400" <= char <= "\u04ff" for char in lower):
        return word
    whole = scheme.get("words", {}).get(lower) or _letters(lower, scheme)
    if len(word) > 1 and word.isupper():
        return whole.upper()
    return whole[:1].upper() + whole[1:] if word[0].isupper() else whole


def _letters(lower: str, scheme: dict[str, dict[str, str]]) -> str:
    ending = ""
    for end, latin in scheme.get("final", {}).items():
        if len(lower) > len(end) and lower.endswith(end):
            lower, ending = lower.removesuffix(end), latin
    first = scheme.get("initial", {}).get(lower[:1])
    letters = scheme["letters"]
    rest = lower[1:] if first is not None else lower
    return (first or "") + "".join(letters.get(char, char) for char in rest) + ending
