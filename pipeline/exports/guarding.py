"""What a person wrote stands: no file is written over that is not as a run left it."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from pipeline.errors import EditedOutput
from pipeline.exports.manifest import MANIFEST, listed_digests
from pipeline.exports.writing import show_path

_BITEXTS = frozenset({".xlf", ".po", ".tmx"})  # what `memory import` takes


@dataclass(frozen=True, slots=True)
class Guard:
    """How a run treats files that a person may have written."""

    option: str  # with which a run writes over them
    was_imported: Callable[[str], bool]  # whether a file with this digest was taken into the memory


def digest_file(path: Path) -> str:
    """Return the sha256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_edited(folder: Path, found: Mapping[str, str], guard: Guard) -> Iterator[str]:
    """Give the names of those files beside a manifest that are neither as a run wrote them nor imported since.

    `found` are their digests, by name; "" for a file that is not there.
    """
    known = (listed_digests(folder) or {}) if found else {}
    for name, digest in found.items():
        if digest and digest not in known.get(name, ()) and not guard.was_imported(digest):
            yield name


def advise(names: Sequence[str], option: str) -> str:
    """Return what a person can do about files that are left alone as edited.

    >>> advise(["a.pt.txt"], "--redo")
    'undo that, or write over it with --redo'
    >>> advise(["a.en-pt.xlf"], "--redo")
    'take the edits in with `translate-article memory import`, or write over them with --redo'
    """
    if all(PurePath(name).suffix in _BITEXTS for name in names):
        return f"take the edits in with `translate-article memory import`, or write over them with {option}"
    return f"undo that, or write over it with {option}"


def refuse_edited(files: Mapping[Path, bytes], home: Path, names: Mapping[Path, str], guard: Guard) -> None:
    """Raise EditedOutput where one of the files to be written stands there already, and is a person's.

    `names` are those that a manifest in `home` would list. A file with the bytes that it would get loses nothing.
    """
    there = {path: digest_file(path) for path in files if path.is_file() and path.name != MANIFEST}
    other = {path for path, digest in there.items() if digest != hashlib.sha256(files[path]).hexdigest()}
    left = set(find_edited(home, {names[path]: there[path] for path in there if path in other}, guard))
    ours = (listed_digests(home) or {}) if left else {}
    edited = [show_path(path) for path in there if names[path] in left and names[path] in ours]
    strange = [show_path(path) for path in there if names[path] in left and names[path] not in ours]
    if strange:
        what = f"{', '.join(strange)} there before, of no run"
        raise EditedOutput(f"{what}; move it away, or write over it with {guard.option}")
    if edited:
        raise EditedOutput(f"{', '.join(edited)} edited since it was written; {advise(edited, guard.option)}")
