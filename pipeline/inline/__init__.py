"""Markup inside a sentence: cut it with the text, and place each tag in a translation."""

from pipeline.inline.pieces import cut_pieces, join_text, join_written, kept_spans, spans_of
from pipeline.inline.placing import place_inline
from pipeline.inline.rebuilding import rebuild_pieces
from pipeline.inline.tags import Place, Tag

__all__ = [
    "Place",
    "Tag",
    "cut_pieces",
    "join_text",
    "join_written",
    "kept_spans",
    "place_inline",
    "rebuild_pieces",
    "spans_of",
]
