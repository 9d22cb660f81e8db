"""Engines that fail, hang, lie or loop: the rest of a batch comes out whole, and what is lost is told."""

import os
import shutil
import signal
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enforcing import open_item, take_hop
from pipeline.engines.apertium import MODES_FOLDER, ApertiumEngine, installed_modes
from pipeline.engines.base import Engine, Marks
from pipeline.engines.watching import MAX_STRIKES, TRIES, watch
from pipeline.errors import EngineFailed, EngineMissing
from pipeline.protecting import read_marks

TEXTS = [f"Sentence {number} tells of the bridge." for number in range(23)]


class Stub:
    """Writes "pt: " before each text, after `trouble` had its way with the texts."""

    name, version, source_lang, target_lang = "stub", "1", "en", "pt"
    marks: Marks = "token"

    def __init__(self, trouble: Callable[["Stub", Sequence[str]], None] = lambda stub, texts: None) -> None:
        self.trouble = trouble
        self.calls: list[int] = []  # texts in each call
        self.closed = 0

    def load(self) -> None:
        """Nothing to load."""

    def can_write(self, char: str) -> bool:
        """Write all."""
        return bool(char)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate, or what the trouble is."""
        self.calls.append(len(texts))
        self.trouble(self, texts)
        return [f"pt: {text}" for text in texts]

    def close(self) -> None:
        """Count."""
        self.closed += 1


def poisoned(*bad: str) -> Callable[[Stub, Sequence[str]], None]:
    """Make an engine that dies of these texts."""

    def trouble(_stub: Stub, texts: Sequence[str]) -> None:
        if set(bad) & set(texts):
            raise ZeroDivisionError("poison")

    return trouble


@given(st.sets(st.sampled_from(TEXTS[1:]), max_size=3) | st.just({TEXTS[0]}))
def test_bad_texts_cost_nobody_else(bad: set[str]) -> None:
    """All others get what they get without them; the bad ones say why they have nothing. TEXTS[0] is sent first."""
    answers = watch(Stub(poisoned(*bad))).answer(TEXTS)
    assert [each.source for each in answers] == TEXTS
    for text, each in zip(TEXTS, answers, strict=True):
        assert (each.text, each.failed) == (("", True) if text in bad else (f"pt: {text}", False))
        assert each.doubt == ("engine stub: ZeroDivisionError: poison" if text in bad else "")


def test_an_engine_that_dies_once_is_started_again() -> None:
    """The batch is repeated whole, on a fresh start."""

    def once(stub: Stub, texts: Sequence[str]) -> None:
        if not stub.closed:
            raise EngineFailed("engine stub: died")

    stub = Stub(once)
    assert [each.text for each in watch(stub).answer(TEXTS)] == [f"pt: {text}" for text in TEXTS]
    assert stub.calls == [len(TEXTS)] * 2


def test_a_dead_engine_is_given_up_soon() -> None:
    """After four failures in a row nobody waits for it any more."""

    def dead(stub: Stub, texts: Sequence[str]) -> None:
        raise EngineFailed("engine stub: no answer in 60 s")

    stub = Stub(dead)
    watched = watch(stub)
    for _ in range(5):
        answers = watched.answer(TEXTS)
        assert all(each.failed and each.doubt == "engine stub: no answer in 60 s" for each in answers)
    assert len(stub.calls) == MAX_STRIKES
    with pytest.raises(EngineFailed, match="no answer in 60 s"):
        watched.translate(["One."])


def test_single_sentences_that_fail_do_not_add_up() -> None:
    """Two failed calls for one bad text are no reason to give an engine up that does all others."""
    watched = watch(Stub(poisoned("bad")))
    for _ in range(5):
        assert watched.answer(["bad"])[0].failed
        assert not watched.answer(["good"])[0].failed
    assert TRIES < MAX_STRIKES


@pytest.mark.parametrize("answer", [[], ["a", "b"], [None]])
def test_a_broken_contract_is_a_failure(answer: list[str]) -> None:
    """Too few, too many, or nothing."""

    class Lying(Stub):
        def translate(self, texts: Sequence[str]) -> list[str]:
            return answer

    assert watch(Lying()).answer(["One."])[0].doubt == f"engine stub: {len(answer)} answers to 1 texts"


def test_an_engine_that_cannot_be_loaded_is_given_up() -> None:
    """So the next best route is taken."""

    class Missing(Stub):
        def load(self) -> None:
            raise EngineMissing("engine stub: no model")

    watched = watch(Missing())
    with pytest.raises(EngineMissing):
        watched.load()
    assert watched.gone == "engine stub: no model"


class Sick(Stub):
    """Loops on more than `limit` words; has another way where `other` says so."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Answer, or loop."""
        return ["la " * 30 if len(text.split()) > self.limit else text.upper() for text in texts]


class SickWithOther(Sick):
    """Can do in another way what it cannot do in the usual one."""

    def translate_otherwise(self, texts: Sequence[str]) -> list[str]:
        """Do it."""
        return [f"otherwise {text}" for text in texts]


@pytest.mark.parametrize(
    ("engine", "text", "doubt"),
    [
        (Sick(4), "ONE TWO THREE, FOUR FIVE SIX", ""),
        (Sick(0), "", "repeats itself"),
        (SickWithOther(0), "otherwise one two three, four five six", ""),
    ],
    ids=["in pieces", "sick for good", "in another way"],
)
def test_a_sick_answer_is_asked_for_once_more(engine: Engine, text: str, doubt: str) -> None:
    """In the engine's other way if it has one, then in pieces; what stays sick says so."""
    (done,) = take_hop(engine, [open_item("one two three, four five six", [])], {})
    assert done.doubt == doubt
    assert not text or read_marks(done.marked)[0] == text


@pytest.mark.apertium
@pytest.mark.skipif(
    not shutil.which("apertium-wblank-mode") or ("pt", "es") not in installed_modes(MODES_FOLDER),
    reason="Apertium is not installed",
)
def test_a_killed_pipeline_writes_the_same_text() -> None:
    """`kill -9` of any of its processes in the middle of a batch: the same text as without."""
    texts = [f"O ministro {number} disse que a ponte nova custou {number} milhões." for number in range(400)]
    mode = MODES_FOLDER / "pt-es.mode"
    quiet = ApertiumEngine("pt", "es", mode)
    wanted = quiet.translate(texts)
    quiet.close()

    class Killed(ApertiumEngine):
        """Loses one of its processes when 50 sentences are on their way, once."""

        victim, killed = 0, 0

        def _write(self, requests: Sequence[bytes]) -> None:
            super()._write(requests[:50])
            if not self.killed:
                self.killed = self._processes[self.victim].pid
                os.kill(self.killed, signal.SIGKILL)
            super()._write(requests[50:])

    for victim in (0, 3, -1):
        engine = Killed("pt", "es", mode)
        engine.victim = victim
        assert watch(engine).translate(texts) == wanted
        assert engine.killed not in [process.pid for process in engine._processes]
        engine.close()
