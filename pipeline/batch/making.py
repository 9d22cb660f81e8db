"""Make the articles of a run: in this process, or by several of this machine where there is much to do."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from pipeline.batch.bundling import put_together, size_of
from pipeline.batch.machine import count_processors, count_workers
from pipeline.batch.processes import ProcessCrew
from pipeline.batch.running import run_tasks
from pipeline.batch.tasks import Result, Setup, Task
from pipeline.batch.worker import handle
from pipeline.engines.gathering import cut_windows
from pipeline.glossary import Glossary
from pipeline.localise import Tools

# A start takes a worker about a second of processor time, which is what 20,000 bytes of short articles take.
BYTES_A_WORKER = 30_000


def make_articles(tasks: Sequence[Task], setup: Setup) -> Iterator[Result]:
    """Localise all tasks and give the result of each, in the order of finishing. The bytes are the same either way.

    Workers are started at once: call this before anything that has threads, such as a progress bar.
    """
    workers = min(count_workers(len(tasks)), sum(map(size_of, tasks)) // BYTES_A_WORKER)
    if workers < 2:
        return _make_here(tasks, setup)
    crew = ProcessCrew(replace(setup, threads=max(1, count_processors() // workers)), workers)
    return _make_by(crew, tasks)


def _make_by(crew: ProcessCrew, tasks: Sequence[Task]) -> Iterator[Result]:
    with closing(crew):
        yield from run_tasks(put_together(tasks, crew.size), crew, lambda: False)


def _make_here(tasks: Sequence[Task], setup: Setup) -> Iterator[Result]:
    glossary = Glossary(setup.glossary, setup.scope)
    with Tools.open(glossary, setup.options, memory=setup.memory, frugal=setup.frugal) as tools:
        for first, *others in cut_windows(tasks, size_of):
            result = handle(replace(first, beside=tuple(others)), setup, tools, lambda: True)
            yield from (replace(result, task=first, beside=()), *result.beside)
