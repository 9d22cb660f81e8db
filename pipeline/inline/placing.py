"""Find where the tags of a sentence belong in its translation.

Each tag is looked for in three ways, the surest first: its words stand verbatim in the target; an alignment says where
they went; their share of the sentence tells about where. Then crossing tags are clipped, so that all nest well.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.inline.nesting import nest_places
from pipeline.inline.tags import Place, Tag

MANY = 500
"""With more tags than this in a sentence all are placed by their share, which keeps their nesting: linear time."""

ENOUGH = 0.5
"""Least share of a tag's characters that an alignment must know: "3" alone does not tell where "March 3" went."""

SHARED = 0.5
"""How much links to elsewhere count against a word that has links inside as well: "liderará" stands for "will lead"."""

CONTENT = 4  # letters of a word that is looked at for that; shorter ones are mostly articles and prepositions

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
_CLOSING = ".,;:!?…)]}»”’“\"'"
_OPENING = "([{«“‘„\"'¿¡"

Alignment = Sequence[tuple[int, int, int, int]]


def place_inline(source: str, tags: Sequence[Tag], target: str, alignment: Alignment = ()) -> list[Place]:
    """Return the place of each tag in `target`, in the order of `tags`.

    `tags` come in the order in which they begin, outer before inner; those opened before come first, inner ones first.
    `alignment` lists (source_start, source_end, target_start, target_end), in any order; it may be empty or partial.
    The places nest: of two that meet, one holds the other or they are apart. A place is empty only for an empty tag,
    for an empty target, and where more tags than words compete. A "guessed" place is worth a finding.
    """
    links = sorted(alignment)
    scale = _scale(source, target, links)
    if len(tags) > MANY:
        return [_pin(tag, _guess(tag, target, scale), target) for tag in tags]
    found = [
        _pin(tag, _find(source, tag, target, links) or _guess_words(source, tag, target, scale, links), target)
        for tag in tags
    ]
    return nest_places(tags, found, target)


def _find(source: str, tag: Tag, target: str, links: Alignment) -> Place | None:
    if tag.start == tag.end:
        return _place_void(source, tag.start, target, links)
    inner = source[tag.start : tag.end]
    verbatim = _find_verbatim(source, tag.start, inner, target, links)
    if verbatim is not None:
        return Place(verbatim, verbatim + len(inner), "verbatim")
    if _holds_all(source, tag):
        return _place_whole(source, tag, target)
    return _find_aligned(source, tag, target, links)


def _holds_all(source: str, tag: Tag) -> bool:
    """Whether no word stands outside the tag."""
    outside = source[: tag.start] + source[tag.end :]
    return tag.start < tag.end and not any(char.isalnum() for char in outside)


def _place_whole(source: str, tag: Tag, target: str) -> Place:
    """Put a tag around all words; marks at the edges stay outside as far as they do in the source."""
    start, end = 0, len(target)
    if tag.start > 0:
        while start < end and not target[start].isalnum():
            start += 1
    if tag.end < len(source):
        while end > start and not target[end - 1].isalnum():
            end -= 1
    return Place(start, end, "whole") if start < end else Place(0, len(target), "whole")


def _find_verbatim(source: str, start: int, inner: str, target: str, links: Alignment) -> int | None:
    """Return where the words stand as they are; of several places the one of the same number in its row."""
    pattern = _whole(source, start, inner)
    there = [match.start() for match in pattern.finditer(target)]
    if not there:
        return None
    here = [match.start() for match in pattern.finditer(source)]
    if len(there) == len(here) == 1:
        return there[0]
    aligned = _hull(start, start + len(inner), links)
    if aligned:
        return min(there, key=lambda at: abs(at - aligned[0]))
    if len(here) == len(there) and start in here:
        return there[here.index(start)]
    share = start * len(target) / len(source)
    return min(there, key=lambda at: abs(at - share))


def _whole(source: str, start: int, inner: str) -> re.Pattern[str]:
    """Return what finds the words as whole words, at those of their edges that are edges of words in the source."""
    end = start + len(inner)
    left = r"(?<!\w)" if inner[0].isalnum() and not source[start - 1 : start].isalnum() else ""
    right = r"(?!\w)" if inner[-1].isalnum() and not source[end : end + 1].isalnum() else ""
    return re.compile(f"{left}{re.escape(inner)}{right}")


