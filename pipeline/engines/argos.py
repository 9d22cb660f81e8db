"""Argos packages that argostranslate finds installed, through their own tokenizer and CTranslate2.

Stock `argostranslate.translate` is not used: it fails offline (its sentence splitter wants a download) and sends one
sentence a batch.
"""

import importlib.metadata
import json
import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.engines.base import Marks
from pipeline.errors import EngineFailed, EngineMissing
from pipeline.languages import LANGUAGES, argos_code

BATCH_TOKENS = 512  # a middle way between full batches and padding; not measured here


class ArgosEngine:
    """One installed package. See `engines.base.Engine` for the contract."""

    name = "argos"
    marks: Marks = "token"

    def __init__(self, source_lang: str, target_lang: str, *, beam_size: int = 4) -> None:
        self.source_lang = source_lang
        self.target_lang = target_lang
        self._beam_size = beam_size
        self._package: Any = None
        self._translator: Any = None

    @property
    def version(self) -> str:
        """Version of the package and of CTranslate2."""
        return f"package {_packages()[self.source_lang, self.target_lang][1]}, beam {self._beam_size}, {_library()}"

    def load(self) -> None:
        """Open the package and its model."""
        if self._translator is not None:
            return
        folder = _packages().get((self.source_lang, self.target_lang), (None, ""))[0]
        if folder is None:
            pair = f"{self.source_lang}-{self.target_lang}"
            raise EngineMissing(f"engine argos: no package for {pair}; try: argospm install translate-{pair}")
        try:
            import ctranslate2
            from argostranslate.package import Package

            self._package = Package(folder)
            self._translator = ctranslate2.Translator(str(folder / "model"), intra_threads=1, inter_threads=1)
        except (ImportError, OSError, RuntimeError, ValueError, KeyError) as exc:
            raise EngineMissing(f"engine argos: package {folder.name} is damaged ({exc}); install it again") from exc

    @cache  # noqa: B019 - an engine lives as long as its run
    def can_write(self, char: str) -> bool:
        """Whether the vocabulary of the package has the character."""
        self.load()
        processor = self._package.tokenizer
        return char in "".join(processor.decode(processor.encode(char))) and "<unk>" not in processor.encode(char)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate all sentences in batches sorted by length."""
        self.load()
        wanted = [at for at, text in enumerate(texts) if text.strip()]
        prefix = [[self._package.target_prefix]] * len(wanted) if self._package.target_prefix else None
        try:
            results = self._translator.translate_batch(
                [self._package.tokenizer.encode(texts[at]) for at in wanted], target_prefix=prefix,
                beam_size=self._beam_size, max_batch_size=BATCH_TOKENS, batch_type="tokens", replace_unknowns=True,
            )  # fmt: skip
        except (RuntimeError, ValueError) as exc:
            raise EngineFailed(f"engine argos: {exc}") from exc
        answers = [""] * len(texts)
        for at, result in zip(wanted, results, strict=True):
            tokens = result.hypotheses[0]
            text = self._package.tokenizer.decode(tokens[1:] if prefix else tokens)
            answers[at] = text.removeprefix(" ")
        return answers

    def close(self) -> None:
        """Let go of the model."""
        self._translator = None


def _library() -> str:
    return f"ctranslate2 {importlib.metadata.version('ctranslate2')}"


def _folders() -> list[Path]:
    """Where argostranslate looks for packages, as its settings say; importing it would make folders in HOME."""
    own = os.environ.get("ARGOS_PACKAGES_DIR")
    if own:
        return [Path(own)]
    data = os.environ.get("XDG_DATA_HOME")
    return [(Path(data) if data else Path.home() / ".local" / "share") / "argos-translate" / "packages"]


@cache
def _packages() -> dict[tuple[str, str], tuple[Path, str]]:
    return dict(_read_packages())


def _read_packages() -> Iterator[tuple[tuple[str, str], tuple[Path, str]]]:
    tags = {argos_code(tag): tag for tag, language in LANGUAGES.items() if not language.fallback or language.argos}
    for folder in _folders():
        for path in sorted(folder.glob("*/metadata.json")):
            try:
                facts = json.loads(path.read_text("utf-8"))
                pair = tags[facts["from_code"]], tags[facts["to_code"]]
            except (OSError, ValueError, KeyError, TypeError):
                continue  # a damaged package must not take the others with it
            if (path.parent / "model").is_dir():
                yield pair, (path.parent, str(facts.get("package_version", "?")))


def installed_pairs() -> dict[tuple[str, str], str]:
    """Return the pairs of the packages installed, with their versions; a damaged package is passed over."""
    return {pair: version for pair, (_, version) in _packages().items()}
