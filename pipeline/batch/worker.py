"""One worker: a process with engines of its own, which takes articles from a pipe until there are no more."""

import errno
import gc
import os
import signal
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from pipeline.batch.tasks import Fault, Result, Setup, Task
from pipeline.documents.files import read_file
from pipeline.engines.gathering import run_together
from pipeline.engines.hanging import on_hang
from pipeline.errors import GlossaryError, MemoryUnusable, PipelineError
from pipeline.exports import Guard, prepare_article
from pipeline.glossary import Glossary
from pipeline.localise import Tools, localise_article
from pipeline.memory import imported_digests
from pipeline.program import collect_less_often

# What the engines read for the number of their threads, where the user has not set it.
_THREADS = ("FIREFOX_THREADS", "ARGOS_INTER_THREADS")
WRITERS = 4  # articles written at the same time
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def work(pipe: Connection, parent: int) -> None:
    """Localise the tasks that come out of the pipe, behind a Setup, one by one, and send each one's result back.

    Ends at None, and when `parent`, the process that feeds the pipe, is gone.
    """
    _heed_end()
    try:
        setup: Setup = pipe.recv()
    except EOFError:
        return
    collect_less_often()
    _serve(pipe, parent, setup)


def work_in_fork(pipe: Connection, parent: int, setup: Setup) -> None:
    """Do as `work` in a fork of `parent`, which has its Setup and all that is loaded already."""
    _heed_end()
    on_hang(None)
    gc.freeze()  # what is there stays, so that nothing of it need be looked at, and copied, again
    _serve(pipe, parent, setup)


def _serve(pipe: Connection, parent: int, setup: Setup) -> None:
    share_processors(setup)
    with (
        suppress(EOFError, BrokenPipeError),
        Tools.open(
            Glossary(setup.glossary, setup.scope), setup.options, memory=setup.memory, frugal=setup.frugal
        ) as tools,
    ):
        while task := pipe.recv():
            pipe.send(handle(task, setup, tools, lambda: os.getppid() == parent))


def _heed_end() -> None:
    """Let SIGTERM, which was held back until now, end the process in order."""
    signal.signal(signal.SIGTERM, _end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _end(number: int, _frame: FrameType | None) -> None:
    """End the process, and leave nothing half-written on the way out."""
    raise SystemExit(128 + number)


def share_processors(setup: Setup) -> None:
    """Give the engines of this process their share of the machine: workers with two threads each are in each other's
    way on two processors.
    """
    for name in _THREADS if setup.threads else ():
        os.environ.setdefault(name, str(setup.threads))


def handle(task: Task, setup: Setup, tools: Tools, is_ours: Callable[[], bool]) -> Result:
    """Localise and write an article and those beside it; their sentences go to the engines together.

    Raises BrokenPipeError, and writes nothing more, when the output folder is not `is_ours` any more.
    """
    every = (replace(task, beside=()), *task.beside)

    def work(tasks: Sequence[Task], setup: Setup) -> list[Result]:
        done = run_together(partial(_handle, one, setup, tools, is_ours) for one in tasks)
        return [_conclude(*one) for one in done]

    if setup.address or any(one.origin for one in every):
        from pipeline.batch.staging import work_staged

        first, *others = work_staged(every, setup, is_ours, work)
    else:
        first, *others = work(every, setup)
    return replace(first, task=task, beside=tuple(others))


def _handle(
    task: Task, setup: Setup, tools: Tools, is_ours: Callable[[], bool]
) -> tuple[Result, Future[list[Path]] | None]:
    """Localise one article and have it written; whatever goes wrong becomes its result, so that the others go on.

    Its files are written in a thread: this one would wait for the disk a fifth of the time, and goes on with the next
    article instead. Raises BrokenPipeError, and writes nothing, when the output folder is not `is_ours` any more.
    """
    try:
        data = read_file(task.path) if task.data is None else task.data
        done = localise_article(data, task.name, task.suffix, setup.options, tools)
        if not is_ours():
            raise BrokenPipeError  # the run is gone, and another may hold the folder by now
        result = Result(task, warnings=done.warnings, parallel=done.parallel if setup.hands_back else None)
        if not setup.writes:
            return replace(result, text=done.rendered[done.parallel.languages[0]]), None
        tools.remember(done.parallel)
        guard = _guard(setup, tools)
        write = prepare_article(done.parallel, done.rendered, setup.output, inputs=setup.inputs, guard=guard)
    except BrokenPipeError:
        raise
    except Exception as exc:  # even a fault of ours in one article must not cost the others
        return Result(task, fault=describe_fault(exc)), None
    return result, _writing().submit(_write, write, is_ours)


def _write(write: Callable[[], list[Path]], is_ours: Callable[[], bool]) -> list[Path]:
    """Write, where the folder is still ours when the turn comes."""
    if not is_ours():
        raise BrokenPipeError
    return write()


def _conclude(result: Result, writing: Future[list[Path]] | None) -> Result:
    """Wait until an article is written, and say where."""
    if writing is None:
        return result
    try:
        written = writing.result()
    except BrokenPipeError:
        raise
    except Exception as exc:
        return Result(result.task, fault=describe_fault(exc))
    return replace(result, folder=written[-1].parent, written=tuple(written))


@cache
def _writing() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(WRITERS, thread_name_prefix="write")


def _guard(setup: Setup, tools: Tools) -> Guard | None:
    """Say which files stand as they are; None where all are written over."""
    if not setup.overwrite_with:
        return None
    imported = imported_digests(tools.memory) if tools.memory else frozenset()
    return Guard(setup.overwrite_with, imported.__contains__)


def describe_fault(error: Exception) -> Fault:
    """Turn an exception into what goes through a pipe; the exceptions of others may not bear it."""
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, PipelineError):
        return Fault(type(error)(str(error)), trace=trace, concerns_all=_concerns_all(error))
    return Fault(None, f"{type(error).__name__}: {error}", trace, _concerns_all(error))


def _concerns_all(error: BaseException) -> bool:
    causes = [error, error.__cause__]
    return isinstance(error, (GlossaryError, MemoryUnusable)) or any(
        isinstance(e, OSError) and e.errno in _FULL for e in causes
    )
