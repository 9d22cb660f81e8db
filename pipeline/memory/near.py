"""Near hits: what people reviewed for sentences that are like a new one. They are offered to reviewers, never applied.

Only reviews count, not what engines said: those change at an import alone, so that the files of an article do not
depend on which other article was done before it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

from pipeline.model import State

# Percent. Translation tools offer matches from 70 (Trados) or 75 (Wordfast, across) on; below, correcting one takes
# as long as translating anew. docs/benchmarks.md, "Near hits", has what each costs here.
LEAST = 75
MOST = 3  # hits for a segment

# Words and marks; in scripts that are written without spaces letter by letter.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+|[^\w\s]")

_FIRST = 0xE000  # above the surrogates
_NEW = "\0"  # stands for every token that no reviewed source has
_ROOM = 0x110000 - _FIRST  # different tokens that can be told apart: a million


@dataclass(frozen=True, slots=True)
class NearHit:
    """A reviewed sentence that is like a new one."""

    source: str
    target: str
    score: int  # percent of words and marks that are equal; 100 for other capitals or white space alone
    state: State
    origin: str  # the file that the review came in


class NearReviews:
    """What people reviewed in one language pair, to be looked up by likeness.

    The score is that of the field: one less the edit distance in words over the longer number of words. A text of n
    words and one that scores s or more differ in (1 - s) n / s places at most, so that of one more of its words than
    that, whichever they are, one stands in the other: only the reviews that have one of its rarest words are compared
    (prefix filtering: Chaudhuri, Ganti, Kaushik, "A Primitive Operator for Similarity Joins", 2006). Nothing is lost.
    """

    def __init__(self, reviews: Iterable[tuple[str, str, str]]) -> None:
        """Take source, target and origin of each review; linear in their words."""
        self._reviews = list(reviews)
        self._letters: dict[str, str] = {}  # token -> a character: RapidFuzz compares texts fastest
        self._texts: list[str] = []  # each source, a character a token
        self._having: dict[str, list[int]] = {}  # the character of a token -> numbers of the reviews that have it
        for number, (source, _, _) in enumerate(self._reviews):
            text = "".join(map(self._letter, _tokens(source)))
            self._texts.append(text)
            for letter in set(text):
                self._having.setdefault(letter, []).append(number)

    def find(self, text: str, least: int = LEAST) -> tuple[NearHit, ...]:
        """Return the nearest reviews, the best first, three at most, that score `least` percent or more."""
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        wanted = "".join(self._letters.get(token, _NEW) for token in _tokens(text))
        if not wanted or not self._reviews:
            return ()
        numbers = self._candidates(wanted, least / 100)
        scored = process.extract(
            wanted,
            {number: self._texts[number] for number in numbers},
            scorer=Levenshtein.normalized_similarity,
            processor=None,
            score_cutoff=least / 100,
            limit=None,
        )
        hits = {self._hit(number, score) for _, score, number in scored}
        best: dict[str, NearHit] = {}  # one a target
        for hit in sorted(hits, key=lambda hit: (-hit.score, hit.source, hit.target, hit.origin)):
            best.setdefault(hit.target, hit)
        return tuple(best.values())[:MOST]

    def _candidates(self, wanted: str, least: float) -> list[int]:
        size = len(wanted)
        shortest, longest = ceil(size * least - _ROUNDING), floor(size / least + _ROUNDING)
        others = floor((1 - least) * longest + _ROUNDING)  # places in which a hit may differ
        rarest = sorted(wanted, key=lambda letter: (len(self._having.get(letter, ())), letter))[: others + 1]
        found = {number for letter in set(rarest) for number in self._having.get(letter, ())}
        return sorted(number for number in found if shortest <= len(self._texts[number]) <= longest)

    def _letter(self, token: str) -> str:
        return self._letters.setdefault(token, chr(_FIRST + min(len(self._letters), _ROOM - 1)))

    def _hit(self, number: int, score: float) -> NearHit:
        source, target, origin = self._reviews[number]
        return NearHit(source, target, floor(100 * score + _ROUNDING), State.REVIEWED, origin)


_ROUNDING = 1e-9  # of a division


def likeness(one: str, other: str) -> int:
    """Return how much two texts have in common, in percent of the words and marks of the longer one."""
    from rapidfuzz.distance import Levenshtein

    return floor(100 * Levenshtein.normalized_similarity(_tokens(one), _tokens(other)) + _ROUNDING)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())
