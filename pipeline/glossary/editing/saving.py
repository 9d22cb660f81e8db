"""Write changes into a PO file as it is on disk at that moment, whole or not at all."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import GlossaryError, OutputError
from pipeline.glossary.editing.changes import Applied, Change, apply_changes
from pipeline.glossary.parsing import parse_file
from pipeline.glossary.pofiles import Pair, PoFile
from pipeline.languages import po_code

_TRIES = 5  # an editor that saves more often than that between our reading and writing is a program gone wild

_HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: glossary\\n"
"PO-Revision-Date: {when}\\n"
"Last-Translator: {by}\\n"
"Language-Team: {target}\\n"
"Language: {target}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"X-Source-Language: {source}\\n"
"X-Glossary-Schema: 1\\n"
"""


def read_bytes(path: Path) -> bytes | None:
    """Read a file; None where there is none. Raises GlossaryError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise GlossaryError(f"{path}: {exc.strerror or exc}; try checking the file's rights") from exc


def write_changes(path: Path, pair: Pair, changes: Sequence[Change]) -> Applied:
    """Make changes in the PO file of a pair, as it is on disk now, and say which met a conflict.

    See `apply_changes`. A file that is not there yet is begun. The folder is locked against other writers of ours;
    a file that another program saves meanwhile is read again and the changes are made on what it wrote. What would
    not load is never written: the file is then as it was. A link is followed, and the file's rights stay. Raises
    GlossaryError for a damaged file or a change that no glossary may hold, OutputError where the system refuses.
    """
    path = path.resolve()
    try:
        with _locked(path.parent):
            for _ in range(_TRIES):
                data = read_bytes(path)
                applied = apply_changes(data if data is not None else _begin(pair, changes), changes, str(path))
                if applied.data == data or not applied.done:
                    return applied
                # The rest of the file was checked when it was read.
                parse_file(PoFile(str(path), path.name, pair, 0, applied.written))
                if _replace(path, data, applied.data):
                    return applied
    except OSError as exc:
        raise OutputError(f"{path}: {(exc.strerror or str(exc)).lower()}; try checking the folder's rights") from exc
    raise OutputError(f"{path}: another program keeps on writing it; try closing the file there")


def _begin(pair: Pair, changes: Sequence[Change]) -> bytes:
    source, target = map(po_code, pair)
    first = changes[0] if changes else None
    by, when = (first.by, first.when) if first else ("", "")
    return _HEADER.format(source=source, target=target, by=by.replace('"', "'"), when=when.replace("T", " ")).encode()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; it goes with the process. A file system without locks is no reason to fail."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, before: bytes | None, after: bytes) -> bool:
    """Put new bytes in a file's place, if it still holds `before`; return whether it did."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        mode = stat.S_IMODE(path.stat().st_mode) if before is not None else 0o666 & ~_umask()
        Path(name).chmod(mode)
        if read_bytes(path) != before:
            return False
        Path(name).replace(path)
        return True
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
