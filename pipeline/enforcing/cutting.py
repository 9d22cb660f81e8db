"""A sentence cut around what must be kept: the last way for a passage that no answer of the engine holds.

'"Невероятно!" coach Julio Velázquez shouted' came back as "O treinador Julio Velázquez gritou", as it is and with
each token: the engine drops a word that it cannot read where a whole speech would stand. What stands on both sides of
it is translated alone then.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.enforcing.items import Item
from pipeline.model import MARK_CLOSE, MARK_FIRST, MARK_LIMIT
from pipeline.protecting import read_marks

_EDGE = rf"[^\w{chr(MARK_FIRST)}-{chr(MARK_LIMIT - 1)}{MARK_CLOSE}]*"  # quotes, spaces and stops around a span


def lost_passages(item: Item) -> frozenset[int]:
    """Return the demands whose very words must stand in the target, and do not."""
    return frozenset(number for number in item.missing if item.demands[number].kind == "kept")


def cut_around(item: Item, numbers: frozenset[int], translate: Callable[[Sequence[Item]], list[Item]]) -> Item:
    """Keep the spans named, with the signs around them, and translate what is between them piece by piece.

    `item` is as it was before the hop; `translate` brings the pieces over it. Nothing is lost of the order: it is that
    of the source.
    """
    spans = "|".join(f"{chr(MARK_FIRST + number)}[^{MARK_CLOSE}]*{MARK_CLOSE}" for number in sorted(numbers))
    parts = re.split(f"({_EDGE}(?:{spans}){_EDGE})", item.marked)
    sources = parts[::2]
    pieces = [_open_piece(item, part) for part in sources]
    worded = [at for at, piece in enumerate(pieces) if any(char.isalnum() for char in piece.marked)]
    for at, done in zip(worded, translate([pieces[at] for at in worded]), strict=True):
        pieces[at] = replace(done, marked=_begin_like(done.marked, pieces[at].marked))
    parts[::2] = [piece.marked for piece in pieces]
    return replace(
        item,
        marked="".join(parts),
        enforced=numbers.union(item.enforced, *(piece.enforced for piece in pieces)),
        ignored=item.ignored.union(
            *(piece.ignored & _numbers(part) for piece, part in zip(pieces, sources, strict=True))
        ),
        doubt=next((piece.doubt for piece in pieces if piece.doubt), item.doubt),
    )


def _open_piece(item: Item, marked: str) -> Item:
    """Make a sentence of its own of a part: what stands elsewhere is not asked of it."""
    elsewhere = frozenset(range(len(item.demands))) - _numbers(marked)
    return replace(item, marked=marked, ignored=item.ignored | elsewhere, missing=frozenset())


def _numbers(marked: str) -> frozenset[int]:
    return frozenset(mark.number for mark in read_marks(marked)[1])


def _begin_like(marked: str, source: str) -> str:
    """Begin with a small letter where the piece did, not being the beginning of its sentence."""
    is_small = read_marks(source)[0][:1].islower()
    return marked[:1].lower() + marked[1:] if is_small else marked
