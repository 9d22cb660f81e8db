"""Bring imported rows into a PO file: as candidates, unless somebody answers for them. Nothing is dropped unsaid."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import GlossaryError
from pipeline.exports.glossaries.rows import Row
from pipeline.glossary.editing import Change, Record, apply_changes

_STATES = frozenset({"approved", "candidate", "forbidden"})
_PROBE = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms rows come in."""

    approved: bool = False  # rows are taken at their word; else all are candidates
    overwrite: bool = False  # rows win over entries that say something else
    by: str = ""  # who answers for what is approved
    when: str = ""  # ISO 8601


@dataclass(frozen=True, slots=True)
class Merged:
    """What becomes of each row; each stands in one of these."""

    changes: tuple[Change, ...]  # to make
    same: tuple[Row, ...]  # the file says so already
    conflicts: tuple[str, ...]  # one line each: the file says something else, and was left so
    refused: tuple[str, ...]  # one line each: no glossary may hold it


def merge_rows(rows: Sequence[Row], records: Sequence[Record], terms: Terms) -> Merged:
    """Plan the changes of an import.

    A term that the file lacks becomes a candidate (fuzzy), or on approving terms what its row says. A term that the
    file has with another translation is a conflict: it is told, and left alone, or on overwriting terms replaced. Of
    two rows for one term the later is a conflict too.
    """
    known = {(record.context, record.source): record for record in reversed(records)}
    planned: dict[tuple[str, str], Row] = {}
    changes: list[Change] = []
    same: list[Row] = []
    conflicts: list[str] = []
    refused: list[str] = []
    for row in rows:
        key = row.context, row.source
        record = known.get(key)
        first = planned.get(key)
        if why := _why_not(row):
            refused.append(f"{row.place}: {row.source!r}: {why}")
        elif first and first.target == row.target:
            same.append(row)
        elif first:
            conflicts.append(
                f"{row.place}: {row.source!r} is {row.target!r} here and {first.target!r} in {first.place}"
            )
        elif record and not record.is_retired and record.target == row.target:
            same.append(row)
        elif record and (record.target or record.is_retired) and not terms.overwrite:
            found = "retired" if record.is_retired else f"{record.target!r} in the glossary"
            conflicts.append(f"{row.place}: {row.source!r} is {row.target!r} here and {found}")
        else:
            planned[key] = row
            changes.append(_change(row, record, terms))
    return Merged(tuple(changes), tuple(same), tuple(conflicts), tuple(refused))


def _change(row: Row, record: Record | None, terms: Terms) -> Change:
    state = row.state if terms.approved and row.target else "candidate"
    facts = dict(row.facts)
    if state == "candidate" and row.state == "forbidden":
        facts["status"] = "forbidden"  # so that it is forbidden, not approved, when somebody takes fuzzy away
    return Change(
        row.source, row.context, record.version if record else "", row.target, state, facts,
        by=terms.by if state == "approved" else "", when=terms.when if state == "approved" else "",
    )  # fmt: skip


def _why_not(row: Row) -> str:
    """Say why no glossary may hold a row; "" where one may."""
    if not row.source:
        return "no term"
    if row.state not in _STATES:
        return f"no state {row.state!r}"
    if row.state == "forbidden" and not row.target:
        return "nothing to forbid"
    try:
        from pipeline.glossary.parsing import parse_file
        from pipeline.glossary.pofiles import PoFile

        change = Change(row.source, row.context, "", row.target, "candidate", row.facts)
        done = apply_changes(_PROBE, [change], "")
        parse_file(PoFile("", "", ("en", "en"), 0, done.written))
    except GlossaryError as exc:
        return str(exc).lstrip(": ")
    return ""
