"""Copies for machines: the articleBody of a page has in one string what its paragraphs say.

Cut as the paragraphs are, a copy has the same sentences, and none of them is translated twice (repeating.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.documents.building import Found
from pipeline.inline import cut_pieces, join_written
from pipeline.model import Role, Side

WINDOW = 20_000
"""How far ahead a paragraph is looked for, in characters: copy and page have one order, and the time stays linear."""

MIN_TEXT = 15
"""Characters of a paragraph that may stand anywhere in a copy; a shorter one ("Why?") is no landmark."""

_LONG = frozenset({Role.BODY, Role.QUOTE, Role.LIST_ITEM})
_END = re.compile(r"[.!?…。:][\"'”“’»)\]]*\Z")
# Marks and spaces that are written in several ways, one for one, so that offsets hold.
_FOLD = str.maketrans({**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’‚‹›", "'"), "\u00a0": " ", "\u202f": " "})

Span = tuple[int, int]


def cut_copies(found: Sequence[Found]) -> list[Found]:
    """Cut the long copies among the texts of a file where the paragraphs begin and end that stand in them.

    A site that takes the tags out of its body leaves one long line, often without a space between two paragraphs.
    Nothing is cut inside a sentence: a paragraph that may be half of one is no landmark.
    """
    shown = sorted((one for one in found if not one.is_copy and _is_story(one)), key=lambda one: one.start)
    texts = [_fold(one.text).strip() for one in shown]
    return [part for one in found for part in (_cut(one, texts) if texts and one.is_copy else [one])]


def _is_story(one: Found) -> bool:
    return one.role is not Role.BOILERPLATE and not one.form.endswith(("attribute", "bare"))


def _cut(one: Found, texts: Sequence[str]) -> Iterator[Found]:
    said = _fold(one.text)
    if one.role not in _LONG or any(piece.side is not Side.TEXT for piece in one.pieces):
        yield one
        return
    at = one.start
    for pieces, tail in cut_pieces(one.pieces, _cover(said, list(_find(said, texts)))):
        yield replace(one, start=at, pieces=pieces)
        at += len(join_written(pieces)) + len(tail)


def _find(said: str, texts: Sequence[str]) -> Iterator[Span]:
    """Give the places of the texts that stand in `said` in their order, as far as they are whole sentences there."""
    at = 0
    for number, text in enumerate(texts):
        if len(text) < MIN_TEXT:
            continue
        start = said.find(text, at, at + WINDOW + len(text))
        end = start + len(text)
        if start < 0 or not _begins(said, start, at) or not _ends(said, end, texts[number + 1 : number + 3]):
            continue
        yield start, end
        at = end


def _begins(said: str, start: int, at: int) -> bool:
    before = said[max(at, start - 10) : start].rstrip()
    return not said[at:start].strip() or (said[start - 1].isspace() and bool(_END.search(before)))


def _ends(said: str, end: int, following: Sequence[str]) -> bool:
    """Whether a text that ends here is whole: as a sentence, with the copy, or because the next paragraph begins."""
    after = end
    while after < len(said) and said[after].isspace():
        after += 1
    if after == len(said) or any(len(text) >= MIN_TEXT and said.startswith(text, after) for text in following):
        return True
    return after > end and bool(_END.search(said, max(0, end - 10), end))


def _cover(said: str, found: Sequence[Span]) -> list[Span]:
    """Return the spans found and what lies between them, white space aside."""
    edges = [0, *(edge for span in found for edge in span), len(said)]
    spans: list[Span] = []
    for start, end in pairwise(edges):
        bare = said[start:end].strip()
        if bare:
            first = said.index(bare, start)
            spans.append((first, first + len(bare)))
    return spans


def _fold(text: str) -> str:
    return text.translate(_FOLD)
