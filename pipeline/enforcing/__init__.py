"""The glossary ladder: translate, verify what must stand in the target, put in place what is missing, verify again.

Protecting everything from the start damages fluent sentences (18 of 24 hand-read, against 4 of 24 for what was put in
place afterwards), so a term, a name or a sum is touched only where the engine lost it.
"""

from collections.abc import Sequence

from pipeline.enforcing.asking import Asked, Memo
from pipeline.enforcing.blanks import blank_hop
from pipeline.enforcing.genders import find_gender_doubts, find_unknown_genders
from pipeline.enforcing.items import Demand, Item, close_item, open_item
from pipeline.enforcing.tokens import token_hop
from pipeline.enforcing.unwritable import guard_unwritable, spans_to_keep
from pipeline.engines.base import Engine

__all__ = [
    "Demand",
    "Item",
    "Memo",
    "close_item",
    "find_gender_doubts",
    "find_unknown_genders",
    "open_item",
    "spans_to_keep",
    "take_hop",
]


def take_hop(engine: Engine, items: Sequence[Item], memo: Memo) -> list[Item]:
    """Bring every item one hop further, by the ladder. `memo` remembers what the engine said, within a run."""
    asked = Asked(engine, memo)
    if engine.marks == "blank":
        return blank_hop(asked, items)
    return token_hop(asked, [guard_unwritable(item, asked.engine.engine) for item in items])
