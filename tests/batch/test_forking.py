"""Workers that are forks of the run's process."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.batch.locking import lock_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are fresh processes")

SCRIPT = Path(__file__).with_name("forking.py")


@pytest.fixture
def articles(tmp_path: Path) -> list[Path]:
    """Make three short English articles."""
    made = []
    for number, place in enumerate(("Lisbon", "Varna", "Madrid")):
        made.append(tmp_path / f"{place.lower()}.txt")
        made[-1].write_text(f"The mayor visits {place}\n\nThe mayor will visit {place} with {number + 2} guests.\n")
    return made


def run(mode: str, output: Path, articles: list[Path]) -> dict[str, Any]:
    """Run the script and return what it tells."""
    output.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, SCRIPT, mode, output, *articles],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, stdout=subprocess.PIPE, text=True, timeout=120, check=False,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def files(folder: Path) -> dict[str, bytes]:
    """Return all files under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_fork_that_is_killed_is_replaced_by_a_fresh_process(articles: list[Path], tmp_path: Path) -> None:
    """There are threads by then. The files are those of a run in peace, and no process is left waiting."""
    said = run("killed", tmp_path / "killed", articles)
    assert said == {"forked": [True, True, False], "done": [True] * 3, "left": 0}
    peace = run("peace", tmp_path / "peace", articles)
    assert peace["done"] == [True] * 3
    assert files(tmp_path / "killed") == files(tmp_path / "peace")


def test_a_process_with_threads_is_not_forked(articles: list[Path], tmp_path: Path) -> None:
    """What another thread locks would stay locked in the fork."""
    assert run("threads", tmp_path / "out", articles) == {"may": [True, False, True]}


def test_the_program_begins_with_one_thread() -> None:
    """It says so to numpy's library before numpy is loaded."""
    code = "import sys, pipeline.cli; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_forks_of_a_killed_run_end_and_hold_no_folder(articles: list[Path], tmp_path: Path) -> None:
    """Each sees that the other end of its pipe is gone, though all were open in every later fork."""
    pids = run("orphans", tmp_path / "out", articles)["pids"]
    with lock_folder(tmp_path / "out"):
        pass
    deadline = time.monotonic() + 30
    while (alive := [pid for pid in pids if _is_alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(pids) == 2
    assert not alive


def _is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
