"""Which articles were found current, so that the next run need not read again what nobody touched since.

Of every file that the finding rests on, size, times and number (inode) are kept, as in git's index, the folders' lists
of files with them: as long as these are the same, the finding is. A file whose times were not yet QUIET_NS old when it
was read may be written once more without its times telling: then nothing is kept (git calls such a file racy). Losing
all this costs a run the time of reading, and no more.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Protocol

from pipeline.batch.tasks import Row, Status, Task
from pipeline.exports import possible_stems
from pipeline.keeping import keep, kept_path, read_kept
from pipeline.localise import Options
from pipeline.naming import DEFAULT_LAYOUT, article_path, side_folder
from pipeline.stores import Found

KIND = "runs"
SCHEMA = 2
WORTH = 20  # articles; fewer are read in a few milliseconds
QUIET_NS = 2_000_000_000  # the coarsest clock of a file system, FAT's


@dataclass(frozen=True, slots=True)
class Basis:
    """What an article was found to be, as far as its signature depends on it; many articles have the same."""

    lang: str
    fragments: tuple[str, ...]  # languages of lines in another one
    libraries: tuple[str, ...]  # packages that had a say in what it holds


@dataclass(frozen=True, slots=True)
class Finding:
    """An article that was current."""

    basis: Basis
    signature: str  # digest of the signature that such an article got
    row: Row  # in the report
    files: str = ""  # digest of the state of its files


class Seen:
    """The findings of the last run into an output folder, and those of this one."""

    def __init__(self, options: Options, output: Path, files: "Files | None" = None) -> None:
        """Read what the last run kept. `files` tells of the outputs where they are elsewhere."""
        self._options = options
        self._files = files or Folder(output)
        place = files.place if files else output.resolve()
        name = hashlib.sha256(f"{SCHEMA} {place}".encode("utf-8", "surrogateescape")).hexdigest()
        self._path = kept_path(KIND, f"{name}.json")
        self._old = _read(read_kept(self._path))
        self._now: dict[str, Finding] = {}

    def find(self, task: Task) -> Finding | None:
        """Return the finding on an article if its files are as they were then."""
        key = _key(task)
        found = self._old.get(key)
        if found is None or found.files != self._look(task, found.basis.lang)[0]:
            return None
        self._now[key] = found
        return found

    def note(self, task: Task, found: Finding, since_ns: int) -> None:
        """Keep a finding, if no file was touched while it was made, or shortly before `since_ns`, its beginning."""
        files, youngest = self._look(task, found.basis.lang)
        self._now.pop(_key(task), None)
        if youngest < since_ns - QUIET_NS:
            self._now[_key(task)] = replace(found, files=files)

    def save(self) -> None:
        """Write down what was found in this run, if that is something else than before."""
        if self._now != self._old:
            keep(self._path, _write(self._now))

    def _look(self, task: Task, lang: str) -> tuple[str, int]:
        """Return a digest of the state of all files that say whether an article is current, and their youngest time."""
        layout, states = self._options.layout, [_state_of(task)]
        for stem in possible_stems(task.name, self._options.source):
            states += self._files.list_states(side_folder(stem, layout))
            if layout != DEFAULT_LAYOUT:
                paths = (article_path(stem, to, task.suffix, layout) for to in {lang, *self._options.targets})
                states += [self._files.state(path) for path in sorted(paths)]
        named = (task.name, task.suffix, layout, *states)
        youngest = max(max(times) for _, _, _, times, *_ in states)
        return hashlib.sha256(repr(named).encode()).hexdigest(), youngest


# name, mode (0: not there), size, times of change of the content and of anything in ns, inode or mark, device
State = tuple[str, int, int, tuple[int, int], int | str, int]


class Files(Protocol):
    """Tells of outputs, by their names below the output folder or its address."""

    place: str  # the address

    def state(self, name: str) -> State:
        """Return the state of a file, there or not."""

    def list_states(self, name: str) -> list[State]:
        """Return the states of all that is in a folder; [] where there is none."""


class Folder:
    """Tells of the outputs in a folder of this machine."""

    def __init__(self, output: Path) -> None:
        self.place = str(output)

    def state(self, name: str) -> State:
        """See `Files`."""
        return _state(Path(self.place) / name)

    def list_states(self, name: str) -> list[State]:
        """See `Files`."""
        try:
            with os.scandir(f"{self.place}/{name}") as found:
                return [_state(entry) for entry in sorted(found, key=lambda entry: entry.name)]
        except OSError:
            return []


def found_state(name: str, found: Found | None) -> State:
    """Return the state of a file of a store; None is one that is not there."""
    return (name, 1, found.size, (found.changed_ns,) * 2, found.mark, 0) if found else (name, 0, 0, (0, 0), 0, 0)


def _key(task: Task) -> str:
    return task.label if task.origin else str(task.path.absolute())


def _state_of(task: Task) -> State:
    return found_state(task.name, task.origin.found) if task.origin else _state(task.path)


def _state(path: "Path | os.DirEntry[str]") -> State:
    try:
        found = path.stat()
    except OSError:
        return path.name, 0, 0, (0, 0), 0, 0
    times = found.st_mtime_ns, found.st_ctime_ns
    return path.name, found.st_mode, found.st_size, times, found.st_ino, found.st_dev


def _read(written: bytes | None) -> dict[str, Finding]:
    """Read what `_write` wrote; that it is whole was settled by its digest."""
    if written is None:
        return {}
    bases, rows = json.loads(written)
    known = [Basis(lang, tuple(fragments), tuple(libraries)) for lang, fragments, libraries in bases]
    return {
        key: Finding(known[basis], signature, Row(path, Status.DONE, "", *row), files)
        for key, (basis, signature, files, path, *row) in rows.items()
    }


def _write(findings: Mapping[str, Finding]) -> bytes:
    bases = list(dict.fromkeys(found.basis for found in findings.values()))
    places = {basis: at for at, basis in enumerate(bases)}
    rows = {}
    for key, found in findings.items():
        row = found.row
        values = row.path, row.output, row.segments, dict(row.findings), dict(row.remarks)
        rows[key] = [places[found.basis], found.signature, found.files, *values]
    return json.dumps([[astuple(basis) for basis in bases], rows]).encode()
