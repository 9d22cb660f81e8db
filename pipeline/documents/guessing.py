"""Roles by wording and place, for the paragraphs of a marked-up file of which the markup says nothing."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.documents.blocks import Piece as Line
from pipeline.documents.building import Found
from pipeline.documents.evidence import Furniture, load_furniture, load_labels
from pipeline.documents.roles import assign_roles
from pipeline.model import Role

# What wording may make of a paragraph. Headings and lists are for the markup to tell.
_TOLD_BY_WORDING = frozenset({Role.CREDIT, Role.BYLINE, Role.CAPTION, Role.BOILERPLATE, Role.COUNTER, Role.QUOTE})


def guess_roles(found: Sequence[Found], furniture: Furniture | None = None) -> list[Found]:
    """Give plain paragraphs (role BODY) the role that they would have in plain text; the others keep theirs.

    The first title becomes the headline where the markup names none and more follows.
    """
    texts = [" ".join(one.text.split()) for one in found]
    pieces, at = [], 0
    for one, text in zip(found, texts, strict=True):
        pieces.append(Line(at, at + len(text), one.role is Role.LIST_ITEM))
        at += len(text) + 2
    joined = "\n\n".join(texts)
    has_headline = len(found) < 2 or any(one.role in (Role.HEADLINE, Role.HEADING) for one in found)
    allowed = _TOLD_BY_WORDING | {Role.DECK} | (set() if has_headline else {Role.HEADLINE})
    roles = assign_roles(joined, pieces, furniture or load_furniture(), load_labels())
    return [
        replace(one, role=role) if one.role is Role.BODY and role in allowed else one
        for one, role in zip(found, roles, strict=True)
    ]
