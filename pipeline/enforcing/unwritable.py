"""What came over an earlier hop and the next engine cannot write: names from another alphabet of the same script."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace

from pipeline.enforcing.items import Demand, Item
from pipeline.engines.base import Engine
from pipeline.fitting import unwritable_spans, words_to_translate
from pipeline.fragments import is_unheard
from pipeline.languages import base_language, function_words
from pipeline.protecting import mark_spans, read_marks

_AS_THEY_ARE = frozenset({"copied", "name", "kept"})  # their text is the same behind a token


_BEGINS = re.compile(r"(?:^|[.?!:] )[\W_]*\Z")


def spans_to_keep(text: str, can_write: Callable[[str], bool], lang: str) -> list[tuple[int, int]]:
    """Find the tokens of a text in `lang` that an engine cannot write and must not read.

    `unwritable_spans` without the common words that it lacks the capital of alone, as it reads them and will not write
    them: "Última reunião" is a last meeting, "Índia" is India, and "Ângela Merkel" is a name.
    """
    spans = unwritable_spans(text, can_write)
    return [span for span in spans if not _is_common(text, span, can_write, lang)]


def _is_common(text: str, span: tuple[int, int], can_write: Callable[[str], bool], lang: str) -> bool:
    """Whether a token is a word of the table of capitalised ones, or a common one where a sentence begins."""
    word = text[slice(*span)]
    small = word.lower()
    if not word[0].isupper() or not small.isalpha() or not all(map(can_write, small)):
        return False
    if word in words_to_translate(lang):
        return True
    if not _BEGINS.search(text[: span[0]]) or is_unheard(small, lang):
        return False
    is_small = small in function_words().get(base_language(lang), ())
    is_shouted = len(word) > 1 and word.isupper()
    return is_small or is_shouted or not text[span[1] + 1 : span[1] + 2].isupper()


def guard_unwritable(item: Item, engine: Engine) -> Item:
    """Keep words from an engine that would drop a letter of them: "Núñez" would come out of English as "Nú-ez".

    The first engine's own are demands from the start (demands.py); these are words that Apertium did not know or was
    to copy, on their way into an engine with fewer letters. A name that is marked already goes behind a token, another
    word becomes a demand of its own, which stands nowhere in the source (`start` -1).
    """
    plain, marks = read_marks(item.marked)
    if all(engine.can_write(char) for char in frozenset(plain)):
        return item
    spans = spans_to_keep(plain, engine.can_write, engine.source_lang)
    touched = {mark.number for mark in marks for start, end in spans if mark.start < end and start < mark.end}
    free = [span for span in spans if all(mark.end <= span[0] or span[1] <= mark.start for mark in marks)]
    new = [_demand(plain[start:end], engine.target_lang) for start, end in free]
    edits = [(mark.start, mark.end, mark.number, mark.text) for mark in marks]
    edits += [(start, end, len(item.demands) + at, plain[start:end]) for at, (start, end) in enumerate(free)]
    demands = (*_hidden(item.demands, touched), *new)
    return replace(item, marked=mark_spans(plain, sorted(edits)), demands=demands) if new or touched else item


def _demand(text: str, lang: str) -> Demand:
    return Demand(-1, -1, text, "kept", {lang: (text,)}, always=True)


def _hidden(demands: Collection[Demand], numbers: Collection[int]) -> list[Demand]:
    return [
        replace(demand, always=True) if at in numbers and demand.kind in _AS_THEY_ARE else demand
        for at, demand in enumerate(demands)
    ]
