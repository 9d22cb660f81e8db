"""A progress bar on standard error, on a terminal only."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from pipeline.cli.inputs import Source


@contextmanager
def show_progress(sources: Sequence[Source], *, quiet: bool) -> Iterator[Iterable[Source]]:
    """Give the sources, one after the other, with a bar that shows which one is being worked on.

    The bar is gone at the end. Nothing is drawn when standard error is no terminal, when TERM is "dumb" and
    with `quiet`; NO_COLOR is honoured (by rich).
    """
    if quiet or sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield sources
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=len(sources))

        def each() -> Iterator[Source]:
            for source in sources:
                bar.update(task, description=source.label)
                yield source
                bar.advance(task)

        yield each()
