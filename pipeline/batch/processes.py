"""The workers of this machine: a process each."""

import os
import pickle
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import connection, get_context, resource_tracker
from queue import SimpleQueue

from pipeline.batch.running import Worker
from pipeline.batch.tasks import Result, Setup, Task
from pipeline.batch.worker import work

GRACE_S = 3.0  # what a worker that is told to end may still take; its engine first finishes the batch in hand
_END = pickle.dumps(None)  # tells a worker that there is no more work


class ProcessCrew:
    """Processes of this machine. See `running.Crew`."""

    def __init__(self, setup: Setup, size: int) -> None:
        """Take what each worker needs, and how many there may be."""
        self.size = size
        self._setup = pickle.dumps(setup)

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

    def __init__(self, setup: bytes) -> None:
        """Start the process. It gets the pickled `setup`, whose glossaries are megabytes, through the pipe and from
        a thread: a pipe holds little, and whoever fills it waits until the process has begun to read.
        """
        context = get_context("spawn")  # a forked process would share the state of libraries that do not expect it
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, os.getpid()), daemon=True)
        self._to_send: SimpleQueue[bytes] = SimpleQueue()
        self._to_send.put(setup)
        # Ctrl-C reaches the whole process group; the workers finish what they have, so they never see it. The
        # tracker that multiprocessing starts beside the first process would lift the block: it is started before.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self._sender = threading.Thread(target=_send, args=(self.pipe, self._to_send), daemon=True)
        self._sender.start()

    @property
    def pid(self) -> int | None:
        """The process."""
        return self._process.pid

    def send(self, task: Task) -> None:
        """Put the task into the pipe."""
        self._to_send.put(pickle.dumps(task))

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
        self._to_send.put(_END)
        self._process.join(10)

    def kill(self) -> str:
        """End the process, and say with what it ended. One that can, first takes back what it has half-written."""
        self._process.terminate()
        self._process.join(GRACE_S)
        self._process.kill()
        self._process.join()
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
