"""A call that never comes back ends the program with one line; one that does is left alone."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.engines import hanging
from pipeline.engines.hanging import limit_call, on_hang, show_life

# The engine waits as a library does that has let go of the interpreter's lock.
PROGRAM = """
import sys, threading
from pipeline.cli import main
from pipeline.engines import hanging
from pipeline.engines.firefox import FirefoxEngine

def hang(self, *_):
    threading.Event().wait()

hanging.PATIENCE_S = 0.3
setattr(FirefoxEngine, sys.argv.pop(1), hang)
main()
"""


@pytest.mark.parametrize("where", ["translate_aligned", "load"])
@pytest.mark.parametrize("as_json", [False, True])
def test_a_program_whose_engine_hangs_ends_with_one_line(tmp_path: Path, where: str, as_json: bool) -> None:
    """Exit code 1, one line that names the engine, and no file, whole or begun."""
    (tmp_path / "a.en.txt").write_text("The bridge is new.\n", "utf-8")
    command = [sys.executable, "-c", PROGRAM, where, "a.en.txt", "--to", "pt", "-o", "out", "--engine", "firefox"]
    done = subprocess.run(
        [*command, *(["--json"] if as_json else [])], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: engine firefox: no answer in ")
    assert "try --engine" in line
    assert (json.loads(done.stdout)["error"]["code"] if as_json else done.stdout) == (
        "engine_failed" if as_json else ""
    )
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "a.en.txt"]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the lines on calls that hang."""
    lines: list[str] = []
    monkeypatch.setattr(hanging, "_handlers", [])
    on_hang(lines.append)
    return lines


def test_a_call_that_comes_back_leaves_nothing_behind(told: list[str]) -> None:
    """Its limit goes with it, also where it raises."""
    before = set(threading.enumerate())
    with limit_call("argos", ["text"]):
        (timer,) = set(threading.enumerate()) - before
    timer.join()
    with pytest.raises(ValueError, match="x"), limit_call("argos"):
        raise ValueError("x")
    assert told == []


def test_a_call_that_does_not_come_back_is_told(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is still under way."""
    monkeypatch.setattr(hanging, "PATIENCE_S", 0.0)
    came = threading.Event()
    on_hang(lambda line: (told.append(line), came.set()))
    with limit_call("argos"):
        assert came.wait(60)
    assert told == ["engine argos: no answer in 0 s; try --engine for another, or smaller pieces"]


def test_a_sign_of_life_begins_the_limit_anew(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As often as it comes; when none comes any more the call is told."""
    monkeypatch.setattr(hanging, "PATIENCE_S", 1000.0)
    clock = [0.0]
    monkeypatch.setattr(hanging.time, "monotonic", lambda: clock[0])
    timers: list[tuple[float, Callable[[], None]]] = []

    class Recorder:
        daemon = False

        def __init__(self, seconds: float, look: Callable[..., None], args: tuple[float]) -> None:
            timers.append((seconds, lambda: look(*args)))

        def start(self) -> None:
            """Wait for the test."""

        cancel = start

    monkeypatch.setattr(hanging, "Timer", Recorder)
    monkeypatch.setattr(hanging, "_last_sign", [0.0])
    with limit_call("libretranslate"):
        for _ in range(2):
            clock[0] += 900
            show_life()
            clock[0] += 100
            timers[-1][1]()
        assert [seconds for seconds, _ in timers] == [1000, 900, 900]
        clock[0] += 900
        assert told == []
        timers[-1][1]()
        assert len(told) == 1
    timers[-1][1]()
    assert len(told) == 1


def test_more_text_has_more_time(told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit grows with the characters."""
    limits: list[float] = []

    class Recorder(threading.Timer):
        def __init__(self, seconds: float, *more: object) -> None:
            limits.append(seconds)
            super().__init__(seconds, *more)

    monkeypatch.setattr(hanging, "Timer", Recorder)
    for texts in ([], ["The bridge is new."], ["The bridge is new."] * 1000):
        with limit_call("argos", texts):
            pass
    assert limits == sorted(set(limits))
    assert told == []


def test_without_a_handler_nothing_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker of batch has its parent."""
    monkeypatch.setattr(hanging, "_handlers", [])
    before = set(threading.enumerate())
    with limit_call("argos", ["text"]):
        assert set(threading.enumerate()) <= before
