"""Write the files of an article so that a reader finds all of them or none.

The order follows git and the known atomic writers: every file is written under a temporary name in its
own folder and synced, only then are all put in place, then the folder is synced. What stood there before is
kept under a second name until that is done, and comes back when a step fails. The folder is locked
meanwhile, so two runs never mix; the lock is the kernel's and goes with the process, also after `kill -9`.
Where articles share folders, temporary files and lock are in the one that is the article's own: the others may
hold any number of files, and nobody waits for them.
"""

import errno
import fcntl
import itertools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from pathlib import Path

from pipeline.errors import OutputError

# ".maduro.pt.txt.tmp-4711-3": no such name is ever an output, so the next run may remove what a killed one left.
_TEMPORARY = re.compile(r"\..*\.tmp-[0-9]+-[0-9]+", re.DOTALL)
_NAME_KEPT = 40  # characters of the output's name in the temporary one: at most 160 of the 255 bytes of a name
_numbers = itertools.count()
SYNCS = 8  # at the same time

# What to try, by the reason that the system gives.
_ADVICE = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "make room, or name another folder with -o"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "name a folder that you may write to with -o"),
    **dict.fromkeys((errno.ENOTDIR, errno.EEXIST), "a file is in the way: move it, or name another folder with -o"),
    errno.EISDIR: "a folder of this name is in the way: move it, or name another folder with -o",
    errno.EXDEV: "everything under the folder of -o has to be on one file system",
    errno.ENAMETOOLONG: "give the input a shorter name",
    errno.EIO: "the disk reports a fault: name a folder on another one with -o",
}
_NO_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP})  # file systems that cannot sync a folder say one of these


class Inputs:
    """The inputs of a run, over which no output is written. Looked up once: each article is held against all."""

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        """Take their paths."""
        self.paths = tuple(paths)
        self._known: dict[tuple[int, int] | Path, Path] = {}

    def find(self, path: Path) -> Path | None:
        """Return the input that stands at `path`, under whatever name; None where none does."""
        identity = _identity(path) if self.paths else None
        if identity is None:
            return None  # most outputs are new: no input is asked for
        if not self._known:
            self._known = {key: given for given in self.paths for key in (_identity(given), given.resolve()) if key}
        # What is known may be old by now: an editor puts another file in the place of the one that it saves.
        given = self._known.get(identity) or self._known.get(path.resolve())
        return given if given and _identity(given) == identity else None


NO_INPUTS = Inputs()


def write_files(
    files: Mapping[Path, bytes],
    root: Path,
    *,
    inputs: Inputs = NO_INPUTS,
    home: Path | None = None,
    check: Callable[[], None] = lambda: None,
) -> list[Path]:
    """Write every file, or none, and return the paths in the order given.

    Missing folders are made. `home` is the one of them that is no other writer's, on one file system with the rest;
    where it is not given, each is locked and has its own temporary files. `check` is called when the folders are
    locked; what it raises is raised, and nothing is written. A link at an output's name is replaced, never
    written through. Raises OutputError when a path leads out of `root`, when an output is one of the `inputs`, and
    when the system refuses; the folders are then as they were. A process killed between two replacements leaves whole
    files, some of them old: the next run sets that right.
    """
    folders = sorted({path.parent for path in files})
    with ExitStack() as held, ExitStack() as undo:
        for folder in folders:
            with _told(folder):
                _make_folder(folder, root, undo)
        own = [home] if home else folders
        locked = [folder for folder in own if _lock(folder, held)]
        _refuse_inputs(files, inputs)
        check()
        for folder in locked:
            with _told(folder):
                _sweep(folder)
        temporary = _write_temporary(files, home, undo)
        for path, written in temporary.items():
            _put_in_place(written, path, undo)
        _at_once({folder: partial(_sync_folder, folder) for folder in folders})
        undo.pop_all()
        for folder in own:
            _quietly(partial(_sweep, folder))
    return list(files)


def was_interrupted(folder: Path) -> bool:
    """Whether a run was killed while it wrote to this folder: its files may be of two runs. Raises OSError."""
    return any(True for _ in find_temporary(folder))


def find_temporary(folder: Path) -> Iterator[Path]:
    """Give the files that a run which is writing to a folder, or was killed meanwhile, has there. Raises OSError."""
    return (path for path in folder.iterdir() if is_temporary(path.name))


