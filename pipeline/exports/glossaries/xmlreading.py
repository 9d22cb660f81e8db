"""Read TBX (2 and 3), XLIFF (1.2 and 2) and TMX as glossaries; entities and the network are off."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.errors import GlossaryError, PipelineError
from pipeline.exports.glossaries.rows import Imported, Row, read_facts
from pipeline.exports.xmltext import XML_LANG
from pipeline.languages import is_same_language, parse_language

if TYPE_CHECKING:
    from lxml.etree import _Element

Pair = tuple[str, str]
_ENTRY = {"tbx": ("termEntry", "conceptEntry"), "xliff": ("trans-unit", "segment"), "tmx": ("tu",)}
_FORBIDDEN = frozenset({
    "forbidden", "obsolete", "deprecated", "superseded", "deprecatedTerm-admn-sts", "supersededTerm-admn-sts",
})  # fmt: skip
_OPEN = frozenset({"unprocessed", "provisionallyProcessed", "provisional"})


def read_xml(data: bytes, pair: Pair, format_: str) -> Imported:
    """Read the entries of a pair; one that lacks a language of it is refused with its place.

    Raises GlossaryError for what is not XML, holds a document type with entities, or has no entry of the format.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise GlossaryError(f"not XML: {exc.msg}; try another --format") from exc
    if any(isinstance(node.tag, str) is False and type(node).__name__ == "_Entity" for node in root.iter()):
        raise GlossaryError("it holds entities of its own, which are not read; try writing the characters themselves")
    rows, refused = [], []
    elements = [element for element in root.iter() if _name(element) in _ENTRY[format_]]
    if not elements:
        raise GlossaryError(f"no entry of {format_} in it; try another --format")
    read = {"tbx": _read_concept, "xliff": _read_unit, "tmx": _read_tu}[format_]
    for element in elements:
        place = f"line {element.sourceline}"
        found = list(read(element, pair, place))
        rows += found
        if not found:
            refused.append(f"{place}: no term in {pair[0]} and {pair[1]}")
    return Imported(tuple(rows), tuple(refused))


def _name(element: "_Element") -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: "_Element") -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _lines(element: "_Element") -> str:
    return "".join(map(str, element.itertext())).strip()


def _is(tag: str | None, lang: str) -> bool:
    """Whether a file's own language code is a language of ours."""
    try:
        return is_same_language(parse_language(tag or ""), lang)
    except PipelineError:
        return False


def _below(element: "_Element", name: str, **attributes: str) -> list["_Element"]:
    wanted = [each for each in element.iter() if _name(each) == name]
    return [each for each in wanted if all(each.get(key) == value for key, value in attributes.items())]


def _read_concept(entry: "_Element", pair: Pair, place: str) -> Iterator[Row]:
    """Read one concept: every target term of it is a row of its own."""
    sections = [each for each in entry.iter() if _name(each) in ("langSet", "langSec")]
    sources = [_text(term) for each in sections if _is(each.get(XML_LANG), pair[0]) for term in _below(each, "term")]
    context = next((_text(each) for each in _below(entry, "descrip", type="context")), "")
    for section in (each for each in sections if _is(each.get(XML_LANG), pair[1])):
        for group in (each for each in section.iter() if _name(each) in ("tig", "ntig", "termSec")):
            status = {_text(each) for each in _below(group, "termNote", type="administrativeStatus")}
            process = {_text(each) for each in _below(group, "termNote", type="processStatus")}
            state = "forbidden" if status & _FORBIDDEN else "candidate" if process & _OPEN else "approved"
            facts = read_facts("\n".join(_lines(each) for each in _below(group, "note")))
            for term in _below(group, "term"):
                for source in sources[:1]:
                    yield Row(source, _text(term), state, context, facts, place)


def _read_unit(unit: "_Element", pair: Pair, place: str) -> Iterator[Row]:
    above = [unit, *unit.iterancestors()]
    langs = [next((each.get(key) for each in above for key in keys if each.get(key)), None)
             for keys in (("source-language", "srcLang"), ("target-language", "trgLang"))]  # fmt: skip
    if not _is(langs[0], pair[0]) or not _is(langs[1], pair[1]):
        return
    source, target = (next(iter(_below(unit, name)), None) for name in ("source", "target"))
    if source is None:
        return
    states = {unit.get("state"), target.get("state") if target is not None else None, unit.get("approved")}
    is_open = target is None or bool(states & {"no", "initial", "translated"}) or _needs(states)
    facts = read_facts("\n".join(_lines(each) for each in _below(unit, "note")))
    state = "candidate" if is_open else "approved"
    yield Row(_text(source), _text(target) if target is not None else "", state, unit.get("resname", ""), facts, place)


def _needs(states: set[str | None]) -> bool:
    return any(state is not None and state.startswith(("needs-", "new")) for state in states)


def _read_tu(unit: "_Element", pair: Pair, place: str) -> Iterator[Row]:
    texts: list[str | None] = [None, None]
    for variant in _below(unit, "tuv"):
        for at, lang in enumerate(pair):
            if _is(variant.get(XML_LANG) or variant.get("lang"), lang):
                texts[at] = next((_text(segment) for segment in _below(variant, "seg")), None)
    context = next((_text(each) for each in _below(unit, "prop", type="x-context")), "")
    facts = read_facts("\n".join(_lines(each) for each in _below(unit, "note")))
    source, target = texts
    if source is not None and target is not None:
        yield Row(source, target, "approved", context, facts, place)
