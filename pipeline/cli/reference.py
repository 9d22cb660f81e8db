"""Write docs/cli.md from the help of every command: `python -m pipeline.cli.reference docs/cli.md`."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.cli import PROGRAM, cli

_WIDTH = 100  # columns of the help text, whatever the terminal

_HEAD = """\
# The command line

Made by `make docs` from the commands' own help; change it there.
"""


def render_reference() -> str:
    """Return the text of docs/cli.md."""
    return "\n".join([_HEAD, *_sections(PROGRAM, cli, None)])


def _sections(title: str, command: click.Command, parent: click.Context | None) -> Iterator[str]:
    """Give the section of a command, then those of the commands below it."""
    yield _section(title, command, parent)
    if isinstance(command, click.Group):
        context = click.Context(command, parent=parent, info_name=title.rpartition(" ")[2])
        for name, below in command.commands.items():
            yield from _sections(f"{title} {name}", below, context)


def _section(title: str, command: click.Command, parent: click.Context | None) -> str:
    context = click.Context(
        command, parent=parent, info_name=title.rpartition(" ")[2], terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    return f"## {title}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render_reference(), encoding="utf-8")
