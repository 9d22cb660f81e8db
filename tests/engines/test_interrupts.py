"""Signals wait while a library loads, and are not lost."""

import signal
from collections.abc import Iterator
from threading import Thread
from types import FrameType

import pytest

from pipeline.engines.interrupts import hold_signals


class Ended(BaseException):
    """What the handler of these tests raises."""


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    """Set a handler as the program does, and put the old one back."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise Ended(number)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, old in before.items():
        signal.signal(number, old)


def swallow() -> list[str]:
    """Load as a library does whose own code swallows what is raised in it."""
    done = []
    try:
        signal.raise_signal(signal.SIGTERM)
        done.append("loaded")
    except Ended:
        done.append("swallowed")
    return done


def test_a_signal_waits_for_the_end() -> None:
    """The block runs to its end, then the handler is called, and stays in place."""
    done: list[str] = []
    with pytest.raises(Ended) as caught, hold_signals():
        done += swallow()
    assert (done, caught.value.args) == (["loaded"], (signal.SIGTERM,))
    assert swallow() == ["swallowed"]


def test_nothing_happens_without_a_signal() -> None:
    """The handlers are as before, also after an error inside."""
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="inside"), hold_signals():
        raise ValueError("inside")
    assert signal.getsignal(signal.SIGINT) is before


def test_what_is_ignored_stays_ignored() -> None:
    """As under nohup."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with hold_signals():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_other_threads_are_left_alone() -> None:
    """Handlers may be set in the main thread alone."""
    done: list[str] = []

    def load() -> None:
        with hold_signals():
            done.append("loaded")

    thread = Thread(target=load)
    thread.start()
    thread.join()
    assert done == ["loaded"]
