"""Write docs/cli.md from the help of every command: `python -m pipeline.cli.reference docs/cli.md`."""

import sys
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
    parts = [_HEAD, _section(PROGRAM, cli, None)]
    parent = click.Context(cli, info_name=PROGRAM)
    parts += [_section(f"{PROGRAM} {name}", command, parent) for name, command in cli.commands.items()]
    return "\n".join(parts)


def _section(title: str, command: click.Command, parent: click.Context | None) -> str:
    context = click.Context(
        command, parent=parent, info_name=title.rpartition(" ")[2], terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    return f"## {title}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render_reference(), encoding="utf-8")
