"""One word that is a whole segment: a table's cell, a heading.

A model reads its capital as a name's, and makes up a word: "Injured" came back as "Injurado", "Guilty" as "Guilty (o".
As a sentence of one small word the same model has "ferido." and "culpado.". It loses other words that way ("Party"
became "festa"), so it is asked so only where the answer is no word.
"""

import re
from dataclasses import replace

from pipeline.agreement import determiner_gender
from pipeline.engines.base import Aligned
from pipeline.fragments import is_unheard

_LONE = re.compile(r"[A-Z][a-z]{3,}")
_SIGNS = frozenset("()[]-")


def is_made_up(text: str, answer: str, lang: str) -> bool:
    """Whether `answer` is no word of its language, for a text of one capitalised word; what was copied may be a name.

    >>> is_made_up("Injured", "Injurado", "pt"), is_made_up("Guilty", "Guilty (o", "pt")
    (True, True)
    >>> is_made_up("Party", "Partido", "pt"), is_made_up("Braga", "Braga", "pt"), is_made_up("The end", "Ofim", "pt")
    (False, False, False)
    """
    if not _LONE.fullmatch(text) or text == answer:
        return False
    return not _SIGNS.isdisjoint(answer) or (" " not in answer and is_unheard(answer, lang))


def as_sentence(text: str) -> str:
    """Write a lone word as a sentence.

    >>> as_sentence("Injured")
    'injured.'
    """
    return f"{text.lower()}."


def as_lone_word(answer: Aligned, text: str, lang: str) -> Aligned:
    """Make a lone word of the answer to a sentence: without its stop and its article, with a capital."""
    said = answer.text.rstrip(".")
    article, _, noun = said.partition(" ")
    said = noun if noun and determiner_gender(f"{article} ", lang) else said
    return replace(answer, source=text, text=said[:1].upper() + said[1:], links=())
