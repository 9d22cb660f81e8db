"""One run of `batch`: find the articles, plan, work, report."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from pipeline.batch.bundling import put_together, size_of
from pipeline.batch.machine import count_processors, count_workers
from pipeline.batch.outputs import Output
from pipeline.batch.places import find_written
from pipeline.batch.planning import REDO, Planner
from pipeline.batch.processes import ProcessCrew
from pipeline.batch.reporting import describe_done, record, report_path, summarise
from pipeline.batch.running import Crew, run_tasks
from pipeline.batch.seen import WORTH
from pipeline.batch.tasks import Action, Fault, Plan, Row, Setup, Status, Task
from pipeline.cli.dry_run import DryRun
from pipeline.cli.inputs import STANDARD_INPUT, Source, check_writable, find_clashes, name_origin, name_sources
from pipeline.cli.job import COMMANDS, EXIT_FAILED, EXIT_FINDINGS
from pipeline.cli.memories import memory_of_run
from pipeline.cli.messages import SCHEMA, Failure, count, describe_fault, emit_json, say
from pipeline.cli.progress import show_work
from pipeline.cli.requests import RunRequest
from pipeline.engines.routes import Router
from pipeline.errors import DocumentError, EditedOutput, PipelineError, UsageError
from pipeline.exports import Inputs
from pipeline.localise import Options
from pipeline.memory import Memory
from pipeline.naming import side_folder
from pipeline.stores import is_address

EXIT_INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest(RunRequest):
    """The parsed options of `batch`; the field names are those of its parameters."""

    runner: str
    ray_address: str
    jobs: int | None
    dry_run: bool
    redo: bool


class _Run:
    """A run on its way: what is known of each article so far."""

    def __init__(self, request: BatchRequest, tasks: Sequence[Task], output: Output) -> None:
        self.request = request
        self.tasks = tasks
        self.output = output
        self.inside = Inputs(() if output.address else _inside(output.path, tasks))
        self.rows: dict[int, Row] = {}
        self.actions: dict[int, str] = {}  # what this run did, by task
        self.failures: list[Failure] = []
        self.stopped_by: Failure | None = None  # what every other article would fail for too
        self.is_interrupted = False

    def fail(self, task: Task, fault: Fault) -> None:
        """Note and tell an article that failed."""
        if self.request.debug and fault.trace:
            say(fault.trace)
        failure = describe_fault(fault, task)
        self.failures.append(failure)
        self.actions[task.number] = "failed"
        self.rows[task.number] = Row(task.label, Status.FAILED, failure.line.removeprefix(f"error: {task.label}: "))
        if not (fault.concerns_all and self.stopped_by):
            say(failure.line)
        if fault.concerns_all:
            self.stopped_by = self.stopped_by or failure

    def leave(self, task: Task, reason: str, place: str = "") -> None:
        """Note and tell an article whose files are a person's."""
        self.rows[task.number] = Row(task.label, Status.LEFT, reason, place)
        self.actions[task.number] = "left"
        say(f"warning: {task.label}: {reason}")

    def finish(self, task: Task, folder: Path, action: str, row: Row | None = None) -> None:
        """Note an article whose files are there, and what the report says of it where that is known already."""
        row = self.rows[task.number] = row or describe_done(task, folder, self.request.layout)
        self.actions[task.number] = action
        if self.request.verbose:
            place = self.output.shown_name(row.output)
            say(f"{task.label}: {action}, {count(sum(row.findings.values()), 'finding')} in {place}")

    def all_rows(self) -> list[Row]:
        """Return a row an article, in the order of the run."""
        return [self.rows.get(task.number, Row(task.label, Status.WAITING)) for task in self.tasks]


def _inside(output: Path, tasks: Sequence[Task]) -> Iterator[Path]:
    """Give the articles that lie in the output folder, under whatever name."""
    root = output.resolve()
    resolved: dict[Path, bool] = {}  # folder of articles -> whether it lies there
    for task in (task for task in tasks if not task.origin):
        folder = task.path.parent
        if folder not in resolved:
            resolved[folder] = folder.resolve().is_relative_to(root)
        if resolved[folder] or (task.path.is_symlink() and task.path.resolve().is_relative_to(root)):
            yield task.path


