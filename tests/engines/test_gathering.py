"""Articles side by side: one batch for all, the same answers as alone, and one bad text costs nobody else."""

from collections.abc import Callable, Sequence

import pytest

from pipeline.engines.base import Aligned
from pipeline.engines.gathering import WINDOW_ARTICLES, Call, ask, cut_windows, run_together


class Upper:
    """An engine that notes its batches, and gives no answer to a text while "bad" is beside it."""

    def __init__(self) -> None:
        self.gone = ""
        self.batches: list[list[str]] = []

    def answer_now(self, texts: Sequence[str], call: Call | None = None) -> list[Aligned]:
        """Write in capitals, or as `call` does."""
        self.batches.append(list(texts))
        spoilt = "bad" in texts
        said = call(texts) if call else [text.upper() for text in texts]
        return [Aligned(text, "" if spoilt else one, (), failed=spoilt) for text, one in zip(texts, said, strict=True)]


def asker(engine: Upper, *rounds: list[str]) -> Callable[[], list[str]]:
    """Return an article that asks in rounds, each with what the last one said in front."""

    def run() -> list[str]:
        said: list[str] = []
        for texts in rounds:
            said += [each.text for each in ask(engine, texts)]
        return said

    return run


def test_calls_side_by_side_ask_at_once() -> None:
    """Each round of all calls is one batch, a text in it once; the results are in the order of the calls."""
    engine = Upper()
    calls = [asker(engine, ["a", "b"]), asker(engine, ["b", "c"], ["d"]), asker(engine), asker(engine, ["e"], ["f"])]
    assert run_together(calls) == [["A", "B"], ["B", "C", "D"], [], ["E", "F"]]
    assert engine.batches == [["a", "b", "c", "e"], ["d", "f"]]


def test_engines_and_ways_are_kept_apart() -> None:
    """Two engines get a batch each, and so does another way of one of them."""
    one, other = Upper(), Upper()

    def reverse(texts: Sequence[str]) -> list[str]:
        return [text[::-1] for text in texts]

    calls = [asker(one, ["a"]), asker(other, ["a"]), lambda: [each.text for each in ask(one, ["xy"], reverse)]]
    assert run_together(calls) == [["A"], ["A"], ["yx"]]
    assert (one.batches, other.batches) == ([["a"], ["xy"]], [["a"]])


def test_a_bad_text_costs_its_own_article_alone() -> None:
    """Where the shared batch has failed answers, each article is asked for by itself, as it would be alone."""
    engine = Upper()
    calls = [asker(engine, ["a"]), asker(engine, ["bad", "b"]), asker(engine, ["c"])]
    assert run_together(calls) == [["A"], ["", ""], ["C"]]
    assert engine.batches == [["a", "bad", "b", "c"], ["a"], ["bad", "b"], ["c"]]


def test_what_a_call_raises_comes_out() -> None:
    """Ctrl-C in one article ends the run; afterwards an engine is asked as ever."""
    engine = Upper()

    def interrupted() -> list[str]:
        ask(engine, ["x"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_together([asker(engine, ["a"], ["b"]), interrupted])
    assert [each.text for each in ask(engine, ["z"])] == ["Z"]
    assert engine.batches == [["a", "x"], ["z"]]


def test_without_greenlet_the_calls_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same results, in smaller batches."""
    engine = Upper()
    monkeypatch.setitem(__import__("sys").modules, "greenlet", None)
    assert run_together([asker(engine, ["a"]), asker(engine, ["b"])]) == [["A"], ["B"]]
    assert engine.batches == [["a"], ["b"]]


def test_windows_hold_all_articles_in_order() -> None:
    """Small articles by their number, large ones by their size, one that is too large alone."""
    sizes = [10] * (WINDOW_ARTICLES + 2) + [10**6, 5]
    windows = list(cut_windows(sizes, int))
    assert [len(window) for window in windows] == [WINDOW_ARTICLES, 2, 1, 1]
    assert [size for window in windows for size in window] == sizes


def test_a_single_call_needs_no_window() -> None:
    """One article is asked for directly."""
    engine = Upper()
    assert run_together([asker(engine, ["a"])]) == [["A"]]
