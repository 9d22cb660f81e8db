"""Model files: what is damaged gives one clear error, what is of another form is told apart, and nothing else."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from marian_models import CHARS, FLOAT32, INTGEMM8, Recipe, save, shortlist, tensors, vocabulary, write

from pipeline.engines.base import Aligner, Engine
from pipeline.engines.firefox import FirefoxEngine, bundled_models
from pipeline.engines.marian import protobuf
from pipeline.engines.marian.shortlist import read_shortlist
from pipeline.engines.marian.vocabulary import Vocabulary
from pipeline.engines.marian.weights import parse_config, read_weights
from pipeline.engines.modelfiles import ModelFiles
from pipeline.engines.reference import FxtranslateEngine
from pipeline.engines.routes import Router
from pipeline.errors import EngineMissing, ModelUnknown

Tensors = dict[str, tuple[int, tuple[int, ...], bytes]]
MODEL = write(tensors(Recipe(dim=16, ffn=16, words=(30, 30))))
SHORTLIST = shortlist((30, 30))


def test_what_is_written_is_read() -> None:
    """Matrices come back as [inputs, outputs], embeddings as [words, dim], each with its multiplier and alpha."""
    made = tensors(Recipe())
    weights = read_weights(write(made), "model.bin")
    _, shape, data = made["encoder_l1_ffn_W1"]
    matrix = weights.matrices["encoder_l1_ffn_W1"]
    stored = np.frombuffer(data, np.int8, 32 * 48).reshape(48, 32)
    assert matrix.values.shape == shape == (32, 48)
    assert (matrix.values == stored.T).all()
    assert matrix.multiplier == np.frombuffer(data[-4:], np.float32)[0]
    assert matrix.alpha == pytest.approx(127 / 4.5)
    assert weights.source_embedding.values.shape == (90, 32)
    assert (weights.dim, weights.heads, weights.encoder_layers, weights.decoder_layers) == (32, 4, 2, 2)


@given(st.integers(0, len(MODEL) - 1))
def test_a_weight_file_cut_short_is_damaged(length: int) -> None:
    """Wherever a download ends too early: one line that names the file and says what to do."""
    with pytest.raises(EngineMissing, match=r"^model\.bin: .*install the model again$") as caught:
        read_weights(MODEL[:length], "model.bin")
    assert "\n" not in str(caught.value)


@given(st.lists(st.tuples(st.integers(0, 12000), st.integers(0, 255)), min_size=1, max_size=8))
def test_changed_bytes_never_crash(changes: list[tuple[int, int]]) -> None:
    """Bytes changed in the headers, names or shapes: read all the same, or refused as damaged or unknown."""
    data = bytearray(MODEL)
    for place, value in changes:
        data[place] = value
    try:
        read_weights(bytes(data), "model.bin")
    except EngineMissing as exc:
        assert str(exc).startswith("model.bin: ")
        assert "\n" not in str(exc)


def _without(name: str) -> Callable[[Tensors], None]:
    return lambda made: made.pop(name) and None  # type: ignore[func-returns-value]


def _with(
    name: str, kind: int = FLOAT32, shape: tuple[int, ...] = (1, 32), data: bytes = bytes(128)
) -> Callable[[Tensors], None]:
    return lambda made: made.update({name: (kind, shape, data)})


def _config(key: str, value: str) -> Callable[[Tensors], None]:
    return lambda made: made.update(tensors(Recipe(config={key: value})))


DAMAGED = {
    "a missing matrix": (_without("decoder_l2_ffn_W1"), "tensor decoder_l2_ffn_W1 is missing"),
    "a missing vector": (_without("encoder_l1_self_bq"), "tensor encoder_l1_self_bq is missing"),
    "no configuration": (_without("special:model.yml"), "special:model.yml"),
    "no embedding": (_without("Wemb"), "decoder_Wemb"),
    "a wrong shape": (_with("encoder_l1_self_bq", shape=(1, 31)), "encoder_l1_self_bq: shape (31,)"),
    "a multiplier of nought": (_with("encoder_l1_self_Wq", INTGEMM8, (32, 32), bytes(32 * 32 + 4)), "multiplier 0.0"),
    "heads that do not divide": (_config("transformer-heads", "5"), "heads 5"),
}  # fmt: skip

UNKNOWN = {
    "a tensor over": (_with("encoder_l1_self_gate"), "unknown tensor encoder_l1_self_gate"),
    "a layer over": (_with("decoder_l3_rnn_bf"), "unknown tensor decoder_l3_rnn_bf"),
    "no alpha": (_without("encoder_l2_self_Wk_QuantMultA"), "no scale for the activations of encoder_l2_self_Wk"),
    "no alpha of the projection": (_without("none_QuantMultA"), "activations of the output projection"),
    "int16 weights": (_with("encoder_l1_self_Wq", 0x4102, (32, 32), bytes(2052)), "type 0x4102"),
    "bytes for a vector": (_with("encoder_l1_self_bq", CHARS), "encoder_l1_self_bq: type 0x101"),
    "another cell": (_config("dec-cell", "gru"), "dec-cell: gru"),
    "pre-norm": (_config("transformer-preprocess", "n"), "transformer-preprocess: n"),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGED)
def test_damage_is_named(case: str) -> None:
    """A file that is not whole is damaged; the line says where."""
    change, says = DAMAGED[case]
    made = tensors(Recipe())
    change(made)
    with pytest.raises(EngineMissing) as caught:
        read_weights(write(made), "model.bin")
    assert not isinstance(caught.value, ModelUnknown)
    assert str(caught.value).startswith("model.bin: damaged weight file (") and says in str(caught.value)


@pytest.mark.parametrize("case", UNKNOWN)
def test_another_form_is_told_from_damage(case: str) -> None:
    """A whole file of a network that we do not write is ModelUnknown, so that another engine may try."""
    change, says = UNKNOWN[case]
    made = tensors(Recipe())
    change(made)
    with pytest.raises(ModelUnknown) as caught:
        read_weights(write(made), "model.bin")
    assert says in str(caught.value)


def test_alphas_of_two_vocabularies_are_found() -> None:
    """With two vocabularies the projection's alpha bears the name of the embedding and may itself be an int8."""
    made = tensors(Recipe(split=True))
    made["decoder_Wemb_QuantMultA"] = (INTGEMM8, (1, 1), np.int8(127).tobytes() + np.float32(4).tobytes())
    assert read_weights(write(made), "model.bin").target_embedding.alpha == 127 / 4


