"""Feed the articles to workers, a task at a time to each, and hand out results as they come.

Where workers are is a matter of the crew: processes of this machine (processes.py), or a Ray cluster (cluster.py). An
article costs nothing when an engine's library crashes or hangs in its worker: the worker is replaced, and the article
is tried once more before it fails; of articles that were together, each is tried again alone. No worker knows of
another, and none remembers more than the engines do, so the order of finishing cannot change a byte.
"""

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from pipeline.batch.bundling import size_of
from pipeline.batch.tasks import Fault, Result, Task
from pipeline.errors import ClusterError, EngineFailed

TRIES = 2  # how often an article may cost a worker its life
STARTS = 3  # how many workers in a row may die before they begin
# Seconds that an article may take before its worker is held to hang: far more than any took (0.05 s a sentence).
PATIENCE_S = 600.0
PATIENCE_S_PER_BYTE = 0.02
POLL_S = 0.2  # how soon a request to stop is seen


class Worker(ABC):
    """A worker, seen from outside."""

    task: Task | None = None
    tries: int = 0
    patience_s: float = 0.0
    is_ready: bool = True  # it may begin; one that waits for a place in a cluster may not yet
    _deadline: float = 0.0

    def begin(self, task: Task, tries: int) -> None:
        """Hand over a task; a worker that is gone shows when its result is asked for."""
        self.task, self.tries = task, tries
        self.patience_s = PATIENCE_S + PATIENCE_S_PER_BYTE * sum(map(size_of, (task, *task.beside)))
        self._deadline = time.monotonic() + self.patience_s
        self.send(task)

    @property
    def is_late(self) -> bool:
        """Whether the task in hand takes longer than any should."""
        return self.task is not None and time.monotonic() > self._deadline

    @abstractmethod
    def send(self, task: Task) -> None:
        """Give the task to the other side."""

    @abstractmethod
    def receive(self) -> Result | None:
        """Take the result that is ready; None when the worker died instead."""

    @abstractmethod
    def finish(self) -> None:
        """Ask an idle worker to end, which closes its engines, and wait for it."""

    @abstractmethod
    def kill(self) -> str:
        """End the worker now, and say how it ended if it did so by itself."""


class Crew(Protocol):
    """Where workers come from. See `processes.ProcessCrew` and `cluster.RayCrew`."""

    size: int  # the most workers at a time

    def hire(self) -> Worker:
        """Start a worker."""

    def wait(self, pool: Sequence[Worker], seconds: float) -> list[Worker]:
        """Wait for news, and return the workers that have a result, or died; notes which became ready."""


def run_tasks(tasks: Iterable[Task], crew: Crew, should_stop: Callable[[], bool]) -> Iterator[Result]:
    """Localise all tasks, with those beside them, and give the result of each, in the order of finishing.

    Once `should_stop` is true, no further task is begun; those in hand are finished and given.
    """
    waiting = deque((task, 1) for task in tasks)
    pool: list[Worker] = []
    try:
        starts = _Starts()
        while waiting or any(worker.task for worker in pool):
            if should_stop():
                waiting.clear()
            _feed(pool, waiting, crew)
            yield from _collect(pool, waiting, crew, starts)
        for worker in pool:
            worker.finish()
    finally:
        for worker in pool:
            worker.kill()


def _feed(pool: list[Worker], waiting: "deque[tuple[Task, int]]", crew: Crew) -> None:
    while waiting:
        idle = next((worker for worker in pool if worker.is_ready and not worker.task), None)
        if idle:
            idle.begin(*waiting.popleft())
        elif len(pool) < min(crew.size, len(waiting) + sum(bool(worker.task) for worker in pool)):
            pool.append(crew.hire())
        else:
            return


class _Starts:
    """What became of the workers that were started: a crew of which none can begin ends the run."""

    def __init__(self) -> None:
        self._deaths = 0
        self._since = time.monotonic()

    def look(self, pool: Sequence[Worker], died: int) -> str:
        """Take how many died before they could begin, and return what is wrong; "" as long as nothing is."""
        self._deaths += died
        if any(worker.is_ready for worker in pool):
            self._deaths, self._since = 0, time.monotonic()
        if self._deaths >= STARTS:
            return f"{self._deaths} workers died at their start"
        if time.monotonic() - self._since > PATIENCE_S:
            return f"no worker could start in {PATIENCE_S:.0f} s"
        return ""


def _collect(pool: list[Worker], waiting: "deque[tuple[Task, int]]", crew: Crew, starts: _Starts) -> Iterator[Result]:
    died = 0
    for worker in crew.wait(pool, POLL_S):
        task, tries = worker.task, worker.tries
        if task and (result := worker.receive()):
            yield replace(result, task=replace(task, beside=()), beside=())
            yield from result.beside
            continue
        pool.remove(worker)
        how = worker.kill()
        if task is None:
            died += 1
        elif task.beside:
            waiting.extendleft((one, 1) for one in _each_alone(task))
        elif tries < TRIES:
            waiting.appendleft((task, tries + 1))
        else:
            yield Result(task, fault=Fault(EngineFailed(f"the worker died {TRIES} times{how}; {_HINT}")))
    yield from _end_late(pool, waiting)
    if waiting and (problem := starts.look(pool, died)):
        error = ClusterError(f"{problem}; `ray status` and the logs of Ray on those machines may tell why")
        yield Result(waiting.popleft()[0], fault=Fault(error, concerns_all=True))
        waiting.clear()


def _each_alone(task: Task) -> list[Task]:
    """Take articles that were together apart, the last one first."""
    return [*reversed(task.beside), replace(task, beside=())]


def _end_late(pool: list[Worker], waiting: "deque[tuple[Task, int]]") -> Iterator[Result]:
    for worker in [worker for worker in pool if worker.is_late]:
        task, seconds = worker.task, worker.patience_s
        assert task is not None
        pool.remove(worker)
        worker.kill()
        if task.beside:
            waiting.extendleft((one, 1) for one in _each_alone(task))
            continue
        yield Result(task, fault=Fault(EngineFailed(f"gave no result in {seconds:.0f} s; {_HINT}")))


_HINT = "try it alone, with --engine for another engine or in smaller pieces"
