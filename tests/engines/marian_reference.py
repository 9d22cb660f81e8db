"""The network written down plainly in NumPy, in float32, one sentence at a time: what graphs.py is held against."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.engines.marian.shortlist import Shortlist
from pipeline.engines.marian.weights import Matrix, Weights

Floats = NDArray[np.float32]


class Reference:
    """A model, read by weights.py."""

    def __init__(self, weights: Weights, shortlist: Shortlist | None) -> None:
        self.w, self.shortlist = weights, shortlist

    def affine(self, x: Floats, name: str, bias: str) -> Floats:
        """Multiply by a matrix and add a bias, where there is one."""
        y = x @ self.w.matrices[name].dequantised()
        return y + self.w.vectors[bias] if bias else y

    def norm(self, x: Floats, prefix: str) -> Floats:
        """Normalise each row."""
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-9)
        return x * self.w.vectors[f"{prefix}_ln_scale"] + self.w.vectors[f"{prefix}_ln_bias"]

    def ffn(self, x: Floats, prefix: str) -> Floats:
        """The two layers with a ReLU between, and what goes around them."""
        inner = np.maximum(self.affine(x, f"{prefix}_ffn_W1", f"{prefix}_ffn_b1"), 0)
        return self.norm(self.affine(inner, f"{prefix}_ffn_W2", f"{prefix}_ffn_b2") + x, f"{prefix}_ffn_ffn")

    def attend(self, x: Floats, memory: Floats, prefix: str) -> tuple[Floats, Floats]:
        """Attend from x to memory; the result and the weights [heads, x, memory]."""
        heads, size = self.w.heads, self.w.dim // self.w.heads
        q, k, v = (
            self.affine(of, f"{prefix}_W{letter}", f"{prefix}_b{letter}").reshape(len(of), heads, size).swapaxes(0, 1)
            for letter, of in (("q", x), ("k", memory), ("v", memory))
        )
        scores = q @ k.swapaxes(1, 2) / math.sqrt(size)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        context = (weights @ v).swapaxes(0, 1).reshape(len(x), self.w.dim)
        return self.norm(self.affine(context, f"{prefix}_Wo", f"{prefix}_bo") + x, f"{prefix}_Wo"), weights

    def embed(self, table: Matrix, ids: Sequence[int], start: int = 0) -> Floats:
        """Embed pieces at the places from `start` on."""
        return table.dequantised()[list(ids)] * math.sqrt(self.w.dim) + self.positions(start, len(ids))

    def positions(self, start: int, count: int) -> Floats:
        """Sines, then cosines."""
        half = self.w.dim // 2
        angles = np.arange(start, start + count)[:, None] / 10000 ** (np.arange(half) / (half - 1))
        return np.concatenate([np.sin(angles), np.cos(angles)], 1).astype(np.float32)

    def translate(self, pieces: Sequence[int], limit: int) -> tuple[list[int], Floats]:
        """Return the target pieces and the attention of head 0, the end's row too."""
        memory = self.embed(self.w.source_embedding, pieces)
        for layer in range(1, self.w.encoder_layers + 1):
            memory, _ = self.attend(memory, memory, f"encoder_l{layer}_self")
            memory = self.ffn(memory, f"encoder_l{layer}")
        words = self.shortlist.choose(pieces) if self.shortlist else np.arange(len(self.w.output_bias))
        output = self.w.target_embedding.dequantised()[words].T
        states = [np.zeros((1, self.w.dim)) for _ in range(self.w.decoder_layers)]
        x = self.positions(0, 1)
        written: list[int] = []
        rows = []
        while True:
            for layer in range(1, self.w.decoder_layers + 1):
                prefix = f"decoder_l{layer}"
                gate = 1 / (1 + np.exp(-self.affine(x, f"{prefix}_rnn_Wf", f"{prefix}_rnn_bf")))
                states[layer - 1] = gate * states[layer - 1] + (1 - gate) * self.affine(x, f"{prefix}_rnn_W", "")
                x = self.norm(np.maximum(states[layer - 1], 0) + x, f"{prefix}_rnn_ffn")
                x, weights = self.attend(x, memory, f"{prefix}_context")
                x = self.ffn(x, prefix)
            rows.append(weights[0, 0])
            best = int(words[(x @ output + self.w.output_bias[words])[0].argmax()])
            if best == 0:
                return written, np.stack(rows)
            written.append(best)
            if len(written) >= limit:
                return written, np.stack(rows)
            x = self.embed(self.w.target_embedding, [best], len(written))
