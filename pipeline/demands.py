"""List what must stand in a target: glossary terms, names, sums of money, numbers, and all that an engine cannot write.

A demand says where it stands in the source and which forms count in each language of the route.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.enforcing import Demand, spans_to_keep
from pipeline.fitting import (
    find_money,
    find_numbers,
    find_short_days,
    money_forms,
    number_forms,
    speak_money,
    speak_number,
    titles_of,
    words_to_translate,
    write_money,
    write_number,
)
from pipeline.glossary import (
    Glossary,
    Matcher,
    accepted_forms,
    entries_between,
    feminine,
    find_patterns,
    looks_like_adjective,
)
from pipeline.glossary.patterns import Filled
from pipeline.languages import base_language, function_words, script_of_char
from pipeline.model import Entry, LocalisedSegment, Match, Role
from pipeline.typography import row_of

Span = tuple[int, int]
_Entries = dict[str, dict[str, Entry]]  # language -> term -> entry

# A word with a capital inside a sentence may be a name; two letters are an initial or an acronym. Not after an
# opening mark or a colon, where any word may have a capital, nor after a full stop but that of a title or an initial.
_CAPITALISED = re.compile(
    r"(?:(?<=[\w,;)] )|(?<=\b[A-Z]\. )|(?<=\b[A-Z][rst]\. )|(?<=\bMrs\. )|(?<=\bSra\. ))"
    r"[A-ZÀ-ÖØ-Þ][\w’'-]*[^\W\d_]"
)
_WORD = re.compile(r"(?:[A-Z]['’](?=[A-ZÀ-Ý]))?[^\W\d_][\w-]*[^\W\d_]")  # "O'Neal" is one word, "Neal's" is "Neal"
# "iPhone", "rescEU": names by their letters; "mRNA" and "kWh" have other letters in other languages.
_CASED = re.compile(r"(?<![\w@#/.-])(?:[a-z]{1,3}[A-Z][a-z]{2,}|[a-z]{3,}[A-Z]{2,})(?![\w@/-])")
_KICKER = re.compile(r"([A-ZÀ-ÖØ-Þ][^\W\d_]+(?: [^\W\d_]+){0,2}):(?= \S)")
_INNER_ARTICLE = re.compile(r"(?<=[\w,] )([A-Z][a-z]{0,2}) \Z")
_MANY_CAPITALS = 0.6  # of the words of four letters and more; in news no sentence of names has so many
_VOWELS = frozenset("aeiouy")
_FIRST = re.compile(rf"\W*({_WORD.pattern})(?= [A-ZÀ-ÖØ-Þ])")


ARTICLE_TYPES = frozenset({"term", "office", "institution"})  # the others mostly stand without one


@dataclass(frozen=True, slots=True)
class Kept:
    """A span that keeps a text of its own in every language: a resolved fragment."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=32)
def _compile(
    glossary: Glossary, source_lang: str, langs: tuple[str, ...]
) -> tuple[dict[str, dict[str, Entry]], Matcher]:
    """Compile what a glossary has for a route; the next article finds it done."""
    entries = {lang: _by_source(entries_between(glossary, source_lang, lang)) for lang in langs}
    return entries, Matcher(entries_between(glossary, source_lang, langs[-1]))


