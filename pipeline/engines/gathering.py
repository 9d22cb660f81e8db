"""Articles side by side: what several of them ask of one engine goes to it in one batch.

An engine is quick in full batches only, and a news article has five sentences. So each call of `run_together` goes on
until it asks an engine something, and waits there; when all of them wait, each engine is asked once for all of them.
The calls take turns on one thread (greenlets), so that engines, files and memories need know nothing of it.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

from pipeline.engines.base import Aligned

R = TypeVar("R")
T = TypeVar("T")
Call = Callable[[Sequence[str]], list[str]]
Question = tuple["Answering", Call | None, Sequence[str]]

# A window of articles: beyond some 200 sentences batches hardly get fuller (docs/benchmarks.md, "Whole runs").
WINDOW_BYTES = 48_000
WINDOW_ARTICLES = 48


class Answering(Hashable, Protocol):
    """A watched engine."""

    @property
    def gone(self) -> str:
        """Why it was given up."""

    def answer_now(self, texts: Sequence[str], call: Call | None = None) -> list[Aligned]:
        """Answer without waiting for others."""


_ask: ContextVar[Callable[[Question], list[Aligned]] | None] = ContextVar("ask", default=None)


def ask(engine: Answering, texts: Sequence[str], call: Call | None = None) -> list[Aligned]:
    """Ask an engine, together with the calls beside this one where there are any."""
    together = _ask.get()
    return together((engine, call, texts)) if together else engine.answer_now(texts, call)


def run_together(calls: Iterable[Callable[[], R]]) -> list[R]:
    """Run calls side by side and return what each gives. What one raises ends all: it is for the calls to catch.

    Without greenlet they run one after the other, with the same results.
    """
    every = list(calls)
    try:
        from greenlet import getcurrent, greenlet
    except ImportError:
        return [call() for call in every]
    if len(every) < 2:
        return [call() for call in every]
    main = getcurrent()

    def run(call: Callable[[], R]) -> R:
        _ask.set(main.switch)
        return call()

    results: dict[int, R] = {}
    sides = [greenlet(run, main) for _ in every]
    waiting = {at: _go_on(sides, at, call, results) for at, call in enumerate(every)}
    while waiting := {at: question for at, question in waiting.items() if question}:
        answers = dict(_answer_all(waiting))
        waiting = {at: _go_on(sides, at, answers[at], results) for at in waiting}
    return [results[at] for at in range(len(every))]


def cut_windows(
    items: Iterable[T], size: Callable[[T], int], most: Callable[[int], int] = lambda _: WINDOW_BYTES
) -> Iterator[list[T]]:
    """Cut articles, in their order, into runs to be done together, by their sizes in bytes.

    `most` says how many bytes may be in the next one, after those that are in the ones before it.

    >>> list(cut_windows([30_000, 20_000, 90_000, 1, 1], int))
    [[30000], [20000], [90000], [1, 1]]
    """
    window: list[T] = []
    total = done = 0
    for item in items:
        here = size(item)
        if window and (total + here > most(done) or len(window) == WINDOW_ARTICLES):
            yield window
            done += total
            window, total = [], 0
        window.append(item)
        total += here
    if window:
        yield window


def _go_on(sides: Sequence[Any], at: int, given: object, results: dict[int, Any]) -> Question | None:
    """Let a call go on with what it waited for, to its next question; None when it is done."""
    said = sides[at].switch(given)
    if not sides[at].dead:
        question: Question = said
        return question
    results[at] = said
    return None


def _answer_all(waiting: dict[int, Question]) -> Iterator[tuple[int, list[Aligned]]]:
    """Ask every engine once for all that is waited for, in the order of the calls."""
    groups: dict[tuple[Answering, Call | None], list[int]] = {}
    for at, (engine, call, _) in waiting.items():
        groups.setdefault((engine, call), []).append(at)
    for (engine, call), places in groups.items():
        asked = list(dict.fromkeys(text for at in places for text in waiting[at][2]))
        said = dict(zip(asked, engine.answer_now(asked, call), strict=True))
        for at in places:
            texts = waiting[at][2]
            answers = [said[text] for text in texts]
            if any(each.failed for each in answers) and len(places) > 1 and not engine.gone:
                # How far a search for a bad text goes depends on what else is in the batch: alone it is as ever.
                answers = engine.answer_now(texts, call)
            yield at, answers
