"""The command `glossary review`: open the review page in a browser on this machine."""

import signal
from pathlib import Path
from typing import Any

import click

from pipeline.cli.messages import say
from pipeline.cli.options import setting
from pipeline.errors import UsageError

_FOLDER = "glossaries"
_NEEDS = "jinja2 starlette uvicorn"  # the extra "review" of pyproject.toml


@click.command(short_help="Review candidates on a page of your own machine.")
@click.option(
    "--articles", multiple=True, metavar="OUT",
    help="Output folder (-o of a run) whose sentences are shown with each term. Repeatable.",
)  # fmt: skip
@click.option("--user", metavar="NAME", help="Who signs the decisions (the name that git or the system has).")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--open/--no-open", "opens", default=True, help="Open the page in the browser (yes), or only print it.")
@setting("--glossaries", metavar="DIR", help="Folder of <source>/<target>.po files (./glossaries).")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def review(**values: Any) -> int:
    """Open a page over the PO files of a folder: approve, edit, reject or forbid entries, by keyboard or mouse.

    The page is served to this machine alone, at an address that holds a key for this run. Each decision is written
    at once into the file as it is on disk then; Poedit, Weblate or an editor may have it open too. Ctrl-C ends it.

    \b
    Example:
      translate-article glossary review --articles out
    """
    try:
        from pipeline.review import Desk, load_articles
        from pipeline.review.serving import start
    except ModuleNotFoundError as exc:
        missing = (exc.name or "a package").partition(".")[0]
        raise UsageError(f"the page needs {missing}, which is missing; try: pip install {_NEEDS}") from exc
    folder = Path(values["glossaries"] or _FOLDER)
    desk = Desk(folder, values["user"] or _user(folder), load_articles([Path(each) for each in values["articles"]]))

    server = start(desk, values["port"])
    say(f"The page is at {server.address}")
    say("Ctrl-C ends it.")
    if values["opens"]:
        click.launch(server.address)
    # Ending the page is no error: the server hears of the signal itself.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        server.run()
    finally:
        signal.signal(signal.SIGINT, before)
    return 0


def _user(folder: Path) -> str:
    """Return who is at the keyboard, as git or the system knows them."""
    from getpass import getuser

    from pipeline.review.history import git_user

    try:
        return git_user(folder) or getuser()
    except (OSError, KeyError):
        return "reviewer"
