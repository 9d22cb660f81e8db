"""Find the fragments of an article: the words, what they say, the likeliest path through them, a decision on each.

Kinds: "block" and "line" (all of a block, all of a segment), "quoted" (a phrase between quotation marks),
"script_run" (words in another script inside a segment), "run" (words of another language inside a segment).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.fragments.deciding import Found, decide
from pipeline.fragments.evidence import measure, weigh
from pipeline.fragments.path import find_stretches
from pipeline.fragments.words import Words, split_words
from pipeline.languages import uses_script
from pipeline.model import Block, Fragment, Role, Segment
from pipeline.typography import Quote, find_quotes

REACH = 30  # characters between a fragment and the marks around it; more than spaces and punctuation need
MAX_QUOTED_WORDS = 8  # a longer quotation is a statement, and is treated as a sentence is
_SILENT = frozenset({Role.CODE, Role.COUNTER})
_CLOSING = '”“"»’›)]'
_OPENING = '„«“"‘(['
_EDGES = " \t\n\r\"'“”„‟«»‘’‚‹›「」『』（）【】《》.,;:!?…()[]–—-。、，！？：；।॥։՝؟،؛۔።។။།·¿¡"


@dataclass(frozen=True, slots=True)
class Place:
    """A segment in the text that is searched."""

    block: Block
    segment: Segment
    start: int  # of the segment in the text that is searched


def find_fragments(blocks: Sequence[Block], lang: str) -> dict[str, tuple[Fragment, ...]]:
    """Find the fragments of an article in `lang`: segment id -> its fragments, in order and apart.

    Offsets are into the segment's source. Segments without a fragment are left out.
    """
    text, places = lay_out(blocks)
    words = split_words(text)
    evidence = weigh(measure(words), lang)
    shares = share_out(words, decide(evidence, find_stretches(evidence)), places, lang)
    return {segment: tuple(fragment for _, fragment in pairs) for segment, pairs in shares}


def lay_out(blocks: Sequence[Block]) -> tuple[str, list[Place]]:
    """Write the segments one after the other; a line end inside a segment is wrapped prose, no boundary."""
    parts: list[str] = []
    places: list[Place] = []
    length = 0
    for block in blocks:
        if block.role in _SILENT:
            continue
        for segment in block.segments:
            places.append(Place(block, segment, length))
            parts += [segment.source.replace("\n", " ").replace("\r", " "), segment.tail or "\n\n"]
            length += len(parts[-2]) + len(parts[-1])
    return "".join(parts), places


def share_out(
    words: Words, found: Sequence[Found], places: Sequence[Place], lang: str
) -> Iterator[tuple[str, list[tuple[Found, Fragment]]]]:
    """Cut what was found at the borders of segments: segment id, and what stands in it."""
    at = 0
    for place in places:
        start, end = place.start, place.start + len(place.segment.source)
        inside = []
        while at < len(found) and words.starts[found[at].first] < end:
            inside.append(found[at])
            if words.ends[found[at].last] > end:
                break
            at += 1
        pairs = [(item, _fragment(words, item, place, lang)) for item in inside if words.ends[item.last] > start]
        if pairs:
            yield place.segment.id, pairs


def _fragment(words: Words, item: Found, place: Place, lang: str) -> Fragment:
    source, offset = place.segment.source, place.start
    start = max(0, words.starts[item.first] - offset)
    end = min(len(source), words.ends[item.last] - offset)
    if start <= _solid(source)[0] and _solid(source)[1] <= end:
        kind = "block" if len(place.block.segments) == 1 else "line"
        start, end = 0, len(source)
    else:
        kind, start, end = _inside(source, start, end, item, lang)
    return Fragment(
        start, end, item.lang, item.script, item.score, kind, item.reason, source[start:end], item.alternatives
    )


@lru_cache(maxsize=1)
def _solid(source: str) -> tuple[int, int]:
    """Return where a text begins and ends without the marks at its edges."""
    return len(source) - len(source.lstrip(_EDGES)), len(source.rstrip(_EDGES))


@lru_cache(maxsize=1)
def _quotes(source: str, lang: str) -> tuple[list[int], list[Quote]]:
    """Return the quotations of a segment, found once for all its fragments: where each begins inside, and all."""
    quotes = find_quotes(source, lang)
    return [quote.inner_start for quote in quotes], quotes


def _inside(source: str, start: int, end: int, item: Found, lang: str) -> tuple[str, int, int]:
    """Return the kind and the span of a fragment that is a part of its segment.

    A quotation in another script is a script run: no reader of the article's language can read it as it stands.
    """
    if uses_script(lang, item.script):
        starts, quotes = _quotes(source, lang)
        for quote in quotes[bisect_left(starts, start - REACH) : bisect_right(starts, start)]:
            around = source[quote.inner_start : start] + source[end : quote.inner_end]
            fits = quote.inner_start <= start and end <= quote.inner_end and not around.strip(_EDGES)
            if fits and item.last - item.first < MAX_QUOTED_WORDS:
                return "quoted", quote.start, quote.end
        spaced = _spaced_quote(source, start, end) if item.last - item.first < MAX_QUOTED_WORDS else None
        return spaced or ("run", start, end)
    # „Безопасност“ inside the run: its closing mark belongs to it.
    if end < len(source) and source[end] in _CLOSING and any(mark in source[start:end] for mark in _OPENING):
        end += 1
    return "script_run", start, end


def _spaced_quote(source: str, start: int, end: int) -> tuple[str, int, int] | None:
    """Find the marks of a quotation that keeps a plain space inside them, as French does: « ainsi »."""
    before, after = source[max(0, start - REACH) : start].rstrip(), source[end : end + REACH]
    if before.endswith("«") and after.lstrip(" .,!?…").startswith("»"):
        opening = max(0, start - REACH) + len(before) - 1
        return "quoted", opening, source.index("»", end) + 1
    return None