class DemandBuilder:
    """Build demands for one source and one route; the glossary is compiled once a run."""

    def __init__(self, glossary: Glossary, source_lang: str, langs: Sequence[str], can_write: Callable[[str], bool]):
        """`langs` are the languages that the route reaches, the target last."""
        self._source_lang = source_lang
        self._langs = tuple(langs)
        self._can_write = can_write
        self._entries, self._matcher = _compile(glossary, source_lang, self._langs)
        self._slotted = {
            lang: [entry for entry in entries.values() if entry.type == "pattern"]
            for lang, entries in self._entries.items()
        }

    def build(self, text: str, kept: Iterable[Kept], names: Iterable[str]) -> list[Demand]:
        """List the demands of one sentence, sorted, not overlapping; earlier kinds take their place first."""
        found: list[Demand] = []
        for demands in (
            self._kept(text, kept),
            self._money(text),
            self._kicker(text),
            self._terms(text, found),
            self._patterns(text),
            self._unwritable(text),
            self._numbers(text, found),
            self._cased(text),
            self._copied(text, names),
        ):
            for demand in demands:
                if all(demand.end <= other.start or other.end <= demand.start for other in found):
                    found.append(demand)
        return sorted(found, key=lambda demand: demand.start)

    def list_left(self, text: str) -> tuple[tuple[str, str], ...]:
        """List the words that are spelled like a term of the glossary and are none, each with the reason."""
        return tuple((match.text, why) for match, why in self._matcher.find_left(text))

    def _same(self, text: str) -> dict[str, tuple[str, ...]]:
        return dict.fromkeys(self._langs, (text,))

    def _kept(self, text: str, kept: Iterable[Kept]) -> Iterator[Demand]:
        for span in kept:
            source = text[span.start : span.end]
            yield Demand(span.start, span.end, source, "kept", self._same(span.text), always=True)

    def _unwritable(self, text: str) -> Iterator[Demand]:
        for start, end in spans_to_keep(text, self._can_write, self._source_lang):
            yield Demand(start, end, text[start:end], "kept", self._same(text[start:end]), always=True)

    def _money(self, text: str) -> Iterator[Demand]:
        for money in find_money(text, self._source_lang):
            forms = {lang: (write_money(money, lang), *money_forms(money, lang)) for lang in self._langs}
            spoken = speak_money(money, text)
            yield Demand(money.start, money.end, money.text, "money", forms, spoken=spoken)

    def _kicker(self, text: str) -> Iterator[Demand]:
        """The label that a headline begins with, "Live: Storm Boris": elsewhere labels are words like any others."""
        found = _KICKER.match(text)
        written = found[1] if found else ""
        owns = {lang: known.get(written) or known.get(written.capitalize()) for lang, known in self._entries.items()}
        label = owns[self._langs[-1]]
        if label is None or label.type != "label":
            return
        forms = {lang: accepted_forms(own, is_plural=False) if own else () for lang, own in owns.items()}
        hidden = any(not forms[lang] for lang in self._langs[:-1])
        forms = {lang: own or forms[self._langs[-1]] for lang, own in forms.items()}
        shouted = written.isupper() and written != label.source
        yield Demand(0, len(written), written, "term", forms, always=hidden, origin=label.origin, is_shouted=shouted)

    def _terms(self, text: str, found: Sequence[Demand]) -> Iterator[Demand]:
        for match in self._matcher.find(text, [(demand.start, demand.end) for demand in found]):
            entry = match.entry
            kind = "name" if entry.is_kept else "term"
            owns = {lang: self._entries[lang].get(entry.source) for lang in self._langs}
            forms = {lang: _forms(own or entry, match) if own or entry.is_kept else () for lang, own in owns.items()}
            # A term that the pivot has no approved form for cannot be found there: it travels protected.
            hidden = any(not forms[lang] for lang in self._langs[:-1])
            forms = {lang: own or forms[self._langs[-1]] for lang, own in forms.items()}
            women = {lang: form for lang, own in owns.items() if own and (form := feminine(own, match.is_plural))}
            genders = {lang: own.gender for lang, own in owns.items() if own and own.gender}
            # "MEP" is a spelling of its own; "SUPREME COURT" is a headline in capitals.
            as_written = match.text in (entry.source, *entry.source_forms)
            shouted = len(match.text) > 1 and match.text.isupper() and not as_written
            yield Demand(
                match.start, match.end, match.text, kind, forms, always=hidden, origin=entry.origin, feminine=women,
                genders=genders,
                is_shouted=shouted,
                is_adjective=kind == "term" and looks_like_adjective(entry.source, self._source_lang),
                is_person=entry.type == "office" or bool(women),
                has_article=entry.type in ARTICLE_TYPES and not entry.is_kept,
            )  # fmt: skip

    def _patterns(self, text: str) -> Iterator[Demand]:
        for filled in find_patterns(self._slotted[self._langs[-1]], text):
            # Where it stands a language on the way has its own words for it, or it travels protected.
            found = {lang: _same_place(find_patterns(self._slotted[lang], text), filled) for lang in self._langs}
            hidden = any(not found[lang] for lang in self._langs[:-1])
            forms = {lang: own or filled.forms for lang, own in found.items()}
            span = filled.start, filled.end
            yield Demand(*span, text[slice(*span)], "term", forms, always=hidden, origin=filled.entry.origin)

    def _numbers(self, text: str, found: Sequence[Demand]) -> Iterator[Demand]:
        for number in find_numbers(text, self._source_lang):
            forms = {lang: (write_number(number, lang), *number_forms(number, lang)) for lang in self._langs}
            yield Demand(number.start, number.end, number.text, "number", forms, spoken=speak_number(number, text))

    def _cased(self, text: str) -> Iterator[Demand]:
        for word in _CASED.finditer(text):
            yield Demand(*word.span(), word[0], "name", self._same(word[0]))

    def _copied(self, text: str, names: Iterable[str]) -> Iterator[Demand]:
        wanted = frozenset(names) - words_to_translate(self._source_lang)
        days = find_short_days(text, self._source_lang)
        end = -1
        for word in _WORD.finditer(text):
            article = _article_before(text, word, self._source_lang)
            is_name = word[0] in wanted or (article and word[0] not in words_to_translate(self._source_lang))
            if is_name and not any(start <= word.start() < stop for start, stop in days):
                particles = _particles_before(text, end, word, self._source_lang) if end >= 0 else ""
                particles = particles or article
                start, end = word.start() - len(particles), word.end()
                yield Demand(start, end, text[start:end], "copied", self._same(text[start:end]))


