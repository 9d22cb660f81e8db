"""Cyrillic names in Latin letters, by the scheme of a country or of a pair (pipeline/data/transliteration.toml)."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pipeline.languages import LANGUAGES, base_language

# A word of Cyrillic letters, with stress marks, and with apostrophes inside; a hyphen begins a new word.
_WORD = re.compile(r"[\u0400-\u052f\u0300-\u036f]+(?:['’ʼ][\u0400-\u052f\u0300-\u036f]+)*")
_APOSTROPHES = str.maketrans("’ʼ", "''")


@dataclass(frozen=True, slots=True)
class _Scheme:
    """One table. Keys are in lower case, one letter or more."""

    lang: str
    title: str
    has_marks: bool  # the target's accents are not in the source
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
    scheme = _pairs_of_schemes().get(base_language(lang) if lang in LANGUAGES else lang)
    return write_by_scheme(text, scheme) if scheme else None


def write_by_scheme(text: str, scheme: str) -> str:
    """Write a text as `transliterate` does, by a scheme that has a name.

    >>> write_by_scheme("Сергей Хрущёв", "ru-ca")
    'Serguei Khrusxov'
    """
    table = _schemes()[scheme]
    return _WORD.sub(lambda match: _write_word(match[0], table), unicodedata.normalize("NFC", text))


def scheme_of(source_lang: str, target_lang: str) -> str:
    """Return the scheme of a pair: its own, else that of the source; "" where a name wants an entry."""
    if LANGUAGES[target_lang].script != "Latn" or LANGUAGES[source_lang].script != "Cyrl":
        return ""
    source, target = base_language(source_lang), base_language(target_lang)
    pairs = _pairs_of_schemes()
    return pairs.get(f"{source}-{target}") or pairs.get(source, "")


def name_by_pair(name: str, source_lang: str, target_lang: str) -> str:
    """Write a name by the scheme that its pair has for itself; "" where it has none."""
    scheme = _pairs_of_schemes().get(f"{base_language(source_lang)}-{base_language(target_lang)}", "")
    return write_by_scheme(name, scheme) if scheme else ""


def scheme_names() -> tuple[str, ...]:
    """Return the schemes that an entry can declare."""
    return tuple(_schemes())


def scheme_title(scheme: str) -> str:
    """Return what people call a scheme."""
    return _schemes()[scheme].title


def scheme_language(scheme: str) -> str:
    """Return the language whose names a scheme writes."""
    return _schemes()[scheme].lang


def is_by_scheme(target: str, source: str, scheme: str) -> bool:
    """Whether a name is as its scheme writes it; where the target language has accents of its own they are free."""
    written = write_by_scheme(source, scheme)
    if not _schemes()[scheme].has_marks:
        return target == written
    return _without_marks(target) == _without_marks(written)


def _without_marks(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


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
def _tables() -> dict[str, Any]:
    text = resources.files("pipeline").joinpath("data/transliteration.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _pairs_of_schemes() -> dict[str, str]:
    return dict(_tables()["pairs"])


@cache
def _schemes() -> dict[str, _Scheme]:
    others = _pairs(_tables()["other"]["letters"])
    return {
        name: _Scheme(
            lang=table["lang"],
            title=table["title"],
            has_marks=table.get("marks", False),
            letters=others | _pairs(table["letters"]),
            initial=_pairs(table.get("initial", "")),
            final=_pairs(table.get("final", "")),
            after=_by_letter(table.get("after", {})),
            words=_pairs(table.get("words", "")),
        )
        for name, table in _tables().items()
        if name not in ("pairs", "other")
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
