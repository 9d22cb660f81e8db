"""What a reviewer wishes for an entry, what came of it, and what an undo needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.errors import GlossaryError
from pipeline.glossary.editing import Change, Conflict
from pipeline.glossary.facts import TYPES
from pipeline.review.rows import Row, split_forms

# Action -> the state that it brings about ("" leaves it), and what the page says was done.
ACTIONS = {
    "approve": ("approved", "approved"),
    "reject": ("retired", "rejected"),
    "forbid": ("forbidden", "forbidden"),
    "candidate": ("candidate", "made a candidate"),
    "save": ("", "saved"),
    "add": ("candidate", "added"),
}
_FIELDS = ("type", "forms", "source-forms", "note", "use")


@dataclass(frozen=True, slots=True)
class Wish:
    """One decision, as a form sends it."""

    id: str
    version: str  # of the entry as the reviewer saw it
    action: str  # one of ACTIONS
    target: str | None = None  # None leaves it
    facts: Mapping[str, str] = field(default_factory=dict)  # fields of the form; a field that is not here stays


@dataclass(frozen=True, slots=True)
class Step:
    """One entry that was written."""

    id: str
    version: str  # of what was written; an undo asks for it
    before: tuple[str, ...]  # the lines of the entry before


@dataclass(frozen=True, slots=True)
class Deed:
    """What one request wrote, and an undo takes back."""

    action: str
    steps: tuple[Step, ...]

    @property
    def words(self) -> str:
        """Say what was done."""
        count = len(self.steps)
        return f"{count} {'entry' if count == 1 else 'entries'} {ACTIONS[self.action][1]}"


@dataclass
class Outcome:
    """What became of some wishes."""

    done: list[str] = field(default_factory=list)  # ids
    steps: list[Step] = field(default_factory=list)
    conflicts: list[tuple[str, Conflict]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # ids of entries that are gone from the files
    empty: list[str] = field(default_factory=list)  # ids of entries, of many, that have no translation to decide on
    wishes: dict[str, Wish] = field(default_factory=dict)
    undone: str = ""  # the action that was taken back


def make_change(row: Row, wish: Wish, by: str, when: str) -> Change:
    """Turn a decision into a change of what differs from the entry as it is.

    An entry approved, rejected or forbidden is signed with who and when. Raises GlossaryError for an action or type
    that does not exist.
    """
    if wish.action not in ACTIONS:
        raise GlossaryError(f"{row.source!r}: no action {wish.action!r}; try {', '.join(ACTIONS)}")
    state = ACTIONS[wish.action][0]
    wanted = {key: _clean(key, value) for key, value in wish.facts.items() if key in _FIELDS}
    if wanted.get("type", "term") not in TYPES:
        raise GlossaryError(f"{row.source!r}: no type {wanted['type']!r}; try {', '.join(TYPES)}")
    facts = {key: value for key, value in wanted.items() if value != _shown(row, key)}
    sign = f"{by} {when}"
    if state:
        facts |= {key: "" for key in ("rejected", "banned") if key in row.facts}
    if state == "retired":
        facts["rejected"] = sign
    elif state == "forbidden":
        facts |= {"banned": sign, "approved": ""}
    target = None if wish.target is None else " ".join(wish.target.split())
    if needs_text(wish.action) and not (row.target if target is None else target):
        raise GlossaryError(f"{row.source!r}: nothing to make {state}; try filling in the translation")
    return Change(
        row.source, row.record.context, wish.version, target=None if target == row.target else target,
        state=state, facts=facts, by=by if state == "approved" else "", when=when if state == "approved" else "",
    )  # fmt: skip


def make_entry(source: str, wish: Wish, by: str, when: str) -> Change:
    """Turn what a reviewer filled in into a new entry: approved, or a candidate for any other action.

    Raises GlossaryError for a type that does not exist, for no term, and for an approval without a translation.
    """
    term, target = " ".join(source.split()), " ".join((wish.target or "").split())
    if not term:
        raise GlossaryError("no term; try filling in the term")
    facts = {key: _clean(key, value) for key, value in wish.facts.items() if key in _FIELDS}
    if facts.get("type", "term") not in TYPES:
        raise GlossaryError(f"{term!r}: no type {facts['type']!r}; try {', '.join(TYPES)}")
    state = "approved" if wish.action == "approve" else "candidate"
    if state == "approved" and not target:
        raise GlossaryError(f"{term!r}: nothing to make approved; try filling in the translation")
    notes = () if state == "approved" else (f"proposed: {when[:10]} by {by}",)
    return Change(term, target=target, state=state, facts=facts, by=by, when=when, notes=notes)


def needs_text(action: str) -> bool:
    """Whether an action is a decision on a translation, so that there must be one."""
    return action in ("approve", "forbid")


def _shown(row: Row, key: str) -> str:
    """Return what the form shows of a fact."""
    return row.type if key == "type" else _clean(key, row.facts.get(key, ""))


def _clean(key: str, value: str) -> str:
    if key in ("forms", "source-forms"):
        return " | ".join(split_forms(" ".join(value.split())))
    return " ".join(value.split())
