"""The list of Argos packages that can be had: the public one, or a mirror's, or a file."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from pipeline.engines.argos.download import fetch
from pipeline.engines.argos.packages import code_pairs, version_key
from pipeline.engines.argos.settings import read_setting
from pipeline.errors import EngineMissing, InstallError

# Of the Argos Translate project; the default of argostranslate's own settings.
PUBLIC_INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/"
MAX_INDEX = 16 * 1024**2  # bytes; the public one has some 50,000
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,8})?")


@dataclass(frozen=True, slots=True)
class Listing:
    """One package of an index."""

    from_code: str
    to_code: str
    version: str
    links: tuple[str, ...]  # web addresses or paths, the first that works is taken


def index_address(given: str = "") -> str:
    """Return the address of the index: what is given, else ARGOS_PACKAGE_INDEX, else the public one.

    A folder, which ends in "/" or is one on this machine, stands for the index.json in it.

    >>> index_address("https://mirror.example/argos/")
    'https://mirror.example/argos/index.json'
    """
    address = (given or read_setting("ARGOS_PACKAGE_INDEX", PUBLIC_INDEX)).removeprefix("file://")
    if not is_web(address) and Path(address).is_dir():
        return str(Path(address) / "index.json")
    return f"{address}index.json" if address.endswith("/") else address


def is_web(address: str) -> bool:
    """Whether an address is one of the web, not a path."""
    return urlsplit(address).scheme in ("http", "https")


def read_index(address: str, timeout_s: float) -> list[Listing]:
    """Read an index: a web address or the path of a file. Entries that make no sense are passed over.

    Raises InstallError where there is none, or what is there is no index.
    """
    if is_web(address):
        data = fetch(address, MAX_INDEX, timeout_s)
    else:
        try:
            data = Path(address).read_bytes()
        except OSError as exc:
            reason = (exc.strerror or str(exc)).lower()
            raise InstallError(f"package index {address}: {reason}; name another with --package-index") from exc
    try:
        entries = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise InstallError(f"package index {address} is not JSON; name another with --package-index") from exc
    if not isinstance(entries, list):
        raise InstallError(f"package index {address} is not a list of packages; name another with --package-index")
    found = [_read_entry(entry, address) for entry in entries if isinstance(entry, dict)]
    return [listing for listing in found if listing]


def _read_entry(entry: dict[str, object], address: str) -> Listing | None:
    codes, links = [entry.get("from_code"), entry.get("to_code")], entry.get("links")
    version = entry.get("package_version")
    if entry.get("type", "translate") != "translate" or not isinstance(version, str) or not isinstance(links, list):
        return None
    if not all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes):
        return None
    usable = tuple(place for link in links if isinstance(link, str) and (place := _place(link, address)))
    return Listing(str(codes[0]), str(codes[1]), version, usable) if usable else None


def _place(link: str, address: str) -> str:
    """Return where a link of an index leads, "" for where we cannot go.

    A link without a scheme is meant from the place of the index; a mirror's index may not point into this machine.
    """
    scheme = urlsplit(link).scheme
    if is_web(address):
        place = urljoin(address, link)
        return place if is_web(place) else ""
    return link if is_web(link) else str(Path(address).parent / link) if not scheme and link else ""


def choose_listing(listings: list[Listing], source: str, target: str) -> Listing:
    """Return the newest package for a pair of tags; for "pt-BR" that of "pb", else that of "pt".

    Raises EngineMissing, naming what there is for the source.
    """
    for codes in code_pairs(source, target):
        found = [one for one in listings if (one.from_code, one.to_code) == codes]
        if found:
            return max(found, key=lambda one: version_key(one.version))
    from_codes = {pair[0] for pair in code_pairs(source, target)}
    known = ", ".join(sorted({one.to_code for one in listings if one.from_code in from_codes}))
    reason = f"from {source} it has {known}" if known else f"it has none from {source}"
    raise EngineMissing(f"no package for {source}-{target} in the index; {reason}")
