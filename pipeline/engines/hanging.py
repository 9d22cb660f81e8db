"""A call into a library of this process that never comes back: after a time the program is told, and may end itself.

Nothing else ends such a call: Ctrl-C is seen only when it comes back. What a program does then holds for the whole
process, as a handler of a signal does. A worker of `batch` needs none: its parent ends it (batch/running.py).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Timer

# Seconds that a call may take, as batch/running.py gives an article. The slowest way measured, one sentence a batch on
# a busy machine, wrote 31 words/s (docs/benchmarks.md, "The Argos engine"); these are 8 words/s, and ten minutes.
PATIENCE_S = 600.0
PATIENCE_S_PER_CHAR = 0.02

Handler = Callable[[str], None]
_handlers: list[Handler] = []
_last_sign: list[float] = [0.0]  # of life, by time.monotonic


def on_hang(handler: Handler | None) -> None:
    """Let `handler` be called, in a thread of its own, with one line on an engine whose call does not come back.

    None: nobody is told.
    """
    _handlers[:] = [handler] if handler else []


def show_life() -> None:
    """Let the limit of the call under way begin anew: an engine that ends its own waits says so after each.

    A server that lets texts through one by one may take longer for all of them than any call in this process should.
    """
    _last_sign[0] = time.monotonic()


@contextmanager
def limit_call(name: str, texts: Sequence[str] = ()) -> Iterator[None]:
    """Give a call of an engine, with so many texts, a limit of time; none where nobody set a handler.

    A library that holds the interpreter's lock all the while is not found out.
    """
    if not _handlers:
        yield
        return
    seconds = PATIENCE_S + PATIENCE_S_PER_CHAR * sum(map(len, texts))
    line = f"engine {name}: no answer in {seconds:.0f} s; try --engine for another, or smaller pieces"
    limit = _Limit(seconds, _handlers[0], line)
    limit.start()
    try:
        yield
    finally:
        limit.end()


class _Limit:
    """One call under way."""

    def __init__(self, seconds: float, handler: Handler, line: str) -> None:
        self._seconds = seconds
        self._handler, self._line = handler, line
        self._began = time.monotonic()
        self._timer: Timer | None = None
        self._is_over = False

    def start(self) -> None:
        """Look again when the time is up."""
        deadline = max(self._began, _last_sign[0]) + self._seconds
        self._timer = Timer(max(0.0, deadline - time.monotonic()), self._look, (deadline,))
        self._timer.daemon = True
        self._timer.start()

    def _look(self, deadline: float) -> None:
        if self._is_over:
            return
        if max(self._began, _last_sign[0]) + self._seconds > deadline:
            self.start()
        else:
            self._handler(self._line)

    def end(self) -> None:
        """Forget it."""
        self._is_over = True
        if self._timer:
            self._timer.cancel()
