"""The guide of glossaries/README.md for somebody who has never seen a glossary: its commands print what it shows."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_calls import Call

README = Path(__file__).parents[2] / "glossaries/README.md"
_BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks() -> list[tuple[str, str, str]]:
    """Return the fenced blocks of the guide: kind, name of a file, text."""
    guide = README.read_text("utf-8").partition("## In two minutes\n")[2].partition("\n## ")[0]
    return [match.groups() for match in _BLOCK.finditer(guide)]  # type: ignore[misc]


def shown(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Give the commands of a block, each with the lines below it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield shlex.split(command)[1:], output.splitlines()


def test_the_guide_prints_what_it_says(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file of the guide is written, every command called in order; all that it prints stands there, line by line.

    Of the two checks the first sees the mistake that the guide tells of.
    """
    monkeypatch.chdir(tmp_path)
    calls = 0
    for _, name, text in (block for block in blocks() if block[1]):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    glossary = tmp_path / "team/en/pt.po"
    whole = glossary.read_text("utf-8")
    for args, output in (one for kind, _, text in blocks() if kind == "console" for one in shown(text)):
        calls += 1
        is_broken = any("closing quote" in line for line in output)
        lines = whole.splitlines(keepends=True)
        lines[9] = lines[9].replace('"\n', "\n") if is_broken else lines[9]
        glossary.write_text("".join(lines), "utf-8")
        result = call(*args)
        assert result.code == (1 if is_broken else 0)
        assert sorted((result.out + result.err).splitlines()) == sorted(output), shlex.join(args)
    assert calls == 4
