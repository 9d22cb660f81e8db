"""Credits and label lines, composed of a label entry and name entries: "Снимка: БГНЕС" -> "Photo: BGNES".

A new agency needs one entry, not one for every label.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from pipeline.glossary.phrases import PhraseBook, Wanted, lookup_phrase
from pipeline.glossary.store import Glossary
from pipeline.glossary.transliteration import transliterate
from pipeline.languages import LANGUAGES, base_language, script_of_char
from pipeline.typography import read_date, write_date

MAX_LINE = 200  # characters; a credit is short, prose is none of ours
MAX_NAME = 5  # words of a name without an entry; what is longer is a title or a sentence

# What stands between the pieces of a line. A slash, a comma, a bar stand anywhere; a hyphen and an ampersand between
# spaces only ("Getty Images - AFP", not "AFP-Jiji" and "AT&T").
_SEPARATOR = re.compile(r"(\s*:\s*|\s*[/,;|•©()\[\]]\s*|\s+[&+·-]\s+|\s*[–—]\s*|\s*\.\Z)")
# What has separators of its own: a web address, a time of day, a date with a comma ("Nov. 21, 2026").
_WHOLE = re.compile(
    r"https?://\S+|www\.\S+|[\w-]+(?:\.[\w-]+){0,4}\.[a-z]{2,10}/\S*"
    r"|\b\d{1,2}:\d\d(?::\d\d)?\b|\b[^\W\d_]+\.? \d{1,2}, \d{4}\b"
)
_WHOLE_MARK = "\ufffc"


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a composed line."""

    source: str
    target: str
    origin: str  # where the entry stands; "" for a name or date that has none
    type: str  # of the entry; "" for a name that has none, "date" for a date

    @property
    def is_unreviewed(self) -> bool:
        """Whether nobody has seen this spelling of the name."""
        return not self.origin and self.type != "date" and self.source != self.target


@dataclass(frozen=True, slots=True)
class Composed:
    """A line that glossary entries wrote."""

    text: str
    parts: tuple[Part, ...]  # in order, without the separators
    transliterated: tuple[str, ...]  # names as they stand in `text`, spelled by rule: nobody has reviewed them


def compose_line(
    text: str, source_lang: str, target_lang: str, glossary: Glossary, *, bridge: str = "en"
) -> Composed | None:
    """Write a label line in the target language: LABEL, separator, NAME, and further names and labels.

    "Снимка: БГНЕС/EPA", "Фото – Ройтерс", "Текст: Иван Петров, снимки: БТА (архив)", "© БТА"; also a known agency
    alone ("БГНЕС"). Labels are entries of the type label, names are entries of any other type; where the pair lacks
    an entry, the way is through `bridge` (see `phrases.lookup_phrase`). A name in Latin letters stays; a capitalised
    one in Cyrillic is transliterated. Separators and the label's capitals are kept; a colon has a space after it and
    none before. None where the line is not of this form, or one of its pieces cannot be resolved.
    """
    return _compose(text, PhraseBook(source_lang, target_lang, glossary, bridge), is_byline=False)


def compose_byline(text: str, source_lang: str, target_lang: str, glossary: Glossary) -> Composed | None:
    """Write a line that is known to be a byline, as `compose_line` does: "Author: Ann Lee", and "By Ann Lee" too."""
    return _compose(text, PhraseBook(source_lang, target_lang, glossary), is_byline=True)


def compose_label(text: str, source_lang: str, target_lang: str, glossary: Glossary) -> Composed | None:
    """Write a text that is one label and nothing else: "Opinion", "LIVE", "Read more:"; None where it is none."""
    if len(text) > MAX_LINE:
        return None
    found = lookup_phrase(text, source_lang, target_lang, glossary)
    if found is None or found.type != "label":
        return None
    return Composed(found.text, (Part(text, found.text, found.origin, found.type),), ())


def write_name(text: str, source_lang: str, target_lang: str, glossary: Glossary) -> Part | None:
    """Write one name of a line by its entry, else as it stands, else transliterated; None where it is no name."""
    pair = _Pair(PhraseBook(source_lang, target_lang, glossary))
    return pair.entry(text) or pair.name(text)


