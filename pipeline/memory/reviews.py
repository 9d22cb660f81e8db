"""What people reviewed, for the segments of an article: it beats every engine."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.memory.store import Memory, source_key
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
    alternatives: tuple[Alternative, ...] = ()  # what is not used, with a warning: a person decides


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
            near = Alternative(row.target, row.origin, _likeness(row.source, sources[row.segment]), row.source)
            found[row.segment] = Review(rule="review_stale", warning=warning, origin=row.origin, alternatives=(near,))
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


def _likeness(one: str, other: str) -> int:
    """Return how much two texts have in common, from 0 to 100: twice the equal words over all words."""
    return round(100 * SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio())


def reviews_digest(reviews: Mapping[str, Mapping[str, Review]]) -> str:
    """Return the sha256 over the reviews of an article, by target language and segment; "" where there are none."""
    rows = [
        [target, segment, review.text, review.reason, review.origin, review.warning]
        for target, found in sorted(reviews.items())
        for segment, review in sorted(found.items())
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest() if rows else ""


def articles_with_reviews(memory: Memory) -> frozenset[str]:
    """Return the articles that a review may concern: those that it is of, and those that have its source."""
    same = "SELECT s.article FROM review r JOIN segment s ON s.source_key = r.source_key WHERE s.current = 1"
    return frozenset(str(row[0]) for row in memory.rows(f"SELECT article FROM review UNION {same}"))


def recorded_articles(memory: Memory) -> frozenset[str]:
    """Return the articles whose segments the memory knows."""
    return frozenset(str(row[0]) for row in memory.rows("SELECT DISTINCT article FROM segment WHERE current = 1"))


def recorded_reviews(memory: Memory, article: str, source_lang: str, targets: Iterable[str]) -> str:
    """Return the digest of the reviews of an article as it was last written, without parsing it."""
    query = "SELECT DISTINCT segment, source FROM segment WHERE article = ? AND current = 1"
    segments = [(str(segment), str(source)) for segment, source in memory.rows(query, (article,))]
    found = {target: find_reviews(memory, article, (source_lang, target), segments) for target in targets}
    return reviews_digest({target: reviews for target, reviews in found.items() if reviews})
