"""Take in what people changed in a translation tool: reviewed segments, conflicts told, nothing dropped."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.memory.store import Memory, is_storable, source_key
from pipeline.model import State, Unit


class Verdict(StrEnum):
    """What became of a unit."""

    TAKEN = "taken"  # in force from now on
    REPLACED = "replaced"  # in force in place of an earlier review, which stays in the file as replaced
    CONFLICT = "conflict"  # another review of the same segment is in force; this one is kept aside
    KNOWN = "known"  # the same review is there already
    UNCHANGED = "unchanged"  # as an engine or the glossary wrote it, and not marked as approved
    UNMARKED = "unmarked"  # of no article that we wrote, and not marked as approved
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Imported:
    """One unit of an import and what became of it."""

    unit: Unit
    verdict: Verdict
    other: str = ""  # the review in force, for CONFLICT; the one before, for REPLACED
    is_stale: bool = False  # the article has no such source any more: it is not used until it has


def import_units(
    memory: Memory, units: Iterable[Unit], origin: tuple[str, str], *, replace: bool = False
) -> list[Imported]:
    """Take units in as reviewed and return what became of each; all of a file or none.

    A unit counts as reviewed when its file says so, or when its target is none that we ever wrote for this source. It
    is matched by article and source, the segment's id deciding between equal sources. `origin` is the file's name
    and sha256. With `replace` a later review wins over an earlier one. Raises MemoryUnusable.
    """
    with memory.writing():
        done = [_import(memory, unit, origin[0], replace=replace) for unit in units]
        memory.db.execute("INSERT OR REPLACE INTO imported VALUES (?, ?)", (origin[1], origin[0]))
    return done


def was_imported(memory: Memory, digest: str) -> bool:
    """Whether a file with this sha256 was imported."""
    return bool(memory.rows("SELECT 1 FROM imported WHERE digest = ?", (digest,)))


def imported_digests(memory: Memory) -> frozenset[object]:
    """Return the sha256 of every file that was imported."""
    return frozenset(digest for (digest,) in memory.rows("SELECT digest FROM imported"))


def _import(memory: Memory, unit: Unit, origin: str, *, replace: bool) -> Imported:
    if not unit.target.strip() or not is_storable(unit.source + unit.target):
        return Imported(unit, Verdict.EMPTY)
    key = source_key(unit.source)
    written = memory.rows(
        "SELECT segment, target, state, current FROM segment WHERE article = ? AND target_lang = ? AND source_key = ?",
        (unit.article, unit.target_lang, key),
    )
    if not unit.is_approved:
        ours = {_plain(str(target)) for _, target, state, _ in written if state != State.REVIEWED}
        if not written:
            return Imported(unit, Verdict.UNMARKED)
        if _plain(unit.target) in ours:
            return Imported(unit, Verdict.UNCHANGED)
    current = [str(segment) for segment, _, _, is_current in written if is_current]
    segment = unit.segment if unit.segment in current or not current else min(current)
    is_stale = not current and bool(
        memory.rows("SELECT 1 FROM segment WHERE article = ? AND current = 1 LIMIT 1", (unit.article,))
    )
    place = _Place(segment, key, origin, is_stale)
    return _file(memory, unit, place, replace=replace)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a reviewed unit belongs."""

    segment: str  # its id in the article as it is now
    key: bytes  # of its source
    origin: str
    is_stale: bool


def _file(memory: Memory, unit: Unit, place: _Place, *, replace: bool) -> Imported:
    before = memory.rows(
        "SELECT id, target, standing FROM review WHERE article = ? AND segment = ? AND source_key = ?"
        " AND source_lang = ? AND target_lang = ? AND standing <> 'replaced'",
        (unit.article, place.segment, place.key, unit.source_lang, unit.target_lang),
    )
    in_force = next((row for row in before if row[2] == "in force"), None)
    verdict, standing = Verdict.TAKEN, "in force"
    if in_force and _plain(str(in_force[1])) == _plain(unit.target):
        return Imported(unit, Verdict.KNOWN, is_stale=place.is_stale)
    if in_force and replace:
        verdict = Verdict.REPLACED
        memory.db.execute("UPDATE review SET standing = 'replaced' WHERE id = ?", (in_force[0],))
    elif in_force:
        verdict, standing = Verdict.CONFLICT, "aside"
    if not any(row[2] == standing == "aside" and row[1] == unit.target for row in before):
        memory.db.execute(
            "INSERT INTO review (article, segment, source_lang, target_lang, source_key, source, target, standing,"
            " origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (unit.article, place.segment, unit.source_lang, unit.target_lang, place.key, unit.source, unit.target,
             standing, place.origin),
        )  # fmt: skip
    return Imported(unit, verdict, str(in_force[1]) if in_force else "", place.is_stale)


def _plain(text: str) -> str:
    """Make equal what tools change without a person: white space."""
    return " ".join(text.split())
