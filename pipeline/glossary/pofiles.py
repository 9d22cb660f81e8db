"""Which PO files make up a glossary: folders of <source>/<target>.po, and single files that say their pair."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import GlossaryError, UnknownLanguage, UsageError
from pipeline.glossary.pocheck import MAX_BYTES
from pipeline.languages import is_same_language, parse_language

Pair = tuple[str, str]

_HEADER = re.compile(r'^"(X-Source-Language|Language):[ \t]*([^\s"\\]+)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PoFile:
    """One file as it was when the glossary was opened."""

    name: str  # the path as given, for messages
    label: str  # "glossaries/bg/en.po": the same on every machine, for origins
    pair: Pair
    layer: int  # files of a higher layer win
    data: bytes = field(repr=False)

    @property
    def source_lang(self) -> str:
        """The language of the terms."""
        return self.pair[0]

    @property
    def target_lang(self) -> str:
        """The language of the translations."""
        return self.pair[1]


def builtin_folder() -> Path:
    """Return the folder of the shipped glossaries: inside an installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "glossaries"
    return inside if inside.is_dir() else package.parent / "glossaries"


def read_folder(folder: Path, layer: int) -> Iterator[PoFile]:
    """Give the PO files of one folder, in the order of their names. Files in folders whose name starts with a dot are
    none of ours.
    """
    for path in list_folder(folder):
        yield read_listed(path, folder, layer)


def list_folder(folder: Path) -> list[Path]:
    """Return the paths of the PO files of a folder, as `read_folder` reads them. Raises UsageError where it is none."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; try the one that holds bg/en.po and its like")
    below = [path for path in sorted(folder.glob("*/*.po")) if not path.parent.name.startswith(".")]
    return [*sorted(folder.glob("*.po")), *below]


def read_listed(path: Path, folder: Path, layer: int) -> PoFile:
    """Read one of the files that `list_folder` named. Raises GlossaryError where it has no pair or is too large."""
    if path.parent == folder:
        return read_file(path, layer)
    data = _read(path)
    label = f"{folder.resolve().name}/{path.parent.name}/{path.name}"
    return PoFile(str(path), label, _folder_pair(path, data), layer, data)


def read_file(path: Path, layer: int) -> PoFile:
    """Read a single file. Its pair is in its headers, or else in its path."""
    data = _read(path)
    headers = _headers(path, data)
    if len(headers) == 2:
        pair = headers["X-Source-Language"], headers["Language"]
        return PoFile(str(path), path.name, pair, layer, data)
    pair_in_path = _pair_in_path(path)
    if pair_in_path is None:
        raise GlossaryError(
            f"{path}:1: no language pair; try the headers X-Source-Language and Language, or a path such as bg/en.po"
        )
    _check_headers(path, headers, pair_in_path)
    return PoFile(str(path), f"{path.resolve().parent.name}/{path.name}", pair_in_path, layer, data)


def _folder_pair(path: Path, data: bytes) -> Pair:
    pair = _pair_in_path(path)
    if pair is None:
        raise GlossaryError(f"{path}: no language pair in the path; try tags such as bg/en.po or en/pt-BR.po")
    _check_headers(path, _headers(path, data), pair)
    return pair


def _pair_in_path(path: Path) -> Pair | None:
    try:
        return parse_language(path.resolve().parent.name), parse_language(path.stem)
    except UnknownLanguage:
        return None


def _check_headers(path: Path, headers: dict[str, str], pair: Pair) -> None:
    """A file copied to another language with its old header would fill that language with wrong words."""
    for key, tag in zip(("X-Source-Language", "Language"), pair, strict=True):
        if key in headers and not is_same_language(headers[key], tag):
            raise GlossaryError(
                f"{path}:1: header {key} says {headers[key]}, the path says {tag}; try correcting one of them"
            )


def _headers(path: Path, data: bytes) -> dict[str, str]:
    head = data[:65_536].decode("utf-8", "replace").replace("\r\n", "\n")
    first_entry = re.split(r'\n\s*(?:#|msg(?:id|ctxt) "[^"])', head[head.find("msgid") :], maxsplit=1)[0]
    try:
        return {match[1]: parse_language(match[2]) for match in _HEADER.finditer(first_entry)}
    except UnknownLanguage as exc:
        raise GlossaryError(f"{path}:1: header: {exc}") from exc


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UsageError(f"{path}: no such file; try the path of a PO file")
        if path.stat().st_size > MAX_BYTES:
            raise GlossaryError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB; try splitting it by pair or subject")
        return path.read_bytes()
    except OSError as exc:
        raise GlossaryError(f"{path}: {exc.strerror or exc}; try checking the file's rights") from exc


def in_order_of_precedence(
    files: Sequence[PoFile], source_tags: Sequence[str], target_tags: Sequence[str]
) -> list[PoFile]:
    """Pick the files of a pair, the weakest first: lower layers first, and "pt" before "pt-BR" within a layer.

    The tags are most exact first, as `languages.lookup_chain` gives them.
    """
    rank = {
        (source, target): (-target_tags.index(target), -source_tags.index(source))
        for source in source_tags
        for target in target_tags
    }
    chosen = [file for file in files if file.pair in rank]
    return sorted(chosen, key=lambda file: (file.layer, rank[file.pair]))
