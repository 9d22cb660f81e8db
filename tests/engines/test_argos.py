"""Argos packages, with a real one of the tests' own: it translates its small world, and nothing is cut or mixed up."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import ctranslate2
import pytest
from argostranslate.tokenizer import SentencePieceTokenizer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.engines.argos import ArgosEngine, installed_packages
from pipeline.engines.argos.engine import MAX_TOKENS, open_tokenizer, read_vocabulary
from pipeline.engines.routes import Router
from pipeline.errors import EngineFailed, EngineMissing, UsageError

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
from grammar import make_pairs

# train_tiny.py trains on another seed; sentences of some length are not the same by chance.
PAIRS = list(islice((pair for pair in make_pairs(2) if len(pair[0].split()) >= 8), 300))
SOURCES = [source for source, _ in PAIRS]


@pytest.fixture
def engine(tiny: Path) -> Iterator[ArgosEngine]:
    """Give the engine of the tiny package."""
    (package,) = installed_packages().values()
    engine = ArgosEngine(package)
    yield engine
    engine.close()


def test_its_world_is_translated(engine: ArgosEngine) -> None:
    """At least 95 % of sentences that the model never saw come out exactly as the grammar has them."""
    exact = sum(given == wanted for given, (_, wanted) in zip(engine.translate(SOURCES), PAIRS, strict=True))
    assert exact >= 0.95 * len(PAIRS)


def test_text_is_what_argostranslate_gives(engine: ArgosEngine, tiny: Path) -> None:
    """The same text as by the library's tokenizer and its settings, where each sentence is a batch of its own."""
    tokenizer = SentencePieceTokenizer(tiny / "sentencepiece.model")
    translator = ctranslate2.Translator(str(tiny / "model"), compute_type="auto")
    results = translator.translate_batch(
        [tokenizer.encode(source) for source in SOURCES], replace_unknowns=True, max_batch_size=32,
        batch_type="tokens", beam_size=4, num_hypotheses=1, length_penalty=0.2,
    )  # fmt: skip
    stock = [tokenizer.decode(result.hypotheses[0]).removeprefix(" ") for result in results]
    for source, ours, theirs in zip(SOURCES, engine.translate(SOURCES), stock, strict=True):
        assert ours.replace("_", " ") == theirs, source  # the library writes a space for every underscore


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(40)), size=st.integers(1, 40))
def test_text_does_not_depend_on_its_batch(engine: ArgosEngine, order: list[int], size: int) -> None:
    """Whatever stands beside a sentence, and wherever it stands, its translation is the same and in its place."""
    alone = _alone(engine)
    chosen = order[:size]
    assert engine.translate([SOURCES[at] for at in chosen]) == [alone[at] for at in chosen]


def _alone(engine: ArgosEngine, answers: dict[int, str] = {}) -> dict[int, str]:  # noqa: B006 - made once
    if not answers:
        answers.update({at: engine.translate([SOURCES[at]])[0] for at in range(40)})
    return answers


