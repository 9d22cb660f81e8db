"""The case files beside the tests: each can be read, and some test reads it."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

CASES = Path(__file__).parent
FILES = sorted(path for path in CASES.rglob("*.toml"))


@cache
def code() -> str:
    """Join the sources of all tests and benchmarks."""
    roots = (CASES.parent, CASES.parents[1] / "benchmarks")
    return "\n".join(path.read_text(encoding="utf-8") for root in roots for path in sorted(root.rglob("*.py")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CASES).as_posix())
def test_case_file_is_read_by_a_test(path: Path) -> None:
    """A file with a mistake, or one that no test names, would hold no rule."""
    assert tomllib.loads(path.read_text(encoding="utf-8"))
    assert f'{path.name}"' in code() or f'"{path.stem}"' in code()
