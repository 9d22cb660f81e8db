"""Read the bytes of an article's file, and of nothing that only looks like one."""

import os
import stat
from pathlib import Path

from pipeline.documents.reading import MAX_BYTES
from pipeline.errors import DocumentError


def read_file(path: Path) -> bytes:
    """Return a file's bytes, at most one more than `MAX_BYTES`: `decode_article` refuses a file that is larger.

    Raises DocumentError, without the name, for what is no readable regular file; a pipe is refused without waiting.
    """
    try:
        return _read(path, MAX_BYTES)
    except FileNotFoundError as exc:
        raise DocumentError("no such file") from exc
    except ValueError as exc:  # a NUL in the name
        raise DocumentError("not a file name") from exc
    except OSError as exc:
        raise DocumentError(f"cannot be read: {(exc.strerror or str(exc)).lower()}") from exc


def _read(path: Path, limit: int) -> bytes:
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
