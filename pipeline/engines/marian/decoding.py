"""Run the two graphs: greedy decoding of sentences in batches, and teacher forcing of given translations.

What a sentence becomes depends on that sentence alone, by construction: products are exact in integers, each sentence
has its own shortlist, and it is padded to a length that follows from its own (`padded_length`), so that no sum over
its pieces is grouped in another way in another batch.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.engines.marian.graphs import Precision, decoder_step, encoder, logit_unit, word_excess
from pipeline.engines.marian.shortlist import Shortlist
from pipeline.engines.marian.weights import Floats, Weights
from pipeline.errors import EngineFailed

END = 0  # Marian's </s>, in both vocabularies
# A batch: sentences, and source pieces with padding. 8 to 64 sentences differ in speed by less than the noise; memory
# grows with both (two threads at work: 185 MB, with twice the pieces 235 MB).
MAX_ROWS = 24
MAX_TOKENS = 512
LENGTH_FACTOR = 2.5  # pieces of a translation per source piece; Marian's max-length-factor for these models
LENGTH_EXTRA = 3
_MASKED = np.float32(-1e9)
_NO_ATTENTION = np.zeros((0, 0), np.float32)

Pieces = Sequence[int]
Indices = NDArray[np.int64]
Bans = Mapping[int, Collection[int]]  # step -> target pieces that must not be written there
_Feeds = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one sentence became."""

    pieces: tuple[int, ...]  # target pieces, without the end
    attention: Floats  # [pieces + 1, source pieces with their end]; the last row belongs to the end. Empty if not kept
    ended: bool  # the model wrote its end within the limit
    score: float = 0.0  # log-probability of its pieces and end, among those it may use; 0 where nobody asked


