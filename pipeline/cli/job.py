"""One run of `translate`: check the request, localise each article, write, tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.explain import explain_article, list_decisions
from pipeline.cli.inputs import STANDARD_INPUT, Source, check_outputs, name_sources, read_source
from pipeline.cli.memories import memory_of_run
from pipeline.cli.messages import Failure, count, emit, emit_articles, say, tell_failure
from pipeline.cli.progress import show_work
from pipeline.cli.requests import RunRequest
from pipeline.engines.gathering import cut_windows, run_together
from pipeline.errors import UsageError
from pipeline.localise import Localised, Options, Tools, localise_article
from pipeline.model import Finding

if TYPE_CHECKING:
    from pipeline.exports import Inputs

COMMANDS = ("batch", "detect", "engines", "glossary", "memory", "translate")

EXIT_FAILED = 1
EXIT_FINDINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(RunRequest):
    """The parsed options of `translate`; the field names are those of its parameters."""

    explain: bool


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
    glossary = request.open_glossary()
    memory = memory_of_run(request.memory, off=request.no_memory, make=False)
    outcomes: list[Outcome] = []
    frugal = len(sources) == 1  # processes that stay up pay off with the second article
    with (
        Tools.open(glossary, options, memory=memory, frugal=frugal) as tools,
        show_work(sum(map(_size, sources)), quiet=request.quiet) as advance,
    ):
        for window in cut_windows(sources, _size):
            tries = run_together([partial(_try_to_localise, source, options, tools) for source in window])
            for source, done in zip(window, tries, strict=True):
                outcomes.append(_handle(source, done, request, tools))
                advance(source.label, _size(source))
    if request.as_json:
        emit_articles([outcome.entry for outcome in outcomes])
    else:
        emit("".join(outcome.text for outcome in outcomes if outcome.text is not None))
    return _conclude(outcomes, request)


def _check_request(request: Request, sources: Sequence[Source]) -> Options:
    options = request.options()
    if request.output is not None:
        check_outputs(sources, Path(request.output), request.source, request.layout)
    elif len(options.targets) > 1:
        raise UsageError("several target languages need a folder to be written to; add -o DIR")
    elif len(sources) > 1 and not request.as_json:
        raise UsageError("several files need a folder to be written to; add -o DIR")
    return options


def _size(source: Source) -> int:
    """Return the bytes of a source; 0 where they are not known."""
    try:
        return source.path.stat().st_size if source.path else 0
    except OSError:
        return 0


def _try_to_localise(source: Source, options: Options, tools: Tools) -> Localised | Exception:
    """Localise one article; return what was raised, even for a fault of ours, so that the others go on."""
    try:
        return localise_article(read_source(source), source.name, source.suffix, options, tools)
    except Exception as exc:  # told, with its traceback under --debug, when its turn comes
        return exc


def _handle(source: Source, localised: Localised | Exception, request: Request, tools: Tools) -> Outcome:
    """Write one article and tell; an error becomes a failed outcome."""
    try:
        if isinstance(localised, Exception):
            raise localised
        if request.output is not None:
            tools.remember(localised.parallel)
        written = _write(source, localised, request)
    except Exception as exc:  # even a fault of ours in one article must not cost the others
        failure = tell_failure(exc, source, debug=request.debug)
        return Outcome({"path": source.label, "error": failure.as_dict()}, failure=failure)
    if request.explain and not request.as_json:
        say(explain_article(localised.parallel))
    return _succeed(source, localised, written, request)


@lru_cache(maxsize=1)
def _inputs(files: tuple[str, ...]) -> "Inputs":
    """Return the inputs of a run, made once: each article is held against all of them."""
    from pipeline.exports import Inputs

    return Inputs(Path(file) for file in files if file != STANDARD_INPUT)


def _write(source: Source, localised: Localised, request: Request) -> list[Path]:
    from pipeline.exports import write_article

    if request.output is None:
        return []
    return write_article(localised.parallel, localised.rendered, Path(request.output), inputs=_inputs(request.files))


def _succeed(source: Source, localised: Localised, written: list[Path], request: Request) -> Outcome:
    parallel = localised.parallel
    findings = parallel.findings
    entry: dict[str, object] = {
        "path": source.label,
        "language": parallel.article.language,
        "targets": list(parallel.languages),
        "routes": dict(parallel.signature.routes),
        "output": [str(path) for path in written],
        "segments": len(parallel.segments),
        "fragments": sum(len(segment.fragments) for segment in parallel.segments),
        "findings": [_finding_dict(finding) for finding in findings],
        "warnings": list(localised.warnings),
    }
    text = None
    if request.output is None:
        text = localised.rendered[parallel.languages[0]]
        entry["text"] = text
    if request.explain:
        entry["decisions"] = list_decisions(parallel)
    for warning in localised.warnings:
        say(f"warning: {warning}")
    if not request.quiet:
        _tell(source, written, findings, verbose=request.verbose)
    return Outcome(entry, text, len(findings))


def _finding_dict(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "segment": finding.segment,
        "lang": finding.lang,
    }


def _tell(source: Source, written: list[Path], findings: Sequence[Finding], *, verbose: bool) -> None:
    """Say what one article came to: one line, with -v each file and finding as well."""
    if verbose:
        for finding in findings:
            place = " ".join(part for part in (finding.segment, finding.lang) if part)
            say(f"{source.label}: {place}: {finding.severity}: {finding.message} [{finding.rule}]")
        for path in written:
            say(f"  {path}")
    done = f"{count(len(written), 'file')} in {written[0].parent}" if written else "localised"
    say(f"{source.label}: {done}, {count(len(findings), 'finding')}{_where(written, findings, verbose=verbose)}")


def _where(written: list[Path], findings: Sequence[Finding], *, verbose: bool) -> str:
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
