"""Read the weight file of a Firefox Translations model: Marian's binary format, version 1, with intgemm int8 matrices.

The file, little-endian: version and number of tensors; for each its name's length, type, rank and size in bytes (8
bytes each); the names; the shapes (4 bytes a dimension); the padding that follows (8 bytes, then so many); the data,
in the order of the headers. An int8 matrix is followed by its multiplier, a float: stored = round(value * multiplier).
All but the embeddings are stored transposed.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import EngineMissing, ModelUnknown

Floats = NDArray[np.float32]

VERSION = 1
MAX_TENSORS = 10_000  # the largest model of the catalogue has some 250
_FLOAT32, _INTGEMM8, _CHARS = 0x0404, 0x4101, 0x0101
_HEADER = struct.Struct("<QQQQ")
_CONFIG = "special:model.yml"
_ALPHA = "_QuantMultA"
_EMBEDDINGS = ("Wemb", "encoder_Wemb", "decoder_Wemb")
_BIAS = "decoder_ff_logit_out_b"

# What the model's own configuration must say for the network to be the one that graphs.py writes. A missing key is
# taken as said: older files leave some out.
_REQUIRED = {
    "type": ("transformer",), "dec-cell": ("ssru",), "transformer-decoder-autoreg": ("rnn",),
    "transformer-ffn-activation": ("relu",), "transformer-ffn-depth": ("2",), "transformer-preprocess": ("", "d"),
    "transformer-postprocess": ("dan", "an"), "transformer-postprocess-emb": ("", "d"),
    "transformer-postprocess-top": ("", "d"), "transformer-no-projection": ("false",),
    "transformer-train-position-embeddings": ("false",), "transformer-rnn-projection": ("false",),
    "transformer-tied-layers": ("[]",), "lemma-dim-emb": ("0",), "output-omit-bias": ("false",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matrix:
    """A weight of shape [inputs, outputs], or [words, dim] for an embedding; value = values / multiplier."""

    values: NDArray[Any]  # int8; float32 with multiplier 1 for an embedding that was not quantised
    multiplier: float
    alpha: float  # what the activations that meet it are multiplied by before they are rounded; 0 = not given

    def dequantised(self) -> Floats:
        """Return the values as float32."""
        return self.values.astype(np.float32) / np.float32(self.multiplier)


@dataclass(frozen=True, slots=True)
class Weights:
    """One model: sizes, matrices and vectors by Marian's names."""

    dim: int
    heads: int
    encoder_layers: int
    decoder_layers: int
    matrices: dict[str, Matrix]
    vectors: dict[str, Floats]
    source_embedding: Matrix
    target_embedding: Matrix  # also the output projection; its alpha is that of the projection
    output_bias: Floats


def read_weights(data: bytes, where: str) -> Weights:
    """Read a weight file. `where` names it in errors.

    Raises EngineMissing for a damaged file, ModelUnknown for a network that graphs.py does not write.
    """
    try:
        tensors = dict(_tensors(memoryview(data)))
        return _assemble(tensors)
    except ModelUnknown as exc:
        raise ModelUnknown(f"{where}: {exc}") from exc
    except (ValueError, KeyError, struct.error, OverflowError) as exc:
        raise EngineMissing(f"{where}: damaged weight file ({exc}); install the model again") from exc