def is_temporary(name: str) -> bool:
    """Whether a file's name is one that only unfinished files have."""
    return _TEMPORARY.fullmatch(name) is not None


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the system reports into one line that names the output, not its temporary name."""
    try:
        yield
    except (OSError, RuntimeError) as exc:  # RuntimeError: pathlib's word for links in a circle, up to 3.12
        code = exc.errno if isinstance(exc, OSError) else None
        reason = os.strerror(code).lower() if code else str(exc)
        advice = _ADVICE.get(code or 0, "check the folder, or name another one with -o")
        raise OutputError(f"cannot write {show_path(path)}: {reason}; {advice}") from exc


def show_path(path: Path) -> str:
    r"""Return a path for a message: control, bidi and undecodable characters written as escapes.

    >>> show_path(Path("out/a\u202eb"))
    'out/a\\u202eb'
    """
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in str(path))


def _make_folder(folder: Path, root: Path, undo: ExitStack) -> None:
    if not folder.resolve().is_relative_to(root.resolve()):
        raise OutputError(f"{show_path(folder)} leads out of {show_path(root)}; give the input a plain file name")
    for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        missing.mkdir(exist_ok=True)
        undo.callback(_quietly, missing.rmdir)
        _sync_folder(missing.parent)


def _lock(folder: Path, held: ExitStack) -> bool:
    """Wait for other writers to this folder; False where the file system has no locks."""
    with _told(folder):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    held.callback(_quietly, partial(os.close, handle))
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        return False
    return True


def _sweep(folder: Path) -> None:
    """Remove temporary files: under the lock, none of them belongs to a living run."""
    for path in find_temporary(folder):
        _quietly(path.unlink)


def _refuse_inputs(files: Iterable[Path], inputs: Inputs) -> None:
    for path in files:
        if given := inputs.find(path):
            raise OutputError(f"{show_path(path)} is the input {show_path(given)} itself; name another folder with -o")


def _identity(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def _temporary_name(path: Path, folder: Path) -> Path:
    return folder / f".{path.name[:_NAME_KEPT]}.tmp-{os.getpid()}-{next(_numbers)}"


def _write_temporary(files: Mapping[Path, bytes], home: Path | None, undo: ExitStack) -> dict[Path, Path]:
    """Write and sync all files under temporary names, and return these by the names to be."""
    temporary = {path: _temporary_name(path, home or path.parent) for path in files}
    handles: dict[Path, int] = {}
    try:
        for path, data in files.items():
            with _told(path):
                handles[path] = os.open(temporary[path], os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
                undo.callback(_quietly, temporary[path].unlink)
                _write_all(handles[path], data)
        _at_once({path: partial(os.fsync, handle) for path, handle in handles.items()})
        for path in files:
            with _told(path):
                os.close(handles.pop(path))
    finally:
        for handle in handles.values():
            _quietly(partial(os.close, handle))
    return temporary


def _at_once(steps: Mapping[Path, Callable[[], object]]) -> None:
    """Take steps that wait for the disk at the same time: what is asked for together, a file system does in one go.

    Seven files are synced in a fifth of the time that they take one after the other (ext4). The first error is
    raised, when all is done.
    """
    doing = {path: _syncing().submit(step) for path, step in steps.items()}
    wait(doing.values())
    for path, done in doing.items():
        with _told(path):
            done.result()


@cache
def _syncing() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(SYNCS, thread_name_prefix="sync")


def _write_all(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def _put_in_place(temporary: Path, path: Path, undo: ExitStack) -> None:
    with _told(path):
        undo.callback(_quietly, _way_back(path, temporary.parent))
        temporary.replace(path)


def _way_back(path: Path, folder: Path) -> Callable[[], None]:
    """Keep what stands at `path` under a second name and return what brings it back."""
    if not os.path.lexists(path):
        return path.unlink
    backup = _temporary_name(path, folder)
    try:
        os.link(path, backup, follow_symlinks=False)
    except OSError:  # a folder, which stops the replacement anyway, or a file system without hard links
        return lambda: None

    def bring_back() -> None:
        backup.rename(path)
        backup.unlink(missing_ok=True)  # renaming one name of a file to another name of it does nothing

    return bring_back


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError as exc:
        if exc.errno not in _NO_SYNC:
            raise
    finally:
        os.close(handle)


def _quietly(step: Callable[[], object]) -> None:
    """Take a step of tidying up; its failure may not hide the error that made us tidy up."""
    with suppress(OSError):
        step()
