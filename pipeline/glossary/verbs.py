"""Whether a word that is a noun or a verb may be a verb where it stands: "the unions plan a strike"."""

import re
from enum import IntEnum

from pipeline.glossary.words import edges_of

_BEFORE = re.compile(r"([^\W\d_]+)(['’]s?)? \Z")
_AFTER = re.compile(r" ([^\W\d_]+)")
# Ends like a plural and is none.
_SINGULAR = re.compile(r"(?:ss|us|is|ics)\Z")


class Verb(IntEnum):
    """How likely a word is a verb."""

    NO = 0
    MAYBE = 1
    AGREES = 2  # with the word before, as its verb
    LIKELY = 3
    INFINITIVE = 4  # behind "to": if it is a verb, then an infinitive


def verb_chance(text: str, start: int, end: int, lang: str) -> Verb:
    """Say whether a word of small letters can be a verb at its place, by the words beside it.

    NO behind a determiner, a preposition, a number; LIKELY between a subject and an object ("papers report that", "the
    company reports a loss"); AGREES of a word that is known to be both, behind what may be its subject ("China
    reports", and "peace talks"). A language without rows in data/word_edges.toml has only NO.

    >>> verb_chance("the papers report that", 11, 17, "en"), verb_chance("the report that", 4, 10, "en")
    (<Verb.LIKELY: 3>, <Verb.NO: 0>)
    """
    edges, word = edges_of(lang), text[start:end]
    if not edges.noun_signs or not word.isalpha() or not word.islower():
        return Verb.NO
    before, after = _BEFORE.search(text[:start]), _AFTER.match(text, end)
    follows = after is not None and after[1].lower() in edges.after_verbs
    first = before[1].lower() if before else ""
    if before is None or before[2] or first in edges.noun_signs:
        return Verb.NO
    # "carry on and fight", "admitted to fatally shooting her": an infinitive, if the engine wrote one
    is_joined = first in edges.conjunctions and word in edges.verb_nouns
    if first == "to" or is_joined or (first.endswith("ly") and word.endswith("ing")):
        return Verb.INFINITIVE
    has_subject = first in edges.subjects
    # A plural has a verb without an ending, a singular one with it.
    agrees = _ends_in_s(first) != _ends_in_s(word)
    is_both = any(word.removesuffix(ending) in edges.verb_nouns for ending in ("", "s", "es"))
    if not (has_subject or agrees):
        # "helped rescue the men": an infinitive without "to"
        return Verb.INFINITIVE if follows and word in edges.verb_nouns else Verb.MAYBE
    if follows:
        return Verb.LIKELY
    return Verb.AGREES if is_both else Verb.MAYBE


def _ends_in_s(word: str) -> bool:
    return word.endswith("s") and not _SINGULAR.search(word)
