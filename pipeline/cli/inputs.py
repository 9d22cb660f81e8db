"""The files that a command names: what they are called, whether they can be read, where their outputs go."""

import difflib
import os
import stat
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from pipeline.cli.values import AUTO
from pipeline.errors import DocumentError, OutputError, UsageError

STANDARD_INPUT = "-"
STANDARD_NAME = "article"  # what the outputs of standard input are called: article.pt.txt


@dataclass(frozen=True, slots=True)
class Source:
    """One input."""

    label: str  # as the user wrote it, safe to print
    path: Path | None  # None for standard input
    name: str  # file name without suffix
    suffix: str  # with the dot; "" where there is none


def name_sources(files: Sequence[str], commands: Sequence[str] = ()) -> tuple[Source, ...]:
    """Turn the arguments of a command into sources, without reading them.

    Raises UsageError; `commands` are those that a first argument may have been meant for.
    """
    if not files:
        raise UsageError("no FILE given; name one, or - for standard input (see translate-article --help)")
    near = difflib.get_close_matches(files[0], commands, n=1, cutoff=0.75)
    if near and not os.path.lexists(files[0]):
        raise UsageError(f"no such file: {files[0]}; did you mean the command {near[0]!r}?")
    if files.count(STANDARD_INPUT) > 1:
        raise UsageError("standard input (-) can be read once only; name it once")
    return tuple(_name_source(file) for file in files)


def _name_source(file: str) -> Source:
    from pipeline.documents import printable

    if file == STANDARD_INPUT:
        return Source("standard input", None, STANDARD_NAME, ".txt")
    pure = PurePath(file)
    return Source(printable(file), Path(file), pure.stem, pure.suffix)


def read_source(source: Source) -> bytes:
    """Read an input. Raises DocumentError, without the name, for what is no readable file of a fair size."""
    from pipeline.documents.reading import MAX_BYTES

    if source.path is None:
        if sys.stdin is None:
            raise DocumentError("it is closed; name a file")
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        return _read_file(source.path, MAX_BYTES)
    except FileNotFoundError as exc:
        raise DocumentError("no such file") from exc
    except ValueError as exc:  # a NUL in the name
        raise DocumentError("not a file name") from exc
    except OSError as exc:
        raise DocumentError(f"cannot be read: {(exc.strerror or str(exc)).lower()}") from exc


def _read_file(path: Path, limit: int) -> bytes:
    # O_NONBLOCK: opening a FIFO would wait for a writer, perhaps for ever.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise DocumentError(f"not a regular file but a {_kind(mode)}; {_advice(mode)}")
        with open(handle, "rb", closefd=False) as file:
            return file.read(limit + 1)
    finally:
        os.close(handle)


def _kind(mode: int) -> str:
    kinds = [(stat.S_ISDIR, "folder"), (stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket")]
    return next((name for test, name in kinds if test(mode)), "device")


def _advice(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "name the files in it"
    return "use - to read standard input" if stat.S_ISFIFO(mode) else "name a file"


def check_outputs(sources: Sequence[Source], output: Path, source_lang: str) -> None:
    """Refuse, before any work, outputs that would meet each other or cannot be written.

    Raises UsageError when two sources would go to one folder, OutputError when the folder cannot take files.
    """
    taken: dict[str, Source] = {}
    for source in sources:
        stems = _possible_stems(source.name, source_lang)
        for stem in stems:
            other = taken.get(_folded(stem))
            if other:
                raise UsageError(
                    f"{other.label} and {source.label} would both be written to {output / stem};"
                    " rename one, or run them apart with different -o"
                )
        taken.update({_folded(stem): source for stem in stems})
    _check_writable(output)


def _possible_stems(name: str, source_lang: str) -> list[str]:
    """Return the folder names that an input may get: what follows the last dot goes if it is the language."""
    from pipeline.exports import output_stem
    from pipeline.languages import LANGUAGES

    if source_lang != AUTO:
        return [output_stem(name, source_lang)]
    return list(dict.fromkeys([name, *(output_stem(name, tag) for tag in LANGUAGES)]))


def _folded(stem: str) -> str:
    """Fold what some file systems hold to be one name: case, and Unicode forms."""
    return unicodedata.normalize("NFC", stem).casefold()


def _check_writable(folder: Path) -> None:
    place = folder
    while not os.path.lexists(place) and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise OutputError(f"cannot write {folder}: {place} is not a folder; name another one with -o")
    if not os.access(place, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write {folder}: {place} is not writable; name another one with -o")
