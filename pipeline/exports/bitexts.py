"""XLIFF 1.2 and TMX 1.4 as translation tools hand them back, and as the memory hands them out: units in, units out."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import DocumentError
from pipeline.exports.writing import show_path
from pipeline.exports.xmltext import XML_LANG, XML_SPACE, add, to_bytes
from pipeline.languages import parse_language
from pipeline.model import Unit

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BYTES = 100_000_000  # a memory of about half a million segments; a larger file is split by any tool

_XLIFF = "urn:oasis:names:tc:xliff:document:1.2"
_TOOL = "translate-article"
# XLIFF 1.2, section 2.4 "state": these say that a person has approved the target.
_APPROVED_STATES = frozenset({"final", "signed-off"})


def read_bitext(data: bytes, path: Path) -> list[Unit]:
    """Return the units of an XLIFF 1.2 or TMX 1.4 file, told apart by their root element.

    In XLIFF a unit is approved by approved="yes" or a final state. In TMX by our mark x-state "reviewed"; a unit
    without that mark, from another tool's memory, counts as approved. Raises DocumentError.
    """
    root = _parse(data, path)
    name = _local(root)
    if name == "tmx":
        return list(_read_tmx(root))
    if name == "xliff" and root.get("version", "") == "1.2":
        return list(_read_xliff(root))
    what = f"{name} {root.get('version', '')}".strip()
    raise DocumentError(f"{show_path(path)}: this is {what}; XLIFF 1.2, TMX 1.4 and PO can be read")


def _parse(data: bytes, path: Path) -> "_Element":
    from lxml import etree

    if len(data) > MAX_BYTES:
        raise DocumentError(f"{show_path(path)}: {len(data):,} bytes, the limit is {MAX_BYTES:,}: split the file")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise DocumentError(f"{show_path(path)}: not well-formed XML: {exc.msg}; save it again in your tool") from exc


def _local(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _children(parent: "_Element", name: str) -> list["_Element"]:
    return [child for child in parent if isinstance(child.tag, str) and _local(child) == name]


def _all(root: "_Element", name: str) -> Iterator["_Element"]:
    return (each for each in root.iter() if isinstance(each.tag, str) and _local(each) == name)


def _text(element: "_Element | None") -> str:
    return "" if element is None else "".join(map(str, element.itertext()))


def _first(parent: "_Element", name: str) -> "_Element | None":
    return next(iter(_children(parent, name)), None)


def _read_xliff(root: "_Element") -> Iterator[Unit]:
    for file in _children(root, "file"):
        article = file.get("original", "")
        langs = parse_language(file.get("source-language", "")), parse_language(file.get("target-language", ""))
        for unit in _all(file, "trans-unit"):
            target = _first(unit, "target")
            state = "" if target is None else target.get("state", "")
            is_approved = unit.get("approved") == "yes" or state in _APPROVED_STATES
            source = _text(_first(unit, "source"))
            yield Unit(article, unit.get("id", ""), *langs, source, _text(target), is_approved)


def _read_tmx(root: "_Element") -> Iterator[Unit]:
    header = _first(root, "header")
    article = "" if header is None else _prop(header, "x-article")
    main = "*all*" if header is None else str(header.get("srclang", "*all*"))
    for unit in _all(root, "tu"):
        variants = [(_lang(variant), variant) for variant in _children(unit, "tuv")]
        wanted = str(unit.get("srclang") or main)
        source = next((item for item in variants if wanted == "*all*" or item[0] == parse_language(wanted)), None)
        for lang, variant in variants:
            if source and lang != source[0]:
                texts = _text(_first(source[1], "seg")), _text(_first(variant, "seg"))
                is_approved = _prop(variant, "x-state") in ("", "reviewed")
                of = _prop(unit, "x-article") or article
                segment = _prop(unit, "x-segment") or (unit.get("tuid", "") if of else "")
                yield Unit(of, segment, source[0], lang, *texts, is_approved)


def _lang(variant: "_Element") -> str:
    return parse_language(str(variant.get(XML_LANG) or variant.get("lang", "")))


def _prop(parent: "_Element", kind: str) -> str:
    return next((_text(prop) for prop in _children(parent, "prop") if prop.get("type") == kind), "")


def render_xliff_units(units: Sequence[Unit]) -> bytes:
    """Return units as XLIFF 1.2, a file an article and pair, in the order given."""
    from lxml import etree

    names: Any = {None: _XLIFF}  # None is the default namespace; the stubs know prefixes only
    root = etree.Element(f"{{{_XLIFF}}}xliff", {"version": "1.2"}, nsmap=names)
    for place, group in groupby(units, key=lambda unit: (unit.article, unit.source_lang, unit.target_lang)):
        file = add(root, f"{{{_XLIFF}}}file", attributes={
            "original": place[0], "source-language": place[1], "target-language": place[2], "datatype": "plaintext",
        })  # fmt: skip
        body = add(file, f"{{{_XLIFF}}}body")
        for number, unit in enumerate(group, 1):
            attributes = {"id": unit.segment or str(number), "approved": "yes" if unit.is_approved else "no"}
            row = add(body, f"{{{_XLIFF}}}trans-unit", attributes={**attributes, XML_SPACE: "preserve"})
            add(row, f"{{{_XLIFF}}}source", unit.source)
            state = "final" if unit.is_approved else "needs-review-translation"
            add(row, f"{{{_XLIFF}}}target", unit.target, {"state": state})
    return to_bytes(root)


def render_tmx_units(units: Sequence[Unit]) -> bytes:
    """Return units as TMX 1.4, one unit a pair of texts, in the order given."""
    from lxml import etree

    root = etree.Element("tmx", {"version": "1.4"})
    source_langs = {unit.source_lang for unit in units}
    add(root, "header", attributes={
        "creationtool": _TOOL, "creationtoolversion": "1", "segtype": "sentence", "o-tmf": _TOOL, "adminlang": "en",
        "srclang": source_langs.pop() if len(source_langs) == 1 else "*all*", "datatype": "plaintext",
    })  # fmt: skip
    body = add(root, "body")
    for unit in units:
        row = add(body, "tu", attributes={"srclang": unit.source_lang})
        if unit.article:
            add(row, "prop", unit.article, {"type": "x-article"})
            add(row, "prop", unit.segment, {"type": "x-segment"})
        add(add(row, "tuv", attributes={XML_LANG: unit.source_lang}), "seg", unit.source)
        variant = add(row, "tuv", attributes={XML_LANG: unit.target_lang})
        add(variant, "prop", "reviewed" if unit.is_approved else "machine", {"type": "x-state"})
        add(variant, "seg", unit.target)
    return to_bytes(root)
