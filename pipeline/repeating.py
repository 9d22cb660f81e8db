"""Copies of a sentence that a file keeps for machines: JSON-LD, meta tags, a body without its HTML.

What a copy says word for word is translated, checked and reviewed once, where readers see it, and stands in both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.model import Article, Block, Role, Segment, Side

# Marks that one place writes straight and another in the style of the house.
_FOLD = str.maketrans({**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’‚‹›", "'")})


def mark_repeats(article: Article) -> Article:
    """Name in each segment of a copy the segment that says the same: one that readers see, else the first copy.

    Texts are compared without the style of their quotation marks and spaces. A segment with tags of its own is none:
    where they go depends on it. Where two segments could be named, one of the story wins over furniture, then the
    first.
    """
    known: dict[str, str] = {}
    shown = sorted(
        (block for block in article.blocks if not block.is_copy), key=lambda one: one.role is Role.BOILERPLATE
    )
    for block in shown:
        for one in block.segments:
            known.setdefault(_fold(one.source), one.id)
    return replace(article, blocks=tuple(_mark(block, known) if block.is_copy else block for block in article.blocks))


def _mark(block: Block, known: dict[str, str]) -> Block:
    segments = []
    for one in block.segments:
        has_tags = any(piece.side is not Side.TEXT or piece.kept for piece in one.pieces)
        first = one.id if has_tags else known.setdefault(_fold(one.source), one.id)
        segments.append(one if first == one.id else replace(one, repeats=first))
    return replace(block, segments=tuple(segments))


def _fold(text: str) -> str:
    return " ".join(text.translate(_FOLD).split())


def without_repeats(article: Article) -> Article:
    """Return the article for reading: each sentence once. It can no longer be rendered."""
    blocks = (
        replace(block, segments=tuple(one for one in block.segments if not one.repeats)) for block in article.blocks
    )
    return replace(article, blocks=tuple(block for block in blocks if block.segments))


def fill_repeats(article: Article, texts: Mapping[str, str]) -> dict[str, str]:
    """Return `texts`, segment id -> text, with those of the repeats. One whose original stays is written as it was."""
    segments = {one.id: one for one in _segments(article)}
    filled = dict(texts)
    for one in segments.values():
        if one.repeats:
            text = texts[one.repeats]
            filled[one.id] = one.source if text == segments[one.repeats].source else text
    return filled


def _segments(article: Article) -> Iterator[Segment]:
    return (one for block in article.blocks for one in block.segments)
