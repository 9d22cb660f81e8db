"""Which articles go to the engines together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.batch.tasks import Task
from pipeline.engines.gathering import WINDOW_BYTES, cut_windows

LEAST_BYTES = 6_000  # some ten short articles: with fewer, the batches of an engine are far from full


def put_together(tasks: Sequence[Task], workers: int) -> Iterator[Task]:
    """Give tasks with others beside them: large bundles first, as engines are quick in full batches; then smaller ones.

    Each is at most half of what would be one worker's share of the rest, so that no worker waits long for the last one.
    """
    total = sum(map(size_of, tasks))
    least = min(LEAST_BYTES, total // (4 * workers))

    def most(done: int) -> int:
        return min(WINDOW_BYTES, max(least, (total - done) // (2 * workers)))

    for first, *others in cut_windows(tasks, size_of, most):
        yield replace(first, beside=tuple(others))


def size_of(task: Task) -> int:
    """Return the bytes of an article; 0 where they are not known."""
    if task.origin:
        return task.origin.found.size
    if task.data is not None:
        return len(task.data)
    try:
        return task.path.stat().st_size
    except OSError:
        return 0
