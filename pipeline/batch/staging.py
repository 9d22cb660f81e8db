"""Articles and outputs at addresses, worked on as files of this machine.

While some articles are looked at or made, copies of them and of what earlier runs made of them lie in a temporary
folder; so planning, guarding and writing are those of a local run, byte for byte. What was made is then put to the
address, an article at a time, its manifest last: an article that has none there is done again.
"""

import posixpath
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from pipeline.batch.reporting import describe_done
from pipeline.batch.tasks import Fault, Result, Setup, Task
from pipeline.documents.reading import MAX_BYTES
from pipeline.errors import DocumentError, EditedOutput, PipelineError, StoreError
from pipeline.exports import MANIFEST, Inputs, is_temporary, possible_stems
from pipeline.languages import LANGUAGES
from pipeline.localise import Options
from pipeline.naming import DEFAULT_LAYOUT, side_folder
from pipeline.stores import Found, Store, at_once, fetch, open_store, tell

# What concerns every other article too: the address takes no files, or is not there.
_FOR_ALL = (PermissionError, FileNotFoundError, NotADirectoryError, NotImplementedError)


class Listing:
    """The files at an output's address, as they were when the run began."""

    def __init__(self, found: Mapping[str, Found]) -> None:
        """Take them by their names."""
        self.found = found
        self._names = sorted(found)
        self._langs = sorted({name.partition("/")[0] for name in found} & {*LANGUAGES})

    def begin(self, start: str) -> Iterator[str]:
        """Give the names that begin so, and go no folder deeper."""
        at = bisect_left(self._names, start)
        while at < len(self._names) and self._names[at].startswith(start):
            if "/" not in self._names[at][len(start) :]:
                yield self._names[at]
            at += 1

    def of_article(self, task: Task, options: Options) -> tuple[list[str], list[str]]:
        """Give the files that a run reads or replaces: in the article's own folder, and in those that it shares."""
        own: list[str] = []
        shared: list[str] = []
        for stem in possible_stems(task.name, options.source):
            own += self.begin(f"{side_folder(stem, options.layout)}/")
            if options.layout != DEFAULT_LAYOUT:
                for start in ("", *(f"{lang}/" for lang in self._langs)):
                    shared += [*self.begin(f"{start}{stem}."), *([start + stem] if start + stem in self.found else [])]
        return own, shared


class Stage:
    """A temporary folder with copies of articles and of outputs; made when it is needed, gone when it is closed."""

    def __init__(self, output: Path, address: str = "", stages: Path | None = None) -> None:
        """Take the folder of the outputs, or their address. `stages` is where to be, if that is there."""
        self.store: Store | None = open_store(address) if address else None
        self._stages = stages
        self._folder: Path | None = None
        self.output = self.folder / "out" if address else output
        self._seen: dict[str, Found] = {}

    @property
    def folder(self) -> Path:
        """The folder itself."""
        if self._folder is None:
            home = self._stages if self._stages and self._stages.is_dir() else None
            self._folder = Path(tempfile.mkdtemp(prefix="translate-article-", dir=home))
            (self._folder / "out").mkdir()
        return self._folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove it all."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def clear(self) -> None:
        """Remove what is in it."""
        for path in self.folder.iterdir() if self._folder else ():
            shutil.rmtree(path, ignore_errors=True)
        if self._folder:
            (self._folder / "out").mkdir(exist_ok=True)

    def fetch(self, wanted: Sequence[tuple[Task, Iterable[str]]]) -> tuple[list[Task], dict[int, PipelineError]]:
        """Copy articles, each with files at the output's address; return those that are there, and what went wrong.

        Raises StoreError where a store does not answer.
        """
        copies: dict[Path, tuple[Store, str]] = {}
        owners: dict[Path, int] = {}
        tasks = [self._place(task) for task, _ in wanted]
        failed: dict[int, PipelineError] = {}
        for task, (_, names) in zip(tasks, wanted, strict=True):
            if self.store:
                paths = {self.output / name: (self.store, self.store.at(name)) for name in names}
                copies |= paths
                owners |= dict.fromkeys(paths, task.number)
            if task.origin and task.origin.found.size > MAX_BYTES:
                failed[task.number] = DocumentError(
                    f"{task.origin.found.size:,} bytes, the limit is {MAX_BYTES:,}: split the file"
                )
            elif task.origin:
                copies[task.path] = open_store(task.origin.address), task.origin.path
        for path, error in fetch(copies).items():
            of = [task.number for task in tasks if task.origin and task.path == path]
            # An output that went meanwhile is as if it had never been there.
            if of or not isinstance(error, FileNotFoundError):
                what = "no such file" if isinstance(error, FileNotFoundError) else f"cannot be read: {tell(error)}"
                failed[of[0] if of else owners[path]] = DocumentError(what)
        _drop_notices(copies)
        return [task for task in tasks if task.number not in failed], failed

    def _place(self, task: Task) -> Task:
        """Say where an article's copy is; one that lies at the output's address has its place among the outputs."""
        if task.origin is None:
            return task
        inside = self.store and task.origin.inside
        return replace(task, path=self.output / inside if inside else self.folder / "in" / str(task.number))

    def inputs(self, inside: Iterable[str]) -> Inputs:
        """Return the articles that lie among the outputs, as far as they are here."""
        return Inputs(path for path in (self.output / name for name in inside) if path.is_file())

    def list_own(self, stem: str, layout: str) -> list[str]:
        """Name what an article's own folder at the address holds now. Raises StoreError."""
        found = self.store.list_folder(side_folder(stem, layout)) if self.store else {}
        self._seen.update(found)
        return list(found)

    def put(self, paths: Sequence[Path]) -> None:
        """Put files of an article to the address, its manifest, which is the last, after all others.

        Raises StoreError, and EditedOutput where what was there changed since it was copied.
        """
        assert self.store
        home = posixpath.dirname(self._name(paths[-1]))
        before = {name: found for name, found in self._seen.items() if posixpath.dirname(name) == home}
        now = self.store.list_folder(home) if before else {}
        for name, found in before.items():
            if name in now and now[name] != found:
                raise EditedOutput(f"{self.store.shown}/{name} changed while it was worked on; run again")
        left = [name for name in before if is_temporary(posixpath.basename(name))]
        self.store.put({self._name(path): path.read_bytes() for path in paths}, home, left)

    def put_alone(self, paths: Iterable[Path]) -> None:
        """Put files that nothing depends on. Raises StoreError."""
        for path in paths if self.store else ():
            assert self.store
            self.store.put_alone(self._name(path), path.read_bytes())

    def _name(self, path: Path) -> str:
        return path.relative_to(self.output).as_posix()

    def told(self, text: str) -> str:
        """Return a message with addresses in place of the copies."""
        return text.replace(str(self.output), self.store.shown) if self.store else text


