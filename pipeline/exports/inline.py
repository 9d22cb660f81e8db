"""Tags inside a segment, in the forms that XLIFF 1.2 and TMX 1.4 have for them.

A pair within the segment is `g` in XLIFF, `bpt` and `ept` in TMX; a tag whose other side stands in another segment is
`it`; one without words `x` or `ph`. A tag has the same number in all languages.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.exports.xmltext import GUARD, legal_text
from pipeline.model import Piece, Side

if TYPE_CHECKING:
    from lxml.etree import _Element

# What a tag is, by how it is written, in the words of XLIFF 1.2, section 2.4 "ctype", which TMX recommends as well.
_KINDS = {
    "<b": "bold", "<strong": "bold", "**": "bold", "__": "bold", "<i": "italic", "<em": "italic", "*": "italic",
    "_": "italic", "<u": "underlined", "<a": "link", "[": "link", "<img": "image", "![": "image", "<br": "lb",
}  # fmt: skip


def add_xliff_text(parent: "_Element", text: str, pieces: Sequence[Piece]) -> None:
    """Put a text with its tags into a `source` or `target`; `pieces` are () where the text has no tags."""
    _Writer(parent).write_xliff(pieces or (Piece(text, text),))


def add_tmx_text(parent: "_Element", text: str, pieces: Sequence[Piece]) -> None:
    """Put a text with its tags into a `seg`; see `add_xliff_text`."""
    _Writer(parent).write_tmx(pieces or (Piece(text, text),))


def _kind(piece: Piece) -> str:
    written = piece.written.lower()
    name = written.rstrip(">").split()[0] if written.startswith("<") and written.strip("<> ") else written
    return _KINDS.get(name) or _KINDS.get(name[:2]) or "x-markup"


class _Writer:
    """Mixed content, in order."""

    def __init__(self, parent: "_Element") -> None:
        self._open = [parent]
        parent.text = GUARD

    def write_xliff(self, pieces: Sequence[Piece]) -> None:
        pairs = _pairs(pieces)
        for piece in pieces:
            number = str(piece.number)
            if piece.side is Side.TEXT:
                self._add_words(piece)
            elif piece.side is Side.VOID:
                self._add("x", {"id": number, "ctype": _kind(piece), "equiv-text": piece.written})
            elif piece.number not in pairs:
                pos = "open" if piece.side is Side.OPEN else "close"
                self._add("it", {"id": number, "pos": pos}, piece.written)
            elif piece.side is Side.OPEN:
                self._open.append(self._add("g", {"id": number, "ctype": _kind(piece)}))
            else:
                self._open.pop()

    def write_tmx(self, pieces: Sequence[Piece]) -> None:
        pairs = _pairs(pieces)
        for piece in pieces:
            number = str(piece.number)
            if piece.side is Side.TEXT:
                self._append(piece.text)
            elif piece.side is Side.VOID:
                self._add("ph", {"x": number, "type": _kind(piece)}, piece.written)
            elif piece.number not in pairs:
                pos = "begin" if piece.side is Side.OPEN else "end"
                self._add("it", {"pos": pos, "x": number}, piece.written)
            elif piece.side is Side.OPEN:
                self._add("bpt", {"i": number, "x": number, "type": _kind(piece)}, piece.written)
            else:
                self._add("ept", {"i": number}, piece.written)

    def _add_words(self, piece: Piece) -> None:
        if piece.kept:
            self._add("mrk", {"mtype": "protected"}, piece.text)
        else:
            self._append(piece.text)

    def _add(self, tag: str, attributes: dict[str, str], text: str = "") -> "_Element":
        from lxml import etree

        parent = self._open[-1]
        namespace = etree.QName(parent).namespace
        name = f"{{{namespace}}}{tag}" if namespace else tag
        element = etree.SubElement(parent, name, {key: legal_text(value) for key, value in attributes.items()})
        element.text = legal_text(text) or None
        return element

    def _append(self, text: str) -> None:
        parent, legal = self._open[-1], legal_text(text)
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + legal
        else:
            parent.text = (parent.text or "") + legal or None


def _pairs(pieces: Sequence[Piece]) -> set[int]:
    """Return the numbers of the tags that open and close here."""
    opened = {piece.number for piece in pieces if piece.side is Side.OPEN}
    return opened & {piece.number for piece in pieces if piece.side is Side.CLOSE}
