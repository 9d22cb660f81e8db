"""The package that `make bench-argos` measures with does what its figures rest on."""

import sys
from pathlib import Path

import pytest

from pipeline.engines.argos import ArgosEngine, installed_packages

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from argos_package import make_package

SENTENCES = [
    "Welsh AMs worried about 'looking like muppets'",
    "Yes.",
    "There is consternation among some at a suggestion that their title should change to that of a member of the new"
    " parliament, and two of them said so in a letter to the presiding officer on Monday.",
]


def test_a_target_ends_by_itself_and_has_the_pieces_of_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No sentence runs to the limit of length: both engines of the benchmark decode as many steps as the source has."""
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path))
    make_package(tmp_path, layers=1)
    engine = ArgosEngine(installed_packages()["en", "pt"])
    engine.load()
    rows = [engine._tokenizer.encode(text) for text in SENTENCES]
    results = engine._translator.translate_batch(rows, beam_size=4, length_penalty=0.2)
    assert [len(result.hypotheses[0]) for result in results] == [len(row) for row in rows]
    assert engine.translate(SENTENCES) == [engine.translate([text])[0] for text in SENTENCES]
