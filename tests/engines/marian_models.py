"""Models for the tests: files in Marian's format with random weights, of any size, and small vocabularies."""

import io
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentencepiece import SentencePieceTrainer

ALPHABET = [f"{a}{b}{c}" for a in "bdfgklmnprstvz" for b in "aeiou" for c in ("", "n", "s", "r")]
FLOAT32, INTGEMM8, CHARS = 0x0404, 0x4101, 0x0101


@dataclass
class Recipe:
    """Sizes of a model; `split` gives it two vocabularies."""

    dim: int = 32
    heads: int = 4
    ffn: int = 48
    encoder_layers: int = 2
    decoder_layers: int = 2
    words: tuple[int, int] = (90, 90)
    split: bool = False
    config: dict[str, str] = field(default_factory=dict)
    seed: int = 2


def tensors(recipe: Recipe) -> dict[str, tuple[int, tuple[int, ...], bytes]]:
    """Return the tensors of a random model: name -> type, shape, data."""
    rng = np.random.default_rng(recipe.seed)
    dim, ffn = recipe.dim, recipe.ffn
    made: dict[str, tuple[int, tuple[int, ...], bytes]] = {}

    def vector(name: str, size: int, around: float = 0.0) -> None:
        made[name] = (FLOAT32, (1, size), (around + rng.normal(0, 0.1, (1, size))).astype("<f4").tobytes())

    def matrix(name: str, rows: int, columns: int, alpha: str = "") -> None:
        spread = 4 if "ffn" in name else 1  # with less the last word is written again and again
        values = rng.normal(0, spread / np.sqrt(dim), (rows, columns)).astype(np.float32)
        multiplier = 127 / np.abs(values).max()
        stored = np.rint(values * multiplier).astype(np.int8)
        data = stored.tobytes() if "Wemb" in name else stored.T.tobytes()
        made[name] = (INTGEMM8, (rows, columns), data + np.float32(multiplier).tobytes())
        made[alpha or f"{name}_QuantMultA"] = (
            FLOAT32,
            (1, 1),
            np.float32(127 / (18 if "W2" in name else 4.5)).tobytes(),
        )

    def layer(prefix: str, attention: str) -> None:
        for letter in "qkvo":
            matrix(f"{prefix}_{attention}_W{letter}", dim, dim)
            vector(f"{prefix}_{attention}_b{letter}", dim)
        matrix(f"{prefix}_ffn_W1", dim, ffn)
        matrix(f"{prefix}_ffn_W2", ffn, dim)
        vector(f"{prefix}_ffn_b1", ffn)
        vector(f"{prefix}_ffn_b2", dim)
        for norm in (f"{attention}_Wo", "ffn_ffn"):
            vector(f"{prefix}_{norm}_ln_scale", dim, 1.0)
            vector(f"{prefix}_{norm}_ln_bias", dim)

    if recipe.split:
        matrix("encoder_Wemb", recipe.words[0], dim)
        matrix("decoder_Wemb", recipe.words[1], dim)
    else:
        matrix("Wemb", recipe.words[1], dim, "none_QuantMultA")
    vector("decoder_ff_logit_out_b", recipe.words[1])
    for number in range(1, recipe.encoder_layers + 1):
        layer(f"encoder_l{number}", "self")
    for number in range(1, recipe.decoder_layers + 1):
        prefix = f"decoder_l{number}"
        layer(prefix, "context")
        matrix(f"{prefix}_rnn_W", dim, dim)
        matrix(f"{prefix}_rnn_Wf", dim, dim)
        vector(f"{prefix}_rnn_bf", dim)
        vector(f"{prefix}_rnn_ffn_ln_scale", dim, 1.0)
        vector(f"{prefix}_rnn_ffn_ln_bias", dim)
    config = {
        "type": "transformer", "dec-cell": "ssru", "transformer-decoder-autoreg": "rnn", "dim-emb": str(dim),
        "transformer-heads": str(recipe.heads), "enc-depth": str(recipe.encoder_layers),
        "dec-depth": str(recipe.decoder_layers), "transformer-postprocess": "dan", **recipe.config,
    }  # fmt: skip
    text = "dim-vocabs:\n  - 1\n" + "".join(f"{key}: {value}\n" for key, value in config.items())
    made["special:model.yml"] = (CHARS, (len(text) + 1,), text.encode() + b"\0")
    return made


def write(made: dict[str, tuple[int, tuple[int, ...], bytes]]) -> bytes:
    """Write tensors in Marian's binary format."""
    data = {name: each + bytes(-len(each) % 256) for name, (_, _, each) in made.items()}
    out = struct.pack("<QQ", 1, len(made))
    for name, (kind, shape, _) in made.items():
        out += struct.pack("<QQQQ", len(name) + 1, kind, len(shape), len(data[name]))
    out += b"".join(name.encode() + b"\0" for name in made)
    out += b"".join(struct.pack(f"<{len(shape)}i", *shape) for _, shape, _ in made.values())
    padding = -(len(out) + 8) % 256
    return out + struct.pack("<Q", padding) + bytes(padding) + b"".join(data.values())


def vocabulary(size: int, shift: int = 0) -> bytes:
    """Train a vocabulary of at most `size` pieces on made-up words; END is 0, the unknown piece 1."""
    words = ALPHABET[shift:] + ALPHABET[:shift]
    lines = [" ".join(words[at % len(words)] for at in range(start, start + 9)) + "." for start in range(0, 900, 7)]
    written = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=written, vocab_size=size, hard_vocab_limit=False,
        eos_id=0, unk_id=1, bos_id=-1, pad_id=-1, eos_piece="</s>", minloglevel=2,
    )  # fmt: skip
    return written.getvalue()


def shortlist(sizes: tuple[int, int], seed: int = 1, frequent: int = 12, best: int = 8) -> bytes:
    """Write a shortlist with random candidates."""
    rng = np.random.default_rng(seed)
    rows: list[NDArray[np.int64]] = [np.sort(rng.choice(sizes[1], best, replace=False)) for _ in range(sizes[0])]
    offsets = np.arange(sizes[0] + 1) * best
    header = struct.pack("<6Q", 0xF11A48D5013417F5, 0, frequent, best, len(offsets), best * sizes[0])
    return header + offsets.astype("<u8").tobytes() + np.concatenate(rows).astype("<u4").tobytes()


def save(folder: Path, recipe: Recipe, *, lexical: bool = True) -> Path:
    """Write a whole model into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.xxyy.intgemm.alphas.bin").write_bytes(write(tensors(recipe)))
    if recipe.split:
        (folder / "srcvocab.xxyy.spm").write_bytes(vocabulary(recipe.words[0]))
        (folder / "trgvocab.xxyy.spm").write_bytes(vocabulary(recipe.words[1], 20))
    else:
        (folder / "vocab.xxyy.spm").write_bytes(vocabulary(recipe.words[1]))
    if lexical:
        (folder / "lex.50.50.xxyy.s2t.bin").write_bytes(shortlist(recipe.words))
    return folder
