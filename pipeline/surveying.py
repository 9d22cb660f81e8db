"""What a set of articles does with a glossary: terms used and never used, what it lacks, names spelled in two ways.

No engine takes part: an article is read, segmented, searched for fragments, and its terms are looked up.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.glossary import Glossary, Matcher, compose_line
from pipeline.languages import base_language
from pipeline.localise import Detected
from pipeline.model import Entry, Fragment
from pipeline.resolving import resolve_fragment

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
    matchers: dict[tuple[str, str], Matcher] = {}
    count = 0
    for number, article in enumerate(articles):
        count += 1
        languages[article.language] += 1
        used.update(_terms(article, glossary, matchers))
        for _, fragment in article.fragments:
            origin = _resolve(fragment, article.language, glossary)
            used.update(part for part in origin.split(", ") if part)
            if not origin and fragment.kind != "code":
                lacking[" ".join(fragment.text.split()), fragment.lang][number] += 1
        for name in _names(article):
            names[name, base_language(article.language)][number] += 1
    coverage = tuple(_cover(pair, glossary, used) for pair in glossary.pairs)
    return Survey(count, dict(sorted(languages.items())), coverage, _rank(lacking), tuple(_spellings(names)))


def _terms(article: Detected, glossary: Glossary, matchers: dict[tuple[str, str], Matcher]) -> Iterator[str]:
    """Give the origins of the entries that stand in an article, once for each place; a credit line by its parts."""
    lang = article.language
    taken = defaultdict(list)
    for segment, fragment in article.fragments:
        taken[segment.id].append((fragment.start, fragment.end))
    for source, target in glossary.pairs:
        if base_language(source) != base_language(lang):
            continue
        matcher = matchers.setdefault((lang, target), Matcher(glossary.entries(lang, target)))
        for block in article.article.blocks:
            if line := compose_line(block.text, lang, target, glossary):
                yield from (origin for part in line.parts for origin in part.origin.split(", ") if origin)
                continue
            for segment in block.segments:
                found = matcher.find(segment.source, taken[segment.id])
                yield from (match.entry.origin for match in found)


def _resolve(fragment: Fragment, lang: str, glossary: Glossary) -> str:
    """Return the origins of the entries that resolve a fragment, or why it needs none; "" where one is lacking."""
    done = resolve_fragment(fragment, lang, lang, glossary, lambda source, target: False)
    if done.action == "composed":
        return done.origin
    return "" if done.action == "flagged" else done.action


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