@dataclass(frozen=True, slots=True)
class _Tensor:
    name: str
    kind: int
    shape: tuple[int, ...]
    data: memoryview

    def floats(self) -> Floats:
        if self.kind != _FLOAT32:
            raise ModelUnknown(f"{self.name}: type {self.kind:#x} where float32 is known")
        return np.frombuffer(self.data, np.float32, math.prod(self.shape)).reshape(self.shape)

    def int8(self) -> tuple[NDArray[np.int8], float]:
        """Return the stored values, flat, and the multiplier."""
        if self.kind != _INTGEMM8:
            raise ModelUnknown(f"{self.name}: type {self.kind:#x} where int8 (0x4101) is known")
        size = math.prod(self.shape)
        multiplier = float(np.frombuffer(self.data, np.float32, 1, size)[0])
        if not (math.isfinite(multiplier) and multiplier > 0):
            raise ValueError(f"{self.name}: multiplier {multiplier}")
        return np.frombuffer(self.data, np.int8, size), multiplier

    def scalar(self) -> float:
        """Return an alpha: a float, or an int8 with its multiplier."""
        if self.kind == _INTGEMM8:
            values, multiplier = self.int8()
            value = float(values[0]) / multiplier
        else:
            value = float(self.floats().reshape(-1)[0])
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{self.name}: {value}")
        return value

    def matrix(self, alpha: float) -> Matrix:
        if len(self.shape) != 2:
            raise ValueError(f"{self.name}: {len(self.shape)} dimensions where 2 belong")
        if self.name in _EMBEDDINGS and self.kind == _FLOAT32:
            return Matrix(self.floats(), 1.0, alpha)
        flat, multiplier = self.int8()
        rows, columns = self.shape
        stored = flat.reshape(rows, columns) if self.name in _EMBEDDINGS else flat.reshape(columns, rows).T
        return Matrix(stored, multiplier, alpha)


def _tensors(data: memoryview) -> Iterator[tuple[str, _Tensor]]:
    version, count = struct.unpack_from("<QQ", data, 0)
    if version != VERSION or not 0 < count <= MAX_TENSORS:
        raise ValueError(f"version {version}, {count} tensors")
    headers = [_HEADER.unpack_from(data, 16 + at * _HEADER.size) for at in range(count)]
    at = 16 + count * _HEADER.size
    names = []
    for length, *_ in headers:
        names.append(bytes(data[at : at + length]).rstrip(b"\0").decode("ascii"))
        at += length
    shapes = []
    for _, _, rank, _ in headers:
        shapes.append(struct.unpack_from(f"<{rank}i", data, at) if rank <= 4 else (-1,))
        at += 4 * rank
    at += 8 + struct.unpack_from("<Q", data, at)[0]
    for name, shape, (_, kind, _, size) in zip(names, shapes, headers, strict=True):
        if min(shape, default=0) < 1 or math.prod(shape) > size or at + size > len(data):
            raise ValueError(f"{name}: shape {shape}, {size} bytes at {at} of {len(data)}")
        yield name, _Tensor(name, kind, shape, data[at : at + size])
        at += size


def _assemble(tensors: dict[str, _Tensor]) -> Weights:
    config = parse_config(bytes(tensors.pop(_CONFIG).data).decode("utf-8", "replace"))
    check_config(config)
    alphas = {name.removesuffix(_ALPHA): tensors.pop(name).scalar() for name in list(tensors) if name.endswith(_ALPHA)}
    source, target = ("Wemb", "Wemb") if "Wemb" in tensors else _EMBEDDINGS[1:]
    # Marian names the projection's alpha "none" where the embeddings are one, by the embedding where they are two.
    embeddings = {
        name: tensors.pop(name).matrix(alphas.get("none", alphas.get(target, 0.0)))
        for name in dict.fromkeys((target, source))
    }
    bias = tensors.pop(_BIAS).floats().reshape(-1)
    matrices = {name: tensors[name].matrix(alphas.get(name, 0.0)) for name in tensors if _is_matrix(name)}
    vectors = {name: tensors[name].floats().reshape(-1) for name in tensors if not _is_matrix(name)}
    weights = Weights(
        int(config["dim-emb"]), int(config["transformer-heads"]), int(config["enc-depth"]), int(config["dec-depth"]),
        matrices, vectors, embeddings[source], embeddings[target], bias,
    )  # fmt: skip
    _check_tensors(weights)
    return weights


def _is_matrix(name: str) -> bool:
    return name.rpartition("_")[2].startswith("W")


