"""Bring changes of entries into the bytes of a PO file. Lines that no change is about stay as they are."""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.errors import GlossaryError
from pipeline.glossary.editing.records import FACT, Record, find_records, shift
from pipeline.glossary.facts import approval_hash

STATES = ("approved", "candidate", "forbidden", "retired")

# The order in which new facts are written; others follow by name.
_ORDER = (
    "type", "forms", "source-forms", "case", "only", "domain", "outlet", "origin", "note", "status", "use", "approved",
)  # fmt: skip
_KEY = re.compile(r"[a-z][a-z-]*")
_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FLAGS = re.compile(r"#[,=][ \t]*(.*)")

Rank = tuple[str, str, str]
Placed = tuple[Record, int]  # a record, and by how many lines it stands further down
Edit = tuple[int, int, Rank, list[str]]  # lines from, to; the order among new entries at one place; what to write


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one entry. What is not said stays."""

    source: str
    context: str = ""
    version: str = ""  # `Record.version` of the entry as the editor saw it; "" for an entry that is new
    target: str | None = None
    state: str = ""  # one of STATES, or "deleted"; "" leaves it
    facts: Mapping[str, str] = field(default_factory=dict)  # `# key: value` comments; "" takes a key away
    by: str = ""  # who; with `when` and the state approved it makes the line `# approved:`
    when: str = ""  # ISO 8601, with no space: "2026-01-02T10:00Z"
    notes: tuple[str, ...] = ()  # the tool's own lines "#." of an entry that is new, without the mark
    block: tuple[str, ...] | None = None  # the lines of the whole entry, instead of all above: what an undo writes back

    @property
    def key(self) -> tuple[str, str]:
        """What an entry is found by."""
        return self.context, self.source


@dataclass(frozen=True, slots=True)
class Conflict:
    """A change that was not made: the entry is no longer what the editor saw."""

    change: Change
    found: Record | None  # the entry as the file has it now; None where it is gone


@dataclass(frozen=True, slots=True)
class Applied:
    """A file after some changes."""

    data: bytes
    done: tuple[Change, ...]  # made, or already there
    conflicts: tuple[Conflict, ...]
    written: bytes = b""  # the entries that were written anew, as a file of their own
    before: bytes = b""  # the file as it was found
    replaced: tuple[tuple[str, ...], ...] = ()  # for each of `done` the lines of the entry before; () for a new one


def apply_changes(data: bytes, changes: Iterable[Change], name: str) -> Applied:
    """Make changes in the bytes of a PO file, each on its entry as `data` has it now.

    Only lines that a change is about are written anew; all others, the order of entries, line ends and a mark at the
    start stay byte for byte. A change whose `version` is not the entry's is a conflict and changes nothing, unless
    the entry already says what was wanted. A new entry stands where the order of terms (case folded) puts it. Time is
    linear in the file for each batch of changes. Raises GlossaryError for a damaged file, and for a change that no
    glossary may hold: an unknown state, a line break in a text, an approval or a ban of nothing.
    """
    wanted = list(changes)
    for change in wanted:
        _check(change, name)
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    records = find_records(data, name)
    lines = data.removeprefix(mark).decode("utf-8").split("\n")
    if lines[-1]:
        lines.append("")  # the last line has its line end
    end = "\r" if lines[0].endswith("\r") else ""
    places = _index(records)
    edits: list[Edit] = []
    done, conflicts, replaced = [], [], []
    for change in wanted:
        record = shift(*places[change.key]) if change.key in places else None
        if _is_conflict(change, record):
            conflicts.append(Conflict(change, record))
            continue
        done.append(change)
        replaced.append(tuple(lines[record.first : record.end]) if record else ())
        edit = _edit(record, change, lines) if record else _insert(records, change, lines)
        if edit and not (record and _is_done(change, record)):
            edits.append(edit)
    edits.sort(key=lambda edit: edit[:3])
    written = "\n".join("\n".join([*edit[3], ""]) for edit in edits)
    for first, last, _, block in reversed(edits):
        lines[first:last] = [line if line.endswith("\r") else line + end for line in block]
    after = mark + "\n".join(lines).encode()
    return Applied(after, tuple(done), tuple(conflicts), written.encode(), data, tuple(replaced))


def _check(change: Change, name: str) -> None:
    said = f"{name}: {change.source!r}"
    texts = [change.source, change.context, change.target or "", change.by, change.when, *change.facts.values()]
    texts += change.notes
    if not change.source or any(_BREAK.search(text) or text != text.strip() for text in texts):
        raise GlossaryError(f"{said}: a text with a line break or white space around it; try one line of plain text")
    if change.state not in ("", "deleted", *STATES):
        raise GlossaryError(f"{said}: no state {change.state!r}; try {', '.join(STATES)}")
    if change.state in ("approved", "forbidden") and change.target == "":
        raise GlossaryError(f"{said}: nothing to make {change.state}; try filling in the translation")
    if not all(_KEY.fullmatch(key) for key in change.facts):
        raise GlossaryError(f"{said}: a key that is no word of small letters; try type, forms, note")
    if " " in change.when:
        raise GlossaryError(f"{said}: a time with a space in it; try 2026-01-02T10:00Z")


def _index(records: Iterable[Placed]) -> dict[tuple[str, str], Placed]:
    """Find entries by key; one in force before a retired one, the first before equal others."""
    found: dict[tuple[str, str], Placed] = {}
    for placed in records:
        record = placed[0]
        key = record.context, record.source
        if key not in found or (found[key][0].is_retired and not record.is_retired):
            found[key] = placed
    return found


def _is_conflict(change: Change, record: Record | None) -> bool:
    if record is None:
        return change.version != "" and change.state != "deleted"
    if record.is_retired and not change.version:
        return False  # the term is new to this editor; what was retired comes back
    return record.version != change.version and not _is_done(change, record)


def _is_done(change: Change, record: Record) -> bool:
    """Whether an entry already says all that a change asks for."""
    if change.state == "deleted" or change.block is not None:
        return False
    facts = record.facts
    same_facts = all(facts.get(key, "") == value for key, value in change.facts.items())
    same_target = change.target in (None, record.target)
    approved = facts.get("approved", "").split()
    same_approval = not (change.state == "approved" and change.by) or " ".join(approved[:-1]) == _approval(change)
    return same_facts and same_target and same_approval and change.state in ("", _state(record))


def _approval(change: Change) -> str:
    return f"{change.by} {change.when}".strip()


def _state(record: Record) -> str:
    if record.is_retired:
        return "retired"
    if record.is_fuzzy or not record.target:
        return "candidate"
    return "forbidden" if record.facts.get("status") == "forbidden" else "approved"


def _insert(records: Sequence[Placed], change: Change, lines: Sequence[str]) -> Edit | None:
    """Write a new entry, with a blank line on each side."""
    if change.state == "deleted":
        return None
    at = _place(records, change, len(lines) - 1)
    before = [""] if at and lines[at - 1].strip() else []
    after = [""] if lines[at].strip() else []
    return at, at, _rank(change.source, change.context), [*before, *_write_new(change), *after]


def _place(records: Sequence[Placed], change: Change, last: int) -> int:
    """Return the line that a new entry begins at: before the first that sorts behind it, else after all in force."""
    live = [placed for placed in records if not placed[0].is_retired]
    ranks = [_rank(record.source, record.context) for record, _ in live]
    wanted = _rank(change.source, change.context)
    later = next((place for place, rank in enumerate(ranks) if rank > wanted), None)
    if later is not None and all(one <= other for one, other in itertools.pairwise(ranks)):
        return shift(*live[later]).first
    if live:
        return shift(*live[-1]).end
    return shift(*records[0]).first if records else last


def _rank(source: str, context: str) -> Rank:
    return source.casefold(), source, context


def _write_new(change: Change) -> list[str]:
    record = Record(change.context, change.source, change.target or "", False, False, (), ())
    written = [f"#. {note}" for note in change.notes]
    written += [*_statement("msgctxt", change.context)] if change.context else []
    written += [*_statement("msgid", change.source), *_statement("msgstr", change.target or "")]
    return _apply_state(_apply_facts(written, _facts(change, record)), change.state or "candidate")


def _edit(record: Record, change: Change, lines: Sequence[str]) -> Edit:
    first, end, rank = record.first, record.end, _rank(record.source, record.context)
    if change.state == "deleted":
        if end < len(lines) and not lines[end].strip():
            end += 1
        # A blank line inside the block parts what heads the entries below from what is this one's.
        blank = max((at for at in range(first, end - 1) if not lines[at].strip()), default=first - 1)
        return blank + 1, end, rank, []
    if change.block is not None:
        return first, end, rank, list(change.block)
    written = list(lines[first:end])
    if change.target is not None and change.target != record.target:
        written = _replace_target(written, change.target)
    written = _apply_facts(written, _facts(change, record))
    return first, end, rank, _apply_state(written, change.state) if change.state else written


def _facts(change: Change, record: Record) -> dict[str, str]:
    """List the facts that a change writes: those that it names, and those that its state is made of."""
    facts = dict(change.facts)
    if change.state in STATES and change.state != "retired":
        facts.setdefault("status", "forbidden" if change.state == "forbidden" else "")
    if change.state == "candidate":
        facts["approved"] = ""
    if change.state == "approved":
        target = record.target if change.target is None else change.target
        digest = approval_hash(change.source, target, change.context)
        facts["approved"] = f"{change.by} {change.when} {digest}" if change.by and change.when else ""
    return facts


def _statement(keyword: str, text: str) -> list[str]:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return [f'{keyword} "{escaped}"']


def _replace_target(lines: Sequence[str], target: str) -> list[str]:
    at = next(number for number, line in enumerate(lines) if line.removeprefix("#~").lstrip().startswith("msgstr"))
    mark = "#~ " if lines[at].startswith("#~") else ""
    return [*lines[:at], *(mark + line for line in _statement("msgstr", target))]


def _apply_facts(lines: Sequence[str], facts: Mapping[str, str]) -> list[str]:
    """Write `# key: value` lines over the first that has the key; new ones after the last comment of people."""
    written: list[str] = []
    open_ = dict(facts)
    for line in lines:
        match = FACT.fullmatch(line.strip())
        if match and match[1] in facts:
            value = open_.pop(match[1], "")
            if value:
                written.append(line if match[2].strip() == value else f"# {match[1]}: {value}")
        else:
            written.append(line)
    rank = {key: number for number, key in enumerate(_ORDER)}
    added = sorted((key for key, value in open_.items() if value), key=lambda key: (rank.get(key, len(rank)), key))
    at = max(
        (number for number, line in enumerate(written, 1) if line.strip() == "#" or line.startswith("# ")), default=0
    )
    return [*written[:at], *(f"# {key}: {open_[key]}" for key in added), *written[at:]]


def _apply_state(lines: Sequence[str], state: str) -> list[str]:
    """Set or take away `#, fuzzy` and the mark of a retired entry."""
    written: list[str] = []
    had_fuzzy = False
    for line in lines:
        if match := _FLAGS.fullmatch(line.strip()):
            flags = [flag.strip() for flag in match[1].split(",")]
            if "fuzzy" in flags:
                had_fuzzy = True
                if state in ("approved", "forbidden"):
                    rest = [flag for flag in flags if flag not in ("", "fuzzy")]
                    written += [f"#, {', '.join(rest)}"] if rest else []
                    continue
        written.append(line)
    is_statement = [not line.startswith("#") or line.startswith("#~") for line in written]
    at = is_statement.index(True)
    statements = [re.sub(r"^#~[ \t]*", "", line) if line.strip() else line for line in written[at:]]
    if state == "retired":
        statements = [f"#~ {line}" if line.strip() else line for line in statements]
    flag = ["#, fuzzy"] if state == "candidate" and not had_fuzzy else []
    return [*written[:at], *flag, *statements]
