"""From attention to links: for each piece of the target the piece of the source that it looks at most."""

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.engines.base import Link
from pipeline.engines.marian.vocabulary import PiecedText, Span
from pipeline.engines.marian.weights import Floats


def link_pieces(source: PiecedText, target: PiecedText, attention: Floats) -> tuple[Link, ...]:
    """Link target to source. attention [target pieces or more, source pieces or more]: ends may follow.

    A source piece that shows nothing (a space on its own, the end) is no place to come from: the next best counts.
    """
    shown = np.array([start < end for start, end in source.spans])
    count = len(target.pieces)
    if not shown.any() or not count:
        return ()
    weights = np.where(shown, attention[:count, : len(shown)], -1)
    best = weights.argmax(1)
    strongest = np.clip(weights[np.arange(count), best], 0, 1)
    spans = _cover(target.text, target.spans)
    return tuple(_link(span, source.spans[best[at]], float(strongest[at])) for at, span in spans.items())


def _link(target: Span, source: Span, weight: float) -> Link:
    return Link(target[0], target[1], source[0], source[1], weight)


def _cover(text: str, spans: Sequence[Span]) -> dict[int, Span]:
    """Return the spans that show something, by piece, stretched over what no piece claims; none overlap."""
    shown = {at: span for at, span in enumerate(_without_overlap(spans)) if span[0] < span[1]}
    if not shown:
        return {}
    first, last = min(shown), max(shown)
    result = {}
    places = list(shown)
    for at, following in zip(places, [*places[1:], -1], strict=True):
        start = shown[at][0] if at != first else _skip(text, 0, shown[at][0])
        limit = len(text) if at == last else shown[following][0]
        end = shown[at][1]
        result[at] = (start, end + len(text[end:limit].rstrip()))
    return result


def _skip(text: str, start: int, limit: int) -> int:
    return start + len(text[start:limit]) - len(text[start:limit].lstrip())


def _without_overlap(spans: Sequence[Span]) -> Iterator[Span]:
    # Two pieces of one character ("½" is "1", "⁄", "2") share its place: the last one, which has the width, keeps it.
    reached = 0
    for start, end in spans:
        yield max(start, reached), max(end, reached)
        reached = max(reached, end)
