"""Install and remove Argos packages, so that at every moment a package is there whole or not at all.

argostranslate's own install unpacks whatever the archive says to wherever it says, and its update of the index
swallows errors; neither is used. Everything happens in the packages folder: downloads and half-made packages have
a name with a dot in front.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.engines.argos.archive import Checked, check_archive, unpack_archive
from pipeline.engines.argos.download import TIMEOUT_S, ZIP_START, Report, Request, discard, download
from pipeline.engines.argos.engine import ArgosEngine
from pipeline.engines.argos.index import Listing, is_web
from pipeline.engines.argos.packages import (
    Package,
    code_pairs,
    list_packages,
    packages_folder,
    read_package,
    version_key,
)
from pipeline.engines.folders import check_room, drop_folder, exchange, locked, tell_errors
from pipeline.errors import EngineMissing, InstallError, PipelineError
from pipeline.languages import argos_code

MAX_PACKED = 2 * 1024**3  # bytes; the packages of the public index have 50 to 300 MB
_LOCK, _NEW, _OLD = ".lock", ".new", ".old"  # in the packages folder; the folders only while the lock is held


@dataclass(frozen=True, slots=True)
class Installed:
    """What became of an installation."""

    package: Package
    is_new: bool  # False: this version, or a newer one, was there already
    replaced: tuple[str, ...] = ()  # versions that made place


def install_package(
    listing: Listing, *, timeout_s: float = TIMEOUT_S, force: bool = False, report: Report = lambda _done, _total: None
) -> Installed:
    """Fetch a package and install it in place of older ones of its pair.

    With `force` also where this version or a newer one is there. Two at once for one pair wait for each other.
    Raises InstallError, with what was there before untouched; a download that broke off goes on next time.
    """
    folder = packages_folder()
    with tell_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{listing.from_code}_{listing.to_code}.argosmodel"
        with locked(part):
            there = _newest(folder, listing)
            if there and not force and listing.version and version_key(there.version) >= version_key(listing.version):
                return Installed(there, is_new=False)
            archive = _fetch_first(listing, part, timeout_s, report)
            try:
                return _install_archive(archive, listing, folder)
            finally:
                discard(part)


def listing_of_file(file: Path, source: str, target: str) -> Listing:
    """Return the listing of an archive on this machine, for a pair of tags; what it is shows when it is installed.

    Raises InstallError where there is no such file.
    """
    if not file.is_file():
        raise InstallError(f"{file}: no such file; --file takes an .argosmodel")
    return Listing(argos_code(source), argos_code(target), "", (str(file),))


def remove_package(source: str, target: str) -> list[Package]:
    """Remove every version of the package of a pair of tags, a damaged one too.

    Raises EngineMissing where there is none, InstallError where it may not be removed.
    """
    folder = packages_folder()
    there = list_packages(folder)
    for codes in code_pairs(source, target):
        found = [package for package in there if (package.from_code, package.to_code) == codes]
        if found:
            break
    else:
        raise EngineMissing(f"no package for {source}-{target} is installed; see: translate-article engines list")
    with tell_errors(folder), locked(folder / _LOCK):
        for package in found:
            drop_folder(package.folder, folder / _OLD)
    return found


def _fetch_first(listing: Listing, part: Path, timeout_s: float, report: Report) -> Path:
    """Fetch from the first link that works, and raise the error of the last where none does."""
    error = InstallError("the index gives no address for it")
    for link in listing.links:
        try:
            if is_web(link):
                download(Request(link, MAX_PACKED, timeout_s, report, ZIP_START), part)
                return part
            if Path(link).is_file():
                return Path(link)
            error = InstallError(f"{link}: no such file; name another with --package-index")
        except InstallError as exc:
            error = exc
    raise error


def _install_archive(archive: Path, listing: Listing, folder: Path) -> Installed:
    try:
        checked = check_archive(archive, listing.from_code, listing.to_code)
        with locked(folder / _LOCK):
            return _put_in_place(checked, listing, folder)
    except InstallError as exc:
        name = f"package {listing.from_code}-{listing.to_code} from {listing.links[0]}"
        raise InstallError(f"{name}: {exc}; nothing was installed") from exc


def _put_in_place(checked: Checked, listing: Listing, folder: Path) -> Installed:
    """Unpack beside, try it out, rename into place, drop the older ones. The caller holds the lock."""
    new, old = folder / _NEW, folder / _OLD
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)  # of a process that was killed
    check_room(folder, checked.unpacked)
    older = [package for package in list_packages(folder) if _is_for(package, listing)]
    try:
        unpack_archive(checked, new)
        _try_out(new)
        place = folder / f"translate-{listing.from_code}_{listing.to_code}-{checked.version.replace('.', '_')}"
        exchange(new, place, old)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    for package in older:
        if package.folder != place:
            drop_folder(package.folder, old)
    installed = read_package(place)
    assert installed, "it was tried out"
    return Installed(installed, is_new=True, replaced=tuple(package.version for package in older))


def _try_out(folder: Path) -> None:
    """Load a package that was unpacked, so that one that does not work never takes the place of one that does."""
    package = read_package(folder)
    if not package or not package.pair:
        raise InstallError("a package for a language that we do not know")
    engine = ArgosEngine(package)
    try:
        engine.translate(["."])
    except PipelineError as exc:
        raise InstallError(str(exc).partition("; try: ")[0]) from exc
    finally:
        engine.close()


def _newest(folder: Path, listing: Listing) -> Package | None:
    found = [one for one in list_packages(folder) if _is_for(one, listing) and one.is_whole]
    return max(found, key=lambda one: version_key(one.version), default=None)


def _is_for(package: Package, listing: Listing) -> bool:
    return (package.from_code, package.to_code) == (listing.from_code, listing.to_code)
