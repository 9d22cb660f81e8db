"""Where a run writes: a folder of this machine, or an address whose files are staged here for a while."""

import hashlib
import posixpath
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from pipeline.batch.locking import lock_folder
from pipeline.batch.places import find_written
from pipeline.batch.planning import Planner
from pipeline.batch.reporting import REPORT_JSON, REPORT_TEXT, write_report
from pipeline.batch.seen import State, found_state
from pipeline.batch.staging import Listing, Stage
from pipeline.batch.tasks import Action, Origin, Plan, Row, Setup, Task
from pipeline.errors import OutputError, UsageError
from pipeline.exports import MANIFEST, Inputs
from pipeline.keeping import kept_path
from pipeline.localise import Options
from pipeline.naming import side_root
from pipeline.stores import Found, Store, fetch, is_address, open_store, show_address

AT_ONCE = 64  # articles whose copies are here at a time, while they are looked at


class Output:
    """The output folder of a run, or its address. Close it to remove what was staged."""

    def __init__(self, named: str) -> None:
        """Take what the user named. Nothing is asked of an address yet. Raises UsageError for one that cannot do."""
        self.address = named if is_address(named) else ""
        self.shown = show_address(named) if self.address else str(Path(named))
        self._stage = Stage(Path(named), self.address)
        self.path = self._stage.output  # a folder that stands for the address
        self._stages: Path | None = None
        self._listing = Listing({})
        if self._store and "memory" in self._store.fs.protocol:
            raise UsageError(f"{self.shown} would be gone with each worker; name a folder or another address with -o")

    @property
    def _store(self) -> Store | None:
        return self._stage.store

    def close(self) -> None:
        """Remove what was staged."""
        self._stage.close()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the output for this run; an address is held against runs of this machine only. Raises OutputError."""
        if not self._store:
            self.path.mkdir(parents=True, exist_ok=True)
            with lock_folder(self.path):
                yield
            return
        digest = hashlib.sha256(self._store.fs.unstrip_protocol(self._store.root).encode()).hexdigest()
        lock, self._stages = kept_path("locks", digest), kept_path("stages", digest)
        for folder in (lock, self._stages) if lock and self._stages else ():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with lock_folder(lock, self.shown) if lock else nullcontext():
            try:
                _empty(self._stages)  # of runs that were killed
                yield
            finally:
                _empty(self._stages)

    def look(self) -> None:
        """Find out what is at the address. Raises StoreError."""
        if self._store:
            self._listing = Listing(self._store.list_tree())

    def shown_name(self, name: str) -> str:
        """Return what a file or folder of this name is called in messages."""
        return f"{self.shown}/{name}" if self.address else str(self.path / name)

    @property
    def files(self) -> "_Listed | None":
        """What tells of the outputs at an address; None for a folder."""
        return _Listed(self._store.shown, self._listing) if self._store else None

    def plans(self, tasks: Sequence[Task], planner: Planner, *, redo: bool) -> Iterator[Plan]:
        """Decide on each article. What is at addresses is here only until the plan after the next is asked for."""
        if not self.address and not any(task.origin for task in tasks):
            yield from (planner.plan(task, redo=redo) for task in tasks)
            return
        for at in range(0, len(tasks), AT_ONCE):
            yield from self._plans(tasks[at : at + AT_ONCE], planner, redo=redo)
            self._stage.clear()

    def _plans(self, tasks: Sequence[Task], planner: Planner, *, redo: bool) -> Iterator[Plan]:
        known = {} if redo else {task.number: planner.remember(task) for task in tasks}
        names = {task.number: self._listing.of_article(task, planner.options) for task in tasks}
        tasks = [replace(task, there=tuple(names[task.number][1])) for task in tasks]
        new = [task for task in tasks if not known.get(task.number)]
        ready, failed = self._stage.fetch([(task, [*names[task.number][0], *task.there]) for task in new])
        here = {task.number: task for task in ready}
        for task in tasks:
            if task.number in here:
                yield planner.plan(here[task.number], redo=redo)
            else:
                error = failed.get(task.number)
                yield known.get(task.number) or Plan(task, Action.FAIL, (str(error),), error=error)

    def look_again(self, tasks: Sequence[Task], planner: Planner) -> None:
        """See whether articles that were localised are current, so that the next run need not."""
        if planner.recalls and not self.address:
            for _ in self.plans(tasks, planner, redo=False):
                pass

    def refresh(self, plan: Plan, planner: Planner) -> None:
        """Write the digests of a manifest anew. See `Planner.refresh`. Raises OutputError, StoreError."""
        planner.refresh(plan)
        if plan.folder:
            self._stage.put_alone([plan.folder / MANIFEST])

    def setup(self, setup: Setup, tasks: Sequence[Task], inside: Inputs) -> Setup:
        """Return a setup with what workers need to know of the output."""
        names = frozenset(self._inside(tasks))
        return replace(setup, inputs=inside, address=self.address, inside=names, stages=self._stages)

    def _inside(self, tasks: Iterable[Task]) -> Iterator[str]:
        """Name the articles that lie at the output's address, which may be a folder of this machine (file://)."""
        is_here = self._store and "file" in self._store.fs.protocol
        for task in tasks if self._store else ():
            assert self._store
            path = str(task.path.resolve()) if is_here else ""
            if name := task.origin.inside if task.origin else self._store.name_of(path):
                yield name

    def report(self, rows: Sequence[Row], layout: str, tasks: Sequence[Task], inside: Inputs) -> None:
        """Write batch.json and batch.txt. Raises OutputError, StoreError."""
        for name in {*self._inside(tasks)} & {posixpath.join(side_root(layout), name) for name in _REPORT}:
            raise OutputError(f"{self.shown}/{name} is an input itself; name another folder with -o")
        self._stage.put_alone(write_report(rows, self.path, layout, inputs=inside))

    def list_articles(self, address: str, options: Options) -> list[tuple[str, str, Origin]]:
        """Give the articles at an address, a file or a folder: what each is known as, its name, and where it is.

        Hidden files are left out, and what runs wrote. Raises UsageError, StoreError.
        """
        store = open_store(address)
        try:
            found = store.look()
        except FileNotFoundError:
            found = Found(0, "", 0)  # so it is told as any article that cannot be read
        if found:
            return [(store.shown, posixpath.basename(store.root), self._origin(address, store.root, found))]
        files = store.list_folder()
        ours = self._written(store, options)
        names = [name for name in files if name[0] != "." and name not in ours]
        none = [(store.shown, posixpath.basename(store.root), self._origin(address, store.root, Found(0, "", 0)))]
        return [
            (f"{store.shown}/{name}", name, self._origin(address, store.at(name), files[name])) for name in names
        ] or none

    def _origin(self, address: str, path: str, found: Found) -> Origin:
        ours = self._store if self._store and self._store.fs == open_store(address).fs else None
        return Origin(address, path, found, ours.name_of(path) if ours else "")

    def _written(self, store: Store, options: Options) -> frozenset[str]:
        """Name the files of a folder that runs to the output's address wrote."""
        if not self._store or self._store.fs != store.fs:
            return frozenset()
        here = self._store.name_of(store.root)
        if not here and store.root != self._store.root:
            return frozenset()
        top = side_root(options.layout)
        names = [name for name in self._store.list_tree() if name.startswith(top) and name.count("/") <= 2]
        names = [name for name in names if posixpath.basename(name) in (MANIFEST, REPORT_JSON)]
        fetch({self.path / name: (self._store, self._store.at(name)) for name in names})
        written = find_written(self.path / here, options, self.path)
        self._stage.clear()
        return written


_REPORT = (REPORT_JSON, REPORT_TEXT)


class _Listed:
    """Tells of the outputs at an address. See `seen.Files`."""

    def __init__(self, place: str, listing: Listing) -> None:
        self.place = place
        self._listing = listing

    def state(self, name: str) -> State:
        """See `seen.Files`."""
        return found_state(posixpath.basename(name), self._listing.found.get(name))

    def list_states(self, name: str) -> list[State]:
        """See `seen.Files`."""
        return [self.state(each) for each in self._listing.begin(f"{name}/")]


def _empty(folder: Path | None) -> None:
    for path in folder.iterdir() if folder else ():
        shutil.rmtree(path, ignore_errors=True)
