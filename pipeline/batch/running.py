"""Feed the articles to worker processes, one at a time to each, and hand out results as they come.

A process of its own costs an article nothing when an engine's library crashes or hangs in it: the worker is
replaced, and the article is tried once more before it fails. No worker knows of another, and none remembers more than
the engines do, so the order of finishing cannot change a byte.
"""

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import connection, get_context, resource_tracker

from pipeline.batch.tasks import Fault, Result, Setup, Task
from pipeline.batch.worker import work
from pipeline.errors import EngineFailed

TRIES = 2  # how often an article may cost a worker its life
# Seconds that an article may take before its worker is held to hang: far more than any took (0.05 s a sentence).
PATIENCE_S = 600.0
PATIENCE_S_PER_BYTE = 0.02
_POLL_S = 0.2  # how soon a request to stop is seen


def run_tasks(tasks: Iterable[Task], setup: Setup, workers: int, should_stop: Callable[[], bool]) -> Iterator[Result]:
    """Localise all tasks and give each one's result, in the order of finishing.

    Once `should_stop` is true, no further task is begun; those in hand are finished and given.
    """
    waiting = deque((task, 1) for task in tasks)
    pool: list[_Worker] = []
    try:
        while waiting or any(worker.task for worker in pool):
            if should_stop():
                waiting.clear()
            _feed(pool, waiting, setup, workers)
            yield from _collect(pool, waiting)
        for worker in pool:
            worker.finish()
    finally:
        for worker in pool:
            worker.kill()


def _feed(pool: "list[_Worker]", waiting: "deque[tuple[Task, int]]", setup: Setup, workers: int) -> None:
    while waiting:
        idle = next((worker for worker in pool if not worker.task), None)
        if idle is None:
            if len(pool) == workers:
                return
            idle = _Worker(setup)
            pool.append(idle)
        idle.begin(*waiting.popleft())


def _collect(pool: "list[_Worker]", waiting: "deque[tuple[Task, int]]") -> Iterator[Result]:
    busy = {worker.pipe: worker for worker in pool if worker.task}
    ready = connection.wait(list(busy), timeout=_POLL_S) if busy else []
    for worker in [busy[pipe] for pipe in ready if isinstance(pipe, connection.Connection)]:
        task, tries = worker.task, worker.tries
        assert task is not None
        if result := worker.receive():
            yield result
            continue
        pool.remove(worker)
        code = worker.kill()
        if tries < TRIES:
            waiting.appendleft((task, tries + 1))
        else:
            yield Result(task, fault=Fault(EngineFailed(f"the worker died {TRIES} times {_told(code)}; {_HINT}")))
    for worker in [worker for worker in pool if worker.is_late]:
        task, seconds = worker.task, worker.patience_s
        assert task is not None
        pool.remove(worker)
        worker.kill()
        yield Result(task, fault=Fault(EngineFailed(f"gave no result in {seconds:.0f} s; {_HINT}")))


_HINT = "try it alone, with --engine for another engine or in smaller pieces"


def _told(code: int | None) -> str:
    return f"(signal {-code})" if code is not None and code < 0 else f"(exit code {code})"


class _Worker:
    """A worker process, seen from outside."""

    def __init__(self, setup: Setup) -> None:
        context = get_context("spawn")  # a forked process would share the state of libraries that do not expect it
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, setup, os.getpid()), daemon=True)
        self.task: Task | None = None
        self.tries = 0
        self.patience_s = 0.0
        self._deadline = 0.0
        # Ctrl-C reaches the whole process group; the workers finish what they have, so they never see it. The
        # tracker that multiprocessing starts beside the first process would lift the block: it is started before.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()

    def begin(self, task: Task, tries: int) -> None:
        """Hand over a task; a worker that is gone shows when its result is asked for."""
        self.task, self.tries = task, tries
        with suppress(OSError):
            size = task.path.stat().st_size
            self.patience_s = PATIENCE_S + PATIENCE_S_PER_BYTE * size
        self._deadline = time.monotonic() + self.patience_s
        with suppress(OSError):
            self.pipe.send(task)

    def receive(self) -> Result | None:
        """Take the result that is ready; None when the worker died instead."""
        try:
            result: Result = self.pipe.recv()
        except (EOFError, OSError):
            return None
        self.task = None
        return result

    @property
    def is_late(self) -> bool:
        """Whether the task in hand takes longer than any should."""
        return self.task is not None and time.monotonic() > self._deadline

    def finish(self) -> None:
        """Ask an idle worker to end, which closes its engines, and wait for it."""
        with suppress(OSError):
            self.pipe.send(None)
        self._process.join(10)

    def kill(self) -> int | None:
        """End the process now, and return its exit code."""
        self._process.kill()
        self._process.join()
        self.pipe.close()
        return self._process.exitcode
