"""fxtranslate in a process of its own: one that dies or hangs is ended, and costs at most the text that it hung on."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.engines import reference
from pipeline.engines.modelfiles import bundled_models
from pipeline.engines.reference import FxtranslateEngine
from pipeline.engines.watching import Watched
from pipeline.errors import EngineFailed

TEXTS = ["The harbour opened on Monday.", "The council voted for the budget."]

# In place of the library, in the child process: it never comes back from a text with "endless", unless that is short.
HANGING = """
from pathlib import Path

class Translator:
    def __init__(self, *parts):
        pass

    def translate(self, text):
        with Path({log!r}).open("a") as log:
            log.write(text + chr(10))
        while "endless" in text and len(text) > {most}:
            pass
        return text.upper()
"""


@pytest.fixture
def engine() -> Iterator[FxtranslateEngine]:
    """Give the engine, and end it afterwards."""
    made = FxtranslateEngine("en", "pt", folder=bundled_models()["en", "pt"])
    yield made
    made.close()


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let child processes find another library, and wait three seconds; the file tells what they were asked."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(reference, "PATIENCE_S", 3.0)
    return tmp_path / "log"


def put_library(log: Path, most: int) -> None:
    """Put a library that hangs on "endless" in texts of more than `most` characters where children look for it."""
    (log.parent / "fxtranslate.py").write_text(HANGING.format(log=str(log), most=most), "utf-8")


def pid_of(engine: FxtranslateEngine) -> int:
    """Return the number of the engine's process."""
    assert isinstance(engine._translator, reference._Process)
    return engine._translator._process.pid


def test_a_process_writes_what_the_library_writes(engine: FxtranslateEngine) -> None:
    """Its own process changes no text."""
    here = FxtranslateEngine("en", "pt", folder=bundled_models()["en", "pt"], is_apart=False)
    assert engine.translate([*TEXTS, ""]) == here.translate([*TEXTS, ""])
    assert pid_of(engine) != os.getpid()


@pytest.mark.parametrize("sent", [signal.SIGSTOP, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_process_that_hangs_or_dies_is_started_anew(
    engine: FxtranslateEngine, sent: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text is the same where it is asked for again as it was."""
    expected = engine.translate(TEXTS)
    first = pid_of(engine)
    os.kill(first, sent)
    monkeypatch.setattr(reference, "PATIENCE_S", 3.0)
    assert engine.translate(TEXTS) == expected
    assert pid_of(engine) != first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_what_hangs_is_asked_for_in_halves(engine: FxtranslateEngine, log: Path) -> None:
    """Another way comes out where the whole did not."""
    put_library(log, 40)
    long = "A short beginning of it, then an endless tail comes."
    assert engine.translate([long, "Then more."]) == [long.upper(), "THEN MORE."]
    assert log.read_text("utf-8").splitlines() == [
        long, long, "A short beginning of it,", "then an endless tail comes.", "Then more.",
    ]  # fmt: skip


def test_a_text_that_always_hangs_is_the_only_one_lost(engine: FxtranslateEngine, log: Path) -> None:
    """It fails with its reason, the others come; it is waited for in one call only, twice whole and once cut."""
    put_library(log, 0)
    texts = ["One.", "Two.", "It is endless.", "Three.", "Four."]
    watched = Watched(engine)
    answers = watched.answer(texts)
    assert [each.text for each in answers] == ["ONE.", "TWO.", "", "THREE.", "FOUR."]
    assert [each.text for each in answers if each.failed] == [""]
    assert "no answer" in answers[2].doubt
    assert not watched.gone
    assert sum("endless" in line for line in log.read_text("utf-8").splitlines()) == 3


def test_a_process_that_never_starts_is_one_error(
    engine: FxtranslateEngine, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hang while the model is read ends as well."""
    monkeypatch.setattr(reference, "PATIENCE_START_S", 2.0)
    (log.parent / "fxtranslate.py").write_text("while True: pass", "utf-8")
    with pytest.raises(EngineFailed, match="no answer in"):
        engine.load()