def test_configuration_is_read_plainly() -> None:
    """Keys with plain values; lists and nested keys are no matter of ours."""
    text = 'dim-emb: 256\ndim-vocabs:\n  - 32000\ntransformer-postprocess-top: ""\n  nested: 1\n\0'
    assert parse_config(text) == {"dim-emb": "256", "dim-vocabs": "", "transformer-postprocess-top": ""}


@given(st.integers(0, len(SHORTLIST) - 1))
def test_a_shortlist_cut_short_is_damaged(length: int) -> None:
    """As for weights."""
    with pytest.raises(EngineMissing, match=r"^lex\.bin: damaged shortlist .*install the model again$"):
        read_shortlist(SHORTLIST[:length], "lex.bin", (30, 30))


@pytest.mark.parametrize("sizes", [(31, 30), (30, 25)])
def test_a_shortlist_of_another_model_is_refused(sizes: tuple[int, int]) -> None:
    """Ids outside the vocabulary would be read from nowhere."""
    with pytest.raises(EngineMissing, match="made for other vocabularies"):
        read_shortlist(SHORTLIST, "lex.bin", sizes)


def test_shortlist_holds_the_frequent_and_the_likely() -> None:
    """The pieces allowed for a sentence: the most frequent ones and those of its own pieces, sorted, each once."""
    chosen = read_shortlist(SHORTLIST, "lex.bin", (30, 30)).choose([3, 5, 3, 0])
    rows = np.frombuffer(SHORTLIST[48 + 8 * 31 :], "<u4").reshape(30, 8)
    assert chosen.tolist() == sorted({*range(12), *rows[3].tolist(), *rows[5].tolist(), *rows[0].tolist()})


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 40, vocabulary(60)[:500]], ids=["empty", "noise", "cut"])
def test_a_damaged_vocabulary_is_told(data: bytes) -> None:
    """As for weights."""
    with pytest.raises(EngineMissing, match=r"^vocab\.spm: .*install the model again$"):
        Vocabulary(data, "vocab.spm")


