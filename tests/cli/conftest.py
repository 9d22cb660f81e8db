"""A command line to call in-process, and a small tree of files to call it on."""

import io
import os
import sys
from pathlib import Path

import pytest
from cli_calls import ARTICLE, Call, Result

from pipeline.batch import seen
from pipeline.cli import batch_job, run


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for what runs keep, parsed glossaries as well."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def recalling(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every run of `batch` in this process go by what the last one saw, however few or new the files are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr(batch_job, "WORTH", 1)
    monkeypatch.setattr(seen, "QUIET_NS", -1_000_000_000)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that runs the program with arguments, and `stdin` as its standard input."""
    for name in [name for name in os.environ if name.startswith("TRANSLATE_ARTICLE_")]:
        monkeypatch.delenv(name)

    def run_program(*args: str, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = run(args)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run_program


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the folder that tests/cases/cli/errors.toml describes, and work in it."""
    for name in ("article.txt", "twin/article.txt", "article.en.txt", "article.pdf", "...txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "binary.txt").write_bytes(b"\x7fELF\0\0\1")
    (tmp_path / "cyrillic.txt").write_bytes("Снимка: БГНЕС".encode("windows-1251"))
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    return tmp_path
