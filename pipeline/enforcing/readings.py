"""Words that an engine read as a verb, where a glossary has the noun: "the unions plan a strike".

The words before and behind a word say whether it may be a verb, the form of what the engine wrote for it whether it
took it for one. Then the entry is not about it, as it is not in "will plan".
"""

import re
from collections.abc import Mapping

from pipeline.agreement import looks_like_verb
from pipeline.enforcing.items import Item
from pipeline.enforcing.neighbours import find_lost, is_small
from pipeline.enforcing.patching import find_words, was_written_for
from pipeline.engines.base import Aligned
from pipeline.glossary import Verb, verb_chance

Span = tuple[int, int]

_LAST_WORD = re.compile(r"(\w+(?:[-'’.]\w+)*) \Z")
_ENDS_SPEECH = re.compile(r"[,\"”»] \Z")


def find_verbs(item: Item, answer: Aligned, spans: Mapping[int, Span], langs: tuple[str, str]) -> frozenset[int]:
    """Return the demands among those with a span in `answer.source` that are verbs in this sentence.

    `langs` are the language that the engine read and the one that it wrote.
    """
    found = set()
    for number, span in spans.items():
        chance = Verb.NO
        if item.demands[number].kind == "term":
            chance = verb_chance(answer.source, *span, langs[0])
        place = (find_words(answer, span, langs[1]) or find_lost(answer, span, langs[1])) if chance else None
        if place and _is_verb(answer, span, place, chance, langs[1]):
            found.add(number)
    return frozenset(found)


def _is_verb(answer: Aligned, span: Span, place: Span, chance: Verb, lang: str) -> bool:
    """Judge by the last word written: surely a verb by its ending, or possibly one where the source says so."""
    word = answer.text[slice(*place)].rsplit(maxsplit=1)[-1]
    sure, infinitive, possible = looks_like_verb(word, lang)
    if chance is Verb.INFINITIVE:
        return infinitive or sure
    # "reports" as a noun has a plural; "relata" shows none.
    may_be = possible and not infinitive and not word.endswith("s")
    if chance is Verb.AGREES:
        return sure or ((may_be or infinitive) and _stands_like_verb(answer, span, place, lang))
    return sure or (chance is Verb.LIKELY and may_be)


def _stands_like_verb(answer: Aligned, span: Span, place: Span, lang: str) -> bool:
    """Whether a word was written directly behind the word for its subject, or where a speech is reported.

    "China relata", ", relata o jornal": a noun has a preposition there, and mostly stands before the other noun.
    """
    before = _LAST_WORD.search(answer.text, 0, place[0])
    subject = _LAST_WORD.search(answer.source, 0, span[0])
    if before is None:
        return _ENDS_SPEECH.search(answer.text, 0, place[0]) is not None
    return (
        subject is not None
        and not is_small(before[1], lang)
        and was_written_for(before.span(1), subject.span(1), answer)
    )