@pytest.mark.parametrize("workers", [1, 3])
def test_text_does_not_depend_on_the_workers(
    engine: ArgosEngine, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One worker or three: other batches, the same text."""
    monkeypatch.setenv("ARGOS_INTER_THREADS", str(workers))
    (package,) = installed_packages().values()
    assert ArgosEngine(package).translate(SOURCES) == engine.translate(SOURCES)


@pytest.mark.parametrize("tokens", [1, 100, 700])
def test_text_does_not_depend_on_the_waves(engine: ArgosEngine, tokens: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence at a time or many: the same text, in the same places."""
    wanted = engine.translate(SOURCES[:100])
    monkeypatch.setattr("pipeline.engines.argos.engine.BATCH_TOKENS", tokens)
    assert engine.translate(SOURCES[:100]) == wanted


def test_run_can_end_between_two_waves(engine: ArgosEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal is heeded before the next wave begins."""
    monkeypatch.setattr("pipeline.engines.argos.engine.BATCH_TOKENS", 1)
    waves = []

    def interrupt(rows: list[list[str]]) -> Iterator[str]:
        waves.append(rows)
        signal.raise_signal(signal.SIGINT)
        return iter([""] * len(rows))

    monkeypatch.setattr(engine, "_translate_wave", interrupt)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    try:
        with pytest.raises(KeyboardInterrupt):
            engine.translate(SOURCES)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(waves) == 1


def test_text_beyond_the_window_is_split_and_not_cut(engine: ArgosEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence far longer than the window is translated to its last word, in pieces; the tiny model reads 40."""
    monkeypatch.setattr("pipeline.engines.argos.engine.MAX_TOKENS", 40)
    years = range(2010, 2026)
    text = f"{', and '.join(f'the police closed the new hospital in Lisbon in {year}' for year in years)}."
    wanted = f"{', y '.join(f'la policía cerró el hospital nuevo en Lisboa en {year}' for year in years)}."
    assert engine.translate([f"T{text[1:]}", "The bridge is new."]) == [f"L{wanted[1:]}", "El puente es nuevo."]


@given(words=st.lists(st.sampled_from(["bridge,", "police", "XQ0;", "жук", "2019", "-", "a" * 40]), max_size=400))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_piece_fits_the_window(engine: ArgosEngine, words: list[str]) -> None:
    """However a text is cut, no piece is longer than the model can read, and no word is lost."""
    engine.load()
    pieces = engine._split(" ".join(words))
    assert all(len(piece) <= MAX_TOKENS for piece in pieces)
    assert " ".join(" ".join(map(engine._tokenizer.decode, pieces)).split()) == " ".join(words)


def test_opaque_tokens_come_back(engine: ArgosEngine) -> None:
    """What the pipeline puts in the place of a protected span is copied, the one with an underscore too."""
    for style in ("XQ{}", "Zyx{}", "PH_{}"):
        text = f"{style.format(0)} will visit the school in {style.format(1)} on Monday."
        assert engine.translate([text]) == [f"{style.format(0)} visitará la escuela en {style.format(1)} el lunes."]


@pytest.mark.parametrize(
    ("char", "can"), [*((c, True) for c in "azAZ09ñé.,?!_"), *((c, False) for c in "жß€“½日\x07 ")]
)
def test_can_write_knows_the_vocabulary(engine: ArgosEngine, char: str, can: bool) -> None:
    """A letter of the model survives; one that the vocabulary lacks, or that is rewritten on the way, does not."""
    assert engine.can_write(char) is can


def test_control_characters_do_not_pass(engine: ArgosEngine) -> None:
    """An unknown token is copied from the source, but not what no document may hold."""
    (answer,) = engine.translate(["The mayor \x07visited \x1bжук\x00 on Monday."])
    assert not any(ord(char) < 32 for char in answer)


DAMAGE = {
    "no model": lambda folder: (folder / "model/model.bin").unlink(),
    "model cut short": lambda folder: os.truncate(folder / "model/model.bin", 100_000),
    "empty model": lambda folder: os.truncate(folder / "model/model.bin", 0),
    "no tokenizer": lambda folder: (folder / "sentencepiece.model").unlink(),
    "tokenizer of noise": lambda folder: (folder / "sentencepiece.model").write_bytes(b"noise" * 99),
    "empty tokenizer": lambda folder: os.truncate(folder / "sentencepiece.model", 0),
    "no vocabulary": lambda folder: [path.unlink() for path in (folder / "model").glob("*vocabulary*")],
    "vocabulary of another model": lambda folder: [
        path.write_text('["<unk>", "<s>", "</s>"]') for path in (folder / "model").glob("*vocabulary*")
    ],
    "whole package gone": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_package_gives_one_line(tiny: Path, damage: str) -> None:
    """A package that is not whole is named in one line with what to do, whichever file is damaged."""
    (package,) = installed_packages().values()
    DAMAGE[damage](tiny)
    engine = ArgosEngine(package)
    with pytest.raises(
        (EngineMissing, EngineFailed),
        match=r"package translate-en_es-1_0 (cannot|fails).*; try: .* install en es --force",
    ) as caught:
        engine.translate(["The mayor visited Lisbon yesterday."])
    assert "\n" not in str(caught.value)


METADATA = ["", "{", "[]", '"text"', '{"from_code": "en"}', '{"from_code": 1, "to_code": "es"}', "[" * 100_000]


@pytest.mark.parametrize("text", METADATA, ids=range(len(METADATA)))
def test_package_without_sense_is_passed_over(tiny: Path, text: str) -> None:
    """Damaged metadata, or none, costs that package and no other."""
    other = tiny.parent / "damaged"
    shutil.copytree(tiny, other)
    (other / "metadata.json").write_text(text)
    assert {pair: package.folder for pair, package in installed_packages().items()} == {("en", "es"): tiny}


def install_twin(tiny: Path, name: str, **facts: str) -> None:
    """Copy the tiny package under another name with other facts."""
    shutil.copytree(tiny, tiny.parent / name)
    path = tiny.parent / name / "metadata.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **facts}))


def test_of_several_packages_the_best_is_used(tiny: Path) -> None:
    """The newest version, counted in numbers; the language itself before a region of it."""
    install_twin(tiny, "a", package_version="1.10")
    install_twin(tiny, "b", package_version="1.9")
    install_twin(tiny, "c", from_code="pt", package_version="1.0")
    install_twin(tiny, "d", from_code="pb", package_version="2.0")
    install_twin(tiny, "e", from_code="xx")
    names = {pair: package.name for pair, package in installed_packages().items()}
    assert names == {("en", "es"): "a", ("pt", "es"): "c"}


def test_brazilian_package_serves_portuguese(tiny: Path) -> None:
    """A package whose code is "pb" is found by a route, which knows base languages."""
    install_twin(tiny, "d", from_code="pb")
    assert Router("argos").find_route("pt-BR", "es").text == "pt-es:argos"


def test_route_runs_over_the_package(tiny: Path) -> None:
    """The router finds the package, and says how to get one that is not there."""
    router = Router("argos")
    route = router.find_route("en", "es")
    assert router.engine(route.hops[0]).translate(["The bridge is new."]) == ["El puente es nuevo."]
    router.close()
    with pytest.raises(EngineMissing, match="no route from English to Bulgarian"):
        router.find_route("en", "bg")


@pytest.mark.parametrize(
    ("name", "value"),
    [("BEAM_SIZE", "0"), ("BEAM_SIZE", "four"), ("BEAM_SIZE", "²"), ("COMPUTE_TYPE", "int3"), ("INTER_THREADS", "-1")],
)
def test_setting_that_makes_no_sense_is_told(
    tiny: Path, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong setting is named with its value, before any model is opened."""
    monkeypatch.setenv(f"ARGOS_{name}", value)
    with pytest.raises(UsageError, match=f"ARGOS_{name} is '{value}'"):
        ArgosEngine(*installed_packages().values())


def test_settings_are_those_of_argostranslate(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """settings.json counts, a variable goes before it, and what the text depends on stands in the version."""
    path = tmp_path / "home/argos-translate/settings.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"ARGOS_BEAM_SIZE": 2, "ARGOS_PACKAGES_DIR": str(tiny.parent)}))
    monkeypatch.delenv("ARGOS_PACKAGES_DIR")
    (package,) = installed_packages().values()
    assert "beam 2, auto" in ArgosEngine(package).version
    monkeypatch.setenv("ARGOS_BEAM_SIZE", "1")
    assert "beam 1, auto" in ArgosEngine(package).version
    path.write_text("{")
    assert installed_packages() == {}


def test_version_tells_the_weights_apart(tiny: Path) -> None:
    """Other weights under the same version number are another engine."""
    (package,) = installed_packages().values()
    before = ArgosEngine(package).version
    with (tiny / "model/model.bin").open("ab") as file:
        file.write(b"0")
    assert ArgosEngine(package).version != before


def test_nothing_is_written(tiny: Path, tmp_path: Path, engine: ArgosEngine) -> None:
    """Translating leaves no folder in HOME and no file among the packages."""
    before = sorted(tiny.rglob("*"))
    engine.translate(["The bridge is new."])
    assert sorted(tiny.rglob("*")) == before
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("files", "known"),
    [
        ({"shared_vocabulary.json": '["a", "b"]'}, {"a", "b"}),
        ({"shared_vocabulary.txt": "a\nb\n"}, {"a", "b"}),
        ({"source_vocabulary.json": '["a", "b"]', "target_vocabulary.json": '["b", "c"]'}, {"b"}),
        ({"source_vocabulary.txt": "a\nb\n", "target_vocabulary.txt": "b\nc\n"}, {"b"}),
        ({}, set()),
    ],
)
def test_vocabulary_of_every_age_is_read(tmp_path: Path, files: dict[str, str], known: set[str]) -> None:
    """One file or two, JSON or lines: what counts is what both sides know."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert read_vocabulary(tmp_path) - {""} == known


def test_package_of_the_older_kind_has_its_tokenizer(tiny: Path) -> None:
    """A package with a bpe.model, as they were until 2021, is read by argostranslate's own tokenizer."""
    (tiny / "sentencepiece.model").rename(tiny.parent / "aside")
    (tiny / "bpe.model").write_text("#version: 0.2\nt h\nth e</w>\n")
    (package,) = installed_packages().values()
    tokenizer = open_tokenizer(package)
    assert tokenizer.encode("The the.") == ["T@@", "h@@", "e", "the", "."]
    assert tokenizer.decode(tokenizer.encode("The the.")) == "The the."