def test_missing_files_are_named(tmp_path: Path) -> None:
    """A folder without a model says which file is not there."""
    with pytest.raises(EngineMissing, match=r"no model\.\*\.bin in "):
        ModelFiles.find(tmp_path)
    save(tmp_path, Recipe())
    (tmp_path / "vocab.xxyy.spm").unlink()
    with pytest.raises(EngineMissing, match=r"no vocab\.\*\.spm in "):
        ModelFiles.find(tmp_path)


def test_vocabulary_larger_than_the_model_is_refused(tmp_path: Path) -> None:
    """A piece without an embedding would be read from nowhere."""
    folder = save(tmp_path, Recipe(words=(60, 60)))
    (folder / "vocab.xxyy.spm").write_bytes(vocabulary(90))
    with pytest.raises(EngineMissing, match="pieces for a model of"):
        FirefoxEngine("en", "pt", folder=folder).load()


@pytest.mark.parametrize("why", ["no ONNX Runtime", "unknown form"])
def test_the_reference_stands_in(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ONNX Runtime, or with a model of another form, the engine still translates, and its version says how."""
    if why == "no ONNX Runtime":
        monkeypatch.setitem(sys.modules, "onnxruntime", None)
    else:
        monkeypatch.setattr("pipeline.engines.marian.translator.read_weights", _refuse)
    engine = FirefoxEngine("en", "pt", folder=bundled_models()["en", "pt"])
    plain = FxtranslateEngine("en", "pt", folder=bundled_models()["en", "pt"])
    text = "The harbour opened on Monday."
    assert engine.translate([text, ""]) == plain.translate([text, ""])
    assert engine.version == plain.version and engine.version.startswith("fxtranslate ")
    assert [each.text for each in engine.translate_aligned([text])] == plain.translate([text])
    assert engine.can_write("é") and not engine.can_write("日")


def _refuse(data: bytes, where: str) -> None:
    raise ModelUnknown(f"{where}: {len(data)}")


def test_engines_keep_the_contracts() -> None:
    """Both are engines; the main one aligns. The reference takes part only where it is asked for."""
    folder = bundled_models()["en", "pt"]
    assert isinstance(FirefoxEngine("en", "pt", folder=folder), Engine)
    assert isinstance(FirefoxEngine("en", "pt", folder=folder), Aligner)
    assert isinstance(FxtranslateEngine("en", "pt", folder=folder), Engine)
    assert Router().find_route("en", "pt").text == "en-pt:firefox"
    assert Router("fxtranslate").find_route("en", "pt").text == "en-pt:fxtranslate"


def test_protobuf_is_what_onnx_runtime_reads() -> None:
    """Names, sizes, attributes of each kind, negative numbers and constants arrive as they were written."""
    nodes = [
        protobuf.node("Transpose", ["x"], ["turned"], {"perm": [1, 0]}),
        protobuf.node("LeakyRelu", ["turned"], ["bent"], {"alpha": 0.25}),
        protobuf.node("Reshape", ["bent", "shape"], ["flat"], {}),
        protobuf.node("Softmax", ["flat"], ["y"], {"axis": -1}),
    ]
    shape = protobuf.tensor("shape", np.array([-1, 3], np.int64))
    model = protobuf.model(
        nodes, [shape], [protobuf.value_info("x", "float32", (3, "N"))], [protobuf.value_info("y", "float32", ("M", 3))]
    )
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    x = np.array([[1, -2], [3, 4], [-5, 6]], np.float32)
    bent = np.where(x.T < 0, x.T / 4, x.T)
    assert session.get_inputs()[0].shape == [3, "N"]
    assert np.allclose(session.run(None, {"x": x})[0], np.exp(bent) / np.exp(bent).sum(1, keepdims=True), atol=1e-6)
