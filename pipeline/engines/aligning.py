"""Follow the links of an aligned sentence: where in the target a span of the source went."""

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.base import Aligned, Link

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
# One word that looks elsewhere may stand inside: "Bank of England" -> "Banco da Inglaterra", where "da" may look at
# "the" before the span.
_GAP_WORDS = 1


def find_target(aligned: Aligned, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of whole words in the target that source[start:end] became; None where nothing looks at it.

    Where its words went to several places the heaviest place counts: length times attention.
    """
    hits = [link for link in aligned.links if link.source_start < end and start < link.source_end]
    places = list(_places(aligned.text, hits))
    if not places:
        return None
    best = max(places, key=lambda place: sum(link.weight * (link.target_end - link.target_start) for link in place))
    return _whole_words(aligned.text, best[0].target_start, best[-1].target_end)


def _places(text: str, hits: Sequence[Link]) -> Iterator[list[Link]]:
    """Group links whose target spans are neighbours."""
    place: list[Link] = []
    for link in hits:
        if place and len(_WORD.findall(text[place[-1].target_end : link.target_start])) > _GAP_WORDS:
            yield place
            place = []
        place.append(link)
    if place:
        yield place


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Stretch a span to the words at its ends, and take off punctuation that stands outside them."""
    words = [match.span() for match in _WORD.finditer(text) if match.start() < end and start < match.end()]
    return (words[0][0], words[-1][1]) if words else (start, end)
