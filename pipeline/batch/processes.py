"""The workers of this machine: a process each.

On Linux they are forks of this process, where that is safe: as long as it has one thread, and no engine nor memory is
open in it. A fork has all modules loaded, which takes a fresh process half a second of processor time.
"""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import connection, get_context, resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import SimpleQueue
from weakref import WeakSet

from pipeline.batch.running import Worker
from pipeline.batch.tasks import Result, Setup, Task
from pipeline.batch.worker import work, work_in_fork

GRACE_S = 3.0  # what a worker that is told to end may still take; its engine first finishes the batch in hand
_END = pickle.dumps(None)  # tells a worker that there is no more work


_open_pipes: "WeakSet[connection.Connection]" = WeakSet()  # our ends of the pipes to all workers


def may_fork() -> bool:
    """Whether a fork of this process can be a worker.

    A lock that another thread holds at that moment would stay held in the fork for ever. On macOS the system's own
    libraries do not bear it.
    """
    if sys.platform != "linux":
        return False
    try:
        return len(list(Path("/proc/self/task").iterdir())) == 1  # threads of libraries too
    except OSError:
        return False


class ProcessCrew:
    """Processes of this machine. See `running.Crew`. Close it to end those that nobody hired."""

    def __init__(self, setup: Setup, size: int) -> None:
        """Take what each worker needs, and how many there may be. All forks are made here, before there are threads:
        so no memory (SQLite does not bear it) and no engine may be open in this process by now.
        """
        self.size = size
        self._setup = setup
        self._forks = [ProcessWorker(setup, forked=True) for _ in range(size)] if may_fork() else []

    def hire(self) -> Worker:
        """Give a process."""
        return self._forks.pop() if self._forks else ProcessWorker(self._setup)

    def wait(self, pool: Sequence[Worker], seconds: float) -> list[Worker]:
        """Return the workers whose pipe has a result, or is closed."""
        busy = {worker.pipe: worker for worker in pool if isinstance(worker, ProcessWorker) and worker.task}
        ready = connection.wait(list(busy), timeout=seconds) if busy else []
        return [busy[pipe] for pipe in ready if isinstance(pipe, connection.Connection)]

    def close(self) -> None:
        """End the processes that were not hired."""
        while self._forks:
            self._forks.pop().kill()


class ProcessWorker(Worker):
    """A worker process."""

    def __init__(self, setup: Setup, *, forked: bool = False) -> None:
        """Start the process. A fork has its `setup`; others get it, with glossaries of megabytes, through the pipe and
        from a thread: a pipe holds little, and whoever fills it waits until the process has begun to read.
        """
        self.forked = forked
        context = get_context("fork" if forked else "spawn")
        self.pipe, theirs = context.Pipe()
        _open_pipes.add(self.pipe)
        self._to_send: SimpleQueue[bytes] = SimpleQueue()
        self._sender: threading.Thread | None = None
        target, args = (_run_fork, (theirs, os.getpid(), setup)) if forked else (work, (theirs, os.getpid()))
        # Ctrl-C reaches the whole process group; the workers finish what they have, so they never see it. SIGTERM waits
        # until the worker has its handler. The tracker that multiprocessing starts beside the first process would lift
        # the block: it is started before.
        if not forked:
            resource_tracker.ensure_running()
        self._process: BaseProcess = context.Process(target=target, args=args, daemon=True)  # type: ignore[attr-defined]
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        if not forked:
            self._put(pickle.dumps(setup))

    @property
    def pid(self) -> int | None:
        """The process."""
        return self._process.pid

    def send(self, task: Task) -> None:
        """Put the task into the pipe."""
        self._put(pickle.dumps(task))

    def _put(self, data: bytes) -> None:
        """Have data sent. The thread for it begins with the first: none may run while others are forked."""
        self._to_send.put(data)
        if self._sender is None:
            self._sender = threading.Thread(target=_send, args=(self.pipe, self._to_send), daemon=True)
            self._sender.start()

    def receive(self) -> Result | None:
        """Take the result out of the pipe."""
        try:
            result: Result = self.pipe.recv()
        except (EOFError, OSError):
            return None
        self.task = None
        return result

    def finish(self) -> None:
        """Send the end of the work."""
        self._put(_END)
        self._process.join(10)

    def kill(self) -> str:
        """End the process, and say with what it ended. One that can, first takes back what it has half-written."""
        self._process.terminate()
        self._process.join(GRACE_S)
        self._process.kill()
        self._process.join()
        if self._sender:
            self._to_send.put(_END)
            self._sender.join()  # nothing reads any more, so it ends at once
        self.pipe.close()
        code = self._process.exitcode
        return f" (signal {-code})" if code is not None and code < 0 else f" (exit code {code})"


def _send(pipe: connection.Connection, waiting: "SimpleQueue[bytes]") -> None:
    """Send what waits, in its order, up to the end of the work; a process that is gone shows when it is asked."""
    with suppress(OSError):
        data = b""
        while data != _END:
            data = waiting.get()
            pipe.send_bytes(data)


def _run_fork(pipe: connection.Connection, parent: int, setup: Setup) -> None:
    """Work as a fork. It lets go of our ends of all pipes: else no worker would see that we are gone."""
    for each in list(_open_pipes):
        each.close()
    work_in_fork(pipe, parent, setup)
