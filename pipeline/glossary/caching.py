"""What PO files say, kept from run to run: parsing the shipped ones takes longer than translating a short article.

A file of the cache is named by a digest of all that its content depends on, and begins with a digest of its own: one
that is damaged or cut short is as if it were not there. No error of the cache leaves here, as a run needs none.
"""

import hashlib
import importlib.metadata
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.glossary.parsing import Content, parse_file
from pipeline.glossary.pofiles import PoFile
from pipeline.model import Entry, Status
from pipeline.program import program_digest

WORTH_BYTES = 20_000  # a smaller file is parsed in a few milliseconds
MAX_BYTES = 50_000_000  # of all cached files; beyond that those go that were not used for the longest time

_DEFAULTS = {field.name: field.default for field in fields(Entry)}
# What is not kept: the file says it, wherever it lies. Of the origin the line is kept.
_OF_THE_FILE = ("source_lang", "target_lang", "origin")


def read_content(file: PoFile) -> Content:
    """Do what `parse_file` does, or take it from the cache. Raises GlossaryError."""
    if len(file.data) < WORTH_BYTES:
        return parse_file(file)
    try:
        path = cache_folder() / f"{_key(file)}.json"
    except RuntimeError:  # nobody's home
        return parse_file(file)
    content = _load(path, file)
    if content is None:
        content = parse_file(file)
        _keep(path, content)
    return content


def cache_folder() -> Path:
    """Return the folder of the cached files; it need not exist. Raises RuntimeError where there is no home."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "translate-article/glossaries"


def _key(file: PoFile) -> str:
    return hashlib.sha256(f"{_reader()} {hashlib.sha256(file.data).hexdigest()}".encode()).hexdigest()


@cache
def _reader() -> str:
    """Name what reads the files: with another parser, or other rules, the same bytes may say something else."""
    return f"{importlib.metadata.version('polib')} {program_digest()}"


def _load(path: Path, file: PoFile) -> Content | None:
    try:
        digest, _, written = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(written):
        return None
    with suppress(OSError):
        os.utime(path)
    entries, retired, outdated = json.loads(written)
    read = tuple(_read_entry(row, line, file) for line, row in entries)
    return Content(read, frozenset(map(tuple, retired)), tuple(read[at] for at in outdated))


def _keep(path: Path, content: Content) -> None:
    places = {entry: at for at, entry in enumerate(content.entries)}
    rows = [[int(entry.origin.rpartition(":")[2]), _write_entry(entry)] for entry in content.entries]
    outdated = [places[entry] for entry in content.outdated]
    written = json.dumps([rows, sorted(content.retired), outdated], ensure_ascii=False).encode()
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, _digest(written) + b"\n" + written)
        _prune(path.parent)


def _write(path: Path, data: bytes) -> None:
    """Put a file in its place as a whole: other runs read and write the same ones."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _prune(folder: Path) -> None:
    """Delete what was used longest ago, so that the rest is no larger than `MAX_BYTES`."""
    found = [(path.stat(), path) for path in folder.iterdir()]
    total = 0
    for status, path in sorted(found, key=lambda each: each[0].st_mtime, reverse=True):
        total += status.st_size
        if total > MAX_BYTES:
            path.unlink(missing_ok=True)


def _digest(written: bytes) -> bytes:
    return hashlib.sha256(written).hexdigest().encode()


def _write_entry(entry: Entry) -> dict[str, object]:
    values = {name: getattr(entry, name) for name in _DEFAULTS if name not in _OF_THE_FILE}
    return {name: value for name, value in values.items() if value != _DEFAULTS[name]}


def _read_entry(row: Mapping[str, Any], line: int, file: PoFile) -> Entry:
    """Make the entry of a row; whether its shape is right was settled by the digests."""
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    if "status" in values:
        values["status"] = Status(values["status"])
    return Entry(source_lang=file.source_lang, target_lang=file.target_lang, origin=f"{file.label}:{line}", **values)
