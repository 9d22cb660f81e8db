"""The rows of the page: an entry with its status, who decided on it, and how often it was seen."""

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pipeline.glossary.editing import Record
from pipeline.glossary.facts import TYPES
from pipeline.glossary.pofiles import Pair
from pipeline.model import Entry, Status

# Status -> its name on the page, in the order in which they are shown.
STATUSES = {
    "candidate": "candidate",
    "changed": "changed since approved",
    "approved": "approved",
    "forbidden": "forbidden",
    "rejected": "rejected",
}
_NAMES = ("name", "person", "place", "agency", "institution")
_SEEN = re.compile(r"seen: (\d{1,9})\b")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
OPEN = ("candidate", "changed")  # what waits for a person


@dataclass(frozen=True)
class Row:
    """One entry of one file."""

    id: str  # 16 hexadecimal digits; the same for as long as file, context and term are
    path: Path
    label: str  # "glossaries/en/pt.po"
    pair: Pair
    record: Record = field(repr=False)  # its lines are not those of the file; see `find_records`

    @property
    def source(self) -> str:
        """The term."""
        return self.record.source

    @property
    def target(self) -> str:
        """Its translation."""
        return self.record.target

    @cached_property
    def version(self) -> str:
        """What a change hands back, so that an edit by other hands in between shows."""
        return self.record.version

    @cached_property
    def facts(self) -> Mapping[str, str]:
        """The `# key: value` comments."""
        return self.record.facts

    @property
    def type(self) -> str:
        """The type; a context that names one stands for it."""
        context = self.record.context
        return self.facts.get("type") or (context if context in TYPES else "term")

    @cached_property
    def status(self) -> str:
        """One of STATUSES."""
        if self.record.is_retired:
            return "rejected"
        if self.record.is_fuzzy or not self.record.target:
            return "candidate"
        if self.facts.get("status") == "forbidden":
            return "forbidden"
        return "changed" if self.record.is_changed_since_approved else "approved"

    @property
    def who(self) -> tuple[str, str]:
        """Who decided last, and when; both "" where nobody signed."""
        for key in ("rejected", "banned", "approved"):
            words = self.facts.get(key, "").split()
            if key == "approved":
                words = words[:-1]
            if len(words) > 1:
                return " ".join(words[:-1]), words[-1]
        return "", ""

    @property
    def since(self) -> str:
        """The day of the last decision, else that on which it was proposed, as 2026-01-31; "" where nobody said."""
        day = self.who[1] or dict(self.notes).get("proposed", "")
        return day[:10] if _DAY.match(day) else ""

    @cached_property
    def seen(self) -> int:
        """How often articles had the term, as `glossary suggest` counted; 0 where it did not."""
        match = next(filter(None, map(_SEEN.match, self.record.tool_notes)), None)
        return int(match[1]) if match else 0

    @property
    def rank(self) -> tuple[int, bool, str, Pair]:
        """The order by frequency: often seen first, names before others; never seen last."""
        return -self.seen, self.type not in _NAMES, self.source.casefold(), self.pair

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """What `glossary suggest` wrote about the entry, as key and text: seen, finding, example."""
        parts = (note.partition(": ") for note in self.record.tool_notes)
        return tuple((key, text) for key, _, text in parts if text and key != "proposal")

    @property
    def proposals(self) -> tuple[tuple[str, str], ...]:
        """What each engine, or a transliteration, would say: its name and the text."""
        notes = (note for note in self.record.tool_notes if note.startswith("proposal: "))
        parts = (note.removeprefix("proposal: ").partition(" = ") for note in notes)
        return tuple((origin, text) for origin, _, text in parts if text)

    @property
    def approved_hash(self) -> str:
        """The hash of the text that was approved; "" without an approval."""
        words = self.facts.get("approved", "").split()
        return words[-1] if len(words) > 2 else ""

    def learn(self) -> None:
        """Work out now what lists and searches ask for."""
        _ = self.status, self.haystack

    @cached_property
    def haystack(self) -> str:
        """What the search looks through."""
        return fold(" \n ".join([self.source, self.target, self.record.context, *self.record.comments]))

    @cached_property
    def entry(self) -> Entry:
        """The row as the matcher reads it. A label is found like a term: the page shows every place where it stands."""
        return Entry(
            source=self.source,
            source_lang=self.pair[0],
            target=self.target,
            target_lang=self.pair[1],
            status=Status.APPROVED,
            type="term" if self.type == "label" else self.type,
            source_forms=split_forms(self.facts.get("source-forms", "")),
            case=self.facts.get("case", "auto"),
        )


def fold(text: str) -> str:
    """Make texts equal that a search should not tell apart."""
    return unicodedata.normalize("NFC", text).casefold()


def split_forms(text: str) -> tuple[str, ...]:
    """Split a `forms` line."""
    return tuple(part.strip() for part in text.split("|") if part.strip())


def row_id(label: str, key: tuple[str, str]) -> str:
    """Return the id of an entry, which is found by its context and term."""
    return hashlib.sha256("\x04".join((label, *key)).encode()).hexdigest()[:16]


def make_rows(path: Path, label: str, pair: Pair, records: Iterable[Record], before: Iterable[Row] = ()) -> list[Row]:
    """Make the rows of a file. Of entries with the same term and context the first in force counts, as for a change.

    The rows that the file had before are taken again where their record is the very same, with all that they know.
    """
    chosen: dict[tuple[str, str], Record] = {}
    for record in records:
        key = record.context, record.source
        if key not in chosen or (chosen[key].is_retired and not record.is_retired):
            chosen[key] = record
    kept = {id(row.record): row for row in before}
    return [
        kept.get(id(record)) or Row(row_id(label, key), path, label, pair, record) for key, record in chosen.items()
    ]


def with_record(row: Row, record: Record) -> Row:
    """Return the row after a change."""
    return replace(row, record=record)


def count_statuses(rows: Iterable[Row]) -> dict[Pair, Counter[str]]:
    """Count the rows of each pair by status."""
    counts: dict[Pair, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row.pair][row.status] += 1
    return dict(sorted(counts.items()))
