"""One run an output folder: a lock that names its holder and goes with it, also after `kill -9`."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.exports import show_path

LOCK = ".translate-article.lock"

_held: set[int] = set()  # handles of this process


def _let_go() -> None:
    """Close, in a fork, what its parent holds: a worker that outlives a killed run would hold the folder for it."""
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_let_go)


@contextmanager
def lock_folder(folder: Path, shown: str = "") -> Iterator[None]:
    """Hold an output folder for this process. Raises OutputError, naming the process, while another run holds it.

    The lock is the kernel's, on a file with our process id in it: a file that a killed run left holds nothing. `shown`
    is what the user knows the folder as, where that is not its path.
    """
    handle = _take(folder / LOCK, shown or show_path(folder))
    _held.add(handle)
    try:
        yield
    finally:
        _held.discard(handle)
        # Removed while held, so that nobody can hold a file that is no longer there without noticing (see _take).
        with suppress(OSError):
            (folder / LOCK).unlink()
        os.close(handle)


def read_lock(folder: Path) -> bytes:
    """Return what the lock of an output folder says: its holder; b"" where nobody holds it or it cannot be seen."""
    try:
        return (folder / LOCK).read_bytes()
    except OSError:
        return b""


def _take(path: Path, shown: str) -> int:
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except OSError as exc:
            reason = (exc.strerror or str(exc)).lower()
            raise OutputError(f"cannot write {show_path(path)}: {reason}; name another folder with -o") from exc
        try:
            _hold(handle, shown)
            if _is_there(handle, path):
                os.ftruncate(handle, 0)
                os.pwrite(handle, f"{os.getpid()}\n{socket.gethostname()}\n".encode(), 0)
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # its holder removed it between our opening and our holding it: try the new one


def _hold(handle: int, shown: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        raise OutputError(
            f"another run (process {_name_holder(os.pread(handle, 300, 0))}) is writing to {shown};"
            " wait until it is done, or name another folder with -o"
        ) from exc
    except OSError:
        return  # a file system without locks: as good as it gets


def _name_holder(lock: bytes) -> str:
    """Write the process, and its machine where that is another."""
    number, host, *_ = *lock.decode("ascii", "replace").split(), "", ""
    return (number or "unknown") + (f" on {host}" if host not in ("", socket.gethostname()) else "")


def _is_there(handle: int, path: Path) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return os.path.samestat(os.fstat(handle), found)
