"""The program as a process: signals, pipes, a hostile surrounding, what it loads."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import pipeline

# Some seconds of work: long enough for a signal to come in the middle.
LONG = "\n\n".join(f"The mayor of Varna will visit Lisbon on Monday with {number} guests." for number in range(500))
PROGRAM = [sys.executable, "-c", "from pipeline.cli import main; main()"]
ROOT = Path(pipeline.__file__).parents[1]


def start(*args: str, env: dict[str, str] | None = None, **streams: int) -> subprocess.Popen[bytes]:
    """Start the program; `env` comes on top of our own surrounding."""
    # A shell's background job ignores SIGINT, and hands that down to its children.
    pipes: dict[str, Any] = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    pipes |= {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.Popen([*PROGRAM, *args], env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}, **pipes)


def finish(process: subprocess.Popen[bytes], given: bytes | None = None) -> tuple[int, str, str]:
    """Wait for the program and return its exit code, standard output and standard error."""
    out, err = process.communicate(given, timeout=60)
    return process.returncode, (out or b"").decode(), (err or b"").decode()


@pytest.mark.parametrize(
    ("number", "code", "says"),
    [(signal.SIGINT, 130, "error: interrupted\n"), (signal.SIGTERM, 143, "error: terminated\n")],
)
def test_signal_ends_the_run_in_words(number: int, code: int, says: str, tree: Path) -> None:
    """Ctrl-C and a polite kill end the run at work: no traceback, no file, the exit code that shells expect."""
    (tree / "long.txt").write_text(LONG, encoding="utf-8")
    process = start("long.txt", "--to", "pt", "-o", "out", "--from", "en")
    maps = Path(f"/proc/{process.pid}/maps")
    while process.poll() is None and b"onnxruntime" not in maps.read_bytes():  # until the engine loads
        time.sleep(0.002)
    process.send_signal(number)
    assert finish(process) == (code, "", says)
    assert not (tree / "out").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_workers_too(number: int, code: int, tree: Path) -> None:
    """A run that is large enough for workers ends as a small one does: at work, in words, with nothing half-written."""
    names = [f"long{at}.txt" for at in range(2)]
    for name in names:
        (tree / name).write_text(LONG + LONG, encoding="utf-8")
    process = start(*names, "--to", "pt", "-o", "out", "--from", "en")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers: list[str] = []
    while process.poll() is None and not workers:  # until an engine loads
        time.sleep(0.002)
        with suppress(OSError):
            workers = [
                pid for pid in children.read_text().split() if "onnxruntime" in Path(f"/proc/{pid}/maps").read_text()
            ]
    process.send_signal(number)
    assert finish(process)[0] == code
    assert not (tree / "out").exists()
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_reader_that_leaves_is_no_matter(tree: Path) -> None:
    """`translate-article ... | head -0` stays quiet."""
    reading, writing = os.pipe()
    os.close(reading)
    process = start("article.txt", "--to", "pt", "-q", stdout=writing)
    os.close(writing)
    assert finish(process)[2] == ""


def test_full_disk_on_standard_output_is_told(tree: Path) -> None:
    """A result that could not be written is an error, in one line."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        code, _, err = finish(start("article.txt", "--to", "pt", "-q", stdout=full.fileno()))
    assert (code, err) == (1, "error: standard output: no space left on device\n")


def test_surrounding_does_not_matter(tree: Path) -> None:
    """No HOME, an ASCII locale, another hash seed: the same bytes."""
    bare = {"HOME": "/nonexistent", "LC_ALL": "C", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    plain = finish(start("article.txt", "--to", "pt", "-q"))
    assert plain[0] == 0
    assert finish(start("article.txt", "--to", "pt", "-q", env=bare)) == plain


def test_standard_input_may_be_a_pipe(tree: Path) -> None:
    """`-` reads what another program writes."""
    process = start("-", "--to", "pt", "-q", stdin=subprocess.PIPE)
    code, out, err = finish(process, (tree / "article.txt").read_bytes())
    assert (code, err) == (0, "")
    assert "Foto: BGNES" in out


@pytest.mark.parametrize("args", [["--help"], ["detect", "--help"], ["engines", "install", "--help"], ["--version"]])
def test_help_loads_no_engine(args: list[str]) -> None:
    """Help is instant: it loads click and our tables, and none of the libraries that do the work."""
    code = (
        "import sys; from pipeline.cli import run; code = run(sys.argv[1:]);"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"lxml", "polib", "ctranslate2", "fxtranslate", "argostranslate", "langdetect", "rich", "babel", "numpy"}
    heavy |= {"starlette", "jinja2", "uvicorn", "httpx", "onnxruntime", "sentencepiece", "sentencex", "sqlite3"}
    assert set(done.stderr.split()) & heavy == set()
    assert done.stdout
