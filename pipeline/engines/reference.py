"""Firefox Translations models through `fxtranslate`: the reference, and the fallback where ONNX Runtime is missing.

One sentence at a time; about a fifth of the speed of `firefox.FirefoxEngine`, the same quality, other words in a
quarter of the sentences. Its objects must stay in the thread that made them.
"""

import importlib.metadata
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pipeline.engines.base import Marks, Offer, Provider
from pipeline.engines.modelfiles import MAX_PIECES, ModelFiles, installed_models
from pipeline.engines.splitting import split_long
from pipeline.errors import EngineFailed, EngineMissing


class FxtranslateEngine:
    """One direction of one model. See `engines.base.Engine` for the contract."""

    name = "fxtranslate"
    marks: Marks = "token"

    def __init__(self, source_lang: str, target_lang: str, *, folder: Path) -> None:
        self.source_lang = source_lang
        self.target_lang = target_lang
        self._files = ModelFiles.find(folder)
        self._translator: Any = None

    @cached_property
    def version(self) -> str:
        """Version of the program and digest of the weights."""
        return f"fxtranslate {importlib.metadata.version('fxtranslate')} {self._files.signature}"

    def load(self) -> None:
        """Read the weights (some 0.1 s)."""
        if self._translator is not None:
            return
        try:
            from fxtranslate import Translator
        except ImportError as exc:
            raise EngineMissing("engine fxtranslate is not installed; try: pip install fxtranslate") from exc
        files = self._files
        parts = (files.weights, files.source_vocabulary, files.target_vocabulary, files.shortlist)
        try:
            self._translator = Translator(*(part.read_bytes() for part in parts if part))
        except ValueError as exc:
            raise EngineMissing(f"engine fxtranslate: damaged model in {files.weights.parent}: {exc}") from exc

    @cached_property
    def _vocabularies(self) -> Any:
        from pipeline.engines.marian.vocabulary import Vocabulary

        paths = (self._files.source_vocabulary, self._files.target_vocabulary)
        return [Vocabulary(path.read_bytes(), str(path)) for path in dict.fromkeys(paths)]

    def can_write(self, char: str) -> bool:
        """Whether the vocabularies have a piece for `char`."""
        return all(vocabulary.knows(char) for vocabulary in self._vocabularies)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate one sentence at a time; an over-long one in pieces."""
        self.load()
        return [self._translate_one(text) if text.strip() else "" for text in texts]

    def _translate_one(self, text: str) -> str:
        pieces = split_long(text, MAX_PIECES, self._count_pieces)
        try:
            return " ".join(self._translator.translate(piece) for piece in pieces)
        except (RuntimeError, ValueError) as exc:
            raise EngineFailed(f"engine fxtranslate: {exc} in {text[:60]!r}") from exc

    def _count_pieces(self, text: str) -> int:
        # A piece has at least one character, so a short text needs no count.
        return 0 if len(text) <= MAX_PIECES else int(self._vocabularies[0].count(text))

    def close(self) -> None:
        """Let go of the weights."""
        self._translator = None


def _offers(_frugal: bool) -> Iterator[Offer]:
    for (source, target), folder in installed_models().items():
        yield Offer(source, target, partial(FxtranslateEngine, source, target, folder=folder))


PROVIDER = Provider(_offers, on_request=True)
