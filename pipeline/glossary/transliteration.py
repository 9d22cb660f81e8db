"""Cyrillic names in Latin letters, by each country's own scheme (pipeline/data/transliteration.toml)."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipeline.languages import LANGUAGES, base_language

# A word of Cyrillic letters, with stress marks, and with apostrophes inside; a hyphen begins a new word.
_WORD = re.compile(r"[\u0400-\u052f\u0300-\u036f]+(?:['’ʼ][\u0400-\u052f\u0300-\u036f]+)*")
_APOSTROPHES = str.maketrans("’ʼ", "''")


@dataclass(frozen=True, slots=True)
class _Scheme:
    """The table of one language. Keys are in lower case, one letter or more."""

    letters: dict[str, str]
    initial: dict[str, str]  # at the start of a word
    final: dict[str, str]  # at the end of a longer word
    after: dict[str, dict[str, str]]  # by the letter before
    words: dict[str, str]  # whole words


def transliterate(text: str, lang: str) -> str | None:
    """Write the Cyrillic words of a text in Latin letters; all else stays. None for a language without a scheme.

    >>> transliterate("Щерю Георгиев, БГНЕС", "bg")
    'Shteryu Georgiev, BGNES'

    Letters that the language does not have are written as those of their own language, so that no Cyrillic letter of
    today's alphabets is left.
    """
    scheme = _schemes().get(base_language(lang) if lang in LANGUAGES else lang)
    if scheme is None:
        return None
    return _WORD.sub(lambda match: _write_word(match[0], scheme), unicodedata.normalize("NFC", text))


def _write_word(word: str, scheme: _Scheme) -> str:
    # й and ї are letters of their own after NFC; what is left of combining marks is stress.
    word = "".join(char for char in word if not unicodedata.combining(char)).translate(_APOSTROPHES)
    lower = word.lower()
    if lower in scheme.words:
        return _match_case(scheme.words[lower], word, 0, len(word))
    end = next((len(word) - len(tail) for tail in scheme.final if _is_ending(lower, tail)), len(word))
    written = []
    at = 0
    while at < end:
        count, latin = _next_letters(lower, at, end, scheme)
        written.append(_match_case(latin, word, at, count))
        at += count
    if end < len(word):
        written.append(_match_case(scheme.final[lower[end:]], word, end, len(word) - end))
    return "".join(written)


def _is_ending(lower: str, tail: str) -> bool:
    return len(lower) > len(tail) and lower.endswith(tail)


def _next_letters(lower: str, at: int, end: int, scheme: _Scheme) -> tuple[int, str]:
    tables = [scheme.after.get(lower[at - 1], {}) if at else scheme.initial, scheme.letters]
    for count in (2, 1):  # "зг" before "з"
        letters = lower[at : min(at + count, end)]
        for table in tables:
            if len(letters) == count and letters in table:
                return count, table[letters]
    return 1, lower[at]


def _match_case(latin: str, word: str, at: int, count: int) -> str:
    """Щ is "Sht" in "Щерев" and "SHT" in "ЩЕРЕВ"; alone, before a full stop, it is "Sht" again."""
    if not word[at].isupper():
        return latin
    neighbour = word[at + 1 : at + 2] or word[at - 1 : at]
    return latin.upper() if neighbour.isupper() else latin[:1].upper() + latin[1:]


@cache
def _schemes() -> dict[str, _Scheme]:
    text = resources.files("pipeline").joinpath("data/transliteration.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    others = _pairs(tables.pop("other")["letters"])
    return {
        lang: _Scheme(
            letters=others | _pairs(table["letters"]),
            initial=_pairs(table.get("initial", "")),
            final=_pairs(table.get("final", "")),
            after=_by_letter(table.get("after", {})),
            words=_pairs(table.get("words", "")),
        )
        for lang, table in tables.items()
    }


def _pairs(row: str) -> dict[str, str]:
    """Read "а=a ь=" as {"а": "a", "ь": ""}."""
    return {pair.partition("=")[0]: pair.partition("=")[2] for pair in row.split()}


def _by_letter(rows: dict[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for letters, row in rows.items():
        for letter in letters:
            found[letter] = found.get(letter, {}) | _pairs(row)
    return found
