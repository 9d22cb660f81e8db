"""Gather candidates from articles: fragments and credits without an entry, names, names in two spellings."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.glossary import Glossary, Matcher
from pipeline.glossary.parsing import MAX_TERM
from pipeline.languages import base_language, is_same_language
from pipeline.localise import Detected
from pipeline.model import Fragment, Match, Segment
from pipeline.resolving import resolve_fragment
from pipeline.suggesting.names import NameUse, find_names, read_evidence
from pipeline.surveying import skeleton

MAX_EXAMPLES = 3
MAX_EXAMPLE = 300  # characters of a sentence shown
_QUOTES = ' "“”„‟«»‘’‚‹›'
_CREDIT = re.compile(r"([^:]{2,40}):\s*(\S.{0,100})")


class Finding(StrEnum):
    """Why something is a candidate."""

    FRAGMENT = "fragment without an entry"
    CREDIT = "credit line without an entry"
    SPELLINGS = "spelled in more than one way"
    DIFFERENT = "translations differ between segments"
    UNTRANSLATED = "came back untranslated"
    NAME = "name without an entry"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A translation that somebody or something offers."""

    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What could be an entry of a pair."""

    source: str
    source_lang: str
    target_lang: str
    type: str
    finding: Finding
    count: int
    articles: tuple[str, ...]  # their names, sorted
    examples: tuple[tuple[str, str], ...]  # language and sentence
    spellings: tuple[tuple[str, int], ...] = ()  # other spellings of the same name, with their counts
    proposals: tuple[Proposal, ...] = ()

    @property
    def rank(self) -> tuple[int, bool, str, str]:
        """The order in which candidates are shown: frequency, then names, then the alphabet."""
        return -self.count, self.type != "name", self.source.casefold(), self.target_lang


@dataclass(slots=True)
class _Heap:
    """All places of one text."""

    type: str
    finding: Finding
    articles: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)  # sentence -> language

    def add(self, article: str, lang: str, sentence: str) -> None:
        """Count a place, and keep its sentence while there is room."""
        self.articles[article] += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.setdefault(" ".join(sentence.split())[:MAX_EXAMPLE], lang)


_Heaps = dict[tuple[str, str, str], _Heap]  # text, source language, target language


def gather(articles: Sequence[tuple[str, Detected]], glossary: Glossary, targets: Sequence[str]) -> list[Candidate]:
    """Find what articles have that no entry resolves, in the order in which a reviewer wants it.

    `articles` are (name, article) pairs; `targets` the languages that they are localised into. A fragment becomes a
    candidate from its own language into the article's, as all targets are reached from there; a name one for each
    target. What stands in a glossary already, a candidate or a retired entry too, is none.
    """
    evidence = read_evidence(article for _, article in articles)
    heaps: _Heaps = {}
    for name, article in articles:
        for segment, fragment in article.fragments:
            _add_fragment(heaps, name, article, (segment, fragment), glossary)
        lang = base_language(article.language)
        if lang in evidence:
            uses = list(find_names(article, evidence[lang]))
            for target in targets:
                if not is_same_language(target, article.language):
                    _add_names(heaps, name, article, (uses, target), glossary)
    found = _join_spellings([_candidate(key, heap) for key, heap in heaps.items()])
    return sorted((item for item in found if not _is_known(item, glossary)), key=lambda item: item.rank)


def _add_fragment(
    heaps: _Heaps, name: str, article: Detected, place: tuple[Segment, Fragment], glossary: Glossary
) -> None:
    segment, fragment = place
    lang, text = article.language, " ".join(fragment.text.split()).strip(_QUOTES)
    if fragment.kind == "code" or len(text) > MAX_TERM or is_same_language(fragment.lang, lang):
        return
    if resolve_fragment(fragment, lang, lang, glossary, lambda source, target: False).action == "composed":
        return
    credit = _CREDIT.fullmatch(text) if fragment.kind in ("block", "line") else None
    if credit is None:
        _heap(heaps, (text, fragment.lang, lang), "term", Finding.FRAGMENT).add(name, lang, segment.source)
        return
    for part, type_ in ((credit[1].strip(), "label"), (credit[2].strip(" ."), "agency")):
        _heap(heaps, (part, fragment.lang, lang), type_, Finding.CREDIT).add(name, lang, segment.source)


def _add_names(
    heaps: _Heaps, name: str, article: Detected, found: tuple[Iterable[NameUse], str], glossary: Glossary
) -> None:
    uses, target = found
    lang = article.language
    matcher = Matcher(glossary.entries(lang, target))
    covered: dict[str, list[Match]] = {}
    for use in uses:
        segment = use.segment
        if segment.id not in covered:
            covered[segment.id] = matcher.find(segment.source)
        text = _uncovered(use, covered[segment.id])
        if text:
            _heap(heaps, (text, lang, target), "name", Finding.NAME).add(name, lang, segment.source)


def _uncovered(use: NameUse, covered: Sequence[Match]) -> str:
    """Return a name, without an office with an entry at its beginning; "" where entries cover all of it."""
    start, end = use.start, use.start + len(use.text)
    inside = [match for match in covered if match.start < end and match.end > start]
    if any(match.start <= start and match.end >= end for match in inside):
        return ""
    for match in inside:
        if match.start <= start < match.end and match.entry.type == "office":
            rest = use.text[match.end - start :].strip()
            return rest if rest[:1].isupper() else use.text
    return use.text


def _heap(heaps: _Heaps, key: tuple[str, str, str], type_: str, finding: Finding) -> _Heap:
    return heaps.setdefault(key, _Heap(type_, finding))


def _candidate(key: tuple[str, str, str], heap: _Heap) -> Candidate:
    text, lang, target = key
    examples = tuple((lang, sentence) for sentence, lang in heap.examples.items())
    return Candidate(
        text, lang, target, heap.type, heap.finding, heap.articles.total(), tuple(sorted(heap.articles)), examples
    )


def _join_spellings(found: Sequence[Candidate]) -> list[Candidate]:
    """Make one candidate of the spellings of a name; the most frequent spelling is its term."""
    groups: dict[tuple[str, str, str, str], list[Candidate]] = defaultdict(list)
    for item in found:
        same = skeleton(item.source) if item.type == "name" else item.source
        groups[item.type, same or item.source, item.source_lang, item.target_lang].append(item)
    return [_join(sorted(group, key=lambda item: (-item.count, item.source))) for group in groups.values()]


def _join(group: Sequence[Candidate]) -> Candidate:
    first = group[0]
    if len(group) == 1:
        return first
    return Candidate(
        first.source, first.source_lang, first.target_lang, first.type, Finding.SPELLINGS,
        sum(item.count for item in group),
        tuple(sorted({name for item in group for name in item.articles})),
        tuple(dict.fromkeys(example for item in group for example in item.examples))[:MAX_EXAMPLES],
        tuple((item.source, item.count) for item in group[1:]),
    )  # fmt: skip


def _is_known(item: Candidate, glossary: Glossary) -> bool:
    return any(
        item.source in (entry.source, *entry.source_forms)
        for entry in glossary.all_entries(item.source_lang, item.target_lang)
    )
