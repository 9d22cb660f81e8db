"""The rows of the page: an entry with its status, and which of them a reviewer asks for."""

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pipeline.glossary.editing import Record
from pipeline.glossary.facts import TYPES
from pipeline.glossary.pofiles import Pair
from pipeline.model import Entry, Status

PAGE_SIZE = 50

# Status -> its name on the page, in the order in which they are shown.
STATUSES = {
    "candidate": "candidate",
    "changed": "changed since approved",
    "approved": "approved",
    "forbidden": "forbidden",
    "rejected": "rejected",
}
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


@dataclass(frozen=True, slots=True)
class Query:
    """What a reviewer asks for; an empty field asks for nothing."""

    pair: str = ""  # "en-pt"
    type: str = ""
    status: str = "open"  # one of STATUSES, "open", "all"
    text: str = ""
    finding: str = ""  # the rule of a finding in the segments where the term stands
    after: str = ""  # the id of the row that the page before ended with
    before: str = ""  # the id of the row that the page behind begins with


@dataclass(frozen=True, slots=True)
class Page:
    """Rows to show, and where they stand among those that were asked for."""

    rows: tuple[Row, ...]
    first: int  # from 1; 0 where there is none
    total: int
    has_before: bool
    has_after: bool


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


def matches(row: Row, query: Query, text: str) -> bool:
    """Whether a row is asked for, findings aside; `text` is the folded search text."""
    if query.pair and "-".join(row.pair) != query.pair:
        return False
    if query.status == "open" and row.status not in OPEN:
        return False
    if query.status not in ("open", "all", "") and row.status != query.status:
        return False
    return (not query.type or row.type == query.type) and (not text or text in row.haystack)


def cut_page(rows: Sequence[Row], wanted: Sequence[bool], query: Query) -> Page:
    """Cut the page out of all rows; `wanted` says of each whether it is asked for.

    A page begins behind a row, not at a number, so that rows which were decided meanwhile make none jump over.
    """
    places = [place for place, is_wanted in enumerate(wanted) if is_wanted]
    border = query.after or query.before
    at = next((place for place, row in enumerate(rows) if row.id == border), None) if border else None
    start = 0
    if at is not None and query.after:
        start = sum(place <= at for place in places)
    elif at is not None:
        start = max(sum(place < at for place in places) - PAGE_SIZE, 0)
    chosen = places[start : start + PAGE_SIZE]
    return Page(
        rows=tuple(rows[place] for place in chosen),
        first=start + 1 if chosen else 0,
        total=len(places),
        has_before=start > 0,
        has_after=start + PAGE_SIZE < len(places),
    )


def count_statuses(rows: Iterable[Row]) -> dict[Pair, Counter[str]]:
    """Count the rows of each pair by status."""
    counts: dict[Pair, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row.pair][row.status] += 1
    return dict(sorted(counts.items()))
