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

from pipeline.batch.tasks import Row, Status, Task
from pipeline.exports import possible_stems
from pipeline.keeping import keep, kept_path, read_kept
from pipeline.localise import Options
from pipeline.naming import DEFAULT_LAYOUT, article_path, side_folder

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

    def __init__(self, options: Options, output: Path) -> None:
        """Read what the last run kept."""
        self._options = options
        self._output = output
        name = hashlib.sha256(f"{SCHEMA} {output.resolve()}".encode("utf-8", "surrogateescape")).hexdigest()
        self._path = kept_path(KIND, f"{name}.json")
        self._old = _read(read_kept(self._path))
        self._now: dict[str, Finding] = {}

    def find(self, task: Task) -> Finding | None:
        """Return the finding on an article if its files are as they were then."""
        key = str(task.path.absolute())
        found = self._old.get(key)
        if found is None or found.files != self._look(task, found.basis.lang)[0]:
            return None
        self._now[key] = found
        return found

    def note(self, task: Task, found: Finding, since_ns: int) -> None:
        """Keep a finding, if no file was touched while it was made, or shortly before `since_ns`, its beginning."""
        files, youngest = self._look(task, found.basis.lang)
        self._now.pop(str(task.path.absolute()), None)
        if youngest < since_ns - QUIET_NS:
            self._now[str(task.path.absolute())] = replace(found, files=files)

    def save(self) -> None:
        """Write down what was found in this run, if that is something else than before."""
        if self._now != self._old:
            keep(self._path, _write(self._now))

    def _look(self, task: Task, lang: str) -> tuple[str, int]:
        """Return a digest of the state of all files that say whether an article is current, and their youngest time."""
        layout, states = self._options.layout, [_state(task.path)]
        for stem in possible_stems(task.name, self._options.source):
            states += _list_states(f"{self._output}/{side_folder(stem, layout)}")
            if layout != DEFAULT_LAYOUT:
                paths = (article_path(stem, to, task.suffix, layout) for to in {lang, *self._options.targets})
                states += [_state(self._output / path) for path in sorted(paths)]
        named = (task.name, task.suffix, layout, *states)
        youngest = max(max(times) for _, _, _, times, *_ in states)
        return hashlib.sha256(repr(named).encode()).hexdigest(), youngest


# name, mode (0: not there), size, times of change of the content and of anything in ns, inode, device
_State = tuple[str, int, int, tuple[int, int], int, int]


def _state(path: "Path | os.DirEntry[str]") -> _State:
    try:
        found = path.stat()
    except OSError:
        return path.name, 0, 0, (0, 0), 0, 0
    times = found.st_mtime_ns, found.st_ctime_ns
    return path.name, found.st_mode, found.st_size, times, found.st_ino, found.st_dev


def _list_states(folder: str) -> list[_State]:
    """Return the states of all that is in a folder; [] where there is none."""
    try:
        with os.scandir(folder) as found:
            return [_state(entry) for entry in sorted(found, key=lambda entry: entry.name)]
    except OSError:
        return []


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
