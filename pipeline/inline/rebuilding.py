"""Write a text with the tags of its source: every tag exactly once, well nested."""

import itertools
from collections.abc import Sequence

from pipeline.inline.pieces import TagSpan, join_text, spans_of
from pipeline.inline.placing import Alignment, Place, Tag, place_inline
from pipeline.model import Piece, Side


def rebuild_pieces(
    pieces: Sequence[Piece], target: str, alignment: Alignment = ()
) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """Return `target` with the tags of `pieces`, and the words (or the tag) of each tag whose place is a guess.

    `pieces` belong to one segment; `alignment` is from their text to `target`, see `place_inline`. Where nothing
    changed, the pieces come back as they are.
    """
    source = join_text(pieces)
    if source == target:
        return tuple(pieces), ()
    spans = spans_of(pieces)
    index = {span.number: i for i, span in enumerate(spans)}
    tags = [
        Tag(
            span.start,
            span.end,
            opened_before=span.first is None,
            closes_later=span.first is not None and span.last is None and span.first.side is Side.OPEN,
            parent=index.get(span.parent, -1),
        )
        for span in spans
    ]
    places = place_inline(source, tags, target, alignment)
    guessed = tuple(
        source[span.start : span.end] or span.first.written
        for span, place in zip(spans, places, strict=True)
        if place.how == "guessed" and span.first and not _is_harmless(span.first)
    )
    return tuple(_write(spans, places, target, _kept_texts(pieces))), guessed


def _is_harmless(tag: Piece) -> bool:
    """Whether nobody is misled by a tag in the wrong place: a line break, a comment."""
    return tag.side is Side.VOID and (tag.written.isspace() or tag.written.lower().startswith(("\\", "<br", "<!--")))


def _kept_texts(pieces: Sequence[Piece]) -> dict[int, Piece]:
    """Give, by the tag that holds them, the words that no engine may change."""
    return {
        before.number: piece for before, piece in itertools.pairwise(pieces) if piece.kept and before.side is Side.OPEN
    }


def _rank(i: int, spans: Sequence[TagSpan], places: Sequence[Place], firsts: dict[int, int]) -> tuple[int, int, int]:
    """Order of beginning in the target; what reaches over an edge of the segment is the outer of two."""
    span, place = spans[i], places[i]
    if span.first is None:
        return place.end, 0, 0
    if span.last is None and span.first.side is Side.OPEN:
        return place.start, 1, 0
    if place.start == place.end and i < firsts.get(place.start, 0):
        return place.start, 2, 0  # before the tags that begin there
    return place.start, 3, -place.end


def _write(spans: Sequence[TagSpan], places: Sequence[Place], target: str, kept: dict[int, Piece]) -> list[Piece]:
    firsts: dict[int, int] = {}  # the first tag with words that begins at a place
    for i, place in enumerate(places):
        if place.start < place.end:
            firsts.setdefault(place.start, i)
    order = sorted(range(len(spans)), key=lambda i: _rank(i, spans, places, firsts))
    written: list[Piece] = []
    waiting: list[tuple[int, Piece]] = []  # where each open tag closes, the innermost last
    at = 0

    def words_to(end: int) -> None:
        nonlocal at
        if end > at:
            text = target[at:end]
            own = kept.get(written[-1].number) if written and written[-1].side is Side.OPEN else None
            is_same = own is not None and own.text == text
            written.append(own if own and is_same else Piece("", text, kept=own is not None))
            at = end

    def close_to(end: int, inside: int = 0) -> None:
        while waiting and waiting[-1][0] <= end and waiting[-1][1].number != inside:
            stop, piece = waiting.pop()
            words_to(stop)
            written.append(piece)

    for i in order:
        span, place = spans[i], places[i]
        begin = place.end if span.first is None else place.start
        close_to(begin, span.parent if place.start == place.end else 0)
        words_to(begin)
        if span.first is None:
            assert span.last is not None  # a tag that was opened before closes here
            written.append(span.last)
            continue
        written.append(span.first)
        if span.last is not None:
            waiting.append((place.end, span.last))
    close_to(len(target))
    words_to(len(target))
    return written
