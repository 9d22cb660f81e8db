"""Texts in, texts out: pieces, long sentences, batches, threads, and a second try for what went wrong."""

import itertools
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pipeline.engines.base import Aligned, Find, Link
from pipeline.engines.marian.alignment import link_pieces
from pipeline.engines.marian.avoiding import avoid_words
from pipeline.engines.marian.decoding import END, MAX_ROWS, Network, make_batches
from pipeline.engines.marian.finishing import finish
from pipeline.engines.marian.graphs import Precision
from pipeline.engines.marian.shortlist import read_shortlist
from pipeline.engines.marian.vocabulary import Vocabulary
from pipeline.engines.marian.weights import read_weights
from pipeline.engines.modelfiles import MAX_PIECES, ModelFiles
from pipeline.engines.splitting import split_long
from pipeline.errors import EngineMissing, UsageError

THREADS_VARIABLE = "FIREFOX_THREADS"
MAX_THREADS = 4  # each holds a batch in memory

_T = TypeVar("_T")
_R = TypeVar("_R")


class Translator:
    """One model with its vocabularies."""

    def __init__(self, files: ModelFiles, precision: Precision, *, threads: int = 0, max_rows: int = MAX_ROWS) -> None:
        """Load a model. threads: 0 = FIREFOX_THREADS, else as many as there are processors for, up to `MAX_THREADS`.

        Neither threads nor max_rows changes a text. Raises EngineMissing for a damaged file, ModelUnknown for a model
        of another form.
        """
        weights = read_weights(_read(files.weights), str(files.weights))
        self.source = Vocabulary(_read(files.source_vocabulary), str(files.source_vocabulary))
        same = files.source_vocabulary == files.target_vocabulary
        self.target = self.source if same else Vocabulary(_read(files.target_vocabulary), str(files.target_vocabulary))
        sizes = len(weights.source_embedding.values), len(weights.target_embedding.values)
        if sizes[0] < len(self.source) or sizes[1] < len(self.target):
            found = f"vocabularies of {len(self.source)} and {len(self.target)} pieces for a model of {sizes}"
            raise EngineMissing(f"{files.weights}: {found}; install the model again")
        shortlist = read_shortlist(_read(files.shortlist), str(files.shortlist), sizes) if files.shortlist else None
        self._network = Network(weights, shortlist, precision)
        self._threads = threads or _threads()
        self._max_rows = max_rows

    def translate(self, texts: Sequence[str], *, links: bool = True) -> list[Aligned]:
        """Translate and align; "" for a text without anything to show. Without links the texts are the same."""
        parts = [self._cut(text) for text in texts]
        done = iter(self._translate_parts([part for cut in parts for part in cut], links=links))
        results = [_join(text, [next(done) for _ in cut]) for text, cut in zip(texts, parts, strict=True)]
        sick = [at for at, result in enumerate(results) if result.doubt]
        for at, again in zip(sick, self._retry([texts[at] for at in sick], links=links), strict=True):
            results[at] = again if not again.doubt else results[at]
        return results

    def avoid(self, text: str, find: Find) -> Aligned:
        """Translate a text without the words that `find` finds in its target; see `engines.base.Avoider`."""
        parts = [avoid_words(self._network, (self.source, self.target), part, find) for part in self._cut(text)]
        return _join(text, parts)

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Align given translations by leading the model along them."""
        sources = [self.source.encode(source) for source, _ in pairs]
        targets = [self.target.encode(target) for _, target in pairs]

        def run(batch: list[int]) -> list[Aligned]:
            forced = self._network.force([((*sources[at].pieces, END), targets[at].pieces) for at in batch])
            return [
                Aligned(*pairs[at], link_pieces(sources[at], targets[at], attention))
                for at, attention in zip(batch, forced, strict=True)
            ]

        return self._in_batches(run, [len(source.pieces) + 1 for source in sources])

    def _cut(self, text: str, limit: int = MAX_PIECES) -> list[str]:
        if not text.strip():
            return []
        # A piece has at least one character, so a short text needs no count.
        parts = split_long(text, limit, lambda part: 0 if len(part) <= limit else self.source.count(part))
        return [piece for part in parts for piece in self._cut_word(part, limit)]

    def _cut_word(self, text: str, limit: int) -> list[str]:
        """Cut what has no boundary, such as a script without spaces, between pieces of the vocabulary."""
        if len(text) <= limit:
            return [text]
        starts = [start for start, _ in self.source.encode(text).spans][limit::limit]
        cuts = [0, *(start for start in dict.fromkeys(starts) if start), len(text)]
        return [text[start:end] for start, end in itertools.pairwise(cuts) if text[start:end].strip()]

    def _translate_parts(self, parts: Sequence[str], *, links: bool = True) -> list[Aligned]:
        encode = self.source.encode if links else self.source.encode_plain
        sources = [encode(part) for part in parts]

        def run(batch: list[int]) -> list[Aligned]:
            decoded = self._network.translate([(*sources[at].pieces, END) for at in batch], attention=links)
            return [
                finish(sources[at], self.target, each, links=links) for at, each in zip(batch, decoded, strict=True)
            ]

        return self._in_batches(run, [len(source.pieces) + 1 for source in sources])

    def _retry(self, texts: Sequence[str], *, links: bool) -> list[Aligned]:
        """Translate once more in pieces of half the length."""
        halves = [self._cut(text, max(1, self.source.count(text) // 2)) for text in texts]
        done = iter(self._translate_parts([half for cut in halves for half in cut], links=links))
        return [_join(text, [next(done) for _ in cut]) for text, cut in zip(texts, halves, strict=True)]

    def _in_batches(self, run: Callable[[list[int]], list[_R]], lengths: Sequence[int]) -> list[_R]:
        """Run batches in threads; the results stand in the order of `lengths`."""
        batches = make_batches(lengths, self._max_rows)
        answers = _each(run, batches, min(self._threads, len(batches)))
        placed = {
            at: one
            for batch, answer in zip(batches, answers, strict=True)
            for at, one in zip(batch, answer, strict=True)
        }
        return [placed[at] for at in range(len(lengths))]


def _each(run: Callable[[_T], _R], items: Iterable[_T], threads: int) -> list[_R]:
    if threads <= 1:
        return [run(item) for item in items]
    pool = ThreadPoolExecutor(threads, thread_name_prefix="marian")
    try:
        return list(pool.map(run, items))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise EngineMissing(f"engine firefox: {path}: {exc.strerror}; install the model again") from exc


def _threads() -> int:
    """Return FIREFOX_THREADS, else as many threads as there are processors, up to MAX_THREADS."""
    wanted = os.environ.get(THREADS_VARIABLE, "")
    if not wanted:
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return min(MAX_THREADS, processors)
    if not wanted.isdecimal() or not 1 <= int(wanted) <= 256:
        raise UsageError(f"{THREADS_VARIABLE} is {wanted!r}; give a whole number from 1 to 256")
    return int(wanted)


def _join(text: str, parts: Sequence[Aligned]) -> Aligned:
    """Put the translations of the parts of a text together."""
    if len(parts) == 1 and parts[0].source == text:
        return parts[0]
    links: list[Link] = []
    at, target = 0, ""
    for part in parts:
        start = text.index(part.source, at)
        target += " " if target and part.text and start > at else ""
        at = start
        links += (
            replace(
                link,
                target_start=link.target_start + len(target), target_end=link.target_end + len(target),
                source_start=link.source_start + at, source_end=link.source_end + at,
            )
            for link in part.links
        )  # fmt: skip
        target += part.text
        at += len(part.source)
    return Aligned(text, target, tuple(links), next((part.doubt for part in parts if part.doubt), ""))
