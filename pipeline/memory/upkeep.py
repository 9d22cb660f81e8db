"""Count, export and prune a memory."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.memory.store import Hop, Memory, Row
from pipeline.model import State, Unit


@dataclass(frozen=True, slots=True)
class Stats:
    """What a memory holds."""

    pair: str  # "en-pt"
    machine: int  # what engines said
    reviewed: int  # in force
    aside: int  # in conflict with those
    stale: int  # reviewed, and the article has no such source any more


def count(memory: Memory) -> list[Stats]:
    """Return a row a pair, sorted."""
    machine = memory.rows(
        "SELECT source_lang || '-' || target_lang, count(*) FROM machine JOIN engine ON engine.id = engine GROUP BY 1"
    )
    pair = "SELECT source_lang || '-' || target_lang, count(*) FROM review"
    tables = [
        machine,
        memory.rows(f"{pair} WHERE standing = 'in force' GROUP BY 1"),
        memory.rows(f"{pair} WHERE standing = 'aside' GROUP BY 1"),
        memory.rows(
            f"{pair} r WHERE standing = 'in force'"
            " AND EXISTS (SELECT 1 FROM segment s WHERE s.article = r.article AND s.current = 1)"
            " AND NOT EXISTS (SELECT 1 FROM segment s WHERE s.article = r.article AND s.current = 1"
            " AND s.source_key = r.source_key) GROUP BY 1"
        ),
    ]
    counts = [{str(name): int(str(number)) for name, number in table} for table in tables]
    names = sorted({name for table in counts for name in table})
    return [Stats(name, *(table.get(name, 0) for table in counts)) for name in names]


def export_units(memory: Memory, target_lang: str = "", *, machine_too: bool = False) -> list[Unit]:
    """Return what is in force, of one target language or of all, sorted by article and place.

    With `machine_too` also what engines and glossary wrote for the articles as they are now, not approved.
    """
    query = "SELECT article, segment, source_lang, target_lang, source, target FROM review WHERE standing = 'in force'"
    units = {_place(row): _unit(row, is_approved=True) for row in memory.rows(query)}
    if machine_too:
        query = "SELECT article, segment, source_lang, target_lang, source, target FROM segment WHERE current = 1"
        for row in memory.rows(f"{query} AND state IN (?, ?)", (State.MACHINE, State.COMPOSED)):
            units.setdefault(_place(row), _unit(row, is_approved=False))
    return [units[place] for place in sorted(units) if target_lang in ("", units[place].target_lang)]


def _unit(row: Row, *, is_approved: bool) -> Unit:
    article, segment, source_lang, target_lang, source, target = map(str, row)
    return Unit(article, segment, source_lang, target_lang, source, target, is_approved)


def _place(row: Row) -> Row:
    article, segment, source_lang, target_lang, source, _ = row
    block, _, sentence = str(segment).removeprefix("b").partition("s")
    number = (int(block), int(sentence)) if block.isdigit() and sentence.isdigit() else (0, 0)
    return str(article), number, str(segment), str(source_lang), str(target_lang), str(source)


def prune(memory: Memory, engines: Iterable[Hop]) -> int:
    """Forget what other engines than these said, or other versions of them, and what is no longer written.

    Reviews stay. Returns how many engine results went; the file is made smaller.
    """
    wanted = set(engines)
    with memory.writing():
        gone = 0
        for number, *hop in memory.rows("SELECT id, name, version, source_lang, target_lang FROM engine"):
            if tuple(hop) not in wanted:
                gone += memory.db.execute("DELETE FROM machine WHERE engine = ?", (number,)).rowcount
                memory.db.execute("DELETE FROM engine WHERE id = ?", (number,))
        memory.db.execute("DELETE FROM segment WHERE current = 0")
    with memory.told():
        memory.db.execute("VACUUM")
    return gone
