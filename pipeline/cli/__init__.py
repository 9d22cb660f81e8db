"""The command line: options in, one call, an exit code out. The only room that knows click, print and exit.

Exit codes: 0 done; 1 failed; 2 usage or configuration; 3 findings, under --strict; 4 no engine or route;
130 and 143 interrupted.
"""

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click
from click_default_group import DefaultGroup

from pipeline.cli.batch import batch
from pipeline.cli.detect import detect
from pipeline.cli.engines import engines
from pipeline.cli.glossary import glossary
from pipeline.cli.memory import memory
from pipeline.cli.messages import Failure, describe, emit_failure, say
from pipeline.cli.settings import PACKAGE_SETTINGS, check_environment, find_settings, load_settings
from pipeline.cli.translate import translate
from pipeline.engines.hanging import on_hang
from pipeline.errors import EngineFailed, OutputError
from pipeline.program import collect_less_often, use_one_thread

PROGRAM = "translate-article"
EXIT_INTERRUPTED = 130  # 128 + SIGINT


class ArticleGroup(DefaultGroup):  # type: ignore[misc]  # the library has no types
    """A group whose help shows the options of the default command too, as that is what most people look for."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write both ways to call the program."""
        formatter.write_usage(ctx.command_path, "FILE... --to LANGS [OPTIONS]")
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS]...", prefix="       ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the default command, then the commands."""
        default = self.commands[self.default_cmd_name]
        default.format_options(click.Context(default, parent=ctx, info_name=default.name), formatter)
        self.format_commands(ctx, formatter)


@click.group(cls=ArticleGroup, default=translate.name, default_if_no_args=True)
@click.version_option(package_name=PROGRAM, prog_name=PROGRAM)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Localise news articles: find what is in another language, normalise it, translate offline.

    The options down to --strict may also be given as variables (TRANSLATE_ARTICLE_TO=pt,es) or as keys of
    translate-article.toml, in this folder or one above (to = ["pt", "es"]). Flags win over variables, variables
    over the file. Exit codes: 0 done, 1 failed, 2 usage, 3 findings under --strict, 4 no engine for a pair.
    """
    check_environment(os.environ)
    path = find_settings(Path.cwd())
    if path:
        values = load_settings(path)
        of_packages = {row.param: values[row.param] for row in PACKAGE_SETTINGS.values() if row.param in values}
        below = dict.fromkeys(engines.commands, of_packages) | {"route": values}
        ctx.default_map = {
            "translate": values,
            "batch": values,
            "detect": values,
            "engines": below,
            "glossary": dict.fromkeys(glossary.commands, values),
            "memory": {name: {"memory": values.get("memory")} for name in memory.commands},
        }


for _command in (translate, batch, detect, engines, glossary, memory):
    cli.add_command(_command)


def main() -> None:
    """Run the program with the arguments of the process, and end the process with its exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup and in background jobs it is
            signal.signal(number, _end)
    use_one_thread()
    collect_less_often()
    on_hang(_end_hung)
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str]) -> int:
    """Run the program and return its exit code; no exception but a wanted exit leaves here."""
    debug, as_json = "--debug" in args, "--json" in args
    try:
        return _run_command(args)
    except click.Abort:  # what click makes of a KeyboardInterrupt, where `main` did not set the handler
        say("error: interrupted")
        return EXIT_INTERRUPTED
    except click.ClickException as exc:
        failure = _describe_usage(exc)
    except Exception as exc:  # the edge: a user gets one line, whatever it was
        failure = describe(exc)
        if debug:
            say(traceback.format_exc())
    try:
        emit_failure(failure, as_json=as_json)
    except (OutputError, BrokenPipeError):
        say(failure.line)
    return failure.exit_code


def _run_command(args: Sequence[str]) -> int:
    # With standalone_mode off, click returns what the command returned and raises what it raised.
    result = cli.main(list(args), prog_name=PROGRAM, standalone_mode=False)
    return result if isinstance(result, int) else 0


def _describe_usage(error: click.ClickException) -> Failure:
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else PROGRAM
    message = " ".join(error.format_message().split()).rstrip(".")
    hint = "" if message.endswith("?") else f"see {command} --help"
    return Failure("", "usage", message, hint, error.exit_code)


def _end(number: int, _frame: FrameType | None) -> None:
    """End the process as a shell expects after a signal; what is open is tidied up on the way out."""
    say("error: interrupted" if number == signal.SIGINT else "error: terminated")
    sys.exit(128 + number)


def _end_hung(line: str) -> None:
    """End the process at once, as nothing else ends a call that hangs; every file is whole or not there."""
    if sys.stderr is not None and sys.stderr.isatty():
        say("\x1b[?25h")  # a progress bar hides the cursor
    failure = describe(EngineFailed(line))
    try:
        emit_failure(failure, as_json="--json" in sys.argv)
    finally:
        os._exit(failure.exit_code)


__all__ = ["PROGRAM", "cli", "main", "run"]
