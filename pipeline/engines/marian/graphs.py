"""Write a model as two ONNX graphs: the encoder, and one step of the decoder for every sentence of a batch.

Sizes: B sentences, L source pieces (padded), D the model's dim, H heads, S words of a sentence's shortlist (padded);
G is B, or 1 where all sentences have the same words.

Encoder: x [B,L,D] embeddings with positions, mask [B,1,1,L] 0 or -1e9, rows [G,S,D] the output embeddings of each
sentence's shortlist -> for each decoder layer i the keys ki [B,H,D/H,L] and values vi [B,H,L,D/H]; words [G,D,S].

Step: x [B,D] embedding of the last word with position, ci [B,D] state of layer i, ki, vi, mask, words, bias [G,S], in
"int8" also excess [G,S], the `word_excess` of each word
-> logits [B,S] in units of `logit_unit`, next_ci [B,D], attention [B,L]: head 0 of the last layer, which was trained
on word alignments (Marian's guided alignment).

A matrix product is exact in integers, so its result depends neither on the batch nor on the processor. Activations
are multiplied by the file's own alpha and rounded. Which weights go with them is a matter of the processor:
"int8" needs dot-product instructions (VNNI and the like); without them ONNX Runtime adds pairs in 16 bits, which
overflow, so "uint8" shifts the weights by 128, at a third more time, for the same result. Behind a ReLU nothing is
negative: there 7 bits suffice, as in Marian, and int8 weights are exact everywhere; so are they in columns that hold
no two large neighbours (`fits_16_bits`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.engines.marian import protobuf
from pipeline.engines.marian.weights import Matrix, Weights

Precision = Literal["float32", "int8", "uint8"]

Ports = dict[str, tuple[str, protobuf.Dims]]  # name -> type and sizes of what goes into a graph or comes out

EPSILON = 1e-9  # Marian's, in layer normalisation
_SHIFT = 128  # the zero of activations, and of weights in "uint8"
_TOP = 127  # Marian keeps quantised activations within +-127


@dataclass
class _Graph:
    """A graph under construction; a method adds nodes and returns the name of their result."""

    weights: Weights
    precision: Precision
    nodes: list[bytes] = field(default_factory=list)
    constants: dict[str, bytes] = field(default_factory=dict)

    def constant(self, name: str, array: Any, dtype: str = "float32") -> str:
        if name not in self.constants:
            self.constants[name] = protobuf.tensor(name, np.asarray(array, dtype))
        return name

    def ints(self, *values: int) -> str:
        return self.constant("ints_" + "_".join(map(str, values)), values, "int64")

    def op(self, kind: str, *inputs: str, result: str = "", domain: str = "", **attributes: protobuf.Attribute) -> str:
        name = result or f"t{len(self.nodes)}"
        self.nodes.append(protobuf.node(kind, inputs, [name], attributes, domain))
        return name

    def split(self, x: str, count: int, size: int, axis: int) -> list[str]:
        names = [f"t{len(self.nodes)}_{at}" for at in range(count)]
        self.nodes.append(protobuf.node("Split", [x, self.ints(*[size] * count)], names, {"axis": axis}))
        return names

    def quantise(self, x: str, alpha: float, *, positive: bool = False) -> str:
        """Round x [.., K] to uint8 around 128; behind a ReLU, which this is as well, to 0..127."""
        zero = 0 if positive else _SHIFT
        names = self.constant(f"step_{alpha}", 1 / alpha), self.constant(f"zero_{zero}", zero, "uint8")
        rounded = self.op("QuantizeLinear", x, *names)
        return self.op("Min", rounded, self.constant("top", _TOP, "uint8")) if positive else rounded

    def product(self, x: str, alpha: float, matrix: tuple[str, str, str], *, zeros: tuple[int, int]) -> str:
        """Multiply quantised x by a matrix: the names of its weights, scales, bias. zeros: those of x and weights."""
        names = [
            self.constant(f"zero_{zero}", zero, "uint8") if zero or at == 0 else "" for at, zero in enumerate(zeros)
        ]
        inputs = (x, matrix[0], self.constant(f"step_{alpha}", 1 / alpha), matrix[1], *names, matrix[2])
        return self.op("MatMulIntegerToFloat", *inputs, domain=protobuf.CONTRIB)

    def affine(self, x: str, names: Sequence[str], *, gains: Sequence[float] = (), positive: bool = False) -> str:
        """Multiply x [N,K] by the matrices named, beside each other, and add their biases: [N, all columns].

        `gains` scale the results. `positive`: x stands before its ReLU, which this does as well.
        """
        matrices = [self.weights.matrices[name] for name in names]
        gains = gains or [1.0] * len(names)
        biases = [self._bias(name) * np.float32(gain) for name, gain in zip(names, gains, strict=True)]
        if self.precision == "float32":
            x = self.op("Relu", x) if positive else x
            values = [each.dequantised() * np.float32(gain) for each, gain in zip(matrices, gains, strict=True)]
            weight = self.constant(names[0], np.concatenate(values, 1))
            return self.op("Gemm", x, weight, self.constant(f"{names[0]}_bias", np.concatenate(biases)))
        if len({round(each.alpha, 6) for each in matrices}) > 1:  # inputs rounded apart: one product each
            parts = zip(names, gains, strict=True)
            products = [self.affine(x, [name], gains=[gain], positive=positive) for name, gain in parts]
            return self.op("Concat", *products, axis=1)
        scales = [np.full(m.values.shape[1], gain / m.multiplier) for m, gain in zip(matrices, gains, strict=True)]
        stored = np.concatenate([each.values for each in matrices], 1)
        shifted = self.precision == "uint8" and not positive
        weight = self.constant(names[0], shift(stored) if shifted else stored, "uint8" if shifted else "int8")
        scale = self.constant(f"{names[0]}_scale", np.concatenate(scales))
        bias = self.constant(f"{names[0]}_bias", np.concatenate(biases))
        rounded = self.quantise(x, matrices[0].alpha, positive=positive)
        zeros = (0 if positive else _SHIFT, _SHIFT if shifted else 0)
        return self.product(rounded, matrices[0].alpha, (weight, scale, bias), zeros=zeros)

    def _bias(self, name: str) -> NDArray[np.float32]:
        prefix, _, last = name.rpartition("_W")
        found = self.weights.vectors.get(f"{prefix}_b{last}")
        return np.zeros(self.weights.matrices[name].values.shape[1], np.float32) if found is None else found

    def add_norm(self, x: str, y: str, prefix: str) -> str:
        """Add x and y [N,D] and normalise the sum."""
        scale = self.constant(f"{prefix}_ln_scale", self.weights.vectors[f"{prefix}_ln_scale"])
        bias = self.constant(f"{prefix}_ln_bias", self.weights.vectors[f"{prefix}_ln_bias"])
        return self.op("LayerNormalization", self.op("Add", x, y), scale, bias, axis=-1, epsilon=EPSILON)

    def feed_forward(self, x: str, prefix: str) -> str:
        names = f"{prefix}_ffn_W1", f"{prefix}_ffn_W2"
        if self.precision == "uint8":
            y = self._split_feed_forward(x, *names)
        else:
            y = self.affine(self.affine(x, [names[0]]), [names[1]], positive=True)
        return self.add_norm(y, x, f"{prefix}_ffn_ffn")

    def _split_feed_forward(self, x: str, first: str, second: str) -> str:
        """Do the two layers with int8 weights where no sum can overflow, some 98 of 100 columns, and uint8 elsewhere.

        The columns between the layers may stand in any order, and integer sums do not mind: the result is the same.
        """
        outer, inner = self.weights.matrices[first], self.weights.matrices[second]
        safe = fits_16_bits(outer.values)
        rounded = self.quantise(x, outer.alpha)
        scale, parts = self.constant(f"{first}_scale", 1 / outer.multiplier), []
        for columns, dtype in ((np.flatnonzero(safe), "int8"), (np.flatnonzero(~safe), "uint8")):
            if not len(columns):
                continue
            stored = outer.values[:, columns]
            weight = self.constant(f"{first}_{dtype}", shift(stored) if dtype == "uint8" else stored, dtype)
            bias = self.constant(f"{first}_{dtype}_bias", self._bias(first)[columns])
            zeros = (_SHIFT, _SHIFT if dtype == "uint8" else 0)
            part = self.product(rounded, outer.alpha, (weight, scale, bias), zeros=zeros)
            parts.append(self.quantise(part, inner.alpha, positive=True))
        joint = self.op("Concat", *parts, axis=1)
        order = np.concatenate([np.flatnonzero(safe), np.flatnonzero(~safe)])
        weight = self.constant(second, inner.values[order], "int8")
        scale = self.constant(f"{second}_scale", 1 / inner.multiplier)
        bias = self.constant(f"{second}_bias", self._bias(second))
        return self.product(joint, inner.alpha, (weight, scale, bias), zeros=(0, 0))

    def attend(self, query: str, keys: str, values: str) -> tuple[str, str]:
        """Attention of query [..,d] (already scaled) to keys [..,d,L] and values [..,L,d]: context, weights."""
        weights = self.op("Softmax", self.op("Add", self.op("MatMul", query, keys), "mask"), axis=-1)
        return self.op("MatMul", weights, values), weights

    def model(self, inputs: Ports, outputs: Ports) -> bytes:
        infos = [[protobuf.value_info(name, *info) for name, info in each.items()] for each in (inputs, outputs)]
        return protobuf.model(self.nodes, list(self.constants.values()), *infos)


def shift(values: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Store int8 values as uint8 around 128."""
    moved: NDArray[np.uint8] = (values ^ np.int8(-128)).view(np.uint8)
    return moved


