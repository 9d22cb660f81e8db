"""Progress bars on standard error, on a terminal only."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def show_download(label: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told (bytes there, bytes in all; 0 where not known), with a bar.

    The bar is gone at the end. Nothing is drawn when standard error is no terminal, when TERM is "dumb" and
    with `quiet`; NO_COLOR is honoured (by rich).
    """
    if not _is_drawn(quiet=quiet):
        yield lambda _done, _total: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    text = TextColumn("{task.description}", markup=False)
    columns = (text, BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_console(), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


@contextmanager
def show_work(total: int, *, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Give a function that takes the name of an article that is done and its size, of `total` bytes to do.

    The bar counts bytes, not articles: a long article takes its share of the time left. Where no bar is drawn (see
    `show_download`), nothing is.
    """
    if not _is_drawn(quiet=quiet):
        yield lambda _label, _size: None
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

    with Progress(
        SpinnerColumn(), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False), console=_console(), transient=True, redirect_stdout=False,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=total)
        yield lambda label, size: bar.update(task, advance=size, description=label)


def _is_drawn(*, quiet: bool) -> bool:
    return not quiet and sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _console() -> "Console":
    from rich.console import Console

    return Console(stderr=True)
