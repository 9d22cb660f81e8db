"""The workers of this machine: a process each."""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import connection, get_context, resource_tracker

from pipeline.batch.running import Worker
from pipeline.batch.tasks import Result, Setup, Task
from pipeline.batch.worker import work

GRACE_S = 3.0  # what a worker that is told to end may still take; its engine first finishes the batch in hand


class ProcessCrew:
    """Processes of this machine. See `running.Crew`."""

    def __init__(self, setup: Setup, size: int) -> None:
        """Take what each worker needs, and how many there may be."""
        self.size = size
        self._setup = setup

    def hire(self) -> Worker:
        """Start a process."""
        return ProcessWorker(self._setup)

    def wait(self, pool: Sequence[Worker], seconds: float) -> list[Worker]:
        """Return the workers whose pipe has a result, or is closed."""
        busy = {worker.pipe: worker for worker in pool if isinstance(worker, ProcessWorker) and worker.task}
        ready = connection.wait(list(busy), timeout=seconds) if busy else []
        return [busy[pipe] for pipe in ready if isinstance(pipe, connection.Connection)]


class ProcessWorker(Worker):
    """A worker process."""

    def __init__(self, setup: Setup) -> None:
        context = get_context("spawn")  # a forked process would share the state of libraries that do not expect it
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, setup, os.getpid()), daemon=True)
        # Ctrl-C reaches the whole process group; the workers finish what they have, so they never see it. The
        # tracker that multiprocessing starts beside the first process would lift the block: it is started before.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()

    @property
    def pid(self) -> int | None:
        """The process."""
        return self._process.pid

    def send(self, task: Task) -> None:
        """Put the task into the pipe."""
        with suppress(OSError):
            self.pipe.send(task)

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
        with suppress(OSError):
            self.pipe.send(None)
        self._process.join(10)

    def kill(self) -> str:
        """End the process, and say with what it ended. One that can, first takes back what it has half-written."""
        self._process.terminate()
        self._process.join(GRACE_S)
        self._process.kill()
        self._process.join()
        self.pipe.close()
        code = self._process.exitcode
        return f" (signal {-code})" if code is not None and code < 0 else f" (exit code {code})"
