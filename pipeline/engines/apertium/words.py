"""The supplementary dictionary: words of news that Apertium's pairs do not know.

Apertium leaves a word that it does not know as it is, and inflects nothing around it: "lo cirurgião", "suya
sexualidade". So such a word is not looked up behind Apertium but in front of it: a common word of the same kind
stands in for it, fenced, which Apertium knows how to place ("o cirurgião" -> "o [livro]" -> "el [libro]"), and what
comes back in the fence says which form of the wanted word belongs there ("el cirujano").
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pipeline.engines.apertium.inflecting import feminine, plural, soften

LANGUAGES = ("es", "ca", "gl")  # order of the columns in the data

# The regular endings of verbs in -ar, first those before which the stem is softened.
_SOFT = ("e", "es", "emos", "em", "ei")
_HARD = (
    "ar", "ares", "armos", "arem", "o", "as", "a", "amos", "am", "aste", "ou", "aram", "ava", "avas", "ávamos", "avam",
    "ara", "aras", "áramos", "arei", "arás", "ará", "aremos", "arão", "aria", "arias", "aríamos", "ariam", "asse",
    "asses", "ássemos", "assem", "ando", "ado", "ada", "ados", "adas", "á",
)  # fmt: skip
_ORDINAL = re.compile(r"(\d+)([oaºª])")
_CLITIC = re.compile(r"(.+?)(-(?:me|te|se|nos|lhes?|l?[oa]s?))$")
_FLAGS = re.compile(r"\s*\((m|f|vowel|weak|consonant)\)")


@dataclass(frozen=True, slots=True)
class Entry:
    """How a Portuguese word form reaches the target."""

    spoken: str  # the word form that stands in for it
    forms: Mapping[str, str]  # what Apertium makes of that -> what is meant; for a verb, stems
    is_stem: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One language's side of a row: all forms, and how it differs from the regular."""

    forms: tuple[str, ...]
    flag: str = ""  # "m" or "f": another gender than in Portuguese; "vowel", "weak", "consonant": as it is spoken


@cache
def read_data() -> dict[str, Any]:
    """Return pipeline/data/apertium_words.toml as it is."""
    return tomllib.loads(resources.files("pipeline").joinpath("data/apertium_words.toml").read_text("utf-8"))


def spell_forms(text: str, kind: str, lang: str) -> Cell:
    """Return all forms of a cell: "sg[, pl]" of a noun, "m[, f[, m pl, f pl]]" of an adjective or a person.

    >>> spell_forms("papel", "noun_m", "gl").forms
    ('papel', 'papeis')
    """
    flag = found[1] if (found := _FLAGS.search(text)) else ""
    given = [part.strip() for part in _FLAGS.sub("", text).split(",")]
    if kind.startswith("noun"):
        given += [plural(given[0], lang)][: 2 - len(given)]
    elif kind in ("adjective", "person"):
        given += [feminine(given[0], lang)][: 2 - len(given)]
        given += [plural(form, lang) for form in given[:2]][: 4 - len(given)]
    return Cell(tuple(given), flag)


@cache
def load_words(lang: str) -> dict[str, Entry]:
    """Return the dictionary of one target: Portuguese word form -> entry."""
    found: dict[str, Entry] = {}
    for kind, key, text in read_rows("words", lang):
        for form, entry in make_entries(key, text, kind, lang):
            found.setdefault(form, entry)
    for form in read_data()["known"][lang].split():
        found.pop(form, None)
    for kind, key, text in read_rows("mended", lang):
        found.update(make_entries(key, text, kind, lang))
    return found


def read_rows(table: str, lang: str) -> Iterator[tuple[str, str, str]]:
    """Give kind, Portuguese side and the filled cells of a language in a table of the data."""
    column = LANGUAGES.index(lang)
    for kind, rows in read_data()[table].items():
        for key, cells in rows.items():
            if text := cells.split("|")[column].strip():
                yield kind, key, text