def padded_length(length: int) -> int:
    """Round a sentence's length up to where batches are cut: to 4, from 32 on to 8, from 64 on to 16.

    >>> [padded_length(length) for length in (1, 5, 33, 70)]
    [4, 8, 40, 80]
    """
    step = 4 if length <= 32 else 8 if length <= 64 else 16
    return -(-length // step) * step


def make_batches(lengths: Sequence[int], max_rows: int = MAX_ROWS) -> list[list[int]]:
    """Group sentences of one padded length, by their places; the longest first, so that threads end together."""
    order = sorted(range(len(lengths)), key=lambda at: (-padded_length(lengths[at]), -lengths[at], at))
    batches: list[list[int]] = []
    width = 0
    for at in order:
        here = padded_length(lengths[at])
        if here != width or len(batches[-1]) >= max(1, min(max_rows, MAX_TOKENS // here)):
            batches.append([])
            width = here
        batches[-1].append(at)
    return batches


def length_limit(length: int) -> int:
    """Return how many pieces may be written, the end included, for so many source pieces with their end."""
    return int(length * LENGTH_FACTOR) + LENGTH_EXTRA


class Network:
    """A model ready to run. Its sessions may run in several threads at once."""

    def __init__(self, weights: Weights, shortlist: Shortlist | None, precision: Precision) -> None:
        """Build the graphs and load them (0.1 to 0.2 s for a tiny model)."""
        self.precision = precision
        self._shortlist = shortlist
        self._dim, self._layers = weights.dim, weights.decoder_layers
        self._memory = [f"{letter}{layer}" for layer in range(1, self._layers + 1) for letter in "kv"]
        root = np.float32(math.sqrt(weights.dim))
        source, target = weights.source_embedding, weights.target_embedding
        # Copies, so that the weight file need not stay in memory for them.
        self._target = target.values.copy()
        self._source = self._target if source.values is target.values else source.values.copy()
        self._source_scale = root / np.float32(source.multiplier)
        self._target_scale = root / np.float32(target.multiplier)
        self._row_scale = np.float32(1 / target.multiplier)
        self.logit_unit = logit_unit(weights, precision)
        self._output_bias = weights.output_bias / np.float32(self.logit_unit)
        self._excess = word_excess(target.values) if precision == "int8" else None
        self._positions = position_table(256, weights.dim)
        self._encoder = _session(encoder(weights, precision))
        self._step = _session(decoder_step(weights, precision, shared=shortlist is None))

    def translate(self, sentences: Sequence[Pieces], *, attention: bool = True) -> list[Decoded]:
        """Translate one batch: sentences of source pieces, each with its end, all of one padded length.

        attention: keep it; the pieces are the same without.
        """
        feeds, choices = self._encode(sentences)
        return _Decoding(self, (feeds, choices), [len(each) for each in sentences], keeps=attention).run()

    def translate_without(self, sentence: Pieces, bans: Bans) -> Decoded:
        """Translate one sentence, as `translate` does up to the first ban."""
        return _Banned(self, self._encode([sentence]), [len(sentence)], bans).run()[0]

    def force(self, pairs: Sequence[tuple[Pieces, Pieces]]) -> list[Floats]:
        """Lead the model along given translations: its attention [target pieces, source pieces] for each pair.

        One batch, as in `translate`; sources with their end, targets without.
        """
        sources, targets = [source for source, _ in pairs], [target for _, target in pairs]
        feeds, _ = self._encode(sources, [np.array([END])] * len(sources))
        given = np.zeros((len(pairs), max(map(len, targets)) + 1), np.int64)
        for row, target in enumerate(targets):
            given[row, 1 : len(target) + 1] = target
        rows = []
        for at in range(given.shape[1] - 1):
            x = self.embed_target(given[:, at]) if at else np.zeros((len(pairs), self._dim), np.float32)
            rows.append(self.step(feeds, x, at)[-1])
        attention = np.stack(rows, 1) if rows else np.zeros((len(pairs), 0, feeds["mask"].shape[-1]), np.float32)
        return [each[: len(target), : len(source)] for each, (source, target) in zip(attention, pairs, strict=True)]

    def _encode(self, sentences: Sequence[Pieces], choices: Sequence[Indices] = ()) -> tuple[_Feeds, Indices]:
        """Run the encoder; return what every decoder step reads, and the target pieces each sentence may use."""
        length = padded_length(max(len(each) for each in sentences))
        ids = np.zeros((len(sentences), length), np.int64)
        mask = np.full((len(sentences), 1, 1, length), _MASKED)
        for row, each in enumerate(sentences):
            ids[row, : len(each)] = each
            mask[row, ..., : len(each)] = 0
        if not choices and self._shortlist is not None:
            choices = [self._shortlist.choose(each) for each in sentences]
        if self._shortlist is None:
            choices = choices[:1] or [np.arange(len(self._target))]
        width = max(len(each) for each in choices)
        words = np.zeros((len(choices), width), np.int64)
        bias = np.full((len(choices), width), _MASKED)
        for row, chosen in enumerate(choices):
            words[row, : len(chosen)] = chosen
            bias[row, : len(chosen)] = self._output_bias[chosen]
        x = self._embed(self._source, ids, self._source_scale) + self.positions(0, length)
        feeds = {"x": x, "mask": mask, "rows": self._rows(words)}
        memory = _run(self._encoder, feeds)
        named = dict(zip([*self._memory, "words"], memory, strict=True))
        states = {f"c{layer}": np.zeros((len(sentences), self._dim), np.float32) for layer in self._layer_numbers}
        excess = {} if self._excess is None else {"excess": self._excess[words]}
        return {**named, **states, **excess, "mask": mask, "bias": bias}, words

    @property
    def _layer_numbers(self) -> range:
        return range(1, self._layers + 1)

    def _rows(self, words: Indices) -> NDArray[Any]:
        rows: NDArray[Any] = self._target[words]
        return rows if self.precision != "float32" else rows.astype(np.float32) * self._row_scale

    @staticmethod
    def _embed(table: NDArray[Any], ids: Indices, scale: np.float32) -> Floats:
        rows: Floats = table[ids].astype(np.float32)
        rows *= scale
        return rows

    def embed_target(self, ids: Indices) -> Floats:
        """Return the embeddings [ids, dim] of target pieces."""
        return self._embed(self._target, ids, self._target_scale)

    def positions(self, start: int, count: int) -> Floats:
        """Return the rows of the position table; it grows as needed."""
        if start + count > len(self._positions):
            self._positions = position_table(2 * (start + count), self._dim)
        return self._positions[start : start + count]

    def step(self, feeds: _Feeds, x: Floats, at: int) -> list[NDArray[Any]]:
        """Run step `at`; the states in `feeds` move on. Returns logits, states and attention."""
        outputs = _run(self._step, {**feeds, "x": x + self.positions(at, 1)})
        for layer in self._layer_numbers:
            feeds[f"c{layer}"] = outputs[layer]
        return outputs


class _Decoding:
    """One batch on its way. The first rows of every array are the sentences not yet ended."""

    def __init__(
        self, network: Network, encoded: tuple[_Feeds, Indices], lengths: Sequence[int], *, keeps: bool
    ) -> None:
        self._network = network
        self._feeds, self._choices = encoded
        self._keeps = keeps
        self._lengths = lengths
        self._rows = list(range(len(lengths)))  # row of the arrays -> sentence
        self._pieces: list[list[int]] = [[] for _ in lengths]
        self._attention: list[list[Floats]] = [[] for _ in lengths]
        self._ended = [False] * len(lengths)

    def run(self) -> list[Decoded]:
        x = np.zeros((len(self._rows), self._feeds["c1"].shape[1]), np.float32)
        step = 0
        while self._rows:
            logits, *_, attention = self._network.step(self._feeds, x, step)
            best = self._choose(logits, step)
            step += 1
            pieces = self._choices[np.arange(len(best)) if len(self._choices) > 1 else 0, best]
            done = self._write(pieces.tolist(), attention, step)
            x = self._network.embed_target(self._drop(done, pieces))
        return [
            Decoded(tuple(pieces), np.stack(attention) if self._keeps else _NO_ATTENTION, ended)
            for pieces, attention, ended in zip(self._pieces, self._attention, self._ended, strict=True)
        ]

    def _choose(self, logits: Floats, _step: int) -> Indices:
        best: Indices = logits.argmax(1)
        return best

    def _write(self, pieces: Sequence[int], attention: Floats, step: int) -> list[int]:
        """Note what each row has written; return the rows that are done."""
        done = []
        for row, (sentence, piece) in enumerate(zip(self._rows, pieces, strict=True)):
            length = self._lengths[sentence]
            if self._keeps:
                self._attention[sentence].append(attention[row, :length])
            if piece == END:
                self._ended[sentence] = True
            else:
                self._pieces[sentence].append(piece)
            if piece == END or step >= length_limit(length):
                done.append(row)
        return done

    def _drop(self, done: Sequence[int], pieces: Indices) -> Indices:
        """Put the last rows in the place of those that are done, and cut the arrays to what is left."""
        if not done:
            return pieces
        arrays = {**self._feeds, "choices": self._choices, "pieces": pieces}
        own = [name for name, each in arrays.items() if len(each) == len(pieces)]
        left = len(pieces)
        for row in reversed(done):
            left -= 1
            if row != left:
                for name in own:
                    arrays[name][row] = arrays[name][left]
                self._rows[row] = self._rows[left]
        del self._rows[left:]
        for name in own:
            arrays[name] = arrays[name][:left]
        pieces, self._choices = arrays.pop("pieces"), arrays.pop("choices")
        self._feeds = arrays
        return pieces


class _Banned(_Decoding):
    """One sentence on its way, some pieces of which are banned at some steps; it adds up its score."""

    def __init__(self, network: Network, encoded: tuple[_Feeds, Indices], lengths: Sequence[int], bans: Bans) -> None:
        super().__init__(network, encoded, lengths, keeps=True)
        self._bans = bans
        self._unit = network.logit_unit
        self._sum = 0.0

    def run(self) -> list[Decoded]:
        """Decode, with the score."""
        return [replace(done, score=self._sum) for done in super().run()]

    def _choose(self, logits: Floats, step: int) -> Indices:
        if banned := self._bans.get(step):
            logits = np.where(np.isin(self._choices[:1], list(banned)), np.float32(-np.inf), logits)
        best = super()._choose(logits, step)
        scaled = logits[0].astype(np.float64) * self._unit
        self._sum += float(scaled[best[0]] - scaled.max() - np.log(np.exp(scaled - scaled.max()).sum()))
        return best


def position_table(count: int, dim: int) -> Floats:
    """Return Marian's sinusoidal positions [count, dim]: sines in the first half, cosines in the second."""
    half = dim // 2
    rates = np.exp(np.arange(half) * -(math.log(10000) / max(1, half - 1)))
    angles = np.arange(count)[:, None] * rates[None]
    return np.concatenate([np.sin(angles), np.cos(angles)], 1).astype(np.float32)


def _session(model: bytes) -> Any:
    """Load a graph for one thread a call; several calls may run at once.

    One arena a graph serves all threads: what one gives back another takes. Without it each thread's memory grew to
    the most that it ever needed, 10 to 15 MB in 5,000 sentences (docs/benchmarks.md). Fused SkipLayerNormalization is
    several times slower than the two operators (measured with 1.32), so that fusion stays off.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = True
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )


def _run(session: Any, feeds: _Feeds) -> list[NDArray[Any]]:
    try:
        outputs: list[NDArray[Any]] = session.run(None, feeds)
    except Exception as exc:  # onnxruntime's own classes have no common base but this
        raise EngineFailed(f"engine firefox: ONNX Runtime fails: {str(exc).splitlines()[0][:200]}") from exc
    return outputs
