"""What the two XML exports share: text that XML can carry, and elements with text."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# Stands first in mixed content, so that no white space is put between its tags. No article holds it.
GUARD = "\uf8ff"

# Everything but the characters of XML 1.0, production [2] Char.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal_text(text: str) -> str:
    """Return the text without the characters that XML 1.0 cannot carry, not even as references."""
    return _ILLEGAL.sub("", text)


def dropped_characters(text: str) -> str:
    r"""Name what `legal_text` drops, each character once, in code point order; "" for nothing.

    >>> dropped_characters("a\x07b\x00")
    'U+0000, U+0007'
    """
    return ", ".join(f"U+{ord(char):04X}" for char in sorted(set(_ILLEGAL.findall(text))))


def dropped_note(where: str, text: str) -> str:
    """Return the line that tells a reader what is missing in this text; "" for nothing."""
    dropped = dropped_characters(text)
    return f"{dropped} dropped from {where}: XML cannot carry it" if dropped else ""


def add(parent: "_Element", tag: str, text: str = "", attributes: Mapping[str, str] | None = None) -> "_Element":
    """Append an element with legal text and legal attribute values, and return it."""
    from lxml import etree

    legal = {name: legal_text(value) for name, value in (attributes or {}).items()}
    element = etree.SubElement(parent, tag, legal)
    if text:
        element.text = legal_text(text)
    return element


def to_bytes(root: "_Element") -> bytes:
    """Return the document in UTF-8, indented where no text is touched; GUARD goes."""
    from lxml import etree

    written = bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
    return written.replace(GUARD.encode(), b"")