def make_entries(key: str, text: str, kind: str, lang: str) -> Iterator[tuple[str, Entry]]:
    """Give every Portuguese form of a row with its entry. Raises KeyError where no stand-in fits."""
    if kind == "verb":
        yield from _verb_entries(key, text, lang)
        return
    source, target = spell_forms(key, kind, "pt"), spell_forms(text, kind, lang)
    parts: Sequence[tuple[str, slice]] = [(kind.replace("acronym", "noun"), slice(None))]
    if kind == "person":
        parts = [("noun_m", slice(0, None, 2)), ("noun_f", slice(1, None, 2))]
    if kind == "adjective" and source.forms[0] == source.forms[1]:
        kind = "adjective_mf"
        parts = [(kind, slice(None))]
    for part, slots in parts:
        ours = Cell(target.forms[slots], target.flag)
        stand = _stand_in(part, ours, lang)
        spoken = stand["pt"].split()
        if len(ours.forms) == 2 and len(set(ours.forms)) == len(set(source.forms[slots])) == 1:
            spoken.reverse()  # "óculos": a plural only
        for form, stand_in in zip(source.forms[slots], spoken, strict=False):
            yield form, Entry(stand_in, dict(zip(stand[lang].split(), ours.forms, strict=False)))


def _stand_in(kind: str, target: Cell, lang: str) -> dict[str, str]:
    """Return the row of stand-ins of a kind, as its target word changes gender and begins."""
    stands: dict[str, dict[str, str]] = read_data()["stand_ins"]
    gender = f"_becomes_{target.flag}" if target.flag in ("m", "f") else ""
    is_feminine = "f" in (target.flag, kind.removeprefix("noun_")) and target.flag != "m"
    start = (
        target.flag if target.flag in ("vowel", "weak", "consonant") else start_of(target.forms[0], is_feminine, lang)
    )
    for name in (f"{kind}{gender}_{start}_{lang}", f"{kind}{gender}_{lang}", f"{kind}{gender}_{start}"):
        if name in stands and lang in stands[name]:
            return stands[name]
    return stands[f"{kind}{gender}"]


def start_of(word: str, is_feminine: bool, lang: str) -> str:
    """Return how a word begins where that shapes its article: Catalan "l'", and "la" before a weak i or u.

    >>> start_of("escola", True, "ca"), start_of("indústria", True, "ca"), start_of("illa", True, "ca")
    ('vowel', 'weak', 'vowel')
    """
    if lang != "ca" or not (found := re.match(r"h?([aeiouàèéíòóúïü])(?![aeiou])", word, re.IGNORECASE)):
        return "consonant"
    syllables = len(re.findall(r"[aeiouàèéíòóúïü]+", word))
    if is_feminine and found[1] in "iu" and syllables > 2:
        return "weak"
    return "vowel"


def _verb_entries(key: str, text: str, lang: str) -> Iterator[tuple[str, Entry]]:
    stand = read_data()["stand_ins"]["verb"]
    spoken, theirs = stand["pt"].removesuffix("ar"), stand[lang].removesuffix("ar")
    stem, ours = key.removesuffix("ar"), text.removesuffix("ar")
    for endings, base in ((_HARD, stem), (_SOFT, soften(stem, "pt"))):
        for ending in endings:
            strong = ending in ("o", "as", "a", "am", "e", "es", "em") and base.endswith("e")
            yield base + ("i" if strong else "") + ending, Entry(spoken + ending, {theirs: ours}, is_stem=True)


def find_entry(word: str, lang: str) -> Entry | None:
    """Look a word form up: as it is, a verb with its clitic ("esfaqueá-lo"), an ordinal ("60º", "60o")."""
    words = load_words(lang)
    if entry := words.get(word):
        return entry
    if (cut := _CLITIC.match(word)) and (entry := words.get(cut[1])) and entry.is_stem:
        return Entry(entry.spoken + cut[2], entry.forms, is_stem=True)
    if found := _ORDINAL.fullmatch(word):
        return _ordinal(found[1], lang, is_feminine=found[2] in "aª")
    return None


def _ordinal(number: str, lang: str, *, is_feminine: bool) -> Entry:
    stand, signs = read_data()["stand_ins"]["ordinal"], read_data()["ordinal_signs"][lang]
    masculine, femin = stand[lang].split()
    return Entry(
        stand["pt"].split()[is_feminine],
        {masculine: number + signs.get(number, signs["m"]), femin: number + signs["f"]},
    )
