"""A call into a library of this process that never comes back: after a time the program is told, and may end itself.

Nothing else ends such a call: Ctrl-C is seen only when it comes back. What a program does then holds for the whole
process, as a handler of a signal does. A worker of `batch` needs none: its parent ends it (batch/running.py).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Timer

# Seconds that a call may take, as batch/running.py gives an article. The slowest way measured, one sentence a batch on
# a busy machine, wrote 31 words/s (docs/benchmarks.md, "The Argos engine"); these are 8 words/s, and ten minutes.
PATIENCE_S = 600.0
PATIENCE_S_PER_CHAR = 0.02

Handler = Callable[[str], None]
_handlers: list[Handler] = []


def on_hang(handler: Handler) -> None:
    """Let `handler` be called, in a thread of its own, with one line on an engine whose call does not come back."""
    _handlers[:] = [handler]


@contextmanager
def limit_call(name: str, texts: Sequence[str] = ()) -> Iterator[None]:
    """Give a call of an engine, with so many texts, a limit of time; none where nobody set a handler.

    A library that holds the interpreter's lock all the while (fxtranslate) is not found out.
    """
    if not _handlers:
        yield
        return
    seconds = PATIENCE_S + PATIENCE_S_PER_CHAR * sum(map(len, texts))
    line = f"engine {name}: no answer in {seconds:.0f} s; try --engine for another, or smaller pieces"
    timer = Timer(seconds, _handlers[0], (line,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
