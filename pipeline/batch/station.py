"""What runs on the machines of a Ray cluster: workers, and the one process that has the memory's file open.

SQLite's file has its home on one machine, and its WAL is not for storage that machines share: so the machine that
started the run keeps it. Workers elsewhere read and write through that process; each read is one message. Workers of a
cluster that is that machine alone open the file themselves, as those of a local run do.
"""

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.batch.locking import read_lock
from pipeline.batch.tasks import Fault, Result, Setup, Task
from pipeline.batch.worker import describe_fault, handle, share_processors
from pipeline.engines.routes import Router
from pipeline.errors import ClusterError, MemoryUnusable, PipelineError
from pipeline.glossary import Glossary
from pipeline.localise import Tools
from pipeline.memory import Memory, Written
from pipeline.program import collect_less_often, program_digest


@dataclass(frozen=True, slots=True)
class Order:
    """What the machine that starts a run has, and every other must have too."""

    lock: bytes  # what the lock of the output folder says: who does not see it does not see the folder
    program: str  # digest of the program
    engines: tuple[str, ...]  # hops and versions


def list_engines(router: Router) -> tuple[str, ...]:
    """Return the engines of this machine, by pair and version; none is loaded."""
    return tuple(f"{row.source_lang}-{row.target_lang}:{row.name} {row.version}" for row in router.available())


class Station:
    """A worker on some machine. Ray makes one a process, and calls its methods one after the other."""

    def __init__(self) -> None:
        self._host = socket.gethostname()
        self._setup: Setup | None = None
        self._tools: Tools | None = None
        self._order: Order | None = None
        self._fault: Fault | None = None

    def open(self, setup: Setup, order: Order, keeper: Any) -> None:
        """Make ready. What is wrong here becomes the result of every task: it is the same for each.

        Without a `keeper` the memory's file is opened here: the machine is the one that has it.
        """
        self._setup, self._order = setup, order
        collect_less_often()
        share_processors(replace(setup, threads=1))  # Ray gives a worker one processor
        memory = RemoteMemory(setup.memory, _ask(keeper)) if keeper and setup.memory else setup.memory
        try:
            self._check(setup, order)
            glossary = Glossary(setup.glossary, setup.scope)
            self._tools = Tools.open(glossary, setup.options, memory=memory, frugal=setup.frugal)
            self._compare(list_engines(self._tools.router), order.engines)
        except Exception as exc:  # an actor that fails to start would tell less, and be started again
            fault = describe_fault(exc)
            self._fault = Fault(fault.error, fault.internal, fault.trace, concerns_all=True)

    def _check(self, setup: Setup, order: Order) -> None:
        if not setup.address and read_lock(setup.output) != order.lock:
            raise ClusterError(
                f"machine {self._host} does not see {setup.output}; put articles and output on storage that all"
                " machines share under the same path"
            )
        if program_digest() != order.program:
            raise ClusterError(
                f"machine {self._host} has another state of translate-article; install the same one on every machine"
            )

    def _compare(self, here: Sequence[str], wanted: Sequence[str]) -> None:
        lacking, more = sorted(set(wanted) - set(here)), sorted(set(here) - set(wanted))
        if lacking or more:
            parts = [f"lacks {', '.join(lacking)}"] if lacking else []
            parts += [f"has {', '.join(more)}"] if more else []
            raise ClusterError(
                f"machine {self._host} {' and '.join(parts)}, unlike the one that started the run; install the same"
                " engines on every machine, or choose those that all have with --engine"
            )

    def localise(self, task: Task) -> Result:
        """Localise and write an article and those beside it."""
        if self._fault:
            return Result(task, fault=self._fault, beside=tuple(Result(one, fault=self._fault) for one in task.beside))
        assert self._setup and self._tools and self._order
        lock, setup = self._order.lock, self._setup
        # Where outputs go to an address there is no lock to see; Ray ends a worker whose run is gone.
        return handle(task, setup, self._tools, lambda: bool(setup.address) or read_lock(setup.output) == lock)

    def close(self) -> None:
        """End the engines."""
        if self._tools:
            self._tools.close()

    def pid(self) -> int:
        """Return the process."""
        return os.getpid()


class Keeper:
    """The process that has the memory's file open, for workers that cannot. Errors are values: Ray wraps exceptions."""

    def __init__(self, path: Path) -> None:
        """Take the file; it is opened by the first question, whose answer can tell an error."""
        self._path = path
        self._memory: Memory | None = None

    def ask(self, query: str, values: Sequence[object]) -> object:
        """Return what a query finds, or the error."""
        return self._told(lambda memory: memory.rows(query, values))

    def write(self, new: Written) -> object:
        """Write; return None or the error."""
        return self._told(lambda memory: memory.write(new))

    def _told(self, act: Callable[[Memory], object]) -> object:
        try:
            self._memory = self._memory or Memory(self._path)
            return act(self._memory)
        except PipelineError as exc:
            return MemoryUnusable(str(exc))


class RemoteMemory(Memory):
    """A memory whose file another process has open."""

    def __init__(self, path: Path, ask: Callable[..., Any]) -> None:
        """Take the file's name, for messages, and the way to the keeper: a method's name and its arguments."""
        self.path = path
        self._ask = ask
        self._new = []

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Return what a query finds."""
        found: list[tuple[object, ...]] = self._ask("ask", query, values)
        return found

    def write(self, new: Written) -> None:
        """Write all of it, or nothing."""
        self._ask("write", new)

    def close(self) -> None:
        """Do nothing: the file is another's."""


def _ask(keeper: Any) -> Callable[..., Any]:
    import ray

    def ask(method: str, *args: object) -> object:
        try:
            answer = ray.get(getattr(keeper, method).remote(*args))
        except ray.exceptions.RayError as exc:
            raise MemoryUnusable(
                f"the process that keeps the translation memory does not answer ({type(exc).__name__}); run again, or"
                " go on without a memory, with --no-memory"
            ) from exc
        if isinstance(answer, MemoryUnusable):
            raise answer
        return answer

    return ask
