"""PO files of whole segments, as translation tools hand them back and as the memory hands them out: units in and out.

The context of an entry is its place, "harbour.en.txt#b3s1". Fuzzy: not approved.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import DocumentError, UsageError
from pipeline.glossary.pocheck import check_po, legal_text
from pipeline.languages import parse_language
from pipeline.model import Unit

_SOURCE = "X-Source-Language"
# msgfmt -c asks for all of these; dates and people would make two files of one article differ.
_EMPTY = ("PO-Revision-Date", "Last-Translator", "Language-Team")


def read_po_units(data: bytes, path: Path, source_lang: str = "") -> list[Unit]:
    """Return the units of a PO file; the header names the target language, and the source language or `source_lang`.

    Raises GlossaryError for a damaged file, DocumentError for one that names no languages.
    """
    import polib

    checked = check_po(data, str(path), is_glossary=False)
    try:
        # polib guesses whether it got a path or a text; a text with a line break is no path.
        records: Any = polib.pofile(checked.text + "\n", wrapwidth=0, encoding="utf-8")
    except (OSError, ValueError, IndexError) as exc:
        raise DocumentError(f"{path}: polib cannot read it ({exc}); try msgfmt -c on it") from exc
    langs = records.metadata.get(_SOURCE) or source_lang, records.metadata.get("Language")
    if not all(langs):
        raise DocumentError(f"{path}: its header has no Language and no {_SOURCE}; add both")
    pair = parse_language(langs[0]), parse_language(langs[1])
    return [_unit(record, pair) for record in records if not record.obsolete]


def _unit(record: Any, pair: tuple[str, str]) -> Unit:
    article, _, segment = (record.msgctxt or "").rpartition("#")
    is_approved = bool(record.msgstr) and "fuzzy" not in record.flags
    return Unit(article, segment if article else "", *pair, record.msgid, record.msgstr, is_approved)


def only_pair(units: Sequence[Unit]) -> tuple[str, str]:
    """Return the language pair of units that go into one file. Raises UsageError for several pairs."""
    pairs = {(unit.source_lang, unit.target_lang) for unit in units}
    if len(pairs) != 1:
        raise UsageError("a PO file holds one language pair; name the target language with --to, or export TMX")
    return pairs.pop()


def render_po_units(units: Sequence[Unit], pair: tuple[str, str], comments: Sequence[Sequence[str]] = ()) -> bytes:
    """Return units of one language pair as a PO file, in the order given.

    `comments` has the lines of each unit's extracted comment. Characters that no reader of PO copes with are left out,
    and a comment says so.
    """
    import polib

    source_lang, target_lang = pair
    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Project-Id-Version": "translate-article",
        **dict.fromkeys(_EMPTY, ""),
        "Language": target_lang.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        _SOURCE: source_lang,
    }
    seen: set[tuple[str, str]] = set()
    for unit, lines in zip(units, comments or [()] * len(units), strict=True):
        place = legal_text(f"{unit.article}#{unit.segment}" if unit.article else "")
        if (place, unit.source) in seen:
            continue  # equal sources of no article: one entry
        seen.add((place, unit.source))
        file.append(
            polib.POEntry(
                msgctxt=place or None,
                msgid=legal_text(unit.source),
                msgstr=legal_text(unit.target),
                flags=[] if unit.is_approved or not unit.target else ["fuzzy"],
                comment="\n".join(" ".join(legal_text(line).split()) for line in (*lines, *_dropped(unit))),
            )
        )
    return str(file).encode("utf-8")


def _dropped(unit: Unit) -> Iterator[str]:
    for side, text in (("source", unit.source), ("target", unit.target)):
        if codes := sorted({f"U+{ord(char):04X}" for char in text if char != "\r" and not legal_text(char)}):
            yield f"export: {', '.join(codes)} dropped from the {side}: PO cannot carry it"
