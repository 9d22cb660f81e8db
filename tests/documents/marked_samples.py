"""Helpers for the tests of the formats with markup."""

from collections.abc import Callable
from dataclasses import replace

from pipeline.documents.building import Rendition, render_marked
from pipeline.model import Article, Segment, Side
from pipeline.segmenting import segment_article


def segments(article: Article) -> list[Segment]:
    """Give all segments in order."""
    return [segment for block in article.blocks for segment in block.segments]


def in_english(article: Article) -> Article:
    """Cut an article into English sentences."""
    return segment_article(replace(article, language="en"))


def rewrite(article: Article, change: Callable[[str], str], rendition: Rendition | None = None) -> str:
    """Render an article with every segment's text changed; what a file marks as code stays."""
    texts = {one.id: change(one.source) if has_words(one) else one.source for one in segments(article)}
    return render_marked(article, texts, (), rendition)


def has_words(segment: Segment) -> bool:
    """Whether a segment has words that are not code."""
    return not segment.pieces or any(piece.text.strip() and not piece.kept for piece in segment.pieces)


def tags(segment: Segment) -> list[str]:
    """Give the tags of a segment in any order; a link by its label has it written out where words changed."""
    found = [piece.again or piece.written for piece in segment.pieces if piece.side is not Side.TEXT]
    return sorted(" ".join(tag.split()) for tag in found)


def bare(text: str) -> str:
    """Take all white space out."""
    return "".join(text.split())
