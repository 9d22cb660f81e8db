"""The PO store: glossaries/<source>/<target>.po read into entries. The only module that knows polib."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import GlossaryError, UnknownLanguage
from pipeline.glossary.pocheck import check_lines
from pipeline.languages import lookup_chain, parse_language
from pipeline.model import Entry, Status

_FACT = re.compile(r"([a-z][a-z-]*):\s*(.*)$")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PoFile:
    """One file of a glossary and the pair it is for."""

    path: Path
    source_lang: str
    target_lang: str
    label: str  # what messages and origins call it


@dataclass
class Glossary:
    """All entries of a run, by pair. A pair is read when it is first asked for; later files win over earlier ones."""

    files: tuple[PoFile, ...] = ()
    _read: dict[Pair, tuple[Entry, ...]] = field(default_factory=dict)
    _data: dict[Path, bytes] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "Glossary":
        """Return a glossary without entries."""
        return cls()

    @property
    def digest(self) -> str:
        """Digest of all files: of their bytes and pairs, whatever their path."""
        total = hashlib.sha256()
        for file in self.files:
            total.update(f"{file.source_lang}>{file.target_lang}\0".encode())
            total.update(hashlib.sha256(self._bytes(file)).digest())
        return total.hexdigest()

    def entries(self, source_lang: str, target_lang: str) -> tuple[Entry, ...]:
        """Return the approved entries of a pair; those of "pt" stand in for "pt-BR" where it has none of its own."""
        return tuple(entry for entry in self.all_entries(source_lang, target_lang) if entry.status is Status.APPROVED)

    def find(self, source: str, source_lang: str, target_lang: str) -> Entry | None:
        """Return the approved entry of exactly this source, or one of its source forms, case aside."""
        folded = source.casefold()
        for entry in self.entries(source_lang, target_lang):
            if folded == entry.source.casefold() or folded in (form.casefold() for form in entry.source_forms):
                return entry
        return None

    def all_entries(self, source_lang: str, target_lang: str) -> tuple[Entry, ...]:
        """Return every entry of a pair: approved, candidate and forbidden."""
        merged: dict[tuple[str, str], Entry] = {}
        for target in reversed(tuple(lookup_chain(target_lang))):
            for source in reversed(tuple(lookup_chain(source_lang))):
                merged.update({(entry.source, entry.msgctxt): entry for entry in self._pair((source, target))})
        return tuple(merged.values())

    def _pair(self, pair: Pair) -> tuple[Entry, ...]:
        if pair not in self._read:
            merged: dict[tuple[str, str], Entry] = {}
            for file in self.files:
                if (file.source_lang, file.target_lang) == pair:
                    merged.update({(entry.source, entry.msgctxt): entry for entry in _read_po(file, self._bytes(file))})
            self._read[pair] = tuple(merged.values())
        return self._read[pair]

    def _bytes(self, file: PoFile) -> bytes:
        if file.path not in self._data:
            try:
                self._data[file.path] = file.path.read_bytes()
            except OSError as exc:
                raise GlossaryError(f"{file.label}: {exc.strerror}; check the path") from exc
        return self._data[file.path]


def builtin_folder() -> Path:
    """Return the folder of the shipped glossaries: inside an installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "glossaries"
    return inside if inside.is_dir() else package.parent / "glossaries"


def load_glossary(folders: Sequence[Path], files: Sequence[Path] = ()) -> Glossary:
    """Collect the PO files of folders (`<source>/<target>.po`) and single files; a later one wins an entry.

    Nothing is read yet but the headers of single files. Raises GlossaryError where a folder is none, or where a file
    does not tell its pair.
    """
    found: list[PoFile] = []
    for folder in folders:
        if not folder.is_dir():
            raise GlossaryError(f"{folder}: no such folder of glossaries; name a folder with <source>/<target>.po")
        found += [
            _by_path(path, f"{folder.name}/{path.parent.name}/{path.name}") for path in sorted(folder.glob("*/*.po"))
        ]
    found += [_by_header(path) for path in files]
    return Glossary(tuple(found))


def _by_path(path: Path, label: str) -> PoFile:
    try:
        return PoFile(path, parse_language(path.parent.name), parse_language(path.stem), label)
    except UnknownLanguage as exc:
        raise GlossaryError(f"{label}: {exc}") from exc


def _by_header(path: Path) -> PoFile:
    try:
        header = dict(re.findall(r'^"(X-Source-Language|Language):\s*([\w@-]+)', path.read_text("utf-8"), re.MULTILINE))
    except (OSError, UnicodeDecodeError) as exc:
        raise GlossaryError(f"{path.name}: cannot be read ({exc}); check the path") from exc
    if "X-Source-Language" in header and "Language" in header:
        source, target = parse_language(header["X-Source-Language"]), parse_language(header["Language"])
        return PoFile(path, source, target, path.name)
    try:
        return _by_path(path, f"{path.parent.name}/{path.name}")
    except GlossaryError as exc:
        raise GlossaryError(
            f"{path.name}: no pair; write X-Source-Language and Language in the header, or name it <source>/<target>.po"
        ) from exc


def _read_po(file: PoFile, data: bytes) -> Iterator[Entry]:
    import polib

    text = check_lines(data, file.label)
    try:
        # polib takes a path or a text and guesses which: a text with a line break is no path.
        po: Any = polib.pofile(text, wrapwidth=0, encoding="utf-8")
    except (OSError, ValueError, IndexError) as exc:
        raise GlossaryError(f"{file.label}: {exc}; check it with msgfmt -c") from exc
    seen: dict[tuple[str, str], Any] = {}
    for record in po:
        if record.obsolete or not record.msgid:
            continue
        key = (record.msgctxt or "", record.msgid)
        if key in seen and seen[key].msgstr != record.msgstr:
            raise GlossaryError(
                f"{file.label}:{record.linenum}: {record.msgid!r} stands twice, "
                f"first in line {seen[key].linenum}; keep one"
            )
        if key not in seen:
            seen[key] = record
            yield _entry(record, file)


def _entry(record: Any, file: PoFile) -> Entry:
    lines = (record.tcomment or "").splitlines()
    found = (_FACT.match(line.strip()) for line in lines)
    facts: dict[str, str] = {match[1]: match[2] for match in found if match}
    status = Status.APPROVED
    if facts.get("status") == "forbidden":
        status = Status.FORBIDDEN
    elif not record.msgstr.strip() or "fuzzy" in record.flags:
        status = Status.CANDIDATE
    return Entry(
        source=record.msgid,
        source_lang=file.source_lang,
        target=record.msgstr,
        target_lang=file.target_lang,
        status=status,
        type=facts.get("type", "term"),
        forms=_list(facts.get("forms", "")),
        source_forms=_list(facts.get("source-forms", "")),
        case=facts.get("case", "auto"),
        use=facts.get("use", ""),
        note=facts.get("note", ""),
        origin=f"{file.label}:{record.linenum}",
        msgctxt=record.msgctxt or "",
    )


def _list(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split("|") if part.strip())
