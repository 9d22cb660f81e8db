"""Tables that lay a page out, as pages were written before 2005: their cells are no cells of a table."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.documents.html_tokens import Kind, Token

_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th"})

MIN_PARAGRAPHS = 2
"""Paragraphs in one cell that no table of figures has."""


@dataclass(slots=True)
class _Table:
    """An open table."""

    parts: list[int] = field(default_factory=list)  # numbers of its tags
    paragraphs: int = 0  # in the cell that is read
    lays_out: bool = False


def unfold_tables(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with the tags of layout tables as `div`: those with a headline, a table or an article inside.

    Places stay, so what is written stays. One pass.
    """
    stack: list[_Table] = []
    unfolded: set[int] = set()
    for i, token in enumerate(tokens):
        if token.kind not in (Kind.OPEN, Kind.CLOSE):
            continue
        if token.kind is Kind.OPEN and stack:
            _look(token, stack[-1])
        if token.name == "table" and token.kind is Kind.OPEN:
            stack.append(_Table())
        if token.name in _PARTS and stack:
            stack[-1].parts.append(i)
        if token.name == "table" and token.kind is Kind.CLOSE and stack:
            table = stack.pop()
            unfolded.update(table.parts if table.lays_out else ())
    for table in stack:
        unfolded.update(table.parts if table.lays_out else ())
    return [replace(token, name="div") if i in unfolded else token for i, token in enumerate(tokens)]


def _look(token: Token, table: _Table) -> None:
    if token.name in ("td", "th"):
        table.paragraphs = 0
    table.paragraphs += token.name == "p"
    table.lays_out = table.lays_out or token.name in ("h1", "table") or table.paragraphs >= MIN_PARAGRAPHS
