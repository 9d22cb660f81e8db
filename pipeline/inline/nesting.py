"""Make the places of tags nest: clip what crosses, and keep tags out of where they may not stand."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Sequence

from pipeline.inline.tags import Place, Tag

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")


def nest_places(tags: Sequence[Tag], places: Sequence[Place], target: str) -> list[Place]:
    """Clip places until all nest: of two that meet, one holds the other or they are apart.

    Tags that reach over an edge of the segment cut it into regions first. No place begins or ends in solid words, none
    with white space; marks stand at the edges of words, links apart from each other.
    """
    done = _leave_solids(tags, _widen_marks(tags, places, target))
    cuts = _cut_regions(tags, done)
    settled: list[int] = []
    for i in sorted((i for i, tag in enumerate(tags) if tag.is_inner), key=lambda i: _turn(i, tags, done)):
        if tags[i].parent >= 0 and tags[i].start == tags[i].end:
            around = done[tags[i].parent]
            spot = min(max(done[i].start, around.start), around.end)
            done[i] = done[i].clip(spot, spot)
        place = _fit(_into_region(done[i], cuts, len(target)), [done[j] for j in settled])
        if tags[i].is_link and tags[i].start < tags[i].end:
            place = _stand_apart(place, [done[j] for j in settled if tags[j].is_link], target)
            place = _fit(place, [done[j] for j in settled])
        done[i] = place if tags[i].is_solid else _trim(place, target)
        settled.append(i)
    return done


def _turn(i: int, tags: Sequence[Tag], places: Sequence[Place]) -> tuple[int, int]:
    """Order of settling: solid words stand as they are; of links the smaller first, so that it is not swallowed."""
    if tags[i].is_solid:
        return 0, 0
    return (1, places[i].end - places[i].start) if tags[i].is_link and places[i].start < places[i].end else (2, 0)


def _widen_marks(tags: Sequence[Tag], places: Sequence[Place], target: str) -> list[Place]:
    """Move marks that would stand inside a word to its edges: "ex-**presidente**" is no bold word in Markdown."""
    if not any(tag.is_mark for tag in tags):
        return list(places)
    words = [match.span() for match in _WORD.finditer(target)]
    done: list[Place] = []
    for tag, place in zip(tags, places, strict=True):
        if not tag.is_mark or place.start == place.end:
            done.append(place)
            continue
        start, _ = _word_around(place.start, words)
        _, end = _word_around(place.end, words)
        done.append(place.clip(0 if tag.opened_before else start, len(target) if tag.closes_later else end))
    return done


def _word_around(at: int, words: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the word that a place lies inside of, the place itself where there is none."""
    i = bisect_left(words, (at, 0)) - 1
    return words[i] if i >= 0 and words[i][0] < at < words[i][1] else (at, at)


def _leave_solids(tags: Sequence[Tag], places: Sequence[Place]) -> list[Place]:
    """Move the edges of places out of solid words: a tag that would stand in them alone goes around them."""
    solids = [(tag, place) for tag, place in zip(tags, places, strict=True) if tag.is_solid and place.how != "guessed"]
    done = list(places)
    for i, tag in enumerate(tags):
        for solid, wall in () if tag.is_solid else solids:
            place = done[i]
            starts_in, ends_in = (wall.start < edge < wall.end for edge in (place.start, place.end))
            holds = tag.start <= solid.start and solid.end <= tag.end
            if place.start == place.end:
                spot = wall.end if starts_in else place.start
                done[i] = place.clip(spot, spot)
            elif wall.start <= place.start and place.end <= wall.end:
                done[i] = Place(wall.start, wall.end, place.how if holds else "guessed")
            elif starts_in:
                done[i] = place.clip(wall.start if holds else wall.end, place.end)
            elif ends_in:
                done[i] = place.clip(place.start, wall.end if holds else wall.start)
    return done


def _cut_regions(tags: Sequence[Tag], done: list[Place]) -> list[int]:
    """Put the tags that reach over an edge of the segment in order, and return where they cut it."""
    floor = 0
    for i, tag in enumerate(tags):
        if tag.opened_before:
            floor = max(floor, done[i].end)
            done[i] = done[i].clip(done[i].start, floor)
    for i, tag in enumerate(tags):
        if tag.closes_later and not tag.opened_before:
            floor = max(floor, done[i].start)
            done[i] = done[i].clip(floor, done[i].end)
    ends = [place.end for place, tag in zip(done, tags, strict=True) if tag.opened_before]
    starts = [p.start for p, tag in zip(done, tags, strict=True) if tag.closes_later and not tag.opened_before]
    return sorted(ends + starts)


def _into_region(place: Place, cuts: Sequence[int], length: int) -> Place:
    """Clip a place to the region between two cuts that holds most of it."""
    edges = [0, *cuts, length]
    overlaps = [(max(place.start, a), max(min(place.end, b), place.start, a)) for a, b in itertools.pairwise(edges)]
    start, end = max(overlaps, key=lambda span: span[1] - span[0])
    if start == end:
        return place if place.start == place.end else Place(place.start, place.start, "guessed")
    return place.clip(start, end)


def _fit(place: Place, settled: Sequence[Place]) -> Place:
    """Clip a place until it crosses none of the others; each round makes it smaller."""
    crossing = next((other for other in settled if _cross(place, other)), None)
    while crossing:
        shared = (max(place.start, crossing.start), min(place.end, crossing.end))
        rest = (place.start, crossing.start) if place.start < crossing.start else (crossing.end, place.end)
        place = place.clip(*max(shared, rest, key=lambda span: span[1] - span[0]))
        crossing = next((other for other in settled if _cross(place, other)), None)
    return place


def _cross(one: Place, other: Place) -> bool:
    return one.start < other.start < one.end < other.end or other.start < one.start < other.end < one.end


def _stand_apart(place: Place, links: Sequence[Place], target: str) -> Place:
    """Clip a link to the longest part of it that no other link holds; without one it takes the next free word."""
    taken = sorted((other.start, other.end) for other in links if other.start < other.end)
    free = _gaps([(max(a, place.start), min(b, place.end)) for a, b in taken], place.start, place.end)
    best = max((gap for gap in free if target[slice(*gap)].strip()), key=lambda gap: gap[1] - gap[0], default=None)
    if best:
        return place.clip(*best)
    words = [
        match.span()
        for match in _WORD.finditer(target)
        if all(match.end() <= a or b <= match.start() for a, b in taken)
    ]
    near = min(words, key=lambda word: min(abs(word[0] - place.end), abs(word[1] - place.start)), default=None)
    return Place(*near, "guessed") if near else Place(place.end, place.end, "guessed")


def _gaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return what is left of a span."""
    gaps = []
    for a, b in taken:
        if a < b:
            gaps.append((start, a))
            start = b
    return [(a, b) for a, b in [*gaps, (start, end)] if a < b]


def _trim(place: Place, target: str) -> Place:
    """Leave white space at the ends outside; where there is nothing else, it stays."""
    words = target[place.start : place.end].strip()
    if not words:
        return place
    start = target.index(words, place.start)
    return place.clip(start, start + len(words))