def fits_16_bits(values: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Tell for each column whether no sum of two neighbouring products with a uint8 overflows 16 bits.

    The AVX2 and AVX512 kernels of MLAS add products in such pairs, with saturation: 255 * (a + b) must lie within
    -32,768..32,767, so weights of one sign may add up to 128. Weights of two signs never get there.
    """
    even, odd = values[0::2].astype(np.int16), values[1::2].astype(np.int16)
    fits: NDArray[np.bool_] = (np.abs(even[: len(odd)] + odd) <= 128).all(0)
    return fits


def words_type(precision: Precision) -> str:
    """Name the type of the output embeddings that go through the graphs."""
    return "float32" if precision == "float32" else "int8"


def _memory(weights: Weights) -> Ports:
    heads, size = weights.heads, weights.dim // weights.heads
    dims: dict[str, protobuf.Dims] = {"k": ("B", heads, size, "L"), "v": ("B", heads, "L", size)}
    layers = range(1, weights.decoder_layers + 1)
    return {f"{letter}{layer}": ("float32", dims[letter]) for layer in layers for letter in "kv"}


def encoder(weights: Weights, precision: Precision) -> bytes:
    """Write the encoder graph; see the module's text for what goes in and out."""
    graph = _Graph(weights, precision)
    dim, heads = weights.dim, weights.heads
    size = dim // heads
    batch = graph.op("Slice", graph.op("Shape", "x"), graph.ints(0), graph.ints(2))
    shape = graph.op("Concat", batch, graph.ints(3, heads, size), axis=0)
    x = graph.op("Reshape", "x", graph.ints(-1, dim))
    for layer in range(1, weights.encoder_layers + 1):
        prefix = f"encoder_l{layer}_self"
        gains = (1 / math.sqrt(size), 1.0, 1.0)
        joint = graph.affine(x, [f"{prefix}_W{letter}" for letter in "qkv"], gains=gains)
        parts = graph.op("Transpose", graph.op("Reshape", joint, shape), perm=[2, 0, 3, 1, 4])
        query, key, value = (graph.op("Squeeze", part, graph.ints(0)) for part in graph.split(parts, 3, 1, axis=0))
        context, _ = graph.attend(query, graph.op("Transpose", key, perm=[0, 1, 3, 2]), value)
        context = graph.op("Reshape", graph.op("Transpose", context, perm=[0, 2, 1, 3]), graph.ints(-1, dim))
        x = graph.add_norm(graph.affine(context, [f"{prefix}_Wo"]), x, f"{prefix}_Wo")
        x = graph.feed_forward(x, f"encoder_l{layer}")
    shape = graph.op("Concat", batch, graph.ints(2, heads, size), axis=0)
    for layer in range(1, weights.decoder_layers + 1):
        joint = graph.affine(x, [f"decoder_l{layer}_context_W{letter}" for letter in "kv"])
        key, value = graph.split(graph.op("Reshape", joint, shape), 2, 1, axis=2)
        graph.op("Transpose", graph.op("Squeeze", key, graph.ints(2)), result=f"k{layer}", perm=[0, 2, 3, 1])
        graph.op("Transpose", graph.op("Squeeze", value, graph.ints(2)), result=f"v{layer}", perm=[0, 2, 1, 3])
    graph.op("Transpose", "rows", result="words", perm=[0, 2, 1])
    inputs: Ports = {
        "x": ("float32", ("B", "L", dim)), "mask": ("float32", ("B", 1, 1, "L")),
        "rows": (words_type(precision), ("G", "S", dim)),
    }  # fmt: skip
    return graph.model(inputs, {**_memory(weights), "words": (words_type(precision), ("G", dim, "S"))})


def decoder_step(weights: Weights, precision: Precision, *, shared: bool) -> bytes:
    """Write the graph of one decoder step; see the module's text for what goes in and out.

    shared: all sentences have the same words (G is 1).
    """
    graph = _Graph(weights, precision)
    dim, heads = weights.dim, weights.heads
    size = dim // heads
    x, attention = "x", ""
    for layer in range(1, weights.decoder_layers + 1):
        prefix = f"decoder_l{layer}"
        joint = graph.affine(x, [f"{prefix}_rnn_W", f"{prefix}_rnn_Wf"])
        new, gate = graph.split(joint, 2, dim, axis=1)
        # state = gate * old + (1 - gate) * new
        kept = graph.op("Mul", graph.op("Sigmoid", gate), graph.op("Sub", f"c{layer}", new))
        state = graph.op("Add", new, kept, result=f"next_c{layer}")
        x = graph.add_norm(graph.op("Relu", state), x, f"{prefix}_rnn_ffn")
        query = graph.affine(x, [f"{prefix}_context_Wq"], gains=[1 / math.sqrt(size)])
        query = graph.op("Reshape", query, graph.ints(-1, heads, 1, size))
        context, attention = graph.attend(query, f"k{layer}", f"v{layer}")
        context = graph.op("Reshape", context, graph.ints(-1, dim))
        x = graph.add_norm(graph.affine(context, [f"{prefix}_context_Wo"]), x, f"{prefix}_context_Wo")
        x = graph.feed_forward(x, prefix)
    head = graph.op("Slice", attention, graph.ints(0), graph.ints(1), graph.ints(1))
    graph.op("Squeeze", head, graph.ints(1, 2), result="attention")
    _project(graph, x, weights.target_embedding, shared=shared)
    states: Ports = {f"c{layer}": ("float32", ("B", dim)) for layer in range(1, weights.decoder_layers + 1)}
    inputs: Ports = {
        "x": ("float32", ("B", dim)), **states, **_memory(weights), "mask": ("float32", ("B", 1, 1, "L")),
        "words": (words_type(precision), ("G", dim, "S")), "bias": ("float32", ("G", "S")),
    }  # fmt: skip
    if precision == "int8":
        inputs["excess"] = "int32", ("G", "S")
    outputs: Ports = {
        "logits": ("float32", ("B", "S")), **{f"next_{name}": info for name, info in states.items()},
        "attention": ("float32", ("B", "L")),
    }  # fmt: skip
    return graph.model(inputs, outputs)


def _project(graph: _Graph, x: str, embedding: Matrix, *, shared: bool) -> None:
    """Score the words of each sentence: x [B,D] by words [G,D,S], and the bias.

    In integers the zero points are 0, as a row by a matrix of its own is then read once, not packed first. With
    dot-product instructions x goes in around 128, and what 128 adds to each word is taken off again ("excess"). Else
    what is above zero and what is below are multiplied apart, each as 7 bits without sign: exact on every processor.
    """
    axes = graph.ints(0 if shared else 1)
    if graph.precision == "float32":
        scores = graph.op("MatMul", graph.op("Unsqueeze", x, axes), "words")
        scores = graph.op("Squeeze", scores, axes)
    elif graph.precision == "int8":
        # Not below -127, as the two sides are.
        rounded = graph.op("Max", graph.quantise(x, embedding.alpha), graph.constant("least", _SHIFT - _TOP, "uint8"))
        products = graph.op("MatMulInteger", graph.op("Unsqueeze", rounded, axes), "words")
        exact = graph.op("Sub", graph.op("Squeeze", products, axes), "excess")
        scores = graph.op("Cast", exact, to=protobuf.FLOAT)
    else:
        axes = graph.ints(0, 1) if shared else graph.ints(1, 2)
        sides = [graph.quantise(side, embedding.alpha, positive=True) for side in (x, graph.op("Neg", x))]
        both = graph.op("Concat", *(graph.op("Unsqueeze", side, axes) for side in sides), axis=1)
        products = graph.op("MatMulInteger", both, graph.op("Unsqueeze", "words", graph.ints(1)))
        above, below = graph.split(products, 2, 1, axis=1)
        exact = graph.op("Squeeze", graph.op("Sub", above, below), axes)
        scores = graph.op("Cast", exact, to=protobuf.FLOAT)
    graph.op("Add", scores, "bias", result="logits")


def logit_unit(weights: Weights, precision: Precision) -> float:
    """Return what one unit of the step's `logits` and `bias` is worth: in integers they are not scaled back."""
    embedding = weights.target_embedding
    return 1.0 if precision == "float32" else 1 / (embedding.alpha * embedding.multiplier)


def word_excess(values: NDArray[np.int8]) -> NDArray[np.int32]:
    """Return for each word [words, dim] what `_SHIFT` in place of zero adds to its score."""
    sums: NDArray[np.int32] = values.sum(1, dtype=np.int32) * np.int32(_SHIFT)
    return sums
