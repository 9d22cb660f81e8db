"""Look an .argosmodel through before anything of it is unpacked, and unpack it.

An archive comes from the network: it may be damaged, or made to write outside its folder or to fill the disk.
"""

import json
import lzma
import os
import re
import shutil
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.engines.argos.packages import MODEL_FILE, TOKENIZER_FILES
from pipeline.errors import InstallError

# The packages of the public index have some 10 files, 50 to 300 MB packed, and shrink by less than a half.
MAX_FILES = 1000
MAX_UNPACKED = 4 * 1024**3  # bytes
MAX_RATIO = 50  # bytes unpacked for one packed
MAX_METADATA = 1024**2  # bytes
MAX_NAME, MAX_DEPTH = 200, 8
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_ENCRYPTED = 0x1  # bit of the general purpose flags
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,31}")
# What zipfile raises for a damaged archive, beside its own BadZipFile.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """An archive that may be unpacked."""

    path: Path
    root: str  # the one folder that all its files lie in
    version: str
    unpacked: int  # bytes


def check_archive(path: Path, from_code: str, to_code: str) -> Checked:
    """Make sure that an archive is whole, harmless and the package of a pair (in Argos's codes).

    Raises InstallError with the reason.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _check_sizes(infos, path.stat().st_size)
            root = _check_names(infos)
            names = {info.filename for info in infos}
            facts = _read_metadata(archive, f"{root}/metadata.json", names)
    except _BROKEN as exc:
        raise InstallError(f"not a whole zip archive ({_reason(exc)})") from exc
    version = _check_metadata(facts, from_code, to_code)
    if f"{root}/{MODEL_FILE}" not in names or not any(f"{root}/{name}" in names for name in TOKENIZER_FILES):
        raise InstallError(f"no translation package: it needs {MODEL_FILE} and {' or '.join(TOKENIZER_FILES)}")
    return Checked(path, root, version, sum(info.file_size for info in infos))


def _check_sizes(infos: list[zipfile.ZipInfo], packed: int) -> None:
    if len(infos) > MAX_FILES:
        raise InstallError(f"{len(infos)} files, more than the {MAX_FILES} that a package may have")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED:
        raise InstallError(f"{unpacked:,} bytes when unpacked, more than the {MAX_UNPACKED:,} that a package may have")
    # Entries that share their bytes are a way to hide how much comes out.
    if unpacked > MAX_RATIO * packed or sum(info.compress_size for info in infos) > packed:
        raise InstallError(f"{unpacked:,} bytes packed into {packed:,}: made to fill the disk")


def _check_names(infos: list[zipfile.ZipInfo]) -> str:
    """Return the one folder that all lies in."""
    files: set[str] = set()
    for info in infos:
        if reason := _unsafe(info):
            raise InstallError(f"unsafe entry {info.filename[:MAX_NAME]!r}: {reason}")
        folded = info.filename.rstrip("/").casefold()
        if folded in files:
            raise InstallError(f"unsafe entry {info.filename!r}: it is there twice")
        if not info.is_dir():
            files.add(folded)
    for name in files:
        if any(str(parent) in files for parent in PurePosixPath(name).parents):
            raise InstallError(f"unsafe entry {name!r}: it lies in a file")
    roots = {info.filename.split("/")[0] for info in infos}
    if len(roots) != 1 or any("/" not in info.filename for info in infos):
        raise InstallError("not a package: its files do not lie in one folder")
    return roots.pop()


def _unsafe(info: zipfile.ZipInfo) -> str:
    """Say why an entry must not be unpacked; "" for one that may."""
    name, kind = info.orig_filename, stat.S_IFMT(info.external_attr >> 16)
    parts = name.rstrip("/").split("/")
    rules = (
        (name.startswith("/") or re.match(r"[A-Za-z]:", name), "an absolute path"),
        (any(part in ("", ".", "..") for part in parts), "a path that may leave the folder"),
        ("\\" in name or not name.isprintable(), "a character that no file name should have"),
        (len(name) > MAX_NAME or len(parts) > MAX_DEPTH, "a path too long"),
        (kind == stat.S_IFLNK, "a link"),
        (kind not in (0, stat.S_IFREG, stat.S_IFDIR), "a special file"),
        (info.flag_bits & _ENCRYPTED, "encrypted"),
        (info.compress_type not in _METHODS, "packed in a way that is not known"),
    )
    return next((reason for broken, reason in rules if broken), "")


def _read_metadata(archive: zipfile.ZipFile, name: str, names: set[str]) -> Any:
    if name not in names:
        raise InstallError("not a package: no metadata.json")
    with archive.open(name) as file:
        data = file.read(MAX_METADATA)
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise InstallError("metadata.json is not JSON") from exc


def _check_metadata(facts: Any, from_code: str, to_code: str) -> str:
    """Return the version."""
    if not isinstance(facts, dict) or facts.get("type", "translate") != "translate":
        raise InstallError("metadata.json does not describe a translation package")
    found = facts.get("from_code"), facts.get("to_code")
    if found != (from_code, to_code):
        raise InstallError(f"a package for {found[0]!s:.20}-{found[1]!s:.20}, not for {from_code}-{to_code}")
    version = facts.get("package_version")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise InstallError(f"metadata.json has no sensible package_version ({version!r:.40})")
    return version


def unpack_archive(checked: Checked, folder: Path) -> None:
    """Unpack a checked archive into `folder`, which must not exist yet; the archive's own folder is left out.

    Files get plain rights and are on the disk when this returns. Raises InstallError for damaged contents (each
    file has a checksum) and OSError for a full disk; the caller removes what was begun.
    """
    folder.mkdir()
    with zipfile.ZipFile(checked.path) as archive:
        # metadata.json first: argostranslate stumbles over a folder without it.
        infos = sorted(archive.infolist(), key=lambda info: not info.filename.endswith("/metadata.json"))
        for info in infos:
            if not info.is_dir():
                _unpack_file(archive, info, folder / info.filename.partition("/")[2])


def _unpack_file(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        try:
            with archive.open(info) as packed:
                shutil.copyfileobj(packed, file, 1024**2)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError) as exc:
            raise InstallError(f"{info.filename} is damaged ({_reason(exc)})") from exc
        file.flush()
        os.fsync(file.fileno())


def _reason(exc: Exception) -> str:
    return " ".join(str(exc).split())[:200] or type(exc).__name__
