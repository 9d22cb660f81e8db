"""What a command says: the result on standard output, words for people on standard error."""

import json
import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.cli.inputs import Source
from pipeline.errors import OutputError, PipelineError

if TYPE_CHECKING:
    from pipeline.batch.tasks import Fault, Task

_SHOWN = 80  # characters of a text in a message
SCHEMA = 1  # of every JSON document; raised when a key changes its meaning or goes


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as a user sees it."""

    label: str  # of the input; "" where the error is of none
    code: str  # stable, for programs: "document", "engine_missing", "usage", "internal"
    message: str  # what is wrong and where
    hint: str  # what to try; may be empty
    exit_code: int

    @property
    def line(self) -> str:
        """The one line for standard error."""
        label = f"{self.label}: " if self.label else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"error: {label}{self.message}{hint}"

    def as_dict(self) -> dict[str, str]:
        """The error's JSON form."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


def describe(error: Exception, *, label: str = "", name: str = "") -> Failure:
    """Turn an exception into what a user sees.

    `name` is what a library calls the input (a bare file name); a message that begins with it is not told
    the label a second time. By the convention of `errors`, what stands behind the last "; " is the hint.
    """
    if not isinstance(error, PipelineError):
        return _describe_internal(f"{type(error).__name__}: {error}", label)
    text = " ".join(str(error).split())
    for known in (name, label):
        text = text.removeprefix(f"{known}: ") if known else text
    message, _, hint = text.rpartition("; ")
    return Failure(label, _code(error), message or hint, hint if message else "", error.exit_code)


def describe_fault(fault: "Fault", task: "Task") -> Failure:
    """Do what `describe` does for an error that came from where an article was made."""
    if fault.error:
        return describe(fault.error, label=task.label, name=f"{task.name}{task.suffix}")
    return _describe_internal(fault.internal, task.label)


def _describe_internal(text: str, label: str) -> Failure:
    return Failure(label, "internal", f"internal: {' '.join(text.split())}", "run again with --debug to see where", 1)


def tell_failure(error: Exception, source: Source, *, debug: bool) -> Failure:
    """Say what went wrong with one input, with the traceback where asked for, and return it."""
    if debug:
        say("".join(traceback.format_exception(error)))
    failure = describe(error, label=source.label, name=f"{source.name}{source.suffix}")
    say(failure.line)
    return failure


def _code(error: PipelineError) -> str:
    """Return the class name as a word: EngineMissing -> "engine_missing", DocumentError -> "document"."""
    name = type(error).__name__
    spaced = "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")
    return spaced.removesuffix("_error") or spaced


def emit(text: str) -> None:
    """Write a result to standard output, in UTF-8 whatever the locale. Raises OutputError, BrokenPipeError."""
    if sys.stdout is None:
        raise OutputError("standard output is closed; name a folder with -o")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _drop_output()
        raise
    except OSError as exc:
        _drop_output()
        raise OutputError(f"standard output: {(exc.strerror or str(exc)).lower()}") from exc


def _drop_output() -> None:
    """Point standard output at nothing, or the interpreter complains once more when it closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def emit_json(document: object) -> None:
    """Write one JSON document to standard output."""
    emit(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def emit_articles(entries: list[dict[str, object]]) -> None:
    """Write the JSON document of a command that works on articles."""
    emit_json({"schema": SCHEMA, "articles": entries})


def emit_failure(failure: Failure, *, as_json: bool) -> None:
    """Tell an error that ended the whole command; in JSON too, so that a program always gets a document."""
    if as_json:
        document: Mapping[str, object] = {"schema": SCHEMA, "error": failure.as_dict()}
        emit_json(document)
    say(failure.line)


def say(line: str) -> None:
    """Write a line for people to standard error; a closed one is no reason to fail."""
    if sys.stderr is not None:
        try:
            print(line, file=sys.stderr, flush=True)
        except OSError:
            return


def shorten(text: str) -> str:
    """Return the beginning of a text of an article, in quotation marks, for one line of a terminal."""
    from pipeline.documents import printable

    line = " ".join(text.split())
    return printable(repr(line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"))


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 file", "3 files"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