def _drop_notices(copies: Iterable[Path]) -> None:
    """Remove the copies of announced manifests (`Store.put`) that were put in place: those articles are whole."""
    for path in copies:
        if path.name.startswith(f".{MANIFEST}.") and is_temporary(path.name):
            placed = path.with_name(MANIFEST)
            if path.is_file() and placed.is_file() and path.read_bytes() == placed.read_bytes():
                path.unlink()


Work = Callable[[Sequence[Task], Setup], list[Result]]


def work_staged(tasks: Sequence[Task], setup: Setup, is_ours: Callable[[], bool], work: Work) -> list[Result]:
    """Have tasks done of which something is at an address: fetch, `work` here, put. Returns a result for each.

    Raises BrokenPipeError, and puts nothing more, when the run is not `is_ours` any more.
    """
    layout, source = setup.options.layout, setup.options.source
    with Stage(setup.output, setup.address, setup.stages) as stage:
        try:
            stems = [possible_stems(task.name, source) for task in tasks]
            own = at_once(
                lambda each: [name for stem in each for name in stage.list_own(stem, layout)],
                stems,
                [stage.store] if stage.store else [],
            )
            ready, failed = stage.fetch([(task, {*names, *task.there}) for task, names in zip(tasks, own, strict=True)])
        except StoreError as exc:
            return [Result(task, fault=Fault(exc, concerns_all=True)) for task in tasks]
        here = replace(setup, output=stage.output, inputs=stage.inputs(setup.inside)) if setup.address else setup

        def put(result: Result) -> Result:
            if result.folder is None or not stage.store:
                return replace(result, fault=result.fault and _told(result.fault, stage))
            if not is_ours():
                raise BrokenPipeError
            row = describe_done(result.task, result.folder, layout)
            try:
                stage.put(result.written)
            except PipelineError as exc:
                for_all = isinstance(exc.__cause__, _FOR_ALL) or (
                    isinstance(exc, StoreError) and not stage.store.answers()
                )
                return Result(result.task, fault=Fault(exc, concerns_all=for_all))
            return replace(result, row=row)

        results = at_once(put, work(ready, here) if ready else [], [stage.store] if stage.store else [])
        done = {result.task.number: result for result in results}
    done |= {task.number: Result(task, fault=Fault(failed[task.number])) for task in tasks if task.number in failed}
    return [done[task.number] for task in tasks]


def _told(fault: Fault, stage: Stage) -> Fault:
    error = fault.error and type(fault.error)(stage.told(str(fault.error)))
    return replace(fault, error=error, internal=stage.told(fault.internal))
