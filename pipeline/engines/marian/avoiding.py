"""Translate a sentence without words that must not stand in its target: the model's next best word stands there."""

from pipeline.engines.base import Aligned, Find
from pipeline.engines.marian.decoding import END, Decoded, Network
from pipeline.engines.marian.finishing import finish
from pipeline.engines.marian.vocabulary import PiecedText, Vocabulary

MAX_TRIES = 24  # pieces banned in one sentence; each costs a translation
# Natural logarithms that a sentence may lose for each place with another word. Of 60 sentences of news read with their
# losses those that lost more were mostly broken ("do governo do governo"), the others mostly had another word.
MAX_LOSS = 2.5


def avoid_words(network: Network, vocabularies: tuple[Vocabulary, Vocabulary], text: str, find: Find) -> Aligned:
    """Translate a sentence of at most `MAX_PIECES`; vocabularies of source and target.

    Where words found begin, the piece with which the model began them is banned, at that step, until something else
    stands there: all before it is what the model writes anyway. Of several words the last one and the first one are
    tried, and the likelier sentence is taken. Where all tries end with such words, or with a sentence that the model
    itself thinks little of, they stay.
    """
    source = vocabularies[0].encode(text)
    usual = network.translate_without((*source.pieces, END), {})
    tried = [
        decoded
        for at_last in (True, False)
        if (decoded := _avoid_from(network, (source, vocabularies[1]), find, at_last=at_last))
    ]
    best = max(tried, key=lambda one: one.score, default=usual)
    return finish(source, vocabularies[1], best)


def _avoid_from(network: Network, texts: tuple[PiecedText, Vocabulary], find: Find, *, at_last: bool) -> Decoded | None:
    """Ban from the last word of what is found, or the first; None where such words are left or too much is lost."""
    source, vocabulary = texts
    bans: dict[int, set[int]] = {}
    usual = 0.0
    for _ in range(MAX_TRIES):
        decoded = network.translate_without((*source.pieces, END), bans)
        usual = usual if bans else decoded.score
        target = vocabulary.decode(decoded.pieces)
        found = find(target.text) if decoded.ended else ()
        if not found:
            return decoded if decoded.ended and decoded.score >= usual - MAX_LOSS * len(bans) else None
        start, end = found[0]
        step = _step_at(target, end - len(target.text[start:end].split()[-1]) if at_last else start)
        if step is None:
            return None
        # The end of the sentence is no other word either.
        bans.setdefault(step, {END}).add(decoded.pieces[step])
    return None


def _step_at(target: PiecedText, at: int) -> int | None:
    """Return the number of the piece that writes the character at a place."""
    return next((number for number, (start, end) in enumerate(target.spans) if start <= at < end), None)
