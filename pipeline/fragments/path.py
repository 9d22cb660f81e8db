"""The likeliest way through the words of a text: its own language, with stretches of others (a Viterbi search)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.fragments.evidence import RARE, Evidence
from pipeline.fragments.lexicon import Floats
from pipeline.fragments.words import Gap


@dataclass(frozen=True, slots=True)
class Prices:
    """What it costs to enter and to leave a stretch at each kind of gap. Tuned as the weights of evidence.py are."""

    enter: tuple[float, ...] = (2.5, 3.4, 3.3, 4.8, 6.0, 25.0)  # by Gap
    leave: tuple[float, ...] = (0.0, 1.0, 0.5, 3.4, 4.2, 25.0)


PRICES = Prices()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words `first` to `last` (both in it) in one other language."""

    first: int
    last: int
    lang: str
    odds: float


def find_stretches(evidence: Evidence, prices: Prices = PRICES) -> list[Stretch]:
    """Find the stretches, in order and apart; each lies within one line."""
    words = evidence.measured.words
    gaps = list(words.gaps)
    for i in range(1, len(words)):
        # A change of script is a mark that everyone sees.
        if (
            gaps[i] is Gap.SPACE
            and words.scripts[i - 1] != words.scripts[i]
            and words.scripts[i - 1]
            and words.scripts[i]
        ):
            gaps[i] = Gap.BRACKET
    found: list[Stretch] = []
    for first, end in _lines_that_speak(evidence, min(prices.enter)):
        found.extend(_search(evidence, first, gaps[first : end + 1], prices))
    return found


def _lines_that_speak(evidence: Evidence, least: float) -> Iterator[tuple[int, int]]:
    """Give the lines in which all that speaks for some language is together more than `least`."""
    lines = list(lines_of(evidence.measured.words.gaps))
    if not lines or not evidence.languages:
        return
    gains = np.add.reduceat(np.maximum(evidence.weighed, 0), [first for first, _ in lines], axis=0)
    for line, gain in zip(lines, gains.max(axis=1).tolist(), strict=True):
        if gain > least:
            yield line


def lines_of(gaps: list[Gap]) -> Iterator[tuple[int, int]]:
    """Give the first word and the end of each line."""
    starts = [i for i, gap in enumerate(gaps) if gap is Gap.LINE]
    yield from pairwise(starts)


def parts_of(gaps: list[Gap]) -> Iterator[tuple[int, int]]:
    """Give the first word and the end of each sentence, or part of one that marks set off."""
    yield from pairwise(i for i, gap in enumerate(gaps) if gap <= Gap.BRACKET or i == len(gaps) - 1)


def _search(evidence: Evidence, first: int, gaps: list[Gap], prices: Prices) -> Iterator[Stretch]:
    odds = evidence.weighed[first : first + len(gaps) - 1]
    able = _able(odds, min(prices.enter))
    if not len(able):
        return
    odds = odds[:, able]
    states = _walk(odds, gaps, np.array([max(0.0, -RARE.get(evidence.languages[i], 0.0)) / 2 for i in able]), prices)
    at = 0
    while at < len(states):
        state, start = states[at], at
        while at < len(states) and states[at] == state:
            at += 1
        if state >= 0:
            total = float(odds[start:at, state].sum())
            yield Stretch(first + start, first + at - 1, evidence.languages[able[state]], total)


def _able(odds: Floats, least: float) -> NDArray[np.intp]:
    """Return the languages that some run of words speaks for strongly enough to pay the cheapest entry."""
    best = np.zeros(odds.shape[1], dtype=np.float32)
    sums = np.cumsum(odds, axis=0)
    lows = np.minimum.accumulate(np.vstack([best, sums[:-1]]), axis=0)
    best = (sums - lows).max(axis=0)
    return np.flatnonzero(best > least)


def _walk(odds: Floats, gaps: list[Gap], rare: NDArray[np.float64], prices: Prices) -> list[int]:
    """Return the state of each word: -1 for the article's language, else the column."""
    many = len(odds)
    value = np.full(odds.shape[1], -np.inf)
    own = 0.0
    entered = np.zeros(odds.shape, dtype=bool)
    came_from: list[int] = []
    for t in range(many):
        best = int(value.argmax())
        left = float(value[best]) - prices.leave[gaps[t]]
        came_from.append(best if left > own else -1)
        own = max(own, left)
        enter = own - prices.enter[gaps[t]] - rare
        entered[t] = enter > value
        value = np.maximum(enter, value) + odds[t]
    best = int(value.argmax())
    state = best if value[best] - prices.leave[gaps[many]] > own else -1
    states = [-1] * many
    for t in range(many - 1, -1, -1):
        states[t] = state
        if state == -1 or entered[t, state]:
            state = came_from[t]
    return states