def run_batch(request: BatchRequest) -> int:
    """Do what a request asks for and return the exit code.

    Raises PipelineError for what concerns all articles; what concerns one is told, and the others go on.
    """
    options = _check_request(request)
    output = Output(str(request.output))
    with closing(output):
        return _run(request, options, output)


def _run(request: BatchRequest, options: Options, output: Output) -> int:
    sources = list(_list_sources(request, options, output))
    if not output.address:
        check_writable(output.path)
    glossary = request.open_glossary()
    tasks = [_task(number, source) for number, source in enumerate(sources)]
    run = _Run(request, tasks, output)
    clashes = {id(source): (other, stem) for source, other, stem in find_clashes(sources, request.source)}
    for task, source in zip(tasks, sources, strict=True):
        if clash := clashes.get(id(source)):
            other, stem = clash
            place = output.shown_name(side_folder(stem, request.layout))
            error = DocumentError(f"would be written to {place}, as {other.label} is; rename one")
            run.fail(task, Fault(error))
    with ExitStack() as held:
        path = memory_of_run(request.memory, off=request.no_memory, make=not request.dry_run)
        memory = held.enter_context(closing(Memory(path))) if path else None
        router = held.enter_context(closing(Router(options.engine, via=options.via)))
        planner = Planner(options, glossary, router, output.path, memory=memory)
        if not request.dry_run:
            held.enter_context(output.hold())
        output.look()
        if len(tasks) >= WORTH:
            planner.recall(output.files)
        if request.dry_run:
            show = DryRun(options, glossary, memory, as_json=request.as_json, quiet=request.quiet)
            return show.list_plans(_plans(run, planner), len(tasks))
        held.enter_context(_finish_on_interrupt(run))
        todo = _settle_all(run, planner)
        if memory:
            memory.close()  # workers are forks of this process, and SQLite's files bear none
        setup = Setup(options, glossary.files, output.path, memory=path, scope=glossary.scope)
        setup = output.setup(setup, tasks, run.inside)
        _work(run, todo, replace(setup, overwrite_with="" if request.redo else REDO))
        _look_again(run, planner, path)
        return _conclude(run)


def _look_again(run: _Run, planner: Planner, path: Path | None) -> None:
    """See that what was localised is current, so that the next run need not, and keep what was seen."""
    if run.is_interrupted:
        return
    if done := [task for task in run.tasks if run.actions.get(task.number) == "localised"]:
        with closing(Memory(path)) if path else nullcontext() as memory:
            planner.look_again(memory)
            run.output.look_again(done, planner)
    planner.keep()


def _check_request(request: BatchRequest) -> Options:
    options = request.options()
    if request.output is None:
        raise UsageError("no output folder given; name it with -o, such as -o out")
    if request.runner == "ray":
        from pipeline.batch.cluster import check_ray

        check_ray(request.ray_address)
    return options


def _list_sources(request: BatchRequest, options: Options, output: Output) -> Iterator[Source]:
    """Give the files named, and those of the folders named, sorted by name; hidden ones and our own are left out."""
    form = request.form
    here = [file for file in request.files if not is_address(file)]
    named = iter(name_sources(here, COMMANDS, form) if here or not request.files else ())
    for file in request.files:
        if is_address(file):
            articles = output.list_articles(file, options)
            yield from (name_origin(label, name, origin, form) for label, name, origin in articles)
            continue
        source = next(named)
        if source.path is None:
            raise UsageError(f"batch takes files and folders, not standard input ({STANDARD_INPUT})")
        if source.path.is_dir():
            ours = find_written(source.path, options, output.path)
            names = sorted(path.name for path in source.path.iterdir() if not path.is_dir())
            names = [name for name in names if name[0] != "." and name not in ours]
            yield from name_sources([str(source.path / name) for name in names] or [source.label], form=form)
        else:
            yield source


def _task(number: int, source: Source) -> Task:
    assert source.path is not None
    return Task(number, source.label, source.path, source.name, source.suffix, origin=source.origin)


def _plans(run: _Run, planner: Planner) -> Iterator[Plan]:
    """Decide on every article that has not failed yet."""
    tasks = [task for task in run.tasks if task.number not in run.rows]
    return run.output.plans(tasks, planner, redo=run.request.redo)


def _settle_all(run: _Run, planner: Planner) -> list[Task]:
    """Do what the plans ask for at once, and return what is left to do; nothing where the run was interrupted."""
    todo: list[Task] = []
    for plan in _plans(run, planner):
        if run.is_interrupted:
            return []
        _settle(run, plan, planner, todo)
    return todo


