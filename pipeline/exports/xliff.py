"""NAME.<source>-<lang>.xlf: XLIFF 1.2 strict, one file a target language, for review in any CAT tool."""

from itertools import groupby
from typing import TYPE_CHECKING, Any

from pipeline.exports.inline import add_xliff_text
from pipeline.exports.notes import Note, segment_notes
from pipeline.exports.xmltext import XML_SPACE, add, dropped_note, to_bytes
from pipeline.model import Alternative, LocalisedSegment, ParallelArticle, State

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
_TOOL = "translate-article"

# XLIFF 1.2, sections 2.4 "state" and "state-qualifier": both sides from the specification's own lists.
_STATES = {
    State.MACHINE: {"state": "needs-review-translation", "state-qualifier": "leveraged-mt"},
    State.COMPOSED: {"state": "translated", "state-qualifier": "leveraged-glossary"},
    State.KEPT: {"state": "translated"},
    State.UNTRANSLATED: {"state": "needs-translation"},
    State.REVIEWED: {"state": "final", "state-qualifier": "leveraged-tm"},
}


# Section 2.4 "datatype": what the files are; Markdown has no word of its own there.
_DATATYPES = {".html": "html", ".htm": "html", ".xhtml": "xhtml", ".md": "x-markdown", ".markdown": "x-markdown"}


def render_xliff(parallel: ParallelArticle, language: str) -> bytes:
    """Return one target of the parallel article as XLIFF 1.2 in UTF-8, a group a block, a unit a segment.

    `language` is one of `parallel.languages`. Blocks that stay out of the localised article are marked as
    not to be translated. Fragments, terms, findings and what XML cannot carry become notes.
    """
    from lxml import etree

    names: Any = {None: _NAMESPACE}  # None is the default namespace; the stubs know prefixes only
    root = etree.Element(f"{{{_NAMESPACE}}}xliff", {"version": "1.2"}, nsmap=names)
    body = _add_file(root, parallel, language)
    for (block, role), items in groupby(parallel.segments, key=lambda item: (item.block, item.role)):
        attributes = {"id": block, "resname": str(role)}
        if role in parallel.left_out:
            attributes["translate"] = "no"
        group = _add(body, "group", attributes=attributes)
        for item in items:
            _add_unit(group, item, language)
    return to_bytes(root)


def _add(parent: "_Element", tag: str, text: str = "", attributes: dict[str, str] | None = None) -> "_Element":
    return add(parent, f"{{{_NAMESPACE}}}{tag}", text, attributes)


def _add_file(root: "_Element", parallel: ParallelArticle, language: str) -> "_Element":
    attributes = {
        "original": parallel.article.name + parallel.article.suffix,
        "source-language": parallel.article.language,
        "target-language": language,
        "datatype": _DATATYPES.get(parallel.article.suffix.lower(), "plaintext"),
        "tool-id": _TOOL,
    }
    file = _add(root, "file", attributes=attributes)
    header = _add(file, "header")
    version = parallel.signature.version
    _add(header, "tool", attributes={"tool-id": _TOOL, "tool-name": _TOOL, "tool-version": version})
    return _add(file, "body")


def _add_unit(group: "_Element", item: LocalisedSegment, language: str) -> None:
    target = item.targets.get(language)
    reviewed = target is not None and target.state is State.REVIEWED
    attributes = {"id": item.segment.id, "approved": "yes" if reviewed else "no", XML_SPACE: "preserve"}
    unit = _add(group, "trans-unit", attributes=attributes)
    add_xliff_text(_add(unit, "source"), item.normalised, item.pieces)
    if target:
        add_xliff_text(_add(unit, "target", attributes=_STATES[target.state]), target.text, target.pieces)
    dropped = (("source", item.normalised), ("target", target.text if target else ""))
    notes = [
        *segment_notes(item, language),
        *(Note("export", on, dropped_note(f"the {on}", text)) for on, text in dropped),
    ]
    for note in notes:
        if note.text:
            _add(unit, "note", note.text, {"from": note.origin, "annotates": note.side})
    for one in target.alternatives if target else ():
        _add_alternative(unit, one)


def _add_alternative(unit: "_Element", one: Alternative) -> None:
    """Add another text that a reviewer may take. One of another source says of which."""
    kind = "previous-version" if one.is_earlier else "proposal"
    row = _add(unit, "alt-trans", attributes={
        "match-quality": str(one.quality), "origin": one.origin, "alttranstype": kind, XML_SPACE: "preserve",
    })  # fmt: skip
    if one.source:
        _add(row, "source", one.source)
    _add(row, "target", one.text)