def _compose(text: str, book: PhraseBook, *, is_byline: bool) -> Composed | None:
    line = text.strip()
    if not line or len(line) > MAX_LINE or "\n" in line:
        return None
    pair = _Pair(book)
    pieces = _split_names(_split_label(_split(line), pair, is_byline=is_byline), pair)
    parts = _resolve(pieces, pair)
    if parts is None or not _is_credit(parts, pieces):
        return None
    written = "".join(
        (part.target if part else "") + _write_separator(separator, has_piece=bool(part))
        for part, separator in zip(parts, pieces.separators, strict=True)
    )
    found = tuple(part for part in parts if part)
    unreviewed = tuple(part.target for part in found if part.is_unreviewed)
    return Composed(written.strip(), found, unreviewed)


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A line in pieces: separator i stands after name i, "" after the last. A name beside a bracket may be ""."""

    names: list[str]
    separators: list[str]

    def after(self, at: int) -> str:
        return self.separators[at].strip()


def _split(line: str) -> _Pieces:
    wholes = iter(_WHOLE.findall(line))
    pieces = _SEPARATOR.split(_WHOLE.sub(_WHOLE_MARK, line))
    names = [re.sub(_WHOLE_MARK, lambda _: next(wholes), piece).strip() for piece in pieces[::2]]
    return _Pieces(names, [*pieces[1::2], ""])


def _split_label(pieces: _Pieces, pair: "_Pair", *, is_byline: bool) -> _Pieces:
    """Split "Снимка БГНЕС", where the colon was forgotten, and "Photo by Ann Lee": a label, then a name.

    After a label of one word the name must be a known one, but in a byline: "Снимка Годината" is a title.
    """
    words = pieces.names[0].split()
    if len(words) < 2 or pieces.after(0) == ":" or pair.entry(pieces.names[0]) or pair.label(pieces.names[0]):
        return pieces
    for count in range(len(words) - 1, 0, -1):
        label, rest = " ".join(words[:count]), " ".join(words[count:])
        if pair.label(label) and (pair.entry(rest) or ((count > 1 or is_byline) and pair.are_names(rest))):
            return _Pieces([label, rest, *pieces.names[1:]], [" ", *pieces.separators])
    return pieces


def _split_names(pieces: _Pieces, pair: "_Pair") -> _Pieces:
    """Split "БТА и Ройтерс" at its "and", unless the whole is one known name."""
    names, separators = [], []
    for name, separator in zip(pieces.names, pieces.separators, strict=True):
        *heads, last = pair.split_at_and(name)
        for head in heads:
            names.append(head)
            separators.append(f" {pair.and_word} ")
        names.append(last)
        separators.append(separator)
    return _Pieces(names, separators)


def _resolve(pieces: _Pieces, pair: "_Pair") -> list[Part | None] | None:
    parts: list[Part | None] = []
    for at, name in enumerate(pieces.names):
        part = _resolve_piece(name, at, pieces, pair) if name else None
        if name and part is None:
            return None
        parts.append(part)
    return parts


def _resolve_piece(name: str, at: int, pieces: _Pieces, pair: "_Pair") -> Part | None:
    if pieces.after(at) == ":":
        return pair.label(name)
    begins = not any(pieces.names[:at])
    if begins and pieces.after(at) not in (",", "/") and (label := pair.label(name)):
        return label
    return pair.entry(name) or pair.label(name) or pair.date(name) or pair.name(name)


def _is_credit(parts: list[Part | None], pieces: _Pieces) -> bool:
    """A label and something after it; a © and a name; or names alone, all reviewed, of which one is a known agency."""
    found = [part for part in parts if part]
    if found and found[0].type == "label":
        return len(found) > 1
    if found and parts[0] is None and pieces.after(0) == "©":
        return True
    return any(part.type == "agency" for part in found) and not any(part.is_unreviewed for part in found)


def _write_separator(separator: str, *, has_piece: bool) -> str:
    if separator.strip() == ":":
        return ": "
    return separator if has_piece else separator.lstrip()


@dataclass(frozen=True, slots=True)
class _Pair:
    """The pair that a line is composed for."""

    book: PhraseBook

    def label(self, text: str) -> Part | None:
        return self._find(text, lambda entry: entry.type == "label")

    def entry(self, text: str) -> Part | None:
        return self._find(text, lambda entry: entry.type != "label")

    def date(self, text: str) -> Part | None:
        """Write a date that names its month."""
        found = read_date(text, self.book.source_lang)
        return Part(text, write_date(found, self.book.target_lang), "", "date") if found else None

    def name(self, text: str) -> Part | None:
        """Take over a name that has no entry: capitalised words, numbers, a handle, an address."""
        words = text.split()
        if len(words) > MAX_NAME or not all(map(_is_name_word, words)):
            return None
        script = LANGUAGES[self.book.target_lang].script
        if all(found in ("", "Latn", script) for found in map(script_of_char, text)):
            return Part(text, text, "", "")
        latin = transliterate(text, self.book.source_lang) if script == "Latn" else None
        return Part(text, latin, "", "") if latin else None

    def are_names(self, text: str) -> bool:
        """Whether a text is a name, or names joined by "and"."""
        return all(self.entry(piece) or self.name(piece) for piece in self.split_at_and(text))

    def split_at_and(self, text: str) -> list[str]:
        """Split two or more names at the source language's "and"; a known name, and one like "Ortega y Gasset", stays
        whole.
        """
        words = text.split()
        ands = [at for at, word in enumerate(words[1:-1], 1) if word in _and_words(self.book.source_lang)]
        if not ands or not _and_words(self.book.target_lang) or self.entry(text) or self.label(text):
            return [text]
        bounds = [-1, *ands, len(words)]
        pieces = [" ".join(words[one + 1 : other]) for one, other in pairwise(bounds)]
        return pieces if any(map(self.entry, pieces)) or not self.name(text) else [text]

    @property
    def and_word(self) -> str:
        return _and_words(self.book.target_lang)[0]

    def _find(self, text: str, wanted: Wanted) -> Part | None:
        found = self.book.find(text, wanted)
        return Part(text, found.text, found.origin, found.type) if found else None


def _is_name_word(word: str) -> bool:
    """Whether a word may be of a name: "Петров", "iStock", "2024", "pixabay.com", "@user", "von"."""
    first = next((char for char in word if char.isalnum()), "")
    if not first.islower():
        return True
    script = script_of_char(first)
    is_coined = script == "Latn" and not (word.isalpha() and word.islower())
    return is_coined or word in _table()["particles"].get(script, "").split()


def _and_words(lang: str) -> list[str]:
    rows = _table()["and"]
    return rows.get(lang, rows.get(base_language(lang), "")).split()


@cache
def _table() -> dict[str, dict[str, str]]:
    text = resources.files("pipeline").joinpath("data/credits.toml").read_text("utf-8")
    return tomllib.loads(text)
