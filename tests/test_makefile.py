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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of articles, and a program that notes how it was called and writes what stands for a result."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "in").mkdir()
    for name in ("harbour.en.txt", "market.md"):
        (tmp_path / "in" / name).write_text("text\n", "utf-8")
    program = tmp_path / "bin/translate-article"
    program.write_text(
        f"""#!/bin/bash
echo "$*" >> {tmp_path}/calls
name=$(basename "$1"); name=${{name%%.*}}
mkdir -p {tmp_path}/out/$name && echo "{{" > {tmp_path}/out/$name/manifest.json && [ ! -e {tmp_path}/fail ]
""",
        "utf-8",
    )
    program.chmod(0o755)
    (tmp_path / "stamp").touch()
    return tmp_path


def make_in(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run make on that folder, with that program."""
    places = [f"IN={folder}/in", f"OUT={folder}/out", f"BIN={folder}/bin", f"READY={folder}/stamp"]
    return make(*places, f"--old-file={folder}/stamp", "--old-file=apertium", f"LINGUAS={folder}/LINGUAS", *args)


def calls(folder: Path) -> list[str]:
    """Return how the program was called, sorted."""
    path = folder / "calls"
    return sorted(path.read_text("utf-8").replace(str(folder), "").splitlines()) if path.exists() else []


def test_languages_come_from_the_command_or_linguas(folder: Path) -> None:
    """LANGS wins over the file LINGUAS, whose comments and lines do not matter; else there is a default."""
    assert make_in(folder, "articles").returncode == 0
    (folder / "LINGUAS").write_text("# ours\npt  # Brazil\nes gl\n", "utf-8")
    assert make_in(folder, "articles").returncode == 0
    assert make_in(folder, "articles", "LANGS=ca").returncode == 0
    head = "batch /in --to"
    assert calls(folder) == sorted(f"{head} {langs} -o /out" for langs in ("pt es ca gl", "pt es gl", "ca"))


def test_one_article_is_made_when_its_file_is_newer(folder: Path) -> None:
    """By name of folder, in any format, several at once; what is newer than its file is left."""
    targets = [f"{folder}/out/{name}/manifest.json" for name in ("harbour", "market")]
    assert make_in(folder, "-j2", *targets).returncode == 0
    assert calls(folder) == ["/in/harbour.en.txt --to pt es ca gl -o /out", "/in/market.md --to pt es ca gl -o /out"]
    assert make_in(folder, "-j2", *targets).returncode == 0
    assert len(calls(folder)) == 2
    assert make_in(folder, f"{folder}/out/none/manifest.json").returncode == 2


def test_half_a_result_is_deleted(folder: Path) -> None:
    """A program that fails leaves no manifest, so that the next make tries again."""
    (folder / "fail").touch()
    assert make_in(folder, f"{folder}/out/market/manifest.json").returncode == 2
    assert not (folder / "out/market/manifest.json").exists()
