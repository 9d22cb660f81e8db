"""Hold a signal back while a library loads: its own C++ may swallow what a handler in Python raises."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

HELD = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def hold_signals() -> Iterator[None]:
    """Let SIGINT and SIGTERM wait until the block ends; then the first that came is raised again.

    Only handlers in Python are held back: what is ignored, or ends the process at once, stays so. In a thread other
    than the main one nothing is done: there no handler runs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.getsignal(number) for number in HELD}
    held = [number for number in HELD if callable(before[number])]
    for number in held:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number in held:
            signal.signal(number, before[number])
        if came:
            signal.raise_signal(came[0])
