"""TBX, XLIFF and TMX of a glossary.

Sources of the layouts:
- TBX 2 (ISO 30042:2008, `martif` with the TBX-Basic data categories), which OmegaT, Pontoon and Weblate read. What
  Weblate looks for: `<note from="translator">`, `administrativeStatus` forbidden, `Translation needed` No
  (docs.weblate.org, "TermBase eXchange format").
- XLIFF 1.2 (OASIS, 2008): `approved` and the `state` of a target; Azure and Weblate read it.
- TMX 1.4b (LISA/GALA): one unit an entry; Google reads it as a one-way glossary (`GlossaryInputConfig`).
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.exports.glossaries.rows import Row, facts_text
from pipeline.exports.xmltext import XML_LANG, add, to_bytes

if TYPE_CHECKING:
    from lxml.etree import _Element

Pair = tuple[str, str]
_TOOL = "translate-article"
_XLIFF = "urn:oasis:names:tc:xliff:document:1.2"


def write_tbx(rows: Sequence[Row], pair: Pair, tool: str) -> bytes:
    """Write TBX 2: one termEntry a row, with a langSet for each language."""
    from lxml import etree

    root = etree.Element("martif", {"type": "TBX", XML_LANG: pair[0]})
    head = add(root, "martifHeader")
    source = add(add(head, "fileDesc"), "sourceDesc")
    add(source, "p", f"{_TOOL} {__version__}")
    body = add(add(root, "text"), "body")
    for number, row in enumerate(rows, 1):
        _add_term_entry(body, number, row, pair, tool)
    return to_bytes(root)


def _add_term_entry(body: "_Element", number: int, row: Row, pair: Pair, tool: str) -> None:
    entry = add(body, "termEntry", attributes={"id": f"t{number}"})
    if row.context:
        add(entry, "descrip", row.context, {"type": "context"})
    if row.source == row.target:
        add(entry, "descrip", "No", {"type": "Translation needed"})
    for lang, text in zip(pair, (row.source, row.target), strict=True):
        group = add(add(entry, "langSet", attributes={XML_LANG: lang}), "tig")
        add(group, "term", text)
        if lang == pair[1]:
            status = "finalized" if row.state != "candidate" else "provisionallyProcessed"
            add(group, "termNote", status, {"type": "processStatus"})
            if row.state == "forbidden":
                said = "forbidden" if tool == "weblate" else "deprecatedTerm-admn-sts"
                add(group, "termNote", said, {"type": "administrativeStatus"})
            if facts := facts_text(row, "\n"):
                add(group, "note", facts, {"from": "translator"})


def write_xliff(rows: Sequence[Row], pair: Pair, _tool: str) -> bytes:
    """Write XLIFF 1.2: one trans-unit a row."""
    from lxml import etree

    root = etree.Element("xliff", {"version": "1.2"}, nsmap={None: _XLIFF})  # type: ignore[dict-item]
    languages = {"source-language": pair[0], "target-language": pair[1]}
    file = add(root, "file", attributes={"original": "glossary", "datatype": "plaintext", **languages})
    body = add(file, "body")
    for number, row in enumerate(rows, 1):
        approved = {"approved": "yes" if row.state == "approved" else "no"}
        name = {"resname": row.context} if row.context else {}
        unit = add(body, "trans-unit", attributes={"id": f"t{number}", **approved, **name})
        add(unit, "source", row.source)
        if row.target:
            state = "final" if row.state == "approved" else "needs-review-translation"
            add(unit, "target", row.target, {"state": state})
        if facts := facts_text(row, "\n"):
            add(unit, "note", facts)
    for element in root.iter():
        element.tag = f"{{{_XLIFF}}}{etree.QName(element).localname}"
    return to_bytes(root)


def write_tmx(rows: Sequence[Row], pair: Pair, _tool: str) -> bytes:
    """Write TMX 1.4: one unit a row, with the facts as a note."""
    from lxml import etree

    root = etree.Element("tmx", {"version": "1.4"})
    add(root, "header", attributes={
        "creationtool": _TOOL, "creationtoolversion": __version__, "segtype": "phrase", "o-tmf": _TOOL,
        "adminlang": "en", "srclang": pair[0], "datatype": "plaintext",
    })  # fmt: skip
    body = add(root, "body")
    for row in rows:
        unit = add(body, "tu")
        if facts := facts_text(row, "\n"):
            add(unit, "note", facts)
        if row.context:
            add(unit, "prop", row.context, {"type": "x-context"})
        for lang, text in zip(pair, (row.source, row.target), strict=True):
            add(add(unit, "tuv", attributes={XML_LANG: lang}), "seg", text)
    return to_bytes(root)


WRITERS: dict[str, Callable[[Sequence[Row], Pair, str], bytes]] = {
    "tbx": write_tbx, "xliff": write_xliff, "tmx": write_tmx,
}  # fmt: skip
