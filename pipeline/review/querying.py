"""What a reviewer asks for: which rows, in what order, and the page of them that is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.review.rows import OPEN, Row

PAGE_SIZE = 50

# Age -> days, and its name on the page. It counts from the last decision, else from the day of the proposal.
AGES = {
    "week": (7, "the last 7 days"),
    "month": (30, "the last 30 days"),
    "year": (365, "the last year"),
    "older": (365, "more than a year ago"),
    "unknown": (0, "no date"),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What a reviewer asks for; an empty field asks for nothing."""

    pair: str = ""  # "en-pt"
    type: str = ""
    status: str = "open"  # one of STATUSES, "open", "all"
    text: str = ""
    age: str = ""  # one of AGES
    order: str = ""  # "" by frequency, "file" as the files have it
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


def matches(row: Row, query: Query, text: str, today: date) -> bool:
    """Whether a row is asked for, findings aside; `text` is the folded search text."""
    if query.pair and "-".join(row.pair) != query.pair:
        return False
    if query.status == "open" and row.status not in OPEN:
        return False
    if query.status not in ("open", "all", "") and row.status != query.status:
        return False
    if query.age and not has_age(row.since, query.age, today):
        return False
    return (not query.type or row.type == query.type) and (not text or text in row.haystack)


def has_age(since: str, age: str, today: date) -> bool:
    """Whether a day (2026-01-31, or "") is within an age of AGES; an age that is none of them asks for nothing."""
    if age == "unknown":
        return not since
    if age not in AGES:
        return True
    border = (today - timedelta(days=AGES[age][0])).isoformat()
    return bool(since) and ((since < border) if age == "older" else (since >= border))


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
