"""What the documents say is what the program does."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline.cli import PROGRAM, cli
from pipeline.cli.reference import render_reference
from pipeline.cli.settings import ARTICLE_SETTINGS

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs/cli.md"
PROSE = [ROOT / "README.md", ROOT / "glossaries/README.md", *sorted((ROOT / "docs").glob("*.md"))]


def all_commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Give every command by its full name, those below another one too: "engines install"."""
    for name, command in group.commands.items():
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{before}{name} ")


COMMANDS = sorted(all_commands(cli))


def test_reference_is_current() -> None:
    """docs/cli.md is what `make docs` writes."""
    assert REFERENCE.read_text(encoding="utf-8") == render_reference(), "run: make docs"


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_every_command_and_option_has_help(name: str, command: click.Command) -> None:
    """Each command says what it does and shows each of its options with a word on it."""
    assert command.help
    assert f"## {PROGRAM} {name}\n" in REFERENCE.read_text(encoding="utf-8")
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, param.name


def called(text: str) -> list[str]:
    """Return the commands in the code blocks of a document that call the program, without what they print."""
    blocks = re.findall(r"^```(?:console|sh|bash|shell)?\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    blocks += re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.startswith(f"{PROGRAM} ")]


@pytest.mark.parametrize("path", PROSE, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_in_the_documents_parse(path: Path) -> None:
    """A command that a document shows has a command and options that exist."""
    for line in called(path.read_text(encoding="utf-8")):
        words = shlex.split(line, comments=True)[1:]
        end = next((number for number, word in enumerate(words) if word in ("|", ">", "&&", "2>", ";")), len(words))
        words = words[:end]
        if words[0] in ("--help", "--version"):
            continue
        command: click.Command = cli
        name = "translate"
        while words and isinstance(command, click.Group) and words[0] in command.commands:
            name = words.pop(0)
            command = command.commands[name]
        command = cli.commands["translate"] if command is cli else command
        command.parse_args(click.Context(command, info_name=name, resilient_parsing=False), words)


def test_examples_in_the_documents_are_found() -> None:
    """The reader of code blocks sees fenced and indented ones, with and without a prompt."""
    text = "```console\n$ translate-article a.txt --to pt\nout\n```\n\n    translate-article detect \\\n      a.txt\n"
    assert called(text) == ["translate-article a.txt --to pt", "translate-article detect        a.txt"]


def test_settings_are_named_in_the_help() -> None:
    """The help tells which options may stand in the settings file: all down to --strict, and no others."""
    order = [param.opts[-1].removeprefix("--") for param in cli.commands["translate"].params[1:]]
    assert order[: len(ARTICLE_SETTINGS)].count("strict") == 1
    assert set(order[: len(ARTICLE_SETTINGS)]) == set(ARTICLE_SETTINGS)


def test_make_targets_in_the_documents_exist() -> None:
    """A `make` target that a document names is one that `make help` lists."""
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in PROSE:
        named = re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8"))
        assert set(named) <= targets, path.name
