"""NAME.tmx: TMX 1.4, all languages of a segment in one unit, for any translation memory.

There is no DOCTYPE line: it would name a file that is not there, and readers that follow it stop. The files
are valid against tmx14.dtd.
"""

from typing import TYPE_CHECKING

from pipeline.exports.inline import add_tmx_text
from pipeline.exports.xmltext import XML_LANG, add, dropped_note, to_bytes
from pipeline.model import LocalisedSegment, ParallelArticle, State

if TYPE_CHECKING:
    from lxml.etree import _Element


def render_tmx(parallel: ParallelArticle) -> bytes:
    """Return the parallel article as TMX 1.4 in UTF-8; the source side is the normalised text.

    A target that no engine could write is left out of its unit, and a note says so: a memory that read the
    source as its own translation would offer it for ever. What XML cannot carry is dropped and noted.
    """
    from lxml import etree

    root = etree.Element("tmx", {"version": "1.4"})
    _add_header(root, parallel)
    body = add(root, "body")
    for item in parallel.segments:
        _add_unit(body, item, parallel)
    return to_bytes(root)


def _add_header(root: "_Element", parallel: ParallelArticle) -> None:
    tool = "translate-article"
    attributes = {
        "creationtool": tool,
        "creationtoolversion": parallel.signature.version,
        "segtype": "sentence",
        "o-tmf": tool,
        "adminlang": "en",
        "srclang": parallel.article.language,
        "datatype": "plaintext",
    }
    header = add(root, "header", attributes=attributes)
    _add_prop(header, "x-article", parallel.article.name + parallel.article.suffix)


def _add_unit(body: "_Element", item: LocalisedSegment, parallel: ParallelArticle) -> None:
    unit = add(body, "tu", attributes={"tuid": item.segment.id})
    for note in _notes(item, parallel.article.language):
        add(unit, "note", note)
    _add_prop(unit, "x-block", item.block)
    _add_prop(unit, "x-role", item.role)
    if item.role in parallel.left_out:
        _add_prop(unit, "x-left-out", "yes")
    source = add(unit, "tuv", attributes={XML_LANG: parallel.article.language})
    add_tmx_text(add(source, "seg"), item.normalised, item.pieces)
    for language, target in item.targets.items():
        if target.state is State.UNTRANSLATED:
            continue
        variant = add(unit, "tuv", attributes={XML_LANG: language})
        _add_prop(variant, "x-state", target.state)
        if target.route:
            _add_prop(variant, "x-route", target.route)
        add_tmx_text(add(variant, "seg"), target.text, target.pieces)


def _add_prop(parent: "_Element", kind: str, text: str) -> None:
    add(parent, "prop", text, {"type": kind})


def _notes(item: LocalisedSegment, source_lang: str) -> list[str]:
    notes = [dropped_note(source_lang, item.normalised)]
    for language, target in item.targets.items():
        if target.state is State.UNTRANSLATED:
            notes.append(f"{language} left out: not translated")
        else:
            notes.append(dropped_note(language, target.text))
    return [note for note in notes if note]
