"""The Makefile offers what it lists, and tells a mistake in one line."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs GNU make")


def make(*args: str) -> subprocess.CompletedProcess[str]:
    """Run make in the project, apart from a make that may be running these tests."""
    env = {"PATH": "/usr/bin:/bin"}
    return subprocess.run(["make", *args], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_help_is_the_default_and_lists_every_target() -> None:
    """`make` alone lists each target with a word on it, and does nothing else."""
    listed = make().stdout
    assert {"demo", "test", "check", "articles", "docs", "check-glossaries", "clean"} <= set(TARGETS)
    assert all(re.search(rf"^  make {target} +\S", listed, re.MULTILINE) for target in TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_target_can_be_made(target: str) -> None:
    """Every target that is listed has all that it depends on."""
    done = make("--dry-run", target)
    assert done.returncode == 0, done.stderr


def test_old_python_is_refused_in_one_line() -> None:
    """No interpreter that will do: one line that says what to do, before anything is made."""
    done = make("--always-make", "--old-file=pyproject.toml", ".venv/.stamp", "PYTHON=no-such-python")
    first, *rest = done.stderr.splitlines()
    assert first.startswith("error: no Python 3.11 or newer found; install one")
    assert all(line.startswith("make: ***") for line in rest)
    assert done.returncode == 2
