"""The list of Firefox models that can be had: records as Mozilla's Remote Settings write them, of a mirror or a folder.

{"data": [{"name": "model.enbg.intgemm.alphas.bin", "fileType": "model", "sourceLanguage": "en", "targetLanguage": "bg",
"version": "2.1", "architecture": "tiny", "decompressedHash": sha256 of the file, "attachment": {"location": where the
file lies, from the list's own place, "hash": sha256 of what lies there, "size": bytes}}, ...]}; older lists say
"fromLang" and "toLang". What lies there may be compressed (zstd). fxtranslate reads the same lists.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from pipeline.engines.argos.download import fetch
from pipeline.engines.argos.index import is_web
from pipeline.errors import EngineMissing, InstallError, UnknownLanguage
from pipeline.languages import base_language, parse_language

MAX_INDEX = 32 * 1024**2  # bytes; the public list has some 500,000
INDEX_NAME = "records.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"\d{1,6}(?:\.\d{1,6})*")  # a release; "2.0a1" is none
_NEEDED = ({"model", "vocab"}, {"model", "srcvocab", "trgvocab"})
_KINDS = frozenset({"model", "vocab", "srcvocab", "trgvocab", "lex"})
_ARCHITECTURES = ("tiny", "base", "base-memory")  # the better ones last


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model as the list tells of it."""

    name: str
    kind: str
    place: str  # web address or path
    digest: str  # sha256 of the file itself
    size: int = 0  # bytes of what lies at its place; 0 = not told


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the list: a pair in base languages, a version, its files."""

    pair: tuple[str, str]
    version: str
    architecture: str
    files: tuple[ModelFile, ...]


def index_address(given: str) -> str:
    """Return the address of the list; a folder, which ends in "/" or is one here, stands for the records.json in it."""
    address = given.removeprefix("file://")
    if not is_web(address) and Path(address).is_dir():
        return str(Path(address) / INDEX_NAME)
    return f"{address}{INDEX_NAME}" if address.endswith("/") else address


def read_models(address: str, timeout_s: float) -> list[Model]:
    """Read a list; the best model of each pair. Entries that make no sense are passed over.

    Raises InstallError where there is none, or what is there is no list.
    """
    try:
        data = fetch(address, MAX_INDEX, timeout_s) if is_web(address) else Path(address).read_bytes()
        rows = json.loads(data)["data"]
    except OSError as exc:
        reason = (exc.strerror or str(exc)).lower()
        raise InstallError(f"model index {address}: {reason}; name another with --model-index") from exc
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        raise InstallError(f"model index {address} is no list of models; name another with --model-index") from exc
    if not isinstance(rows, list):
        raise InstallError(f"model index {address} is no list of models; name another with --model-index")
    groups: dict[tuple[tuple[str, str], str, str], list[ModelFile]] = {}
    for row in rows:
        if isinstance(row, dict) and (read := _read_row(row, address)):
            groups.setdefault(read[0], []).append(read[1])
    models = [Model(*key, tuple(files)) for key, files in groups.items() if _is_whole(files)]
    return list({model.pair: model for model in sorted(models, key=_preference)}.values())


def choose_model(models: Iterable[Model], source: str, target: str) -> Model:
    """Return the model for a pair of tags. Raises EngineMissing, naming what there is for the source."""
    pair = base_language(source), base_language(target)
    known = {model.pair: model for model in models}
    if pair in known:
        return known[pair]
    others = ", ".join(sorted(other for start, other in known if start == pair[0]))
    reason = f"from {source} it has {others}" if others else f"it has none from {source}"
    raise EngineMissing(f"no model for {source}-{target} in the index; {reason}")


def _read_row(row: dict[str, Any], address: str) -> tuple[tuple[tuple[str, str], str, str], ModelFile] | None:
    try:
        source = row["sourceLanguage"] if "sourceLanguage" in row else row["fromLang"]
        target = row["targetLanguage"] if "targetLanguage" in row else row["toLang"]
        pair = base_language(parse_language(source)), base_language(parse_language(target))
        attachment = row["attachment"]
        name, kind, version, location = row["name"], row["fileType"], row["version"], attachment["location"]
        digest = row.get("decompressedHash") or attachment["hash"]
        is_sane = _NAME.fullmatch(name) and _DIGEST.fullmatch(digest) and _VERSION.fullmatch(version)
        place = urljoin(address, location) if is_web(address) else str(Path(address).parent / location)
        size = int(attachment.get("size") or 0)
    except (KeyError, TypeError, AttributeError, ValueError, UnknownLanguage):
        return None
    if not is_sane or kind not in _KINDS or pair[0] == pair[1] or is_web(place) != is_web(address):
        return None
    return (pair, version, str(row.get("architecture") or "tiny")), ModelFile(name, kind, place, digest, size)


def _is_whole(files: Iterable[ModelFile]) -> bool:
    kinds = [file.kind for file in files]
    return len(set(kinds)) == len(kinds) and any(needed <= set(kinds) for needed in _NEEDED)


def _preference(model: Model) -> tuple[tuple[int, ...], int]:
    version = tuple(int(number) for number in model.version.split("."))
    known = model.architecture in _ARCHITECTURES
    return version, _ARCHITECTURES.index(model.architecture) if known else -1
