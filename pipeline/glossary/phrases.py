"""Look whole phrases up in a glossary: directly, or through a bridge language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.glossary.matcher import FormIndex
from pipeline.glossary.patterns import TYPE as PATTERN
from pipeline.glossary.patterns import fill_pattern
from pipeline.glossary.store import Glossary
from pipeline.glossary.transliteration import name_by_pair
from pipeline.languages import LANGUAGES, base_language
from pipeline.model import Entry

Wanted = Callable[[Entry], bool]

# Entries of these types name somebody: their English form is good in any language with Latin letters.
NAME_TYPES = frozenset({"agency", "person", "name"})

_OUTER = "\"'“”„‟‘’‚‹›«» \t\n\u00a0.,;:!?…()[]¿¡"
_MOST = 6  # marks on one side
_LONGEST_PATTERN = 200  # characters of a phrase; what is longer is a sentence


@dataclass(frozen=True, slots=True)
class Phrase:
    """A whole phrase that glossary entries have."""

    text: str  # in the target language, with the marks that stood around the source
    origin: str  # "glossaries/bg/en.po:12"; two places, with a comma, when it took a bridge
    type: str  # of the entry in the source language
    declared: str = ""  # the entry's source, where it is a name with a declared transliteration


def lookup_phrase(
    text: str, source_lang: str, target_lang: str, glossary: Glossary, *, bridge: str = "en"
) -> Phrase | None:
    """Look a phrase up as a whole; None where no entry is exactly this phrase.

    The case rule is the matcher's, and quotation marks inside are equal whatever their shape. Quotation marks,
    brackets and punctuation around the phrase are kept. Where the pair has no entry, the way is source -> `bridge` ->
    target; the name of an agency or a person keeps the bridge's form in a target with the same script, but where its
    entry declares a transliteration and the pair has a scheme of its own.
    """
    book = PhraseBook(source_lang, target_lang, glossary, bridge)
    for left, right in _trims(text):
        if found := book.find(text[left : len(text) - right]):
            return Phrase(text[:left] + found.text + text[len(text) - right :], found.origin, found.type)
    return None


def _trims(text: str) -> list[tuple[int, int]]:
    """Give how many outer marks to leave away on the left and on the right, the fewest first.

    Not all at once: in „Агенция „Безопасност““ only one of the two closing marks is outside.
    """
    left = len(text) - len(text.lstrip(_OUTER))
    right = len(text) - len(text.rstrip(_OUTER))
    if left == len(text):
        return []
    pairs = [(one, other) for one in range(min(left, _MOST) + 1) for other in range(min(right, _MOST) + 1)]
    return sorted(pairs, key=lambda pair: (sum(pair), abs(pair[0] - pair[1])))


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Whole phrases of a pair, directly and through a bridge language."""

    source_lang: str
    target_lang: str
    glossary: Glossary
    bridge: str = "en"

    def find(self, text: str, wanted: Wanted = lambda entry: True) -> Phrase | None:
        """Find the entry that is exactly `text`, of those `wanted`; see `lookup_phrase`."""
        direct = self._look_up(text, self.source_lang, self.target_lang, wanted)
        ends = {base_language(self.source_lang), base_language(self.target_lang)}
        if direct or base_language(self.bridge) in ends:
            return direct
        first = self._look_up(text, self.source_lang, self.bridge, wanted)
        if first is None:
            return None
        second = self._look_up(first.text, self.bridge, self.target_lang, lambda entry: _is_kin(entry.type, first.type))
        if second:
            return Phrase(second.text, f"{first.origin}, {second.origin}", first.type)
        same_script = LANGUAGES[self.bridge].script == LANGUAGES[self.target_lang].script
        return self._by_pair(first) if first.type in NAME_TYPES and same_script else None

    def _by_pair(self, first: Phrase) -> Phrase:
        """Write a name with a declared transliteration as its pair does; any other keeps the bridge's form."""
        if first.declared and (text := name_by_pair(first.declared, self.source_lang, self.target_lang)):
            return replace(first, text=text)
        return first

    def _look_up(self, text: str, source_lang: str, target_lang: str, wanted: Wanted) -> Phrase | None:
        """Find an entry of a pair: one that is the text, else a pattern that it fills."""
        found = _find(text, _index(self.glossary, source_lang, target_lang), wanted)
        return found or _fill(text, _patterns(self.glossary, source_lang, target_lang), wanted)


def _is_kin(one: str, other: str) -> bool:
    # "Source" is a label in one place and a term in another; only a label can take a label's place.
    return (one == "label") == (other == "label")


def _find(text: str, index: FormIndex[Entry], wanted: Wanted) -> Phrase | None:
    form = index.lookup(text, wanted)
    if form is None:
        return None
    entry = form.value
    declared = entry.source if entry.transliterate else ""
    return Phrase(_match_case(entry, form.plain, text), entry.origin, entry.type, declared)


def _fill(text: str, entries: Sequence[Entry], wanted: Wanted) -> Phrase | None:
    for entry in entries:
        written = fill_pattern(entry, text) if len(text) <= _LONGEST_PATTERN and wanted(entry) else None
        if written is not None:
            return Phrase(written, entry.origin, entry.type)
    return None


def _match_case(entry: Entry, spelling: str, text: str) -> str:
    """Write the target in capitals, or with a capital or small first letter, where the text is and the entry is not."""
    target = entry.target
    if len(text) > 1 and text.isupper() and not spelling.isupper():
        return target.upper()
    if text[:1].isupper() and spelling[:1].islower():
        return target[:1].upper() + target[1:]
    if entry.type == "label" and text[:1].islower() and spelling[:1].isupper():
        return target[:1].lower() + target[1:]
    return target


@lru_cache(maxsize=256)
def _patterns(glossary: Glossary, source_lang: str, target_lang: str) -> tuple[Entry, ...]:
    entries = (entry for entry in glossary.entries(source_lang, target_lang) if entry.type == PATTERN)
    return tuple(sorted(entries, key=lambda entry: -len(entry.source)))  # the most telling first


@lru_cache(maxsize=256)
def _index(glossary: Glossary, source_lang: str, target_lang: str) -> FormIndex[Entry]:
    """A label is found in any case: "снимка:" is as good as "Снимка:"."""
    return FormIndex(
        (
            (spelling, "any" if entry.type == "label" and entry.case == "auto" else entry.case, entry)
            for entry in glossary.entries(source_lang, target_lang)
            if entry.type != PATTERN
            for spelling in (entry.source, *entry.source_forms)
        ),
        source_lang,
    )