def _find_aligned(source: str, tag: Tag, target: str, links: Alignment) -> Place | None:
    hull = _hull(tag.start, tag.end, links)
    if hull is None or not _is_enough(source, tag, links):
        return None
    start, end = _to_words(target, *hull)
    if not any(char.isalnum() for char in target[start:end]):
        return None
    # Marks at the edge of the tag in the source belong to it in the target as well.
    if source[tag.end - 1] in _CLOSING:
        while end < len(target) and target[end] in _CLOSING:
            end += 1
    if source[tag.start] in _OPENING:
        while start > 0 and target[start - 1] in _OPENING:
            start -= 1
    return Place(start, end, "aligned")


def _is_enough(source: str, tag: Tag, links: Alignment) -> bool:
    """Whether the alignment knows most of the words of a tag; small words count where there are no others."""
    words = [(match.start(), match.end()) for match in _WORD.finditer(source, tag.start, tag.end)]
    words = [(a, b) for a, b in words if b - a >= CONTENT or source[a].isdigit()] or words
    known = sum(b - a for a, b in words if any(c < b and a < d for c, d, _, _ in links))
    return known >= ENOUGH * sum(b - a for a, b in words)


def _hull(start: int, end: int, links: Alignment) -> tuple[int, int] | None:
    """Return the span in the target of what is aligned with a span of the source.

    Of all spans the one with the most characters from inside less those from elsewhere, the shortest of equals: a
    small word ("acordo de paz" for "peace agreement") does not cut a tag, and one stray link does not stretch it.
    """
    counts: dict[tuple[int, int], list[int]] = {}
    for a, b, t_start, t_end in links:
        counts.setdefault((t_start, t_end), [0, 0])[a < end and start < b] += 1
    best, best_sum, since, total = None, 0.0, 0, 0.0
    for (t_start, t_end), (elsewhere, inside) in sorted(counts.items()):
        if total <= 0:
            since, total = t_start, 0.0
        share = (inside - (SHARED if inside else 1.0) * elsewhere) / (inside + elsewhere)
        total += share * (t_end - t_start)
        if total > best_sum:
            best, best_sum = (since, t_end), total
    return best


