"""Storage that is no folder of this machine: s3://bucket/articles and the like, read and written through fsspec.

fsspec finds who knows a protocol; credentials, endpoints and how often a request is tried again are told to that
package, by its own files and variables. Names in a listing are another's words: those that lead out of the folder, or
that no file can have, are left out.
"""

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.errors import StoreError, UsageError

AT_ONCE = 16  # requests to a store that bears several: each mostly waits

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*):/{2}", re.IGNORECASE)  # RFC 3986, 3.1: s3://bucket/articles
_SECRET = re.compile(r"(?<=//)[^/@]*@")  # "name:password@" before a host
# What listings call a digest or a version, and a time, in the packages for S3, GCS, Azure, WebDAV, SFTP, memory, disk.
_TAGS = ("ETag", "etag", "md5Hash", "content_md5", "crc32c", "generation", "version_id", "VersionId")
_TIMES = ("LastModified", "last_modified", "updated", "modified", "mtime", "created")
NEVER_NS = 1 << 62  # the time of what tells none
# Stores of objects: a PUT shows whole or not at all, and there are no folders to be made. By their protocols in fsspec.
_OBJECTS = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "tos", "memory"})
_HINT = "check the address, the network and your credentials"


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a store, as a listing tells of it."""

    size: int
    mark: str  # differs where the content does: what the store calls its digest, its version, its times
    changed_ns: int  # when it was last changed, as far as that matters: 0 where the mark tells the content by itself


def is_address(named: str | None) -> bool:
    """Whether a name is an address; what is there under that very name is a path.

    >>> is_address("s3://news/articles"), is_address("articles"), is_address(None)
    (True, False, False)
    """
    return bool(named and _ADDRESS.match(named) and not os.path.lexists(named))


def show_address(address: str) -> str:
    """Return an address without the name and password that may stand in it.

    >>> show_address("ftp://desk:secret@host/news/")
    'ftp://host/news'
    """
    return _SECRET.sub("", address, count=1).rstrip("/")


class Store:
    """A folder of a store. Made by `open_store`. Errors of the packages come out as StoreError, but for `fetch`."""

    def __init__(self, fs: Any, root: str, address: str) -> None:
        """Take fsspec's file system, a path in it, and what the user calls that."""
        self.fs = fs
        self.root = root.rstrip("/")
        self.shown = show_address(address)
        protocols = {fs.protocol} if isinstance(fs.protocol, str) else {*fs.protocol}
        self._has_objects = bool(protocols & _OBJECTS)

    def at(self, name: str) -> str:
        """Return the path of what has this name below the folder."""
        return f"{self.root}/{name}" if name else self.root

    def name_of(self, path: str) -> str:
        """Return what a path is called below the folder; "" for one that is not there, or that no file can have."""
        prefix = f"{self.root}/"
        name = path[len(prefix) :] if path.startswith(prefix) else ""
        return "" if "\0" in name or {"", ".", ".."} & {*name.split("/")} else name

    def look(self) -> Found | None:
        """Return what is at the address itself; None for a folder. Raises FileNotFoundError."""
        info = self._ask(lambda: self.fs.info(self.root))
        return _found(info) if info.get("type") == "file" else None

    def answers(self) -> bool:
        """Whether the store can be asked at all."""
        try:
            self.look()
        except FileNotFoundError:
            return True
        except StoreError:
            return False
        return True

    def list_folder(self, name: str = "") -> dict[str, Found]:
        """Return the files of a folder by their names below this one; {} where there is none."""
        try:
            entries = self._ask(lambda: self.fs.ls(self.at(name), detail=True))
        except FileNotFoundError:
            return {}
        found = self._named(entries)
        return {each: found[each] for each in found if posixpath.dirname(each) == name}

    def list_tree(self) -> dict[str, Found]:
        """Return all files below, by their names, sorted; {} where there is nothing yet."""
        try:
            self.look()  # `find` passes over what it cannot list
            return self._named(self._ask(lambda: self.fs.find(self.root, detail=True)).values())
        except FileNotFoundError:
            return {}

    def _named(self, entries: Iterable[Mapping[str, Any]]) -> dict[str, Found]:
        files = ((self.name_of(each["name"]), each) for each in entries if each.get("type") == "file")
        return {name: _found(each) for name, each in sorted(files, key=lambda row: row[0]) if name}

    def _ask(self, question: Callable[[], Any]) -> Any:
        try:
            self.fs.invalidate_cache()
            return question()
        except FileNotFoundError:
            raise
        except Exception as exc:  # each package has errors of its own
            raise StoreError(f"cannot read {self.shown}: {tell(exc)}; {_HINT}") from exc
        finally:
            self.fs.invalidate_cache()  # listings are large

    def put(self, files: Mapping[str, bytes], home: str, leftovers: Sequence[str] = ()) -> None:
        """Put files in their order, the last one stands for all; then remove `leftovers` of `home`, a folder.

        What the last one will be is put into `home` first, under a temporary name (exports/writing.py): a later run
        sees from it that this one was cut off, and which files are its own. Raises StoreError.
        """
        *_, last = files
        notice = posixpath.join(home, f".{posixpath.basename(last)[:40]}.tmp-{os.getpid()}-0")
        self._put(notice, files[last])
        for at, (name, data) in enumerate(files.items(), 1):
            self._put(name, data, posixpath.join(home, f".{posixpath.basename(name)[:40]}.tmp-{os.getpid()}-{at}"))
        for name in (notice, *leftovers):
            with suppress(Exception):  # the next run removes it
                self.fs.rm_file(self.at(name))

    def put_alone(self, name: str, data: bytes) -> None:
        """Put one file that nothing depends on. Raises StoreError."""
        folder, base = posixpath.split(name)
        self._put(name, data, posixpath.join(folder, f".{base[:40]}.tmp-{os.getpid()}-0"))

    def _put(self, name: str, data: bytes, temporary: str = "") -> None:
        """Put a file; where a half-written one could be seen, under a temporary name first."""
        try:
            if self._has_objects or not temporary or not self._renames:
                self._write(name, data)
            else:
                self._write(temporary, data)
                self._make_folder(name)
                self._rename(self.at(temporary), self.at(name))
        except Exception as exc:  # each package has errors of its own
            raise StoreError(f"cannot write {self.shown}/{name}: {tell(exc)}; {_HINT}") from exc

    @property
    def _renames(self) -> bool:
        """Whether moving a file is one step here, and not a copy."""
        from fsspec import AbstractFileSystem

        return type(self.fs).mv is not AbstractFileSystem.mv

    def _rename(self, old: str, new: str) -> None:
        try:
            self.fs.mv(old, new)
        except Exception:  # some servers do not rename onto what is there
            self.fs.rm_file(new)
            self.fs.mv(old, new)

    def _write(self, name: str, data: bytes) -> None:
        self._make_folder(name)
        self.fs.pipe_file(self.at(name), data)

    def _make_folder(self, name: str) -> None:
        if not self._has_objects:
            self.fs.makedirs(posixpath.dirname(self.at(name)), exist_ok=True)


