"""What runs keep for later ones in the user's cache folder: all of it can be found out again, only later.

A file begins with a digest of the rest: one that is damaged or cut short is as if it were not there. No error of the
cache leaves here, as a run needs none.
"""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

MAX_BYTES = 50_000_000  # of all files of a kind; beyond that those go that were not used for the longest time


def kept_path(kind: str, name: str) -> Path | None:
    """Return where a file of a kind is kept, there or not; None where there is no home."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        return (base if base.is_absolute() else Path.home() / ".cache") / "translate-article" / kind / name
    except RuntimeError:  # nobody's home
        return None


def read_kept(path: Path | None) -> bytes | None:
    """Return what is kept in a file, and note that it was used; None for what is not there or not whole."""
    if path is None:
        return None
    try:
        digest, _, written = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(written):
        return None
    with suppress(OSError):
        os.utime(path)
    return written


def keep(path: Path | None, written: bytes) -> None:
    """Put a file into its place, as a whole, and drop what the folder has too much of."""
    if path is None:
        return
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, _digest(written) + b"\n" + written)
        _prune(path.parent)


def _write(path: Path, data: bytes) -> None:
    """Other runs read and write the same files: a file is replaced, never written into."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _prune(folder: Path) -> None:
    """Delete what was used longest ago, so that the rest is no larger than `MAX_BYTES`."""
    found = [(path.stat(), path) for path in folder.iterdir()]
    total = 0
    for status, path in sorted(found, key=lambda each: each[0].st_mtime, reverse=True):
        total += status.st_size
        if total > MAX_BYTES:
            path.unlink(missing_ok=True)


def _digest(written: bytes) -> bytes:
    return hashlib.sha256(written).hexdigest().encode()
