"""Split blocks into sentences. A false split hurts translation more than a missed one, so doubt merges."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from pipeline.languages import base_language
from pipeline.model import Article, Block, Role, Segment
from pipeline.typography import find_quotes

# Roles that are one segment whatever they hold: "Photo: A. Smith. Reuters" is one credit.
WHOLE = frozenset({Role.HEADLINE, Role.CREDIT, Role.BYLINE, Role.COUNTER, Role.CODE, Role.BOILERPLATE})
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_LAST_WORD = re.compile(r"(\S+)\s*$")
_INITIAL = re.compile(r"[^\W\d_]\.$")


@cache
def _abbreviations(lang: str) -> frozenset[str]:
    """Abbreviations after which a sentence never ends (pipeline/data/segmentation/<lang>.txt)."""
    path = resources.files("pipeline").joinpath(f"data/segmentation/{base_language(lang)}.txt")
    if not path.is_file():
        return frozenset()
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return frozenset(line.casefold() for line in lines if line and not line.startswith("#"))


def split_sentences(text: str, lang: str) -> list[tuple[int, int]]:
    """Return the sentences of a text as half-open offsets, without the white space between them, in order.

    No sentence ends inside an address or inside quotation marks that hold less than two sentences, nor after an
    abbreviation of the list or a single initial.
    """
    from sentencex import get_sentence_boundaries

    if not text.strip():
        return []
    ends = [int(item["end_index"]) for item in get_sentence_boundaries(base_language(lang), text)]
    closed = [match.span() for match in _ADDRESS.finditer(text)]
    closed += [(q.start, q.end) for q in find_quotes(text, lang) if len(text[q.start : q.end].split()) < 25]
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [*ends, len(text)]:
        if end <= start:
            continue
        if end < len(text) and (_never_ends(text[start:end], text[end:], lang) or _is_inside(closed, text, start, end)):
            continue
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            spans.append((left, right))
        start = end
    return spans


def _is_inside(closed: Sequence[tuple[int, int]], text: str, start: int, end: int) -> bool:
    cut = start + len(text[start:end].rstrip())
    return any(a < cut < b for a, b in closed)


def _never_ends(before: str, after: str, lang: str) -> bool:
    word = _LAST_WORD.search(before)
    following = after.lstrip()
    if word is None or (following and following[0].islower()):
        return True
    last = word[1].lstrip("(\"'“„«‘")
    return bool(_INITIAL.fullmatch(last)) or last.casefold() in _abbreviations(lang)


def segment_article(article: Article) -> Article:
    """Split every block into its sentences: ids "b3s1", "b3s2"; the text of no block changes."""
    return replace(article, blocks=tuple(_segment_block(block, article.language) for block in article.blocks))


def _segment_block(block: Block, lang: str) -> Block:
    text, offset = block.text, block.segments[0].start
    spans = [(0, len(text))] if block.role in WHOLE else split_sentences(text, lang)
    if not spans:
        return block
    # White space before the first sentence cannot be: a parser puts it into the block's lead.
    ends = [start for start, _ in spans[1:]] + [len(text)]
    segments = tuple(
        Segment(f"{block.id}s{number}", text[start:end], offset + start, text[end:following])
        for number, ((start, end), following) in enumerate(zip(spans, ends, strict=True), 1)
    )
    return replace(block, segments=segments)
