"""Write a text with the tags of its source: every tag exactly once, well nested."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.inline.pieces import TagSpan, join_text, spans_of
from pipeline.inline.placing import MANY, Alignment, place_inline
from pipeline.inline.tags import Place, Tag
from pipeline.model import Piece, Side

Rank = tuple[int, int, float]


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
    kept = _kept_texts(pieces)
    tags = [
        Tag(
            span.start,
            span.end,
            opened_before=span.first is None,
            closes_later=span.first is not None and span.last is None and span.first.side is Side.OPEN,
            parent=index.get(span.parent, -1),
            is_solid=span.number in kept,
            is_link=span.first is not None and _is_link(span.first),
            is_mark=_is_mark(span.first or span.last),
        )
        for span in spans
    ]
    places = place_inline(source, tags, target, alignment)
    guessed = tuple(
        source[span.start : span.end] or span.first.written
        for span, place in zip(spans, places, strict=True)
        if place.how == "guessed" and span.first and not _is_harmless(span.first)
    )
    return tuple(_write(spans, places, target, kept)), guessed


def _is_link(tag: Piece) -> bool:
    """Whether a tag opens a link, of HTML or of Markdown."""
    return tag.side is Side.OPEN and (tag.written == "[" or tag.written[:3].lower() in ("<a>", "<a "))


def _is_mark(tag: Piece | None) -> bool:
    """Whether a tag is a run of Markdown's delimiters."""
    return tag is not None and tag.side is not Side.VOID and bool(tag.written) and not tag.written.strip("*_~")


def _is_harmless(tag: Piece) -> bool:
    """Whether nobody is misled by a tag in the wrong place: a line break, a comment."""
    return tag.side is Side.VOID and (tag.written.isspace() or tag.written.lower().startswith(("\\", "<br", "<!--")))


def _kept_texts(pieces: Sequence[Piece]) -> dict[int, Piece]:
    """Give, by the tag that holds them, the words that no engine may change."""
    return {
        before.number: piece for before, piece in itertools.pairwise(pieces) if piece.kept and before.side is Side.OPEN
    }


def _rank(i: int, spans: Sequence[TagSpan], places: Sequence[Place], openers: Mapping[int, Mapping[int, int]]) -> Rank:
    """Order of beginning in the target; what reaches over an edge of the segment is the outer, code the inner.

    `openers` numbers the tags with words that begin at a place, outer before inner. A tag without words goes before
    the first of them that it preceded in the source; of more than MANY the first ones are looked at.
    """
    span, place = spans[i], places[i]
    if span.first is None:
        return place.end, 0, 0.0
    if span.last is None and span.first.side is Side.OPEN:
        return place.start, 1, 0.0
    here = openers.get(place.start, {})
    if place.start < place.end:
        return place.start, 2, float(here[i])
    following = (number for other, number in itertools.islice(here.items(), MANY) if other > i)
    return place.start, 2, next(following, len(here)) - 0.5


def _runs_together(first: Piece, before: Sequence[Piece]) -> bool:
    """Whether two marks of emphasis would be read as one: "**word**"."""
    return first.written == "*" and any(tag.written == "*" and tag.side is Side.OPEN for tag in before)


def _write(spans: Sequence[TagSpan], places: Sequence[Place], target: str, kept: dict[int, Piece]) -> list[Piece]:
    openers: dict[int, dict[int, int]] = {}
    for i in sorted(range(len(spans)), key=lambda i: (-places[i].end, spans[i].number in kept)):
        if places[i].start < places[i].end and spans[i].first is not None:
            here = openers.setdefault(places[i].start, {})
            here[i] = len(here)
    writer = _Writer(target, kept)
    for i in sorted(range(len(spans)), key=lambda i: _rank(i, spans, places, openers)):
        writer.write_tag(spans[i], places[i])
    return writer.finish()


class _Writer:
    """Writes the words of a target and the tags between them, in order."""

    def __init__(self, target: str, kept: dict[int, Piece]) -> None:
        self._target = target
        self._kept = kept
        self._written: list[Piece] = []
        self._waiting: list[tuple[int, Piece]] = []  # where each open tag closes, the innermost last
        self._at = 0

    def write_tag(self, span: TagSpan, place: Place) -> None:
        """Write a tag, and before it the words and the closing tags up to its place."""
        begin = place.end if span.first is None else place.start
        self._close_to(begin, span.parent if place.start == place.end else 0)
        self._words_to(begin)
        first, last = span.first, span.last
        if first is None:
            assert last is not None  # a tag that was opened before closes here
            self._written.append(last)
            return
        if last is not None and _runs_together(first, self._written[-1:]) and self._waiting[-1][0] == place.end:
            first, last = replace(first, written="_"), replace(last, written="_")
        self._written.append(first)
        if last is not None:
            self._waiting.append((place.end, last))

    def finish(self) -> list[Piece]:
        """Write what is left."""
        self._close_to(len(self._target))
        self._words_to(len(self._target))
        return self._written

    def _words_to(self, end: int) -> None:
        if end <= self._at:
            return
        text = self._target[self._at : end]
        before = self._written[-1] if self._written else None
        own = self._kept.get(before.number) if before and before.side is Side.OPEN else None
        is_same = own is not None and own.text == text
        self._written.append(own if own and is_same else Piece("", text, kept=own is not None))
        self._at = end

    def _close_to(self, end: int, inside: int = 0) -> None:
        while self._waiting and self._waiting[-1][0] <= end and self._waiting[-1][1].number != inside:
            stop, piece = self._waiting.pop()
            self._words_to(stop)
            self._written.append(piece)
