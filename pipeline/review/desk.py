"""What the page works on: the PO files of a folder as they are on disk now, and what was done in this session."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from pipeline.errors import PipelineError
from pipeline.glossary.editing import Applied, Change, find_records, read_records, write_changes
from pipeline.glossary.pofiles import Pair, PoFile, list_folder, read_listed
from pipeline.review.articles import Articles
from pipeline.review.deeds import Deed, Outcome, Step, Wish, make_change, make_entry, needs_text
from pipeline.review.querying import Page, Query, cut_page, matches
from pipeline.review.rows import Row, fold, make_rows, row_id, with_record

Stamp = tuple[int, int, int]

MAX_DEEDS = 200  # that can be undone


@dataclass
class _File:
    """One PO file as it was last read."""

    stamp: Stamp
    pair: Pair
    label: str
    data: bytes
    rows: list[Row]
    error: str = ""


@dataclass
class Desk:
    """The glossaries of one folder under the hands of one reviewer. All methods may be called from any thread."""

    folder: Path
    user: str
    articles: Articles = field(default_factory=Articles)
    _files: dict[Path, _File] = field(default_factory=dict)
    _rows: list[Row] = field(default_factory=list)
    _ranked: list[Row] | None = None  # the rows by frequency; None when it is to be made again
    _places: dict[str, int] = field(default_factory=dict)
    _deeds: list[Deed] = field(default_factory=list)
    _lock: RLock = field(default_factory=RLock)

    def refresh(self) -> None:
        """Read the files that changed since they were last read. Raises UsageError where the folder is gone."""
        with self._lock:
            paths = list_folder(self.folder)
            stale = [path for path in paths if path not in self._files or self._files[path].stamp != _stamp(path)]
            if stale or len(paths) != len(self._files):
                self._files = {path: self._open(path) if path in stale else self._files[path] for path in paths}
                self._index()

    def rows(self) -> Sequence[Row]:
        """Return all rows, by file and in the order of the files."""
        with self._lock:
            self.refresh()
            return self._rows

    def row(self, id_: str) -> Row | None:
        """Return one row as it is now; None where there is none."""
        with self._lock:
            self.refresh()
            place = self._places.get(id_)
            return None if place is None else self._rows[place]

    def pairs(self) -> list[Pair]:
        """Return the language pairs that have rows, sorted."""
        return sorted({file.pair for file in self._files.values() if file.rows})

    def errors(self) -> list[str]:
        """Return what is wrong with files that could not be read, and with those of articles, one line each."""
        return [*(file.error for file in self._files.values() if file.error), *self.articles.problems]

    def page(self, query: Query) -> Page:
        """Return the rows that a reviewer asks for."""
        rows, text, today = self.rows(), fold(query.text.strip()), datetime.now(UTC).date()
        if query.order != "file":
            rows = self._by_frequency()
        wanted = [matches(row, query, text, today) for row in rows]
        if query.finding:
            wanted = [
                is_wanted and self.articles.has_finding(row.entry, query.finding)
                for row, is_wanted in zip(rows, wanted, strict=True)
            ]
        return cut_page(rows, wanted, query)

    def _by_frequency(self) -> Sequence[Row]:
        with self._lock:
            if self._ranked is None:
                self._ranked = sorted(self._rows, key=lambda row: row.rank)
            return self._ranked

    @property
    def last(self) -> Deed | None:
        """What an undo would take back."""
        return self._deeds[-1] if self._deeds else None

    def decide(self, wishes: Sequence[Wish]) -> Outcome:
        """Write what a reviewer decided, each file once, and remember it for an undo.

        An entry that others changed in between is a conflict and stays as it is. Raises GlossaryError and OutputError
        as `write_changes` does; then nothing of that file is written.
        """
        with self._lock:
            self.refresh()
            when = _now()
            by_id = {wish.id: wish for wish in wishes}
            found = {id_: self._rows[self._places[id_]] for id_ in by_id if id_ in self._places}
            empty = [id_ for id_, row in found.items() if needs_text(by_id[id_].action) and not row.target]
            left = [] if len(by_id) == 1 else [id_ for id_ in empty if by_id[id_].target is None]
            changes = [
                (row, make_change(row, by_id[id_], self.user, when)) for id_, row in found.items() if id_ not in left
            ]
            outcome = self._write(changes)
            outcome.empty.extend(left)
            outcome.missing.extend(id_ for id_ in by_id if id_ not in found)
            outcome.wishes.update(by_id)
            if outcome.steps:
                name = wishes[0].action if len({wish.action for wish in wishes}) == 1 else "change"
                self._deeds = [*self._deeds[1 - MAX_DEEDS :], Deed(name, tuple(outcome.steps))]
            return outcome

    def add(self, pair: Pair, source: str, wish: Wish) -> Outcome:
        """Write a new entry into the first file of a pair, which is begun where there is none.

        A term that stands there in force already is a conflict; one that was rejected comes back. Raises as `decide`.
        """
        with self._lock:
            self.refresh()
            path = next((row.path for row in self._rows if row.pair == pair), self.folder / pair[0] / f"{pair[1]}.po")
            change = make_entry(source, wish, self.user, _now())
            outcome, applied = Outcome(), write_changes(path, pair, [change])
            self.refresh()
            self._take_in(path, applied, outcome)
            outcome.wishes.update({id_: wish for id_, _ in outcome.conflicts})
            if outcome.steps:
                self._deeds = [*self._deeds[1 - MAX_DEEDS :], Deed("add", tuple(outcome.steps))]
            return outcome

    def undo(self) -> Outcome:
        """Take the last deed back: each of its entries as it was, line by line, unless it changed since."""
        with self._lock:
            self.refresh()
            if not self._deeds:
                return Outcome()
            deed = self._deeds.pop()
            found = [(self._rows[self._places[step.id]], step) for step in deed.steps if step.id in self._places]
            changes = [(row, _take_back(row, step)) for row, step in found]
            try:
                outcome = self._write(changes)
            except PipelineError:
                self._deeds.append(deed)
                raise
            outcome.undone = deed.action
            return outcome

    def _write(self, changes: Sequence[tuple[Row, Change]]) -> Outcome:
        outcome = Outcome()
        for path in dict.fromkeys(row.path for row, _ in changes):
            of_file = [change for row, change in changes if row.path == path]
            self._take_in(path, write_changes(path, self._files[path].pair, of_file), outcome)
        return outcome

    def _take_in(self, path: Path, applied: Applied, outcome: Outcome) -> None:
        """Bring what was written into the rows. Where other hands changed the file too, it is read anew."""
        file = self._files[path]
        records = read_records(applied.written, str(path))
        now = {row_id(file.label, (record.context, record.source)): record for record in records}
        is_gone = any(change.state == "deleted" for change in applied.done)
        is_ours = applied.before == file.data and set(now) <= set(self._places) and not is_gone
        if is_ours and applied.data != applied.before:
            file.data, file.stamp = applied.data, _stamp(path)
            for id_, record in now.items():
                self._rows[self._places[id_]] = with_record(self._rows[self._places[id_]], record)
            file.rows = [self._rows[self._places[row.id]] for row in file.rows]
            self._ranked = None
        else:
            self.refresh()
        for change, before in zip(applied.done, applied.replaced, strict=True):
            id_ = row_id(file.label, change.key)
            if id_ in now:
                outcome.steps.append(Step(id_, now[id_].version, before))
            outcome.done.append(id_)
        outcome.conflicts.extend((row_id(file.label, each.change.key), each) for each in applied.conflicts)

    def _open(self, path: Path) -> _File:
        stamp = _stamp(path)
        try:
            file: PoFile = read_listed(path, self.folder, 0)
            old = self._files.get(path)
            before = old.rows if old and (old.pair, old.label) == (file.pair, file.label) else []
            records = [record for record, _ in find_records(file.data, str(path))]
            rows = make_rows(path, file.label, file.pair, records, before)
            return _File(stamp, file.pair, file.label, file.data, rows)
        except PipelineError as exc:
            return _File(stamp, ("", ""), "", b"", [], str(exc))

    def _index(self) -> None:
        """Put the rows in order, and let each learn what lists and searches ask of it; a row learns only once."""
        files = sorted(self._files.values(), key=lambda file: (file.pair, file.label))
        self._rows, self._ranked = [row for file in files for row in file.rows], None
        self._places = {row.id: place for place, row in enumerate(self._rows)}
        for row in self._rows:
            row.learn()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _take_back(row: Row, step: Step) -> Change:
    """Return the change that makes an entry what it was: its lines as before; gone, where it was new."""
    if not step.before:
        return Change(row.source, row.record.context, step.version, state="deleted")
    return Change(row.source, row.record.context, step.version, block=step.before)


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return found.st_mtime_ns, found.st_size, found.st_ino