def _work(run: _Run, todo: Sequence[Task], setup: Setup) -> None:
    if not todo:
        return
    with (
        _hire(run.request, setup, len(todo)) as crew,
        show_work(sum(map(size_of, todo)), quiet=run.request.quiet) as advance,
    ):
        for result in run_tasks(
            put_together(todo, crew.size), crew, lambda: run.is_interrupted or run.stopped_by is not None
        ):
            advance(result.task.label, size_of(result.task))
            for warning in result.warnings:
                say(f"warning: {warning}")
            if result.fault and isinstance(result.fault.error, EditedOutput):
                run.leave(result.task, str(result.fault.error))
            elif result.fault or result.folder is None:
                run.fail(result.task, result.fault or Fault(None, "no result"))
            else:
                run.finish(result.task, result.folder, "localised", result.row)


@contextmanager
def _hire(request: BatchRequest, setup: Setup, tasks: int) -> Iterator[Crew]:
    """Give the crew that the request wants for so many tasks."""
    if request.runner == "ray":
        from pipeline.batch.cluster import open_crew

        with open_crew(setup, request.ray_address, request.jobs, tasks) as crew:
            yield crew
    else:
        workers = min(request.jobs or count_workers(tasks), tasks)
        with closing(ProcessCrew(replace(setup, threads=max(1, count_processors() // workers)), workers)) as crew:
            yield crew


def _settle(run: _Run, plan: Plan, planner: Planner, todo: list[Task]) -> None:
    """Do what a plan asks for at once, and leave the rest in `todo`."""
    task = plan.task
    if plan.action is Action.LOCALISE:
        todo.append(task)
    elif plan.action is Action.FAIL:
        run.fail(task, Fault(plan.error))
    elif plan.action is Action.LEAVE:
        reason = f"{plan.reasons[0]}; {plan.advice}"
        place = side_folder(plan.folder.name, run.request.layout) if plan.folder else ""
        run.leave(task, reason, place)
    elif plan.folder:
        if plan.action is Action.REFRESH:
            run.output.refresh(plan, planner)
        run.finish(task, plan.folder, "skipped", plan.row)


@contextmanager
def _finish_on_interrupt(run: _Run) -> Iterator[None]:
    """Let the first Ctrl-C end the run after the articles in hand; a second one ends it at once, as elsewhere."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return

    def note(_number: int, _frame: FrameType | None) -> None:
        run.is_interrupted = True
        say("finishing the articles in hand; press Ctrl-C again to stop at once")
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _conclude(run: _Run) -> int:
    """Write the reports, sum up and return the exit code."""
    rows = run.all_rows()
    totals = summarise(rows)
    try:
        run.output.report(rows, run.request.layout, run.tasks, run.inside)
    except PipelineError as exc:
        if not run.stopped_by:  # else the same full disk was told already
            raise
        if run.request.debug:
            say(f"error: {exc}")
    if run.request.as_json:
        rows_done = [
            {**record(row), "action": run.actions.get(task.number, "")}
            for task, row in zip(run.tasks, rows, strict=True)
        ]
        emit_json({"schema": SCHEMA, "totals": totals, "articles": rows_done})
    if run.failures or not run.request.quiet:
        say(_summary(run, sum(totals["findings"].values())))
    if run.is_interrupted:
        say("error: interrupted")
        return EXIT_INTERRUPTED
    if run.failures:
        codes = {failure.exit_code for failure in run.failures}
        return codes.pop() if len(codes) == 1 and len(run.failures) == len(run.tasks) else EXIT_FAILED
    return EXIT_FINDINGS if run.request.strict and totals["findings"] else 0


def _summary(run: _Run, findings: int) -> str:
    done = list(run.actions.values())
    parts = [f"{done.count('localised')} localised", f"{done.count('skipped')} unchanged"]
    parts += [f"{done.count('left')} left as edited"] if "left" in done else []
    parts += [f"{len(run.tasks) - len(done)} not begun"] if len(run.tasks) > len(done) else []
    report = run.output.shown_name(report_path(Path(), run.request.layout).as_posix())
    counts = ", ".join([*parts, f"{done.count('failed')} failed", count(findings, "finding")])
    return f"{count(len(run.tasks), 'article')}: {counts} (see {report})"


__all__ = ["BatchRequest", "run_batch"]
