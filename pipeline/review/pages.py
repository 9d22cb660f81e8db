"""What the templates show: a row with its sentences, what a decision would touch, what was approved before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.glossary.facts import TYPES
from pipeline.languages import LANGUAGES
from pipeline.review.articles import Line
from pipeline.review.deeds import Outcome, Wish
from pipeline.review.desk import Desk
from pipeline.review.history import find_approved
from pipeline.review.querying import AGES, Page, Query
from pipeline.review.rows import STATUSES, Row

ROW_LINES = 2  # sentences of a row in the list; the term's own page has all
TERM_LINES = 200

Piece = tuple[str, str]  # "same", "old" or "new", and the text


@dataclass(frozen=True, slots=True)
class View:
    """A row and what is shown with it."""

    row: Row
    lines: tuple[Line, ...]
    segments: int
    articles: int
    approved: str | None  # the text that was approved, where it is another and is known
    difference: tuple[Piece, ...]  # from that to the text as it is


def view_rows(desk: Desk, rows: Iterable[Row], most: int = ROW_LINES) -> list[View]:
    """Return what is shown of some rows."""
    chosen = list(rows)
    approved = _approved_before(chosen)
    views = []
    for row in chosen:
        segments, articles = desk.articles.impact(row.entry)
        before = approved.get(row.id)
        difference = compare(before, row.target) if before is not None else ()
        lines = tuple(desk.articles.lines(row.entry, most))
        views.append(View(row, lines, segments, articles, before, difference))
    return views


def _approved_before(rows: Iterable[Row]) -> dict[str, str]:
    """Find what was approved of rows that changed since, in the history of their files."""
    changed = [row for row in rows if row.approved_hash and row.record.is_changed_since_approved]
    found: dict[str, str] = {}
    for path in dict.fromkeys(row.path for row in changed):
        of_file = [row for row in changed if row.path == path]
        texts = find_approved(path, [(row.record.context, row.source, row.approved_hash) for row in of_file])
        found |= {
            row.id: texts[row.record.context, row.source]
            for row in of_file
            if (row.record.context, row.source) in texts
        }
    return found


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """Cut two texts into what is the same, what went and what came, by words.

    >>> compare("a big cat", "a small cat")
    (('same', 'a '), ('old', 'big '), ('new', 'small '), ('same', 'cat'))
    """
    one, other = ([part + " " for part in text.split(" ")] for text in (old, new))
    one[-1], other[-1] = one[-1].rstrip(" "), other[-1].rstrip(" ")
    pieces: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(one[i:j])))
            continue
        pieces += [(name, text) for name, text in (("old", "".join(one[i:j])), ("new", "".join(other[k:m]))) if text]
    return tuple(pieces)


def language_name(tag: str) -> str:
    """Return the English name of a language; the tag where we have none."""
    return LANGUAGES[tag].name if tag in LANGUAGES else tag


def address(query: Query, **changes: str) -> str:
    """Return the address of a list."""
    wanted = replace(query, **{"after": "", "before": "", **changes})
    default = Query()
    given = {each.name: getattr(wanted, each.name) for each in fields(Query)}
    parts = {name: value for name, value in given.items() if value != getattr(default, name)}
    return "/?" + urlencode(parts) if parts else "/"


def read_query(values: Mapping[str, str]) -> Query:
    """Read a query from the fields of an address; what is none of ours is left out."""
    return Query(**{each.name: values[each.name][:200] for each in fields(Query) if each.name in values})


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("pipeline", "data/review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "STATUSES": STATUSES,
        "AGES": AGES,
        "LANGUAGES": LANGUAGES,
        "TYPES": TYPES,
        "address": address,
        "language_name": language_name,
    }
    return made


def render(name: str, **values: Any) -> str:
    """Render a template; every text in it is escaped."""
    return _templates().get_template(name).render(**values)


@dataclass(frozen=True, slots=True)
class Clash:
    """An entry that others changed meanwhile: what the reviewer wanted, and what stands there now."""

    row: Row
    wish: Wish
    target: str  # what the reviewer wanted to stand there


def clashes(desk: Desk, outcome: Outcome) -> list[Clash]:
    """Return the conflicts of an outcome as they are shown."""
    found = []
    for id_, conflict in outcome.conflicts:
        row = desk.row(id_)
        wish = outcome.wishes.get(id_)
        if row and wish:
            wanted = conflict.change.target
            found.append(Clash(row, wish, row.target if wanted is None and wish.target is None else wish.target or ""))
    return found


def page_bounds(page: Page) -> tuple[str, str]:
    """Return the ids of the first and the last row of a page; "" where it is empty."""
    return (page.rows[0].id, page.rows[-1].id) if page.rows else ("", "")
