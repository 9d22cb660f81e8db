"""Put a folder in its place whole or not at all, under a lock."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import InstallError


def exchange(new: Path, place: Path, old: Path) -> None:
    """Rename a package into its place; what stands there makes room, and comes back where the renaming fails."""
    if not place.exists():
        new.rename(place)
        return
    place.rename(old)
    try:
        new.rename(place)
    except OSError:
        old.rename(place)
        raise
    remove_folder(old)


def drop_folder(folder: Path, aside: Path) -> None:
    """Take a package out of sight at once, then remove it."""
    remove_folder(aside)
    folder.rename(aside)
    remove_folder(aside)


def remove_folder(folder: Path) -> None:
    """Remove a folder and what is in it; nothing where there is none."""
    if folder.is_symlink():  # the link goes, not what it leads to
        folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)


def check_room(folder: Path, needed: int) -> None:
    """Raise InstallError where fewer than `needed` bytes are free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise InstallError(f"{folder}: {needed:,} bytes are needed, {free:,} are free; make room and try again")


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock on a file, which is made where it is not there; wait for whoever holds it.

    Afterwards the file goes where nothing was written to it.
    """
    while True:
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_there(path, file.fileno()):
                continue  # whoever had the lock removed the file: this one locks nobody out
            try:
                yield
            finally:
                if path.stat().st_size == 0:
                    path.unlink()
            return


def _is_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def tell_errors(folder: Path) -> Iterator[None]:
    """Turn what the system says of a folder of packages or models into one InstallError."""
    try:
        yield
    except OSError as exc:
        place = exc.filename or folder
        raise InstallError(f"{place}: {(exc.strerror or str(exc)).lower()}; nothing was installed or removed") from exc
