"""An engine under watch: one that dies is started again, one bad text costs nobody else, and a dead one ends soon."""

import contextlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from pipeline.engines.base import Aligned, Aligner, Engine
from pipeline.engines.gathering import Call, ask
from pipeline.engines.hanging import limit_call
from pipeline.errors import EngineFailed, EngineMissing

TRIES = 2  # calls for a whole batch, the second on a fresh start
PROBES = 2  # texts that are sent alone then, to see whether it is the engine or a text that is at fault
MAX_STRIKES = TRIES + PROBES  # failed calls without a success between them; then the engine is given up
MAX_FAILURES = 40  # failed calls in the search of one batch for the texts that bring the engine down

_T = TypeVar("_T")


class Watched:
    """An engine whose failures end here. It keeps the contract of `engines.base.Engine`.

    `answer` never raises for what an engine does: a text without an answer has the reason as its doubt. Whatever an
    engine raises counts as a failure, and so does an answer of another length; a process that hangs has a time limit
    of its own (Apertium, LibreTranslate), and a call in this process that does not come back is told (hanging.py).
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name, self.marks = engine.name, engine.marks
        self.source_lang, self.target_lang = engine.source_lang, engine.target_lang
        self.gone = ""  # why it was given up
        self._strikes = 0
        self._writable: dict[str, bool] = {}

    @property
    def version(self) -> str:
        """Version of the engine."""
        return self.engine.version

    def load(self) -> None:
        """Make ready. Raises EngineMissing as the engine does, which is given up then."""
        try:
            with limit_call(self.name):
                self.engine.load()
        except EngineMissing as exc:
            self.gone = str(exc)
            raise

    def can_write(self, char: str) -> bool:
        """Ask the engine, once for each character: every character of a run is asked for, some several times."""
        if char not in self._writable:
            with limit_call(self.name):
                self._writable[char] = self.engine.can_write(char)
        return self._writable[char]

    def close(self) -> None:
        """Let go of the engine's processes and memory."""
        self.engine.close()

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate by the contract. Raises EngineFailed for the first text without an answer."""
        answers = self.answer(texts)
        failed = next((each.doubt for each in answers if each.failed), "")
        if failed:
            raise EngineFailed(failed)
        return [each.text for each in answers]

    def answer(self, texts: Sequence[str], call: Call | None = None) -> list[Aligned]:
        """Translate and align where the engine can; a text that cannot be translated has no text, and a doubt.

        call: another method of the engine that translates.
        """
        return ask(self, texts, call) if texts and not self.gone else self.answer_now(texts, call)

    def answer_now(self, texts: Sequence[str], call: Call | None = None) -> list[Aligned]:
        """Answer without waiting for what other articles ask (gathering.py)."""
        if self.gone or not texts:
            return [_fail(text, self.gone) for text in texts]
        for _ in range(TRIES):
            done, reason = self._try(texts, call)
            if done is not None:
                return done
            if self.gone:
                break
        return [_fail(text, reason) for text in texts] if len(texts) == 1 or self.gone else self._search(texts, call)

    def _search(self, texts: Sequence[str], call: Call | None) -> list[Aligned]:
        """Find the texts that bring the engine down, by halves; first whether it still does the shortest ones."""
        order = sorted(range(len(texts)), key=lambda at: (not texts[at].strip(), len(texts[at])))
        answers: dict[int, Aligned] = {}
        todo = [order[PROBES:], *([at] for at in order[:PROBES])]
        is_alive = False
        failures = 0
        while todo:
            part = todo.pop()
            done, reason = self._try([texts[at] for at in part], call) if part else ([], "")
            is_alive = is_alive or (done is not None and bool(part))
            if is_alive:
                self._strikes = 0  # from here on it is a text's fault, not the engine's
            failures += done is None
            if done is not None:
                answers.update(zip(part, done, strict=True))
            elif len(part) == 1 or self.gone or failures >= MAX_FAILURES:
                answers.update((at, _fail(texts[at], reason)) for at in part)
            else:
                todo += [part[len(part) // 2 :], part[: len(part) // 2]]
        return [answers[at] for at in range(len(texts))]

    def _try(self, texts: Sequence[str], call: Call | None) -> tuple[list[Aligned] | None, str]:
        """Call the engine once; None and the reason where it fails, and it is ended for a fresh start."""
        if self.gone:
            return None, self.gone
        try:
            with limit_call(self.name, texts):
                done = self._call(texts, call)
        except Exception as exc:  # an engine may be anyone's: nothing that it does stops the others
            reason = _describe(self.name, exc)
            self._strikes += 1
            with contextlib.suppress(Exception):
                self.engine.close()
            if self._strikes >= MAX_STRIKES:
                self.gone = reason
            return None, reason
        self._strikes = 0
        return done, ""

    def _call(self, texts: Sequence[str], call: Call | None) -> list[Aligned]:
        if call is None and isinstance(self.engine, Aligner):
            return self._check(self.engine.translate_aligned(texts), texts)
        answers = self._check((call or self.engine.translate)(texts), texts)
        return [Aligned(text, answer, ()) for text, answer in zip(texts, answers, strict=True)]

    def _check(self, answers: list[_T], texts: Sequence[str]) -> list[_T]:
        if len(answers) != len(texts) or any(answer is None for answer in answers):
            raise EngineFailed(f"engine {self.name}: {len(answers)} answers to {len(texts)} texts")
        return answers


class WatchedAligner(Watched):
    """A watched engine that is an `engines.base.Aligner` as well."""

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Translate and align, as `answer` does."""
        return self.answer(texts)

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Align given translations; without links where the engine fails at it."""
        assert isinstance(self.engine, Aligner)
        align: Callable[[Sequence[tuple[str, str]]], list[Aligned]] = self.engine.align
        try:
            with limit_call(self.name, [source + target for source, target in pairs]):
                return align(pairs)
        except Exception:  # links are a help, not a need
            return [Aligned(source, target, ()) for source, target in pairs]


def watch(engine: Engine) -> Watched:
    """Put an engine under watch; one that is watched already stays as it is."""
    if isinstance(engine, Watched):
        return engine
    return WatchedAligner(engine) if isinstance(engine, Aligner) else Watched(engine)


def _describe(name: str, exc: Exception) -> str:
    if isinstance(exc, EngineFailed):
        return str(exc)
    return f"engine {name}: {type(exc).__name__}: {(str(exc).splitlines() or [''])[0][:200]}"


def _fail(text: str, reason: str) -> Aligned:
    return Aligned(text, "", (), reason, failed=True)