def _particles_before(text: str, after: int, word: re.Match[str], lang: str) -> str:
    """Return the particles of a surname between the name that ends at `after` and a word, with the last space."""
    known, surnames = _particle_words(lang)
    between = text[after : word.start()]
    is_one = between.startswith(" ") and between.endswith(" ") and (not surnames or word[0] in surnames)
    return between[1:] if is_one and between.split() and all(one in known for one in between.split()) else ""


def _article_before(text: str, word: re.Match[str], lang: str) -> str:
    """Return the article with a capital that a name inside a sentence begins with, and its space: "El " of "El País".

    In a line of many capitals ("El Gobierno Aprueba La Ley") it says nothing.
    """
    articles = str((row_of("particles", lang) or {}).get("articles", "")).split()
    before = _INNER_ARTICLE.search(text, max(0, word.start() - 4), word.start())  # at most three letters and a space
    if not before or before[1] not in articles or not word[0][0].isupper():
        return ""
    long = [found[0] for found in _WORD.finditer(text) if len(found[0]) > 3]
    return f"{before[1]} " if sum(one[0].isupper() for one in long) <= len(long) * _MANY_CAPITALS else ""


@lru_cache(maxsize=32)
def _particle_words(lang: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the particles of a language, and the surnames that they stand before; none of these means any."""
    row = row_of("particles", lang) or {}
    return frozenset(row.get("particles", "").split()), frozenset(row.get("surnames", "").split())


def _same_place(found: Iterable[Filled], wanted: Filled) -> tuple[str, ...]:
    return next((one.forms for one in found if (one.start, one.end) == (wanted.start, wanted.end)), ())


def _forms(entry: Entry, match: Match) -> tuple[str, ...]:
    # A name that is kept has one spelling; other forms of it are what an engine makes of it.
    return (entry.target,) if entry.is_kept else accepted_forms(entry, match.is_plural)


def find_name_candidates(items: Iterable[LocalisedSegment], lang: str) -> frozenset[str]:
    """Return the words that stand with a capital inside a sentence somewhere in an article of a language.

    In a byline and in a line of capitalised words alone ("Daria Holub") the first word counts too. At the beginning of
    any other sentence a word counts before another with a capital ("Olha Stefanishyna's"), unless it is a function word
    or stands in small letters elsewhere. Only Latin words of three letters and more, and "Xi": in another script a
    name changes its letters on the way. Headlines do not count: there any word may have a capital.
    """
    found: set[str] = set()
    first: set[str] = set()
    openers = str((row_of("particles", lang) or {}).get("openers", "")).split()
    function = function_words().get(base_language(lang), frozenset()).union(openers)
    small = set(function)
    for item in items:
        words = [word[0] for word in _WORD.finditer(item.normalised)]
        capitalised = [word for word in words if word[0].isupper()]
        small.update(word for word in words if word.islower())
        if item.role is Role.HEADLINE:
            continue
        if item.role is Role.BYLINE or capitalised == words:
            found.update(capitalised)
        else:
            inside = (_WORD.match(match[0]) for match in _CAPITALISED.finditer(item.normalised))
            found.update(word[0] for word in inside if word)
            if begins := _FIRST.match(item.normalised):
                first.add(begins[1])
    found.update(word for word in first if word[0].isupper() and word.casefold() not in small)
    found -= titles_of(base_language(lang)) | {word for word in found if word.casefold() in function}
    return frozenset(word for word in found if _is_long_enough(word) and script_of_char(word[0]) == "Latn")


def _is_long_enough(word: str) -> bool:
    return len(word) > 2 or word[1:] in _VOWELS  # "Xi", not "Mr"


def _by_source(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry.source: entry for entry in entries}
