"""How likely a word is in each language of its script: word lists with frequencies, and letter groups for the rest.

The tables are pipeline/data/words.npz, built by benchmarks/build_words.py; pipeline/data/words.md names the sources.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

COST_STEPS = 16.0  # a cost of 16 is a probability of 1/e
GRAM_SIZES = (1, 2, 3, 4)
_BOUNDARY = 2  # stands before and after each word when its letter groups are counted
_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
# A word that no list has is this rare; what its letters say of the language comes on top.
UNSEEN = -14.0
MAX_MEMO = 30_000  # words kept, 5 MB
FLOOR = -7.0  # least that letter groups can say against a language
# A word is unheard of below this: one in three million. "reverend" has -11.7 in English, "presidente" -7.7 in
# Portuguese; "aryna" has -18.2, and -18.5.
UNHEARD = -15.0
# A word is seldom below this: one in thirteen thousand. "monk" has -11.4 in English, "research" -8.1, "town" -8.1.
SELDOM = -9.5


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables of one script."""

    languages: tuple[str, ...]
    keys: NDArray[np.uint32]  # hashes of the words, sorted
    starts: NDArray[np.int32]  # of each word's entries; one longer than `keys`
    entry_languages: NDArray[np.uint8]
    entry_costs: NDArray[np.uint8]
    grams: NDArray[np.int8]  # buckets x languages
    scale: float
    bias: Floats
    memo: dict[str, int]  # words looked up before, until there are too many: their rows in the next two
    memo_scores: Floats
    memo_known: NDArray[np.bool_]

    def score(self, forms: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the log probability of each word in each language (words x languages), and whether a list has it."""
        fresh = [form for form in dict.fromkeys(forms) if form not in self.memo]
        if len(self.memo) + len(fresh) > MAX_MEMO:
            self.memo.clear()
            fresh = list(dict.fromkeys(forms))
        if len(fresh) > MAX_MEMO:
            scores, known = self.look_up(fresh)
            place = {form: row for row, form in enumerate(fresh)}
            rows = [place[form] for form in forms]
            return scores[rows], known[rows]
        if fresh:
            first, end = len(self.memo), len(self.memo) + len(fresh)
            self.memo_scores[first:end], self.memo_known[first:end] = self.look_up(fresh)
            self.memo.update(zip(fresh, range(first, end), strict=True))
        rows = [self.memo[form] for form in forms]
        return self.memo_scores[rows], self.memo_known[rows]

    def look_up(self, forms: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
        """Do what `score` promises, from the tables."""
        shape = (len(forms), len(self.languages))
        listed = np.full(shape, -np.inf, dtype=np.float32)
        hashes = np.array([zlib.crc32(form.encode()) for form in forms], dtype=np.uint32)
        places = np.minimum(np.searchsorted(self.keys, hashes), len(self.keys) - 1)
        known = self.keys[places] == hashes
        rows = np.flatnonzero(known)
        counts = self.starts[places[rows] + 1] - self.starts[places[rows]]
        at = np.repeat(self.starts[places[rows]], counts) + _ranges(counts)
        listed[np.repeat(rows, counts), self.entry_languages[at]] = self.entry_costs[at] / -COST_STEPS
        return np.logaddexp(listed, self.guess(forms) + np.float32(UNSEEN)), known

    def guess(self, forms: Sequence[str]) -> Floats:
        """Return the log share of each language by letter groups alone (words x languages)."""
        buckets, owners = hash_grams(forms, len(self.grams))
        order = np.argsort(owners, kind="stable")
        firsts = np.searchsorted(owners[order], np.arange(len(forms)))
        sums = np.add.reduceat(self.grams[buckets[order]], firsts, axis=0, dtype=np.int32)
        weights = sums.astype(np.float32) * np.float32(self.scale) + self.bias
        weights -= weights.max(axis=1, keepdims=True)
        shares: Floats = weights - np.log(np.exp(weights).sum(axis=1, keepdims=True))
        return np.maximum(shares, np.float32(FLOOR))


def is_unheard(word: str, lang: str) -> bool:
    """Whether a word is none that readers of a language know: a stranger's name, or a slip of an engine.

    False for a language without a table.
    """
    return _is_below(UNHEARD, word, lang)


def is_seldom(word: str, lang: str) -> bool:
    """Whether a word of a language stands in it so seldom that one with a capital is rather a surname: "Monk".

    False for a language without a table.
    """
    return _is_below(SELDOM, word, lang)


def _is_below(limit: float, word: str, lang: str) -> bool:
    tag = table_tag(lang)
    for lexicon in lexicons().values():
        if tag in lexicon.languages:
            scores, _ = lexicon.score([word.casefold()])
            return bool(scores[0, lexicon.languages.index(tag)] < limit)
    return False


def _ranges(counts: NDArray[np.int32]) -> NDArray[np.int64]:
    """[2, 3] -> [0, 1, 0, 1, 2]."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)


def hash_grams(forms: Sequence[str], buckets: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the bucket of every letter group of every word, and the number of the word that it is of.

    Groups have 1 to 4 characters. An edge of the word counts as a character, but no group has both edges or one alone.
    `forms` has no empty word.
    """
    edge = chr(_BOUNDARY)
    codes = np.frombuffer((edge + edge.join(forms) + edge).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    is_edge = codes == _BOUNDARY
    word_of = np.cumsum(is_edge) - 1
    hashes = np.zeros(len(codes), dtype=np.uint64)
    edges = np.zeros(len(codes), dtype=np.int64)
    found, owners = [], []
    for size in GRAM_SIZES:
        many = len(codes) - size + 1
        hashes = hashes[:many] * _PRIME + codes[size - 1 :]
        edges = edges[:many] + is_edge[size - 1 :]
        first, last = is_edge[:many], is_edge[size - 1 :]
        inside = ~first if size == 1 else (edges == first.astype(np.int64) + last) & ~(first & last)
        at = np.flatnonzero(inside)
        mixed = (hashes[at] + np.uint64(size)) * _MIX >> np.uint64(40)
        found.append((mixed % np.uint64(buckets)).astype(np.int64))
        owners.append(word_of[at])
    return np.concatenate(found), np.concatenate(owners)


def table_tag(tag: str) -> str:
    """Return the tag that stands for a language in the tables: "pt-BR" is "pt", all Chinese is "zh-Hans".

    Serbian in Latin letters is read with the Croatian words.
    """
    if tag.startswith("zh"):
        return "zh-Hans"
    return "hr" if tag == "sr-Latn" else tag.partition("-")[0]


@cache
def lexicons() -> dict[str, Lexicon]:
    """Load the tables: script -> lexicon."""
    with resources.as_file(resources.files("pipeline").joinpath("data/words.npz")) as path, np.load(path) as data:
        tables = {name: data[name] for name in data.files}
    meta: dict[str, Any] = json.loads(tables["meta"].tobytes())
    return {script: _lexicon(script, row, tables) for script, row in meta.items()}


def _lexicon(script: str, row: dict[str, Any], tables: dict[str, Any]) -> Lexicon:
    starts = np.concatenate([[0], np.cumsum(tables[f"{script}_counts"], dtype=np.int32)]).astype(np.int32)
    return Lexicon(
        languages=tuple(row["languages"]),
        keys=tables[f"{script}_keys"],
        starts=starts,
        entry_languages=tables[f"{script}_langs"],
        entry_costs=tables[f"{script}_costs"],
        grams=tables[f"{script}_grams"],
        scale=row["scale"],
        bias=tables[f"{script}_bias"],
        memo={},
        memo_scores=np.empty((MAX_MEMO, len(row["languages"])), dtype=np.float32),
        memo_known=np.empty(MAX_MEMO, dtype=np.bool_),
    )