def _to_words(target: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole words."""
    while 0 < start < len(target) and target[start - 1].isalnum() and target[start].isalnum():
        start -= 1
    while 0 < end < len(target) and target[end - 1].isalnum() and target[end].isalnum():
        end += 1
    return start, end


def _place_void(source: str, at: int, target: str, links: Alignment) -> Place | None:
    """Place a tag without words: after the word before it, else before the word after it."""
    if not any(char.isalnum() for char in source[at:]):
        return Place(len(target), len(target), "whole")
    if not any(char.isalnum() for char in source[:at]):
        return Place(0, 0, "whole")
    before = _last_word(source, at)
    after = _WORD.search(source, at)
    for word, is_before in ((before, True), (after, False)):
        if word is None:
            continue
        tag = Tag(word.start(), word.end())
        place = _find_word(source, tag, target, links)
        if place:
            spot = _past_marks(source[word.end() : at], target, place.end) if is_before else place.start
            return Place(spot, spot, place.how)
    return None


def _last_word(source: str, at: int) -> re.Match[str] | None:
    begin = at
    while begin > 0 and not source[begin - 1].isalnum():
        begin -= 1
    while begin > 0 and not source[begin - 1].isspace():
        begin -= 1
    return max(_WORD.finditer(source, begin, at), key=lambda word: word.end(), default=None)


def _find_word(source: str, tag: Tag, target: str, links: Alignment) -> Place | None:
    word = source[tag.start : tag.end]
    at = _find_verbatim(source, tag.start, word, target, links)
    return Place(at, at + len(word), "verbatim") if at is not None else _find_aligned(source, tag, target, links)


def _past_marks(between: str, target: str, at: int) -> int:
    """Step over the marks and the space that stand between a word and a tag in the source."""
    for char in between:
        if at < len(target) and (target[at] == char or (char.isspace() and target[at].isspace())):
            at += 1
        else:
            break
    return at


@dataclass(frozen=True, slots=True)
class _Scale:
    """How far along the target a place of the source is: straight lines between what is known to belong together."""

    here: tuple[int, ...]  # rising
    there: tuple[int, ...]
    starts: tuple[int, ...]  # where words of the target begin, and its end

    def __call__(self, at: int) -> int:
        """Return the beginning of a word in the target, the nearest; a later place never gives an earlier word."""
        i = min(max(bisect_right(self.here, at), 1), len(self.here) - 1)
        (a, b), (c, d) = self.here[i - 1 : i + 1], self.there[i - 1 : i + 1]
        spot = c + (at - a) * (d - c) / (b - a) if b > a else c
        j = bisect_left(self.starts, spot)
        near = self.starts[max(0, j - 1) : j + 1]
        return min(near, key=lambda start: (abs(start - spot), -start)) if near else self.starts[-1]


def _scale(source: str, target: str, links: Alignment) -> _Scale:
    points = [(0, 0), (len(source), len(target))]
    for link in [*links, *_same_words(source, target)]:
        points += [(link[0], link[2]), (link[1], link[3])]
    chain = _longest_rise(sorted(set(points)))
    starts = [match.start() for match in re.finditer(r"\S+", target)]
    here, there = [p[0] for p in chain], [p[1] for p in chain]
    return _Scale((0, *here, len(source)), (0, *there, len(target)), (*starts, len(target)))


def _same_words(source: str, target: str) -> Iterator[tuple[int, int, int, int]]:
    """Give the words that stand once on either side: names, numbers."""
    here, there = _places(source), _places(target)
    for word, spots in here.items():
        if len(spots) == len(there.get(word, ())) == 1:
            yield spots[0], spots[0] + len(word), there[word][0], there[word][0] + len(word)


def _places(text: str) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for match in _WORD.finditer(text):
        places.setdefault(match[0], []).append(match.start())
    return places


def _longest_rise(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of points, not all neighbours, of which none goes back in the target."""
    tails: list[int] = []  # the lowest target offset at which a run of each length ends
    ends: list[int] = []  # index of the point there
    before: list[int] = []
    for i, (_, there) in enumerate(points):
        at = bisect_right(tails, there)
        tails[at:] = [there] if at == len(tails) else [there, *tails[at + 1 :]]
        ends[at:] = [i] if at == len(ends) else [i, *ends[at + 1 :]]
        before.append(ends[at - 1] if at else -1)
    run, i = [], ends[-1] if ends else -1
    while i >= 0:
        run.append(points[i])
        i = before[i]
    return run[::-1]


def _guess(tag: Tag, target: str, scale: _Scale) -> Place:
    """Place a tag by its share of the sentence, on whole words; several such places nest as their tags do."""
    start, stop = scale(tag.start), scale(tag.end)
    return Place(start, max(start, len(target[:stop].rstrip()) if stop > start else start), "guessed")


def _without_marks(source: str, tag: Tag, place: Place, target: str) -> Place:
    """Leave marks outside of a tag whose words end in none."""
    end = place.end
    while (
        tag.start < tag.end and source[tag.end - 1].isalnum() and end - 1 > place.start and target[end - 1] in _CLOSING
    ):
        end -= 1
    return replace(place, end=end)


def _guess_words(source: str, tag: Tag, target: str, scale: _Scale, links: Alignment) -> Place:
    """Place a tag by its share of the sentence, around one word at least, and around what the alignment does know."""
    place = _without_marks(source, tag, _guess(tag, target, scale), target)
    hull = _hull(tag.start, tag.end, links) if tag.start < tag.end else None
    if hull and any(char.isalnum() for char in target[slice(*hull)]):
        start, end = _to_words(target, *hull)
        return Place(min(place.start, start), max(place.end, end), "guessed")
    if place.start < place.end or tag.start == tag.end:
        return place
    start = place.start if place.start < len(target.rstrip()) else max(0, target.rstrip().rfind(" ") + 1)
    match = re.compile(r"\s*\S+").match(target, start)
    return _without_marks(source, tag, Place(start, match.end(), "guessed"), target) if match else place


def _pin(tag: Tag, place: Place, target: str) -> Place:
    if tag.opened_before:
        place = replace(place, start=0)
    return replace(place, end=len(target)) if tag.closes_later else place
