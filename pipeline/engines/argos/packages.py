"""The Argos packages installed: one folder each, as argostranslate keeps them, with a metadata.json."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.engines.argos.settings import data_folder, read_setting
from pipeline.languages import LANGUAGES, argos_code, base_language, lookup_chain

MODEL_FILE = "model/model.bin"
TOKENIZER_FILES = ("sentencepiece.model", "bpe.model")  # a package has one of them; the second is of 2021 and before


@dataclass(frozen=True, slots=True)
class Package:
    """One installed package."""

    folder: Path
    from_code: str  # Argos's own codes: "en", "zt"
    to_code: str
    version: str  # as the package says: "1.9"
    target_prefix: str = ""  # token that a model of several target languages begins with

    @property
    def name(self) -> str:
        """The name of its folder: "translate-en_es-1_0"."""
        return self.folder.name

    @property
    def is_whole(self) -> bool:
        """Whether the files that no package can do without are there."""
        has_tokenizer = any((self.folder / name).is_file() for name in TOKENIZER_FILES)
        return has_tokenizer and (self.folder / MODEL_FILE).is_file()

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    @property
    def pair(self) -> tuple[str, str] | None:
        """The pair in tags that routes are made of; None for a language that we have no row for."""
        tags = _tags()
        source, target = tags.get(self.from_code), tags.get(self.to_code)
        return (source, target) if source and target else None


def packages_folder() -> Path:
    """Return the folder that argostranslate keeps its packages in; it need not exist."""
    return Path(read_setting("ARGOS_PACKAGES_DIR", str(data_folder() / "packages")))


def installed_packages(folder: Path | None = None) -> dict[tuple[str, str], Package]:
    """Return the packages by pair; of several for one pair the one that names it exactly, then the newest.

    A package that is not whole is passed over: it must not take the others with it.
    """
    found: dict[tuple[str, str], Package] = {}
    for package in sorted(list_packages(folder), key=_preference):
        if package.pair and package.is_whole:
            found[package.pair] = package
    return found


def list_packages(folder: Path | None = None) -> list[Package]:
    """Return every package with a metadata.json that can be read, by the name of its folder.

    A name with a dot in front is none: it is one that is being installed.
    """
    paths = sorted((folder or packages_folder()).glob("[!.]*/metadata.json"))
    return [package for path in paths if (package := read_package(path.parent))]


def list_damaged(folder: Path | None = None) -> list[Path]:
    """Return the folders among the packages that have no metadata.json which can be read."""
    folder = folder or packages_folder()
    places = sorted(folder.glob("[!.]*/")) if folder.is_dir() else []
    return [place for place in places if not read_package(place)]


def read_package(folder: Path) -> Package | None:
    """Read the metadata of a package; None where there is none that makes sense."""
    try:
        facts = json.loads((folder / "metadata.json").read_text("utf-8"))
        codes, version = (facts["from_code"], facts["to_code"]), facts.get("package_version", "?")
        texts = (*codes, version, facts.get("target_prefix", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Package(folder, *texts) if all(isinstance(text, str) for text in texts) else None


def code_pairs(source: str, target: str) -> list[tuple[str, str]]:
    """Return Argos's codes that may serve a pair of tags, the best first: "en-pt-BR" is en-pb, then en-pt."""
    return [
        (argos_code(from_tag), argos_code(to_tag))
        for from_tag in lookup_chain(source)
        for to_tag in lookup_chain(target)
    ]


def version_key(version: str) -> tuple[int, ...]:
    """Return what versions are compared by: "1.10" is newer than "1.9"."""
    return tuple(int(number) for number in re.findall(r"[0-9]{1,9}", version))


def _preference(package: Package) -> tuple[bool, tuple[int, ...], str]:
    exact = package.pair == (package.from_code, package.to_code)
    return exact, version_key(package.version), package.name


def _tags() -> dict[str, str]:
    # Routes know base languages, so "pb" (Brazilian) serves "pt"; a package named "pt" goes before it.
    return {argos_code(tag): base_language(tag) for tag in LANGUAGES}