def open_store(address: str) -> Store:
    """Open the folder, or the file, at an address; nothing is asked of it yet.

    Raises UsageError where fsspec or the package of the protocol is missing, or nobody knows the protocol.
    """
    return _open(address, os.getpid())  # a connection is of one process


@lru_cache(maxsize=64)
def _open(address: str, _process: int) -> Store:
    shown = show_address(address)
    try:
        from fsspec.core import url_to_fs
        from fsspec.registry import known_implementations
    except ImportError as exc:
        raise UsageError(
            f"{shown} is an address, which needs fsspec; install it with: pip install 'translate-article[remote]'"
        ) from exc
    protocol = address.partition("://")[0].lower()
    try:
        fs, root = url_to_fs(protocol + address[len(protocol) :])
    except ImportError as exc:
        advice = known_implementations.get(protocol, {}).get("err", f"install what knows {protocol}://")
        raise UsageError(f"{shown} needs a package more: {advice[:1].lower()}{advice[1:].rstrip('.')}") from exc
    except Exception as exc:  # each package has errors of its own; fsspec's for an unknown protocol is ValueError
        kind = StoreError if protocol in known_implementations else UsageError
        raise kind(f"{shown}: {tell(exc)}; {_HINT}") from exc
    return Store(fs, root, address)


def fetch(wanted: Mapping[Path, tuple[Store, str]]) -> dict[Path, Exception]:
    """Copy files of stores, each given by its path there, to this machine; return what went wrong.

    Folders for the copies are made. Raises StoreError where a store does not answer any more.
    """
    failed: dict[Path, Exception] = {}

    def copy(row: tuple[Path, tuple[Store, str]]) -> None:
        path, (store, name) = row
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            store.fs.get_file(name, str(path))
        except Exception as exc:  # each package has errors of its own
            with suppress(OSError, ValueError):
                path.unlink(missing_ok=True)
            failed[path] = exc

    at_once(copy, wanted.items(), [store for store, _ in wanted.values()])
    for path, error in failed.items():
        store = wanted[path][0]
        if not isinstance(error, (FileNotFoundError, PermissionError)) and not store.answers():
            raise StoreError(f"cannot read {store.shown}: {tell(error)}; {_HINT}")
    return failed


def at_once(act: Callable[[Any], Any], rows: Iterable[Any], stores: Iterable[Store]) -> list[Any]:
    """Return what an act gives for each row; done for several at a time where all stores bear that."""
    kinds = [store.fs.async_impl for store in stores]
    if kinds and all(kinds):
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="store") as pool:
            return list(pool.map(act, rows))
    return [act(row) for row in rows]


def tell(error: BaseException) -> str:
    """Return the reason of an error of a store, in one line."""
    if isinstance(error, NotImplementedError):
        return "this kind of storage cannot do that"
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return _SECRET.sub("", line) or type(error).__name__


def _found(entry: Mapping[str, Any]) -> Found:
    tags = {key: str(entry[key]) for key in _TAGS if entry.get(key)}
    times = {key: entry[key] for key in _TIMES if entry.get(key)}
    mark = repr(sorted((key, str(value)) for key, value in {**tags, **times, "ino": entry.get("ino")}.items()))
    changed_ns = 0 if tags else max(map(_nanoseconds, times.values()), default=NEVER_NS)
    return Found(int(entry.get("size") or 0), mark, changed_ns)


def _nanoseconds(time: object) -> int:
    if isinstance(time, datetime):
        return int(time.timestamp() * 1e9)
    return int(time * 1e9) if isinstance(time, (int, float)) else NEVER_NS