def parse_config(text: str) -> dict[str, str]:
    """Read the plain keys of the configuration, "key: value" without indent; a list on lines of its own is ""."""
    pairs = (line.partition(":") for line in text.replace("\0", "").splitlines() if not line.startswith((" ", "-")))
    return {key.strip(): value.strip().strip("\"'") for key, colon, value in pairs if colon}


def check_config(config: dict[str, str]) -> None:
    """Raise ModelUnknown where the configuration names another network."""
    for key, known in _REQUIRED.items():
        value = config.get(key, known[0])
        if value.lower() not in known:
            raise ModelUnknown(f"{key}: {value} is not {' or '.join(repr(each) for each in known)}")


def expected_shapes(weights: Weights) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of each matrix and vector that the network has; ffn sizes are the file's own."""
    dim = weights.dim
    shapes: dict[str, tuple[int, ...]] = {}

    def affine(prefix: str, letters: str) -> None:
        for letter in letters:
            shapes[f"{prefix}_W{letter}"] = (dim, dim)
            shapes[f"{prefix}_b{letter}"] = (dim,)

    def norm(prefix: str) -> None:
        shapes[f"{prefix}_ln_scale"] = shapes[f"{prefix}_ln_bias"] = (dim,)

    def ffn(prefix: str) -> None:
        first = weights.matrices.get(f"{prefix}_ffn_W1")
        inner = first.values.shape[1] if first else 0
        shapes.update({f"{prefix}_ffn_W1": (dim, inner), f"{prefix}_ffn_b1": (inner,)})
        shapes.update({f"{prefix}_ffn_W2": (inner, dim), f"{prefix}_ffn_b2": (dim,)})
        norm(f"{prefix}_ffn_ffn")

    for layer in range(1, weights.encoder_layers + 1):
        affine(f"encoder_l{layer}_self", "qkvo")
        norm(f"encoder_l{layer}_self_Wo")
        ffn(f"encoder_l{layer}")
    for layer in range(1, weights.decoder_layers + 1):
        prefix = f"decoder_l{layer}"
        shapes.update({f"{prefix}_rnn_W": (dim, dim), f"{prefix}_rnn_Wf": (dim, dim), f"{prefix}_rnn_bf": (dim,)})
        norm(f"{prefix}_rnn_ffn")
        affine(f"{prefix}_context", "qkvo")
        norm(f"{prefix}_context_Wo")
        ffn(prefix)
    return shapes


def _check_tensors(weights: Weights) -> None:
    """Hold the tensors of the file against those of the network: none missing, none over, each of its shape."""
    if weights.dim % weights.heads or min(weights.encoder_layers, weights.decoder_layers) < 1:
        raise ValueError(f"dim {weights.dim}, heads {weights.heads}, layers {weights.encoder_layers}")
    found: dict[str, tuple[int, ...]] = {name: each.values.shape for name, each in weights.matrices.items()}
    found |= {name: each.shape for name, each in weights.vectors.items()}
    expected = expected_shapes(weights)
    for name in sorted(found.keys() ^ expected.keys()):
        if name in found:
            raise ModelUnknown(f"unknown tensor {name}")
        raise ValueError(f"tensor {name} is missing")
    wrong = next((name for name in expected if found[name] != expected[name]), None)
    if wrong:
        raise ValueError(f"{wrong}: shape {found[wrong]} where {expected[wrong]} belongs")
    for embedding in (weights.source_embedding, weights.target_embedding):
        if embedding.values.shape[1] != weights.dim:
            raise ValueError(f"embedding of {embedding.values.shape[1]} dimensions in a model of {weights.dim}")
    if weights.output_bias.shape != weights.target_embedding.values.shape[:1]:
        raise ValueError("the output bias and the target embedding differ in length")
    without = [name for name, each in weights.matrices.items() if not each.alpha]
    if without or not weights.target_embedding.alpha or weights.target_embedding.values.dtype != np.int8:
        raise ModelUnknown(f"no scale for the activations of {without[0] if without else 'the output projection'}")
