"""What the formats of glossaries share: the row, who reads which format, what is left out and why."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.errors import GlossaryError, UsageError
from pipeline.glossary.editing import Record

FORMATS = ("csv", "tsv", "tbx", "xliff", "tmx")
# Tool -> the formats that it reads. "" writes all that an entry says, to be read back by us.
TOOLS: Mapping[str, tuple[str, ...]] = {
    "": FORMATS,
    "deepl": ("csv", "tsv"),
    "google": ("csv", "tsv", "tmx"),
    "azure": ("csv", "tsv", "xliff"),
    "weblate": ("csv", "tbx", "xliff", "tmx"),
    "pontoon": ("tbx",),
    "omegat": ("tsv", "tbx", "csv"),
}
PLAIN = frozenset({"deepl", "google", "azure"})  # they know a source and a target, and enforce what they are given
MAX_BYTES = 20_000_000
# DeepL refuses a longer text (developers.deepl.com, "Manage glossaries": 1024 UTF-8 bytes a side).
MAX_PLAIN_BYTES = 1024

UNSAFE = re.compile(r"[=+\-@\t\r]")  # at its start a spreadsheet takes a cell for a formula (OWASP, "CSV Injection")
_FACT = re.compile(r"([a-z][a-z-]*):[ \t]*(.*)")
_OUT = frozenset({"approved", "status"})  # an approval holds in its own file; the state has a field


@dataclass(frozen=True, slots=True)
class Row:
    """One entry on its way in or out."""

    source: str
    target: str
    state: str = "approved"  # "approved", "candidate", "forbidden"
    context: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)  # type, forms, note and so on
    place: str = ""  # "line 7", on the way in


@dataclass(frozen=True, slots=True)
class Exported:
    """A file for another tool."""

    data: bytes
    written: int
    left_out: tuple[str, ...]  # one line each: what the tool cannot be told, and why


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file of another tool says."""

    rows: tuple[Row, ...]
    refused: tuple[str, ...]  # one line each: where, and what is wrong


def row_of(record: Record) -> Row | None:
    """Turn an entry of a file into a row; None for a retired one."""
    if record.is_retired:
        return None
    state = "forbidden" if record.facts.get("status") == "forbidden" else "approved"
    if record.is_fuzzy or not record.target:
        state = "candidate"
    facts = {key: value for key, value in record.facts.items() if key not in _OUT}
    return Row(record.source, record.target, state, record.context, facts)


def export_rows(rows: Iterable[Row], pair: tuple[str, str], format_: str, tool: str = "") -> Exported:
    """Write rows for a tool in a format. Raises UsageError where the tool does not read the format.

    Where a tool has no word for what an entry says, the entry is left out and told: a candidate would be enforced, a
    forbidden translation would be written, a second sense would be taken for the first.
    """
    if tool not in TOOLS or format_ not in TOOLS[tool]:
        raise UsageError(f"{tool} does not read {format_}; try {', '.join(TOOLS.get(tool, FORMATS))}")
    kept, left_out = _choose(list(rows), format_, tool)
    if format_ in ("csv", "tsv"):
        from pipeline.exports.glossaries.tables import write_table

        data = write_table(kept, format_, tool)
    else:
        from pipeline.exports.glossaries.xmlfiles import WRITERS

        data = WRITERS[format_](kept, pair, tool)
    return Exported(data, len(kept), tuple(left_out))


def _choose(rows: Sequence[Row], format_: str, tool: str) -> tuple[list[Row], list[str]]:
    kept, left_out = [], []
    taken: set[str] = set()
    for row in rows:
        if why := _why_not(row, format_, tool, taken):
            left_out.append(f"{row.source!r}: {why}")
        else:
            taken.add(row.source)
            kept.append(row)
    return kept, left_out


def _why_not(row: Row, format_: str, tool: str, taken: set[str]) -> str:
    """Say why a tool cannot be told of an entry; "" where it can."""
    if tool in PLAIN or format_ == "tmx":
        if row.state != "approved":
            return f"a {row.state} entry would be enforced there"
        if row.source in taken:
            return "a second sense would be taken for the first"
    if tool in PLAIN:
        if format_ in ("csv", "tsv") and any(UNSAFE.match(text) for text in (row.source, row.target)):
            return "it begins like a formula, and the mark that makes it safe would become part of the term"
        if max(len(text.encode()) for text in (row.source, row.target)) > MAX_PLAIN_BYTES:
            return f"longer than {MAX_PLAIN_BYTES} bytes"
    if row.state == "forbidden" and format_ in ("xliff", "tmx"):
        return "a forbidden translation would be taken for a translation there"
    return ""


def import_rows(data: bytes, pair: tuple[str, str], format_: str) -> Imported:
    """Read a file of another tool. Every row is in `rows` or in `refused`.

    Raises GlossaryError for what is no such file, or is too large.
    """
    if len(data) > MAX_BYTES:
        raise GlossaryError(f"larger than {MAX_BYTES // 1_000_000} MB; try splitting it")
    if format_ in ("csv", "tsv"):
        from pipeline.exports.glossaries.tables import read_table

        return read_table(data, pair, format_)
    from pipeline.exports.glossaries.xmlreading import read_xml

    return read_xml(data, pair, format_)


def facts_text(row: Row, joint: str) -> str:
    """Write the facts of a row as `key: value` parts."""
    return joint.join(f"{key}: {value}" for key, value in row.facts.items() if value)


def read_facts(text: str) -> dict[str, str]:
    """Read `key: value` parts, a line each or divided by ";"; what has no key is a note.

    >>> read_facts("type: office; note: see below")
    {'type': 'office', 'note': 'see below'}
    """
    facts: dict[str, str] = {}
    for part in re.split(r"\n+|;\s+(?=[a-z][a-z-]*: )", text):
        match = _FACT.fullmatch(part.strip())
        key, value = (match[1], match[2].strip()) if match and match[1] in KNOWN else ("note", " ".join(part.split()))
        if value and key not in _OUT:
            facts[key] = f"{facts[key]} {value}" if key in facts else value
    return facts


# The facts of pipeline.glossary.facts that travel.
KNOWN = frozenset({
    "type", "forms", "source-forms", "case", "use", "note", "domain", "outlet", "gender", "plural", "feminine",
    "feminine-plural", "source-plural", "origin", "approved", "status",
})  # fmt: skip
