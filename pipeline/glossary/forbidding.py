"""Forbidden translations: what must not be written for a term, and what to write instead."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from pipeline.agreement import agree, gender_forms, pluralise
from pipeline.glossary.matcher import FormIndex, find_addresses, plural_of
from pipeline.glossary.words import has_spaces, plain, tokenise
from pipeline.model import Entry
from pipeline.typography import compound_days, respell_word

Span = tuple[int, int]
Hit = tuple[int, int, Entry]  # a forbidden form in a text: start, end, what forbids it

LEFT_OUT = "[…]"

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_ACRONYM = 4  # letters: "IRA" is not "ira"
_MAX_WORDS = 6  # of a form whose words are tried in the other gender, each by itself
_AGREEING = frozenset({"term", "office", "institution"})  # types whose determiner follows them
# What is written in more than one way, and is the same word all the same.
_ALIKE = {"'": "['’‘ʼ]", "’": "['’‘ʼ]", "-": "[-‐‑]", " ": r"\s+"}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A forbidden form that was replaced."""

    before: str
    after: str
    entry: Entry


class ForbiddenTerms:
    """The forbidden entries of one pair. One term may have several."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Take entries of one pair with the status forbidden."""
        self._by_source: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_source.setdefault(entry.source, []).append(entry)
        firsts = [same[0] for same in self._by_source.values()]
        self._lang = firsts[0].source_lang if firsts else ""
        self._index = FormIndex(
            ((form, entry.case, entry) for entry in firsts for form in _source_forms(entry)), self._lang
        )

    def in_force(self, source: str) -> tuple[Entry, ...]:
        """Return the entries whose term stands in a source text: elsewhere the same words are free.

        Any place counts, a part of a name and of another term too ("President Lee", "the Supreme Court"): it is worse
        to let a forbidden word out than to look for it once too often.
        """
        if not self._by_source:
            return ()
        tokens = tokenise(source, self._lang)
        terms: dict[str, None] = {}
        for at, word in enumerate(tokens.words):
            for count in self._index.lengths(word):
                if at + count > len(tokens.words):
                    continue
                found = plain(source[tokens.starts[at] : tokens.ends[at + count - 1]])
                forms = self._index.get(tokens.key(at, count))
                terms |= {form.value.source: None for form in forms if form.accepts(found)}
        return tuple(entry for term in terms for entry in self._by_source[term])


def _source_forms(entry: Entry) -> tuple[str, ...]:
    return tuple(form for form in (entry.source, *entry.source_forms, plural_of(entry)) if form)


def replace_forbidden(
    text: str, entries: Sequence[Entry], lang: str, spared: Sequence[Span] = ()
) -> tuple[str, tuple[Replaced, ...]]:
    """Write something else where a forbidden translation, or a form of it, stands in a text of language `lang`.

    That is the entry's `use`, in the plural for a plural, with its determiner; where an entry has none, the words of
    the source, and where those are the forbidden ones, "[…]". What lies inside `spared` stands there on purpose.
    """
    done: list[Replaced] = []
    written, at = "", 0
    for start, end, entry in find_forbidden(text, entries, lang, spared):
        lead, before = written + text[at:start], text[start:end]
        after = _write_instead(entry, before, lang)
        after = after if entry.target.isupper() else _match_case(after, before)
        if entry.use and entry.type in _AGREEING:
            lead = agree(lead, after, lang, old=before)
        written, at = lead + after, end
        done.append(Replaced(before, after, entry))
    return written + text[at:], tuple(done)


def find_forbidden(text: str, entries: Sequence[Entry], lang: str, spared: Sequence[Span] = ()) -> list[Hit]:
    """Find the forbidden translations in a text of language `lang`: sorted, not overlapping, the longest first.

    Capitals do not matter. A form is whole words, also where a hyphen joins them to others, but no part of a day
    ("segunda-feira" is no "feira"); never in an address. A spelling of another variety than the house's is the same
    word: "comité" will be "comitê". What lies inside a span of `spared` stands there on purpose.
    """
    if not entries:
        return []
    closed = [*spared, *find_addresses(text), *_find_days(text, lang)]
    spellings = [(text, _Shifts(())), *_house_spelling(text, lang)]
    found = [
        (*shifts.back(*match.span()), entry)
        for spelling, shifts in spellings
        for entry in entries
        for match in _pattern(entry, lang).finditer(spelling)
    ]
    hits = [hit for hit in found if not any(start <= hit[0] and hit[1] <= end for start, end in closed)]
    free: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if all(hit[1] <= start or end <= hit[0] for start, end, _ in free):
            free.append(hit)
    return sorted(free, key=lambda hit: hit[0])


