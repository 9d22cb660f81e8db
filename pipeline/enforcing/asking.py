"""An engine with a memory, so that four targets behind one pivot cost one translation."""

from collections.abc import Sequence

from pipeline.engines.base import Aligned, Aligner, Engine

Memo = dict[tuple[str, ...], Aligned]  # (engine, source language, target language, text) -> answer


class Asked:
    """One engine, and what it said before."""

    def __init__(self, engine: Engine, memo: Memo) -> None:
        self.engine = engine
        self.lang = engine.target_lang
        self._memo = memo
        self._key = (engine.name, engine.source_lang, engine.target_lang)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate each text; what was asked before is not asked again."""
        return [answer.text for answer in self.translate_aligned(texts)]

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Translate each text and align, where the engine can; else there are no links."""
        new = list(dict.fromkeys(text for text in texts if (*self._key, text) not in self._memo))
        for text, answer in zip(new, self._ask(new), strict=True):
            self._memo[(*self._key, text)] = answer
        return [self._memo[(*self._key, text)] for text in texts]

    def _ask(self, texts: Sequence[str]) -> list[Aligned]:
        if isinstance(self.engine, Aligner):
            return self.engine.translate_aligned(texts)
        answers = self.engine.translate(texts)
        return [Aligned(text, answer, ()) for text, answer in zip(texts, answers, strict=True)]
