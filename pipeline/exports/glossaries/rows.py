"""What the formats of glossaries share: the row and its facts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.glossary.editing import Record

PLAIN = frozenset({"deepl", "google", "azure"})  # they know a source and a target, and enforce what they are given
UNSAFE = re.compile(r"[=+\-@\t\r]")  # at its start a spreadsheet takes a cell for a formula (OWASP, "CSV Injection")
_FACT = re.compile(r"([a-z][a-z-]*):[ \t]*(.*)")
_OUT = frozenset({"approved", "status"})  # an approval holds in its own file; the state has a field
# The facts of pipeline.glossary.facts that travel.
KNOWN = frozenset({
    "type", "forms", "source-forms", "case", "only", "use", "note", "domain", "outlet", "gender", "plural", "feminine",
    "feminine-plural", "source-plural", "origin", "approved", "status", "transliterate",
})  # fmt: skip


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
