"""PO files of whole segments, as translation tools hand them back and as the memory hands them out: units in and out.

The context of an entry is its place, "harbour.en.txt#b3s1". Fuzzy: not approved.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import DocumentError, UsageError
from pipeline.glossary.pocheck import check_po
from pipeline.languages import parse_language
from pipeline.model import Unit

_SOURCE = "X-Source-Language"


def read_po_units(data: bytes, path: Path, source_lang: str = "") -> list[Unit]:
    """Return the units of a PO file; the header names the target language, and the source language or `source_lang`.

    Raises GlossaryError for a damaged file, DocumentError for one that names no languages.
    """
    import polib

    checked = check_po(data, str(path))
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


def render_po_units(units: Sequence[Unit]) -> bytes:
    """Return units of one language pair as a PO file, in the order given. Raises UsageError for several pairs."""
    import polib

    pairs = {(unit.source_lang, unit.target_lang) for unit in units}
    if len(pairs) != 1:
        raise UsageError("a PO file holds one language pair; name the target language with --to, or export TMX")
    source_lang, target_lang = pairs.pop()
    file = polib.POFile(wrapwidth=0)
    file.metadata = {
        "Project-Id-Version": "translate-article",
        "Language": target_lang.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        _SOURCE: source_lang,
    }
    seen: set[tuple[str, str]] = set()
    for unit in units:
        place = f"{unit.article}#{unit.segment}" if unit.article else ""
        if (place, unit.source) in seen:
            continue  # equal sources of no article: one entry
        seen.add((place, unit.source))
        flags = [] if unit.is_approved else ["fuzzy"]
        file.append(polib.POEntry(msgctxt=place or None, msgid=unit.source, msgstr=unit.target, flags=flags))
    return str(file).encode("utf-8")
