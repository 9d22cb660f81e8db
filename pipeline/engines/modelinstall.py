"""Install and remove Firefox models: fetched, digests checked, tried out, and renamed into their place.

Half-made models, and files of which a part has come, have a name with a dot in front. `fxtranslate models add` fetches
models into a cache of its own from Mozilla's servers; those are found as well (`modelfiles.installed_models`).
"""

import contextlib
import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.engines.argos.download import TIMEOUT_S, Report, Request, download
from pipeline.engines.argos.index import is_web
from pipeline.engines.firefox import FirefoxEngine
from pipeline.engines.folders import check_room, drop_folder, exchange, locked, remove_folder, tell_errors
from pipeline.engines.modelfiles import ModelFiles, models_folder, models_in
from pipeline.engines.modelindex import Model, ModelFile
from pipeline.errors import EngineMissing, InstallError, PipelineError
from pipeline.languages import base_language

MAX_FILE = 512 * 1024**2  # bytes; the largest files of the public list have some 60 million
_ZSTD = b"\x28\xb5\x2f\xfd"
_LOCK, _NEW, _OLD = ".lock", ".new", ".old"  # in the models folder; the folders only while the lock is held


@dataclass(frozen=True, slots=True)
class Installed:
    """What became of an installation."""

    pair: tuple[str, str]
    folder: Path
    is_new: bool  # False: the same files were there already


def install_model(
    model: Model, *, timeout_s: float = TIMEOUT_S, force: bool = False, report: Report = lambda _done, _total: None
) -> Installed:
    """Fetch a model and install it in place of the one of its pair.

    Raises InstallError, with what was there before untouched; a download that broke off goes on next time.
    """
    folder = models_folder()
    place = folder / "-".join(model.pair)
    parts = folder / f".{place.name}"
    with tell_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / _LOCK):
            if not force and all(_has(place / file.name, file.digest) for file in model.files):
                return Installed(model.pair, place, is_new=False)
            with _fresh(folder) as new:
                _fetch_all(model, (parts, new), timeout_s, report)
                _put_in_place(new, place, model.pair, folder)
    return Installed(model.pair, place, is_new=True)


def install_folder(source: Path, pair: tuple[str, str]) -> Installed:
    """Install the files of a model that lie in a folder; that they fit together is tried out.

    Raises InstallError where they do not, EngineMissing where there are none.
    """
    files = ModelFiles.find(source)
    folder = models_folder()
    place = folder / "-".join(pair)
    parts = (files.weights, files.source_vocabulary, files.target_vocabulary, files.shortlist)
    paths = list(dict.fromkeys(path for path in parts if path))
    with tell_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / _LOCK), _fresh(folder) as new:
            check_room(folder, sum(path.stat().st_size for path in paths))
            for path in paths:
                shutil.copyfile(path, new / path.name)
            _put_in_place(new, place, pair, folder)
    return Installed(pair, place, is_new=True)


def remove_model(source: str, target: str) -> Path:
    """Remove the model of a pair of tags. Raises EngineMissing where none was installed."""
    folder, pair = models_folder(), (base_language(source), base_language(target))
    place = models_in(folder).get(pair)
    if place is None:
        raise EngineMissing(f"no model for {source}-{target} is installed; see: translate-article engines list")
    with tell_errors(folder), locked(folder / _LOCK):
        drop_folder(place, folder / _OLD)
    return place


def _fetch_all(model: Model, folders: tuple[Path, Path], timeout_s: float, report: Report) -> None:
    """Fetch the files one by one into the first folder, and put each, checked, into the second as it arrives.

    The first file that is not what the index tells of ends it: what came is thrown away and nothing more is fetched.
    After a download that broke off what came stays for the next call.
    """
    parts, new = folders
    total, before = sum(file.size for file in model.files), 0
    parts.mkdir(exist_ok=True)
    try:
        for file in model.files:

            def add(here: int, _all: int, before: int = before) -> None:
                report(before + here, total)

            path = parts / file.name if is_web(file.place) else Path(file.place)
            if is_web(file.place):
                download(Request(file.place, MAX_FILE, timeout_s, add), path)
            try:
                (new / file.name).write_bytes(_unpack(_read(path, file), file))
            except PipelineError:
                remove_folder(parts)
                raise
            before += file.size
    finally:
        _drop_empty(parts)
    remove_folder(parts)


def _drop_empty(parts: Path) -> None:
    """Remove files that nothing came of, and the folder where nothing is left in it."""
    if not parts.is_dir():
        return
    for path in parts.iterdir():
        if path.stat().st_size == 0:
            path.unlink()
    if not any(parts.iterdir()):
        parts.rmdir()


def _read(path: Path, file: ModelFile) -> bytes:
    """Read what lay at a file's place."""
    if not path.is_file() or path.stat().st_size > MAX_FILE:
        raise InstallError(f"{path}: no such file of at most {MAX_FILE:,} bytes; name another with --model-index")
    data = path.read_bytes()
    if file.size and len(data) != file.size:
        raise InstallError(f"{file.place}: {len(data):,} bytes came, {file.size:,} were promised; try again")
    return data


def _unpack(data: bytes, file: ModelFile) -> bytes:
    """Decompress a file where it is compressed, and hold it against its digest."""
    if data.startswith(_ZSTD):
        told = content_size(data)
        if told > MAX_FILE:
            raise InstallError(f"{file.place}: {told:,} bytes unpacked, more than the {MAX_FILE:,} that may come")
        from fxtranslate import discovery

        try:
            data = discovery.verify_and_decompress(data)
        except ValueError as exc:
            raise InstallError(f"{file.place}: {' '.join(str(exc).split())}; try again, or name another index") from exc
    if hashlib.sha256(data).hexdigest() != file.digest:
        raise InstallError(f"{file.place}: not the file that the index tells of (digest); try again, or another index")
    return data


def content_size(data: bytes) -> int:
    """Return the size that the header of a zstd frame tells (RFC 8878, 3.1.1.1), 0 where it tells none."""
    if len(data) < 18:
        return 0
    flags = data[4]
    is_single = bool(flags & 0x20)
    at = 5 + (not is_single) + (0, 1, 2, 4)[flags & 3]
    width = (1 if is_single else 0, 2, 4, 8)[flags >> 6]
    size = int.from_bytes(data[at : at + width], "little")
    return size + 256 if width == 2 else size


def _put_in_place(new: Path, place: Path, pair: tuple[str, str], folder: Path) -> None:
    """Try a model out, so that one that does not work never takes the place of one that does; rename it."""
    engine = FirefoxEngine(*pair, folder=new)
    try:
        engine.translate(["."])
    except PipelineError as exc:
        raise InstallError(f"the model does not work: {exc}; nothing was installed") from exc
    finally:
        engine.close()
    exchange(new, place, folder / _OLD)


@contextlib.contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside the models; what is left of it afterwards goes."""
    new = folder / _NEW
    for left in (new, folder / _OLD):
        remove_folder(left)  # of a process that was killed
    new.mkdir()
    try:
        yield new
    finally:
        remove_folder(new)


def _has(path: Path, digest: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest
