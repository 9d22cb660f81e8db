"""Spelling as the house's variety of a language has it (pipeline/data/varieties.toml): "Romênia", not "Roménia"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pipeline.typography.tables import read_table

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class _Variety:
    house: str
    rules: tuple[tuple[re.Pattern[str], str], ...]
    words: dict[str, str]
    whole: re.Pattern[str]  # any of `words`
    told: dict[str, str]  # these, and more that are not mended in running text

    def respell(self, text: str) -> str:
        for find, replace in self.rules:
            text = find.sub(replace, text)
        return self.whole.sub(lambda match: self.words[match[0]], text)


def house_variety(lang: str) -> str:
    """Name the variety that the house writes, "Brazilian Portuguese"; "" where the table has no row for the tag."""
    variety = _variety_of(lang)
    return variety.house if variety else ""


def respell(text: str, lang: str) -> str:
    """Write a text in the house's variety. A language without a row keeps its text."""
    variety = _variety_of(lang)
    return variety.respell(text) if variety else text


def respell_written(text: str, lang: str, source: str, kept: Sequence[str] = ()) -> str:
    """Write what an engine wrote in the house's variety, but for words of the source (names) and the texts kept."""
    words = {word for word in _WORD.findall(source) if respell_word(word, lang) != word}
    stays = [one for one in {*words, *kept} if one]
    if not stays:
        return respell(text, lang)
    pieces = re.split(f"({_whole(tuple(sorted(stays))).pattern})", text)  # every second one stays
    return "".join(piece if at % 2 else respell(piece, lang) for at, piece in enumerate(pieces))


@lru_cache(maxsize=8192)  # the words of a run come again and again, and each is held against every rule
def respell_word(word: str, lang: str) -> str:
    """Write one word in the house's variety, as `respell` does."""
    return respell(word, lang)


def find_other_variety(text: str, lang: str, *, is_name: bool = False) -> list[tuple[str, str]]:
    """List the words of a short text that the house writes otherwise, with what it writes.

    A name has the letters of its own language ("Gómez"): in it only whole words of the table count. In any other text a
    capital letter does not make a name ("Prémio").
    """
    variety = _variety_of(lang)
    if variety is None:
        return []
    found = [(match[0], variety.told[match[0]]) for match in _whole(tuple(variety.told)).finditer(text)]
    known = {part for word, _ in found for part in _WORD.findall(word)}
    for word in [] if is_name else _WORD.findall(text):
        small = word[:1].lower() + word[1:]
        if word not in known and (wanted := variety.respell(small)) != small:
            found.append((word, wanted if word == small else _capitalise(wanted)))
    return found


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _variety_of(lang: str) -> _Variety | None:
    row: dict[str, Any] | None = read_table("varieties").get(lang)
    if row is None:
        return None
    rules = tuple((re.compile(rule["find"]), rule["replace"]) for rule in row["rules"])
    words = _spellings(row["words"])
    return _Variety(row["house"], rules, words, _whole(tuple(words)), words | _spellings(row["told"]))


def _spellings(table: dict[str, str]) -> dict[str, str]:
    """Give each word of a table as it is spelled and with a first capital."""
    return {_capitalise(word): _capitalise(wanted) for word, wanted in table.items()} | table


@cache
def _whole(words: tuple[str, ...]) -> re.Pattern[str]:
    """Match any of some words whole, the longest first."""
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, words), key=lambda word: -len(word)))})\b")