@dataclass(frozen=True, slots=True)
class _Shifts:
    """Where the words of a respelled text stood: (start, end, start before, end before), in order."""

    words: tuple[tuple[int, int, int, int], ...]

    def back(self, start: int, end: int) -> Span:
        """Return where a span of the respelled text stood, to whole respelled words."""
        first = next((old for new, stop, old, _ in self.words if new <= start < stop), start - self._before(start))
        last = next((old for new, stop, _, old in self.words if new < end <= stop), end - self._before(end))
        return first, last

    def _before(self, at: int) -> int:
        return next((stop - old for _, stop, _, old in reversed(self.words) if stop <= at), 0)


def _house_spelling(text: str, lang: str) -> list[tuple[str, _Shifts]]:
    """Return the text as the house spells it, where that is another one."""
    pieces, words, at, shift = [], [], 0, 0
    for match in _WORD.finditer(text):
        word = respell_word(match[0], lang)
        if word != match[0]:
            start = match.start() + shift
            words.append((start, start + len(word), *match.span()))
            pieces += [text[at : match.start()], word]
            at, shift = match.end(), shift + len(word) - len(match[0])
    return [("".join([*pieces, text[at:]]), _Shifts(tuple(words)))] if words else []


def _find_days(text: str, lang: str) -> list[Span]:
    # Cheap for the most texts: only Portuguese and few others write a day with a hyphen.
    days = _days(lang)
    return [match.span() for match in days.finditer(text)] if days else []


@lru_cache(maxsize=64)
def _days(lang: str) -> re.Pattern[str] | None:
    names = ("-".join(f"{part}s?" for part in map(re.escape, day.split("-"))) for day in sorted(compound_days(lang)))
    found = "|".join(names)
    return re.compile(rf"\b(?:{found})\b", re.IGNORECASE) if found else None


@lru_cache(maxsize=1024)
def _pattern(entry: Entry, lang: str) -> re.Pattern[str]:
    """Compile what finds an entry's forbidden translation: as it is, its forms, plurals and the other gender."""
    named = (entry.target, entry.feminine, entry.feminine_plural, entry.plural, *entry.forms)
    forms = {form for one in named if one for form in (one, pluralise(one, lang)) if form}
    forms = {bent for form in forms for bent in _bend(form, lang)}
    parts = []
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        written = "".join(_ALIKE.get(char, re.escape(char)) for char in form)
        is_acronym = form.isupper() and len(form) <= _LONGEST_ACRONYM
        parts.append(written if is_acronym else f"(?i:{written})")
    edges = (r"(?<!\w)", r"(?!\w)") if has_spaces(lang) else ("", "")
    return re.compile(f"{edges[0]}(?:{'|'.join(parts)}){edges[1]}")


def _bend(form: str, lang: str) -> Iterable[str]:
    words = form.split(" ")
    if len(words) > _MAX_WORDS:
        return (form,)
    return (" ".join(bent) for bent in product(*(gender_forms(word, lang) for word in words)))


def _write_instead(entry: Entry, before: str, lang: str) -> str:
    """Choose what to write: the entry's `use`, the source's words, or nothing but a sign of what is left out."""
    plurals = {pluralise(form, lang) for form in (entry.target, *entry.forms)} | {entry.plural, entry.feminine_plural}
    bent = {one.casefold() for form in plurals if form for one in _bend(form, lang)}
    is_plural = before.casefold() in bent and before.casefold() != entry.target.casefold()
    if entry.use:
        return pluralise(entry.use, lang) or entry.use if is_plural and entry.type in _AGREEING else entry.use
    own = plural_of(entry) or entry.source if is_plural else entry.source
    return LEFT_OUT if _pattern(entry, lang).search(own) else own


def _match_case(text: str, like: str) -> str:
    if len(like) > 1 and like.isupper():
        return text.upper()
    return text[:1].upper() + text[1:] if like[:1].isupper() else text
