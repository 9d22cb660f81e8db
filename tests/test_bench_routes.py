"""The costs of routes are rewritten: measured rows in the place of old ones, all else as it was."""

import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILE = ROOT / "pipeline/data/routes.toml"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> object:
    """Import benchmarks/routes.py, which is no package."""
    pytest.importorskip("sacrebleu")
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    sys.modules.pop("routes", None)
    import routes

    return routes


def test_measured_rows_take_the_place_of_old_ones(bench: object) -> None:
    """The others, the head and the defaults stay; a new pair is added."""
    text = FILE.read_text("utf-8")
    row = {"pair": "pt-es", "engine": "apertium", "cost": 1.5, "measured": 'chrF "5"'}
    new = {"pair": "en-bg", "engine": "argos", "cost": 2.5, "measured": "chrF 97.5"}
    done = bench.rewrite(text, [row, new])  # type: ignore[attr-defined]
    before, after = tomllib.loads(text), tomllib.loads(done)
    assert after["default"] == before["default"]
    assert [each for each in after["hop"] if each["pair"] == "pt-es"] == [row]
    assert after["hop"][-1] == new
    assert len(after["hop"]) == len(before["hop"]) + 1
    assert done.partition("[[hop]]")[0] == text.partition("[[hop]]")[0]
    assert done.count("# For a pair that is not above") == 1


def test_nothing_measured_changes_nothing(bench: object) -> None:
    """To the last byte."""
    text = FILE.read_text("utf-8")
    assert bench.rewrite(text, []) == text  # type: ignore[attr-defined]
