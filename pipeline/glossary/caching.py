"""What PO files say, kept from run to run: parsing the shipped ones takes longer than translating a short article.

A file is named by a digest of all that its content depends on (keeping.py says how it is kept).
"""

import hashlib
import importlib.metadata
import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.glossary.parsing import Content, parse_file
from pipeline.glossary.pofiles import PoFile
from pipeline.keeping import keep, kept_path, read_kept
from pipeline.model import Entry, Status
from pipeline.program import program_digest

WORTH_BYTES = 20_000  # a smaller file is parsed in a few milliseconds
KIND = "glossaries"

_DEFAULTS = {field.name: field.default for field in fields(Entry)}
# What is not kept: the file says it, wherever it lies. Of the origin the line is kept.
_OF_THE_FILE = ("source_lang", "target_lang", "origin")


def read_content(file: PoFile) -> Content:
    """Do what `parse_file` does, or take it from the cache. Raises GlossaryError."""
    if len(file.data) < WORTH_BYTES:
        return parse_file(file)
    path = kept_path(KIND, f"{_key(file)}.json")
    content = _load(path, file)
    if content is None:
        content = parse_file(file)
        keep(path, _write_content(content))
    return content


def _key(file: PoFile) -> str:
    return hashlib.sha256(f"{_reader()} {hashlib.sha256(file.data).hexdigest()}".encode()).hexdigest()


@cache
def _reader() -> str:
    """Name what reads the files: with another parser, or other rules, the same bytes may say something else."""
    return f"{importlib.metadata.version('polib')} {program_digest()}"


def _load(path: Path | None, file: PoFile) -> Content | None:
    written = read_kept(path)
    if written is None:
        return None
    entries, retired, outdated = json.loads(written)
    read = tuple(_read_entry(row, line, file) for line, row in entries)
    return Content(read, frozenset(map(tuple, retired)), tuple(read[at] for at in outdated))


def _write_content(content: Content) -> bytes:
    places = {entry: at for at, entry in enumerate(content.entries)}
    rows = [[int(entry.origin.rpartition(":")[2]), _write_entry(entry)] for entry in content.entries]
    outdated = [places[entry] for entry in content.outdated]
    return json.dumps([rows, sorted(content.retired), outdated], ensure_ascii=False).encode()


def _write_entry(entry: Entry) -> dict[str, object]:
    values = {name: getattr(entry, name) for name in _DEFAULTS if name not in _OF_THE_FILE}
    return {name: value for name, value in values.items() if value != _DEFAULTS[name]}


def _read_entry(row: Mapping[str, Any], line: int, file: PoFile) -> Entry:
    """Make the entry of a row; whether its shape is right was settled by the digests."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    if "status" in values:
        values["status"] = Status(values["status"])
    return Entry(source_lang=file.source_lang, target_lang=file.target_lang, origin=f"{file.label}:{line}", **values)
