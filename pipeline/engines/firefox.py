"""Firefox Translations models on ONNX Runtime: the main engine. Nothing is fetched at run time.

`fxtranslate` stands in where ONNX Runtime is missing or a model has a form that pipeline/engines/marian does not know.
"""

import importlib.metadata
import importlib.util
import os
import platform
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pipeline.engines.base import Aligned, Find, Marks, Offer, Provider
from pipeline.engines.interrupts import hold_signals
from pipeline.engines.modelfiles import ModelFiles, bundled_models, installed_models
from pipeline.engines.reference import FxtranslateEngine
from pipeline.errors import ModelUnknown, UsageError

if TYPE_CHECKING:
    from pipeline.engines.marian.graphs import Precision
    from pipeline.engines.marian.translator import Translator

__all__ = ["PROVIDER", "FirefoxEngine", "bundled_models", "choose_precision"]

PRECISION_VARIABLE = "FIREFOX_PRECISION"
_DOT_PRODUCTS = {"avx512_vnni", "avx_vnni", "avx512vnni", "avxvnni"}  # as Linux names them in /proc/cpuinfo


class FirefoxEngine:
    """One direction of one model. See `engines.base.Engine` and `engines.base.Aligner` for the contracts.

    precision: None asks the environment (FIREFOX_PRECISION), then the processor. "int8" and "uint8" give the same
    text; "float32" is a check of the weights, three times slower.
    """

    name = "firefox"
    marks: Marks = "token"

    def __init__(
        self,
        source_lang: str,
        target_lang: str,
        *,
        folder: Path,
        precision: "Precision | None" = None,
        threads: int = 0,
    ) -> None:
        self.source_lang = source_lang
        self.target_lang = target_lang
        self._files = ModelFiles.find(folder)
        self._precision = precision
        self._threads = threads
        self._translator: Translator | None = None
        self._fallback: FxtranslateEngine | None = None

    @cached_property
    def version(self) -> str:
        """Versions of the program and of the model; says where the reference stands in. No graph is built for it."""
        if self._fallback or not self._is_known():
            return f"fxtranslate {importlib.metadata.version('fxtranslate')} {self._files.signature}"
        precision = "float32" if self._chosen == "float32" else "int8"
        return f"onnxruntime {importlib.metadata.version('onnxruntime')} {precision} {self._files.signature}"

    def _is_known(self) -> bool:
        """Whether ONNX Runtime is here and the weights have a form that it can run."""
        from pipeline.engines.marian.weights import read_weights

        if importlib.util.find_spec("onnxruntime") is None:
            return False
        try:
            read_weights(self._files.weights.read_bytes(), str(self._files.weights))
        except ModelUnknown:
            return False
        return True

    @cached_property
    def _chosen(self) -> "Precision":
        return self._precision or choose_precision()

    def load(self) -> None:
        """Read the weights and build the graphs (0.2 to 0.3 s for a tiny model)."""
        if self._translator or self._fallback:
            return
        try:
            with hold_signals():
                import onnxruntime  # noqa: F401

                from pipeline.engines.marian.translator import Translator

                self._translator = Translator(self._files, self._chosen, threads=self._threads)
        except (ImportError, ModelUnknown):
            folder = self._files.weights.parent
            fallback = FxtranslateEngine(self.source_lang, self.target_lang, folder=folder)
            fallback.load()
            self._fallback = fallback

    def can_write(self, char: str) -> bool:
        """Whether the vocabularies have a piece for `char`."""
        self.load()
        if self._translator is None:
            assert self._fallback is not None
            return self._fallback.can_write(char)
        return self._translator.source.knows(char) and self._translator.target.knows(char)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate all sentences in batches; the text of each depends on that sentence alone."""
        self.load()
        if self._translator is None:
            assert self._fallback is not None
            return self._fallback.translate(texts)
        return [each.text for each in self._translator.translate(texts, links=False)]

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Translate as `translate` does and align; without links where the reference stands in."""
        self.load()
        if self._translator is None:
            assert self._fallback is not None
            return [
                Aligned(text, answer, ()) for text, answer in zip(texts, self._fallback.translate(texts), strict=True)
            ]
        return self._translator.translate(texts)

    def translate_avoiding(self, asked: Sequence[tuple[str, Find]]) -> list[Aligned]:
        """Translate without the words found; where the reference stands in they stay."""
        self.load()
        if self._translator is None:
            return self.translate_aligned([text for text, _ in asked])
        return [self._translator.avoid(text, find) for text, find in asked]

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Align given translations by leading the model along them; no links where the reference stands in."""
        self.load()
        if self._translator is None:
            return [Aligned(source, target, ()) for source, target in pairs]
        return self._translator.align(pairs)

    def close(self) -> None:
        """Let go of the model."""
        if self._fallback:
            self._fallback.close()
        self._translator = self._fallback = None


def choose_precision() -> "Precision":
    """Return the precision that the environment names, or the one for this processor.

    Raises UsageError for a name that is none.
    """
    from pipeline.engines.marian.graphs import Precision

    known: tuple[Precision, ...] = get_args(Precision)
    wanted = os.environ.get(PRECISION_VARIABLE, "")
    for precision in known:
        if precision == wanted:
            return precision
    if wanted:
        raise UsageError(f"{PRECISION_VARIABLE}: unknown {wanted!r}: the precisions are {', '.join(known)}")
    return "int8" if has_exact_int8(platform.machine(), Path("/proc/cpuinfo")) else "uint8"


def has_exact_int8(machine: str, cpuinfo: Path) -> bool:
    """Whether ONNX Runtime multiplies uint8 by int8 without overflow here.

    It does with dot-product instructions. Without them it adds pairs of products in 16 bits on x86 processors (MLAS,
    the AVX2 and AVX512 kernels); on ARM it never does. Where the processor cannot be asked the answer is no.
    """
    if machine.lower() in ("arm64", "aarch64"):
        return True
    try:
        text = cpuinfo.read_text("ascii", "replace")
    except OSError:
        return False
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return not _DOT_PRODUCTS.isdisjoint(flags.split())


def _offers(_frugal: bool) -> Iterator[Offer]:
    for (source, target), folder in installed_models().items():
        yield Offer(source, target, partial(FirefoxEngine, source, target, folder=folder))


PROVIDER = Provider(_offers)
