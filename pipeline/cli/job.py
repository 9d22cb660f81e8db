"""One run of `translate`: check the request, have each article localised and written, tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.batch.bundling import size_of
from pipeline.batch.making import make_articles
from pipeline.batch.tasks import Fault, Result, Setup, Task
from pipeline.cli.explain import explain_article, list_decisions
from pipeline.cli.inputs import STANDARD_INPUT, Source, check_outputs, name_sources, read_source, refuse_address
from pipeline.cli.memories import memory_of_run
from pipeline.cli.messages import Failure, count, describe_fault, emit, emit_articles, say
from pipeline.cli.progress import show_work
from pipeline.cli.requests import RunRequest
from pipeline.errors import DocumentError, UsageError
from pipeline.exports import Inputs
from pipeline.localise import Options
from pipeline.model import Finding, ParallelArticle

COMMANDS = ("batch", "detect", "engines", "glossary", "memory", "translate")

EXIT_FAILED = 1
EXIT_FINDINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(RunRequest):
    """The parsed options of `translate`; the field names are those of its parameters."""

    explain: bool
    overwrite: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source."""

    entry: dict[str, object]  # its part of the JSON document
    text: str | None = None  # the localised article, where it goes to standard output
    findings: int = 0
    failure: Failure | None = None


def run_job(request: Request) -> int:
    """Do what a request asks for and return the exit code.

    Raises PipelineError for what concerns all articles; what concerns one is told, and the others go on.
    """
    sources = name_sources(request.files, COMMANDS, form=request.form)
    options = _check_request(request, sources)
    tasks = [_task(number, source) for number, source in enumerate(sources)]
    setup = _set_up(request, options, tasks)
    outcomes: list[Outcome] = []
    early: dict[int, Result] = {}  # what is done before its turn to be told
    results = make_articles(tasks, setup)  # before the progress bar, which has a thread
    with show_work(sum(map(size_of, tasks)), quiet=request.quiet) as advance:
        for result in results:
            advance(result.task.label, size_of(result.task))
            early[result.task.number] = result
            while len(outcomes) in early:
                outcomes.append(_conclude_one(early.pop(len(outcomes)), request))
    if request.as_json:
        emit_articles([outcome.entry for outcome in outcomes])
    else:
        emit("".join(outcome.text for outcome in outcomes if outcome.text is not None))
    return _conclude(outcomes, request)


def _check_request(request: Request, sources: Sequence[Source]) -> Options:
    options = request.options()
    refuse_address(request.output)
    if request.output is not None:
        check_outputs(sources, Path(request.output), request.source, request.layout)
    elif len(options.targets) > 1:
        raise UsageError("several target languages need a folder to be written to; add -o DIR")
    elif len(sources) > 1 and not request.as_json:
        raise UsageError("several files need a folder to be written to; add -o DIR")
    return options


def _task(number: int, source: Source) -> Task:
    """Make the task of a source. Standard input is read here, as no worker has it; raises DocumentError."""
    if source.path is not None:
        return Task(number, source.label, source.path, source.name, source.suffix)
    try:
        data = read_source(source)
    except (DocumentError, OSError) as exc:
        raise DocumentError(f"{source.label}: {exc}") from exc
    return Task(number, source.label, Path(STANDARD_INPUT), source.name, source.suffix, data)


def _set_up(request: Request, options: Options, tasks: Sequence[Task]) -> Setup:
    glossary = request.open_glossary()
    return Setup(
        options,
        glossary.files,
        Path(request.output or ""),
        inputs=Inputs(task.path for task in tasks if task.data is None),
        memory=memory_of_run(request.memory, off=request.no_memory, make=False),
        scope=glossary.scope,
        frugal=len(tasks) == 1,  # processes that stay up pay off with the second article
        writes=request.output is not None,
        overwrite_with="" if request.overwrite else "--overwrite",
        hands_back=True,
    )


def _conclude_one(result: Result, request: Request) -> Outcome:
    """Tell what became of one article."""
    if result.parallel is None or result.fault:
        fault = result.fault or Fault(None, "no result")
        if request.debug and fault.trace:
            say(fault.trace)
        failure = describe_fault(fault, result.task)
        say(failure.line)
        return Outcome({"path": result.task.label, "error": failure.as_dict()}, failure=failure)
    if request.explain and not request.as_json:
        say(explain_article(result.parallel))
    return _succeed(result, result.parallel, request)


def _succeed(result: Result, parallel: ParallelArticle, request: Request) -> Outcome:
    findings = parallel.findings
    entry: dict[str, object] = {
        "path": result.task.label,
        "language": parallel.article.language,
        "targets": list(parallel.languages),
        "routes": dict(parallel.signature.routes),
        "output": [str(path) for path in result.written],
        "segments": len(parallel.segments),
        "fragments": sum(len(segment.fragments) for segment in parallel.segments),
        "findings": [_finding_dict(finding) for finding in findings],
        "warnings": list(result.warnings),
    }
    if result.text is not None:
        entry["text"] = result.text
    if request.explain:
        entry["decisions"] = list_decisions(parallel)
    for warning in result.warnings:
        say(f"warning: {warning}")
    if not request.quiet:
        _tell(result.task.label, result.written, parallel, verbose=request.verbose)
    return Outcome(entry, result.text, len(parallel.problems))


def _finding_dict(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "segment": finding.segment,
        "lang": finding.lang,
    }


def _tell(label: str, written: Sequence[Path], parallel: ParallelArticle, *, verbose: bool) -> None:
    """Say what one article came to: one line, with -v each file, finding and remark as well."""
    if verbose:
        for finding in parallel.findings:
            place = " ".join(part for part in (finding.segment, finding.lang) if part)
            say(f"{label}: {place}: {finding.severity}: {finding.message} [{finding.rule}]")
        for path in written:
            say(f"  {path}")
    done = f"{count(len(written), 'file')} in {written[0].parent}" if written else "localised"
    problems = parallel.problems
    say(f"{label}: {done}, {count(len(problems), 'finding')}{_where(written, problems, verbose=verbose)}")


def _where(written: Sequence[Path], findings: Sequence[Finding], *, verbose: bool) -> str:
    if not findings or verbose:
        return ""
    report = next((path for path in written if path.suffix == ".html"), None)
    return f" (see {report})" if report else " (list them with -v)"


def _conclude(outcomes: Sequence[Outcome], request: Request) -> int:
    """Sum up several articles and return the exit code of the run."""
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    findings = sum(outcome.findings for outcome in outcomes)
    if len(outcomes) > 1 and (failures or not request.quiet):
        say(
            f"{len(outcomes) - len(failures)} of {count(len(outcomes), 'article')} localised,"
            f" {len(failures)} failed, {count(findings, 'finding')}"
        )
    if failures:
        codes = {failure.exit_code for failure in failures}
        return codes.pop() if len(codes) == 1 and len(failures) == len(outcomes) else EXIT_FAILED
    return EXIT_FINDINGS if request.strict and findings else 0
