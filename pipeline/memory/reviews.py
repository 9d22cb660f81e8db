"""What people reviewed, for the segments of an article: it beats every engine."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cached_property

from pipeline.memory.near import LEAST, NearReviews, likeness
from pipeline.memory.store import Memory, is_storable, source_key
from pipeline.model import Alternative


@dataclass(frozen=True, slots=True)
class _Reviewed:
    """A row of the table `review` that is in force."""

    number: int
    article: str
    segment: str
    key: bytes
    source: str
    target: str
    origin: str


@dataclass(frozen=True, slots=True)
class Review:
    """What the memory says about one segment in one target language: a text, or a warning."""

    text: str = ""  # "" where there is none to use
    reason: str = ""
    origin: str = ""  # the file that it came from
    rule: str = ""  # of the warning: "review_stale", "review_conflict"
    warning: str = ""
    alternatives: tuple[Alternative, ...] = ()  # what is not used: a person decides


class Reviews:
    """What people reviewed, as one run sees it; what is `least` percent like a sentence is offered for it."""

    def __init__(self, memory: Memory, least: int = LEAST) -> None:
        """Take an open memory, which is not read yet; with 0 percent nothing is offered."""
        self._memory = memory
        self._least = least
        self._pairs: dict[tuple[str, str], _Pair] = {}

    def find(self, article: str, pair: tuple[str, str], segments: Sequence[tuple[str, str]]) -> dict[str, Review]:
        """Return what was reviewed for an article (see `find_reviews`), and for sentences that are like its own."""
        found = find_reviews(self._memory, article, pair, segments)
        for segment, source in segments if self._least and self.state(pair[0], pair[1:]) else ():
            review = found.get(segment, Review())
            if not review.text and is_storable(source):  # what is not storable is not known when the next run asks
                known = {one.text for one in review.alternatives}
                hits = (hit for hit in self._pair(pair).near.find(source, self._least) if hit.target not in known)
                if new := tuple(Alternative(hit.target, hit.origin, hit.score, hit.source) for hit in hits):
                    found[segment] = replace(review, alternatives=(*review.alternatives, *new))
        return found

    def state(self, source_lang: str, targets: Iterable[str]) -> str:
        """Return a digest of all reviews of some pairs, whatever they are of; "" where there are none."""
        found = {target: digest for target in targets if (digest := self._pair((source_lang, target)).digest)}
        return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest() if found else ""

    def recorded(self, article: str, source_lang: str, targets: Iterable[str]) -> str:
        """Return the digest of the reviews of an article as it was last written, without parsing it."""
        query = "SELECT DISTINCT segment, source FROM segment WHERE article = ? AND current = 1"
        segments = [(str(segment), str(source)) for segment, source in self._memory.rows(query, (article,))]
        return reviews_digest({target: self.find(article, (source_lang, target), segments) for target in targets})

    def _pair(self, pair: tuple[str, str]) -> "_Pair":
        if pair not in self._pairs:
            self._pairs[pair] = _Pair(self._memory, pair)
        return self._pairs[pair]


class _Pair:
    """All reviews of a pair that are in force, read once: what a run offers does not change on its way."""

    def __init__(self, memory: Memory, pair: tuple[str, str]) -> None:
        query = (
            "SELECT source, target, origin, article, segment FROM review"
            " WHERE source_lang = ? AND target_lang = ? AND standing = 'in force' ORDER BY id"
        )
        self._rows = memory.rows(query, pair)
        self.digest = hashlib.sha256(json.dumps(sorted(self._rows, key=str)).encode()).hexdigest() if self._rows else ""

    @cached_property
    def near(self) -> NearReviews:
        return NearReviews((str(source), str(target), str(origin)) for source, target, origin, *_ in self._rows)


def find_reviews(
    memory: Memory, article: str, pair: tuple[str, str], segments: Sequence[tuple[str, str]]
) -> dict[str, Review]:
    """Return what was reviewed for the segments of an article, each given as (id, normalised source), by id.

    A review of this very segment wins, then one of the same source in this article, then one from elsewhere if all
    those agree. A review whose source stands nowhere in the article any more is stale: it is not used, and the
    segment that has its id now gets a warning.
    """
    keys = {segment: source_key(source) for segment, source in segments}
    rows = _rows(memory, article, pair, keys.values())
    by_key: dict[bytes, list[_Reviewed]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    found = {}
    for segment, key in keys.items():
        if review := _choose(by_key.get(key, []), article, segment):
            found[segment] = review
    current, sources = set(keys.values()), dict(segments)
    for row in rows:
        is_gone = row.article == article and row.key not in current
        if is_gone and row.segment in keys and not found.get(row.segment, Review()).text:
            warning = f"reviewed as {row.target!r} when its source was {row.source!r}; review it again"
            score = likeness(row.source, sources[row.segment])
            before = Alternative(row.target, row.origin, score, row.source, is_earlier=True)
            found[row.segment] = Review(rule="review_stale", warning=warning, origin=row.origin, alternatives=(before,))
    return found


def _rows(memory: Memory, article: str, pair: tuple[str, str], keys: Iterable[bytes]) -> list[_Reviewed]:
    query = (
        "SELECT id, article, segment, source_key, source, target, origin FROM review"
        " WHERE source_lang = ? AND target_lang = ? AND standing = 'in force' AND "
    )
    rows = memory.rows_in(query + "source_key IN ({wanted})", dict.fromkeys(keys), pair)
    rows += memory.rows(query + "article = ?", (*pair, article)) if article else []
    return [_Reviewed(*row) for row in sorted(dict.fromkeys(rows))]  # type: ignore[arg-type]


def _choose(rows: Sequence[_Reviewed], article: str, segment: str) -> Review | None:
    here = [row for row in rows if row.article == article]
    this = next((row for row in here if row.segment == segment), None) or (here[0] if here else None)
    if this:
        return Review(this.target, "reviewed", this.origin)
    texts = dict.fromkeys(row.target for row in rows)
    if len(texts) == 1:
        where = f" in {rows[0].article}" if rows[0].article else ""
        return Review(rows[0].target, f"reviewed{where}, the same source", rows[0].origin)
    if texts:
        listed = ", ".join(map(repr, texts))
        others = tuple(Alternative(text, next(row.origin for row in rows if row.target == text), 100) for text in texts)
        warning = f"reviewed differently elsewhere, so none is used: {listed}"
        return Review(rule="review_conflict", warning=warning, alternatives=others)
    return None


def reviews_digest(reviews: Mapping[str, Mapping[str, Review]]) -> str:
    """Return the sha256 over the reviews of an article, by target language and segment; "" where there are none."""
    rows = [
        [target, segment, *astuple(review)]
        for target, found in sorted(reviews.items())
        for segment, review in sorted(found.items())
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest() if rows else ""


def recorded_articles(memory: Memory) -> frozenset[str]:
    """Return the articles whose segments the memory knows."""
    return frozenset(str(row[0]) for row in memory.rows("SELECT DISTINCT article FROM segment WHERE current = 1"))
