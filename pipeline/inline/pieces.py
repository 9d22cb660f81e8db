"""A text with markup is a list of pieces: words, and tags that stand between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Piece, Side


@dataclass(frozen=True, slots=True)
class TagSpan:
    """A tag of a list of pieces and the words that it holds there."""

    number: int
    start: int  # into the text; 0 for a tag that was opened in a segment before
    end: int  # the length of the text for a tag that closes in a later segment
    first: Piece | None  # the piece that opens it (or is it); None where it was opened before
    last: Piece | None  # the piece that closes it; None for a void tag, and where it closes later
    parent: int = 0  # number of the innermost tag around it that begins in these pieces; 0 for none


def join_text(pieces: Iterable[Piece]) -> str:
    """Return what the pieces say."""
    return "".join(piece.text for piece in pieces)


def join_written(pieces: Iterable[Piece]) -> str:
    """Return what the file has for the pieces."""
    return "".join(piece.written for piece in pieces)


def spans_of(pieces: Sequence[Piece]) -> list[TagSpan]:
    """Return the tags in the order in which they begin; those opened before come first, the inner ones first.

    That is the order of their ends for the former and the order of nesting for all others.
    """
    begun: dict[int, TagSpan] = {}
    opened_before: list[TagSpan] = []
    around: list[int] = []
    at = 0
    for piece in pieces:
        if piece.side is Side.CLOSE and piece.number in begun:
            begun[piece.number] = replace(begun[piece.number], end=at, last=piece)
            around.pop()  # tags nest
        elif piece.side is Side.CLOSE:
            opened_before.append(TagSpan(piece.number, 0, at, None, piece))
        elif piece.side is not Side.TEXT:
            parent = around[-1] if around else 0
            begun[piece.number] = TagSpan(piece.number, at, -1 if piece.side is Side.OPEN else at, piece, None, parent)
            around.extend([piece.number] if piece.side is Side.OPEN else [])
        at += len(piece.text)
    return [*opened_before, *(replace(tag, end=at) if tag.end < 0 else tag for tag in begun.values())]


def kept_spans(pieces: Iterable[Piece]) -> list[tuple[int, int]]:
    """Return where words stand that no engine may change."""
    found, at = [], 0
    for piece in pieces:
        if piece.kept and piece.text:
            found.append((at, at + len(piece.text)))
        at += len(piece.text)
    return found


def join_across(pieces: Iterable[Piece], spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join the spans of a text whose boundary lies inside a piece that cannot be cut (code, a character's name)."""
    solid, at = [], 0
    for piece in pieces:
        if _is_solid(piece):
            solid.append((at, at + len(piece.text)))
        at += len(piece.text)
    joined: list[tuple[int, int]] = []
    walls = iter(solid)
    wall = next(walls, None)
    for start, end in spans:
        while wall and joined and wall[1] <= joined[-1][1]:
            wall = next(walls, None)
        if joined and wall and wall[0] < start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def cut_pieces(pieces: Sequence[Piece], spans: Iterable[tuple[int, int]]) -> list[tuple[tuple[Piece, ...], str]]:
    """Cut pieces into segments: for each span of their text its pieces, and what is written before the next.

    `spans` are in order and cover all but white space. Spans whose boundary lies in an uncuttable piece are joined, so
    there may be fewer segments than spans. A tag that closes stays with the words before it, one that opens goes
    with the words after it; joined again, everything written stands as it stood.
    """
    wanted = join_across(pieces, spans)
    edges = [edge for span in wanted for edge in span]
    buckets: list[list[Piece]] = [[] for _ in range(2 * len(wanted))]  # segment, gap, segment, gap ...
    at = bucket = 0
    for piece in pieces:
        for part in _split(piece, at, edges, bucket):
            # Text goes where it stands; a tag between two buckets goes left if it closes, right if it opens.
            reach = at if part.text or part.side is Side.OPEN else at - 1
            while bucket + 1 < len(edges) and edges[bucket + 1] <= reach:
                bucket += 1
            buckets[min(bucket, len(buckets) - 1)].append(part)
            at += len(part.text)
    return [(tuple(buckets[i]), join_written(buckets[i + 1])) for i in range(0, len(buckets), 2)]


def _split(piece: Piece, at: int, edges: Sequence[int], bucket: int) -> list[Piece]:
    """Split plain words at the edges inside them."""
    if _is_solid(piece) or len(piece.text) < 2:
        return [piece]
    parts, done = [], 0
    for edge in edges[bucket:]:
        cut = edge - at
        if cut >= len(piece.text):
            break
        if cut > done:
            parts.append(replace(piece, written=piece.text[done:cut], text=piece.text[done:cut]))
            done = cut
    return [*parts, replace(piece, written=piece.text[done:], text=piece.text[done:])]


def _is_solid(piece: Piece) -> bool:
    return len(piece.text) > 1 and (piece.kept or piece.written != piece.text)
