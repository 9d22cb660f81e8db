"""What a set of articles does with a glossary: terms used and never used, what it lacks, names spelled in two ways.

No engine takes part: an article is read, segmented, searched for fragments, and goes the way of a run up to there.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.demands import DemandBuilder
from pipeline.glossary import Glossary
from pipeline.languages import base_language, is_same_language
from pipeline.localise import Detected
from pipeline.model import Entry, Fragment, LocalisedSegment
from pipeline.resolving import resolve_fragment
from pipeline.settling import Work, settle
from pipeline.sourcing import has_straight_quotes, normalise_segment

_Place = tuple[str, str, int]  # origin of an entry, id of a segment, place in it; -1 for a fragment or a whole line

_MIN_NAME = 5  # letters; in shorter words one letter more or less is another name

_CAPITALISED = re.compile(r"(?<=[\w,;)] )[^\W\d_][\w’'-]*[^\W\d_]")
_POSSESSIVE = re.compile(r"['’]s?\Z")
# Ways to write one sound of a name that came from another script, and what is left of each. Source: the romanisations
# in use for Cyrillic and Arabic names (BGN/PCGN, ISO 9, national systems, the press).
_SOUNDS = {
    "iya": "ia", "iy": "y", "ij": "y", "yy": "y", "ii": "y", "yi": "y", "kh": "h", "ph": "f", "tsch": "ch", "sch": "sh",
    "tch": "ch", "dzh": "j", "dj": "j", "gh": "g", "w": "v", "ou": "u",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """Something in the articles."""

    text: str
    lang: str
    count: int
    articles: int  # in how many


@dataclass(frozen=True, slots=True)
class PairCoverage:
    """What the articles used of one pair."""

    source_lang: str
    target_lang: str
    approved: int
    candidates: int
    forbidden: int
    used: tuple[tuple[Entry, int], ...]  # with the number of places, the most frequent first
    never_used: tuple[Entry, ...]  # approved, and in no article


@dataclass(frozen=True, slots=True)
class Survey:
    """What all articles came to."""

    articles: int
    languages: Mapping[str, int]  # articles by language
    coverage: tuple[PairCoverage, ...]
    unresolved: tuple[Seen, ...]  # fragments that no entry resolves, the most frequent first
    spellings: tuple[tuple[Seen, ...], ...]  # one name each, in one language, the most frequent spelling first

    @property
    def seen(self) -> frozenset[str]:
        """The origins of all entries that some article used."""
        return frozenset(entry.origin for pair in self.coverage for entry, _ in pair.used)


def survey_articles(articles: Iterable[Detected], glossary: Glossary) -> Survey:
    """Look up what each article has of a glossary, in every pair from its language, and what its fragments use."""
    languages: Counter[str] = Counter()
    used: Counter[str] = Counter()
    lacking: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    names: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    count = 0
    for number, article in enumerate(articles):
        count += 1
        languages[article.language] += 1
        used.update(origin for origin, _, _ in _uses(article, glossary))
        for _, fragment in article.fragments:
            done = resolve_fragment(fragment, article.language, article.language, glossary, _no_route)
            if done.action == "flagged" and fragment.kind != "code":
                lacking[" ".join(fragment.text.split()), fragment.lang][number] += 1
        for name in _names(article):
            names[name, base_language(article.language)][number] += 1
    coverage = tuple(_cover(pair, glossary, used) for pair in glossary.pairs)
    return Survey(count, dict(sorted(languages.items())), coverage, _rank(lacking), tuple(_spellings(names)))


def _uses(article: Detected, glossary: Glossary) -> set[_Place]:
    """Find where the entries stand that would write the article in every language that the glossary leads to.

    By the stages of a run themselves: fragments, credit lines and datelines are settled, the rest is searched for what
    it demands. A place counts once, however many languages take part.
    """
    raw = list(_items(article))
    straight = has_straight_quotes(raw)
    items = [normalise_segment(replace(item, straight=straight), article.language, glossary, _no_route) for item in raw]
    found = {
        (origin, item.segment.id, -1)
        for item in items
        for decision in item.decisions
        for origin in _split(decision.origin)
    }
    for target in dict.fromkeys(target for _, target in glossary.pairs):
        if not is_same_language(target, article.language):
            builder = DemandBuilder(glossary, article.language, [target], bool)
            for item in items:
                found.update(_uses_in(settle(item, article.language, target, glossary, _no_route), builder))
    return found


def _uses_in(work: Work, builder: DemandBuilder) -> Iterator[_Place]:
    segment = work.item.segment.id
    for decision in work.decisions:
        yield from ((origin, segment, -1) for origin in _split(decision.origin))
    for demand in () if work.target else builder.build(work.text, work.kept, ()):
        yield from ((origin, segment, demand.start) for origin in _split(demand.origin))


def _items(article: Detected) -> Iterator[LocalisedSegment]:
    fragments: dict[str, list[Fragment]] = defaultdict(list)
    for segment, fragment in article.fragments:
        fragments[segment.id].append(fragment)
    for block in article.article.blocks:
        for part in block.segments:
            yield LocalisedSegment(part, block.id, block.role, part.source, tuple(fragments[part.id]))


def _split(origin: str) -> list[str]:
    return [one for one in origin.split(", ") if one]


def _no_route(_source: str, _target: str) -> bool:
    return False


def _cover(pair: tuple[str, str], glossary: Glossary, used: Counter[str]) -> PairCoverage:
    approved = glossary.entries(*pair)
    counts = glossary.counts(*pair)
    hit = sorted(((entry, used[entry.origin]) for entry in approved if used[entry.origin]), key=lambda row: -row[1])
    never = tuple(entry for entry in approved if not used[entry.origin])
    return PairCoverage(*pair, counts.approved, counts.candidates, counts.forbidden, tuple(hit), never)


def _rank(found: Mapping[tuple[str, str], Counter[int]]) -> tuple[Seen, ...]:
    rows = [Seen(text, lang, places.total(), len(places)) for (text, lang), places in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.lang, row.text)))


def _names(article: Detected) -> Iterator[str]:
    """Give the capitalised words inside sentences, without their possessive."""
    taken = {(segment.id, at) for segment, part in article.fragments for at in range(part.start, part.end)}
    for block in article.article.blocks:
        for segment in block.segments:
            for match in _CAPITALISED.finditer(segment.source):
                word = _POSSESSIVE.sub("", match[0])
                if word[0].isupper() and len(word) >= _MIN_NAME and (segment.id, match.start()) not in taken:
                    yield word


def _spellings(names: Mapping[tuple[str, str], Counter[int]]) -> Iterator[tuple[Seen, ...]]:
    """Give the names that are spelled in more than one way in one language."""
    groups: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for seen in _rank(names):
        groups[skeleton(seen.text), seen.lang].append(seen)
    for same in groups.values():
        # A word in capitals, and its plural or case ending, are no other spelling.
        spelled = {seen.text.casefold() for seen in same}
        if len(spelled) > 1:
            yield tuple(same)


def skeleton(name: str) -> str:
    """Return what is left of a name when the choices of a spelling are taken away: equal for spellings of one name.

    >>> skeleton("Zelenskyy") == skeleton("Zelensky") == skeleton("Zelenskiy") != skeleton("Zelenska")
    True
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("’", "'"))
    text = "".join(char for char in plain if not unicodedata.combining(char) and char.isalnum())
    for one, other in _SOUNDS.items():
        text = text.replace(one, other)
    return re.sub(r"(.)\1+", r"\1", text)
