"""Which entries concern a text: those used in it, and those that could be. Their digest tells when to redo it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from pipeline.glossary.matcher import plural_of
from pipeline.glossary.patterns import TYPE as PATTERN
from pipeline.glossary.patterns import fixed_parts
from pipeline.glossary.store import Glossary
from pipeline.glossary.words import first_words, tokenise
from pipeline.languages import LANGUAGES, base_language, script_of_char
from pipeline.model import Entry

# What the keys of `concerned_entries` end with that stand for no entry; no language tag has a colon.
FIRST = ":first"
ORDER = ":order"
_DIGITS = 16  # of a sha256: 64 bits, for the few entries of one article


@dataclass(frozen=True, slots=True)
class _Index:
    """The spellings of a pair by their first word: (spelling, number of the entry)."""

    entries: tuple[Entry, ...]
    patterns: tuple[int, ...]  # numbers of the entries with slots: any text may fill one
    by_first: dict[str, list[tuple[str, int]]]


def concerned_entries(
    texts: Sequence[str], lang: str, targets: Iterable[str], glossary: Glossary, *, bridge: str = "en"
) -> dict[str, str]:
    """Return all that the glossary says about an article in `lang` on its way to `targets`: what, and its digest.

    `texts` are its segments, as they stand and normalised; `targets` includes the languages between. An entry counts
    when every word of one of its spellings stands in the texts, in any order: a few too many, never one too few. So
    do the entries of what those entries write, as the way of a phrase may be over the article's language, and that of a
    name over `bridge`. The place of an entry in its file does not count. The keys are "en>pt mayor" for an entry,
    "en>pt:first" for the capitalised words that begin some term, "en>pt:order" for which entry comes before which.
    """
    words = _Words(texts)
    scripts = {script_of_char(char) for char in set().union(*texts)}
    # An entry is looked up for a fragment in its script: without one, a glossary need not even be parsed.
    others = {source for source, _ in glossary.pairs if scripts & _scripts_of(source)}
    sources = sorted({lang, bridge, *others})
    said: dict[str, str] = {}
    for target in dict.fromkeys((lang, bridge, *sorted(targets))):
        for source in sources:
            index = _index(glossary, source, target)
            entries = list(_concerned(index, words.of(source), source))
            pair = f"{source}>{target}"
            said |= _tell(pair, entries)
            # Whether a capitalised word begins some term decides where the name before it ends (Matcher.find).
            if firsts := sorted(words.titled(source) & index.by_first.keys()):
                said[pair + FIRST] = " ".join(firsts)
            if target in (lang, bridge):
                words.add(entry.target for entry in entries)
    return said


def _tell(pair: str, entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Give each entry and their order; those with one source together."""
    by_source: dict[str, list[list[object]]] = {}
    for entry in entries:
        by_source.setdefault(entry.source, []).append(_record(entry))
    yield from ((f"{pair} {source}", _digest(records)) for source, records in by_source.items())
    if len(entries) > 1:
        yield pair + ORDER, _digest([entry.source for entry in entries])


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Named:
    """What a key of `concerned_entries` is about."""

    source_lang: str
    target_lang: str
    term: str  # as the glossary spells it; "" for what is no entry
    kind: str = ""  # FIRST or ORDER for what is no entry


def read_name(key: str) -> Named:
    """Read a key of `concerned_entries`."""
    pair, _, term = key.partition(" ")
    source, _, rest = pair.partition(">")
    target, colon, kind = rest.partition(":")
    return Named(source, target, term, colon + kind)


def stands_in(named: Named, texts: Sequence[str]) -> bool:
    """Whether an entry, there or not any more, could stand in one of the texts: all words of its source do."""
    words = _Words(texts).of(named.source_lang)
    entry = Entry(named.term, named.source_lang, "", named.target_lang)
    spellings = [fixed_parts(named.term), [plural_of(entry)]]
    return any(
        all(word in words for part in parts for word in tokenise(part, named.source_lang).words)
        for parts in spellings
        if any(parts)
    )


def begins_in(word: str, lang: str, texts: Sequence[str]) -> bool:
    """Whether a word that begins a term stands in one of the texts with a capital (the keys that end with FIRST)."""
    return word in _Words(texts).titled(lang)


def _scripts_of(lang: str) -> set[str]:
    return {language.script for tag, language in LANGUAGES.items() if base_language(tag) == base_language(lang)}


class _Words:
    """The words of some texts, as the matcher of a language sees them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(texts)
        self._words: dict[str, set[str]] = {}
        self._titled: dict[str, set[str]] = {}

    def of(self, lang: str) -> set[str]:
        if lang not in self._words:
            self._words[lang] = set()
            self._titled[lang] = set()
            for text in self._texts:
                self._read(text, lang)
        return self._words[lang]

    def titled(self, lang: str) -> set[str]:
        """Return those that stand with a capital and a small letter after it somewhere."""
        self.of(lang)
        return self._titled[lang]

    def add(self, texts: Iterable[str]) -> None:
        new = [text for text in texts if text]
        self._texts += new
        for lang in self._words:
            for text in new:
                self._read(text, lang)

    def _read(self, text: str, lang: str) -> None:
        tokens = tokenise(text, lang)
        self._words[lang].update(tokens.words)
        for word, start in zip(tokens.words, tokens.starts, strict=True):
            if text[start].isupper() and text[start + 1 : start + 2].islower():
                self._titled[lang].add(word)


def _concerned(index: _Index, words: set[str], lang: str) -> Iterator[Entry]:
    """Give the entries in their own order: of two with the same spelling the later wins."""
    found = {
        number
        for first in words & index.by_first.keys()
        for spelling, number in index.by_first[first]
        if _words_of(spelling, lang) <= words
    }
    return (index.entries[number] for number in sorted(found.union(index.patterns)))


@lru_cache(maxsize=16384)
def _words_of(spelling: str, lang: str) -> frozenset[str]:
    return frozenset(tokenise(spelling, lang).words)


@lru_cache(maxsize=1024)
def _index(glossary: Glossary, source: str, target: str) -> _Index:
    entries = (*glossary.entries(source, target), *glossary.forbidden(source, target))
    rows = [
        (spelling, number)
        for number, entry in enumerate(entries)
        for spelling in (entry.source, plural_of(entry), *entry.source_forms)
    ]
    by_first: dict[str, list[tuple[str, int]]] = {}
    for row, first in zip(rows, first_words((spelling for spelling, _ in rows), source), strict=True):
        by_first.setdefault(first, []).append(row)
    by_first.pop("", None)
    patterns = tuple(number for number, entry in enumerate(entries) if entry.type == PATTERN)
    return _Index(entries, patterns, by_first)


def _record(entry: Entry) -> list[object]:
    """Return all that an entry says; its note and its place in the file change no text."""
    return [getattr(entry, field.name) for field in fields(entry) if field.name not in ("note", "origin")]
