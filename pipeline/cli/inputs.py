"""The files that a command names: what they are called, whether they can be read, where their outputs go."""

import difflib
import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pipeline.errors import DocumentError, OutputError, UsageError
from pipeline.naming import FORMATS, side_folder
from pipeline.stores import is_address, show_address

if TYPE_CHECKING:
    from pipeline.batch.tasks import Origin

STANDARD_INPUT = "-"
STANDARD_NAME = "article"  # what the outputs of standard input are called: article.pt.txt


@dataclass(frozen=True, slots=True)
class Source:
    """One input."""

    label: str  # as the user wrote it, safe to print
    path: Path | None  # None for standard input; of one with an origin, its mere name
    name: str  # file name without suffix
    suffix: str  # with the dot; "" where there is none
    origin: "Origin | None" = None  # where it is, if it is no file of this machine


def name_sources(files: Sequence[str], commands: Sequence[str] = (), form: str | None = None) -> tuple[Source, ...]:
    """Turn the arguments of a command into sources, without reading them.

    Raises UsageError; `commands` are those that a first argument may have been meant for. `form` is the format of
    all, whatever they are called.
    """
    if not files:
        raise UsageError("no FILE given; name one, or - for standard input (see translate-article --help)")
    near = difflib.get_close_matches(files[0], commands, n=1, cutoff=0.75)
    if near and not os.path.lexists(files[0]):
        raise UsageError(f"no such file: {files[0]}; did you mean the command {near[0]!r}?")
    for file in files:
        refuse_address(file)
    if files.count(STANDARD_INPUT) > 1:
        raise UsageError("standard input (-) can be read once only; name it once")
    return tuple(_name_source(file, form) for file in files)


def refuse_address(named: str | None) -> None:
    """Raise UsageError for an address in place of a path: "s3://bucket/out" would be a folder "s3:" of this machine.

    What is there under that very name is a path. "" and None are none.
    """
    if is_address(named):
        raise UsageError(
            f"{show_address(named or '')} is an address, which only `batch` takes, for articles and for -o; name a file"
            " or a folder of this machine"
        )


def name_origin(label: str, name: str, origin: "Origin", form: str | None) -> Source:
    """Return an article that is no file of this machine as a source."""
    from pipeline.documents import printable

    pure = PurePath(name)
    return Source(printable(label), Path(name), pure.stem, FORMATS[form] if form else pure.suffix, origin)


def _name_source(file: str, form: str | None) -> Source:
    from pipeline.documents import printable

    if file == STANDARD_INPUT:
        return Source("standard input", None, STANDARD_NAME, FORMATS[form or "text"])
    pure = PurePath(file)
    return Source(printable(file), Path(file), pure.stem, FORMATS[form] if form else pure.suffix)


def read_source(source: Source) -> bytes:
    """Read an input. Raises DocumentError, without the name, for what is no readable file of a fair size."""
    from pipeline.documents.files import read_file
    from pipeline.documents.reading import MAX_BYTES

    if source.path is not None:
        return read_file(source.path)
    if sys.stdin is None:
        raise DocumentError("it is closed; name a file")
    return sys.stdin.buffer.read(MAX_BYTES + 1)


def check_outputs(sources: Sequence[Source], output: Path, source_lang: str, layout: str) -> None:
    """Refuse, before any work, outputs that would meet each other or cannot be written.

    Raises UsageError when two sources would go to one folder, OutputError when the folder cannot take files.
    """
    for source, other, stem in find_clashes(sources, source_lang):
        raise UsageError(
            f"{other.label} and {source.label} would both be written to {output / side_folder(stem, layout)};"
            " rename one, or run them apart with different -o"
        )
    check_writable(output)


def find_clashes(sources: Sequence[Source], source_lang: str) -> Iterator[tuple[Source, Source, str]]:
    """Give each source that would be written where an earlier one goes, with that one and the folder's name."""
    from pipeline.exports import possible_stems

    taken: dict[str, Source] = {}
    for source in sources:
        stems = possible_stems(source.name, source_lang)
        clash = next((stem for stem in stems if _folded(stem) in taken), None)
        if clash is not None:
            yield source, taken[_folded(clash)], clash
        else:
            taken.update({_folded(stem): source for stem in stems})


def _folded(stem: str) -> str:
    """Fold what some file systems hold to be one name: case, and Unicode forms."""
    return unicodedata.normalize("NFC", stem).casefold()


def check_writable(folder: Path) -> None:
    """Raise OutputError for a folder that is none, or that cannot take files."""
    place = folder
    while not os.path.lexists(place) and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise OutputError(f"cannot write {folder}: {place} is not a folder; name another one with -o")
    if not os.access(place, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write {folder}: {place} is not writable; name another one with -o")
