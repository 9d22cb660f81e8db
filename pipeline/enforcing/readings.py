"""Words that an engine read as a verb, where a glossary has the noun: "the unions plan a strike".

The words before and behind a word say whether it may be a verb, the form of what the engine wrote for it whether it
took it for one. Then the entry is not about it, as it is not in "will plan".
"""

from collections.abc import Mapping

from pipeline.agreement import looks_like_verb
from pipeline.enforcing.items import Item
from pipeline.enforcing.patching import find_words
from pipeline.engines.base import Aligned
from pipeline.glossary import Verb, verb_chance

Span = tuple[int, int]


def find_verbs(item: Item, answer: Aligned, spans: Mapping[int, Span], langs: tuple[str, str]) -> frozenset[int]:
    """Return the demands among those with a span in `answer.source` that are verbs in this sentence.

    `langs` are the language that the engine read and the one that it wrote.
    """
    found = set()
    for number, span in spans.items():
        chance = Verb.NO
        if item.demands[number].kind == "term":
            chance = verb_chance(answer.source, *span, langs[0])
        place = find_words(answer, span, langs[1]) if chance else None
        if place and _is_verb(answer.text[slice(*place)], answer.source[slice(*span)], chance, langs[1]):
            found.add(number)
    return frozenset(found)


def _is_verb(written: str, source: str, chance: Verb, lang: str) -> bool:
    """Judge by the last word written: surely a verb by its ending, or possibly one where the source says so."""
    word = written.rsplit(maxsplit=1)[-1]
    sure, infinitive, possible = looks_like_verb(word, lang)
    if chance is Verb.INFINITIVE:
        return infinitive
    # "reports" as a noun has a plural; "relata" shows none.
    return sure or (chance is Verb.LIKELY and possible and (infinitive is False) and not word.endswith("s"))
