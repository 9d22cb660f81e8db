"""An engine with a memory, so that four targets behind one pivot cost one translation; and its sick answers told."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.enforcing.doubting import cut_in_pieces, find_doubt, join_pieces
from pipeline.enforcing.lone_words import as_lone_word, as_sentence, is_made_up
from pipeline.engines.base import Aligned, Engine, SecondWay
from pipeline.engines.watching import watch

Memo = dict[tuple[str, ...], Aligned]  # (engine, source language, target language, text) -> answer


class Asked:
    """One engine, and what it said before. A sick answer is asked for once more in another way."""

    def __init__(self, engine: Engine, memo: Memo) -> None:
        self.engine = watch(engine)
        self.lang = engine.target_lang
        self._memo = memo
        self._key = (engine.name, engine.source_lang, engine.target_lang)

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Translate each text and align, where the engine can; else there are no links.

        Never raises for what the engine does: `Aligned.doubt` says what is wrong with an answer. What was asked before
        is not asked again, unless the engine failed at it.
        """
        new = list(dict.fromkeys(text for text in texts if (*self._key, text) not in self._memo))
        answers = dict(zip(new, self._ask(new), strict=True))
        self._memo |= {(*self._key, text): answer for text, answer in answers.items() if not answer.failed}
        return [answers.get(text) or self._memo[(*self._key, text)] for text in texts]

    def _ask(self, texts: Sequence[str]) -> list[Aligned]:
        answers = [self._judge(answer) for answer in self.engine.answer(texts)]
        for way in (self._ask_otherwise, self._ask_in_pieces):
            sick = [at for at, answer in enumerate(answers) if answer.doubt]
            if not sick or self.engine.gone:
                break
            for at, again in zip(sick, way([texts[at] for at in sick]), strict=True):
                judged = self._judge(again)
                answers[at] = judged if not judged.doubt else answers[at]
        return self._mend_lone_words(answers)

    def _mend_lone_words(self, answers: list[Aligned]) -> list[Aligned]:
        made_up = [at for at, one in enumerate(answers) if is_made_up(one.source, one.text, self.lang)]
        again = self.engine.answer([as_sentence(answers[at].source) for at in made_up]) if made_up else []
        for at, answer in zip(made_up, again, strict=True):
            word = as_lone_word(answer, answers[at].source, self.lang)
            if not (word.doubt or self._judge(word).doubt or is_made_up(word.source, word.text, self.lang)):
                answers[at] = word
        return answers

    def _judge(self, answer: Aligned) -> Aligned:
        if answer.doubt:
            return answer
        return replace(answer, doubt=find_doubt(answer.source, answer.text, self.engine.source_lang, self.lang))

    def _ask_otherwise(self, texts: Sequence[str]) -> list[Aligned]:
        """Ask in the engine's own other way; where it has none the answers are as sick as before."""
        engine = self.engine.engine
        if not isinstance(engine, SecondWay):
            return [Aligned(text, "", (), "no other way") for text in texts]
        return self.engine.answer(texts, engine.translate_otherwise)

    def _ask_in_pieces(self, texts: Sequence[str]) -> list[Aligned]:
        """Ask for each text in shorter pieces; what cannot be cut is asked again as it is."""
        cuts = [cut_in_pieces(text) for text in texts]
        done = iter(self.engine.answer([piece for cut in cuts for piece in cut]))
        return [
            join_pieces(text, [self._judge(next(done)) for _ in cut]) for text, cut in zip(texts, cuts, strict=True)
        ]
