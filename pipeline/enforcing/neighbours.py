"""Words that an engine wrote for what stands beside a term, though their attention lay on the term."""

import re
from collections.abc import Sequence
from functools import cache

from pipeline.agreement import is_function_word
from pipeline.engines.base import Aligned, Link
from pipeline.languages import base_language, function_words

Span = tuple[int, int]

MIN_LOST = 0.3  # attention of a word of the target that shows that a word of the source is not lost
MAX_STRAY = 0.85  # of the strongest word's attention to the term: a word with more belongs to it
MIN_LENGTH = 4  # letters of a word that can be lost

_WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
_BEFORE = re.compile(r"((?:[^\W\d_]+ ){0,2})\Z")  # two words beside a term
_BEHIND = re.compile(r"(?:'s)?((?: [^\W\d_]+){0,2})")
_NOUN_PHRASE = re.compile(r"(?:[^\W\d_]+[ -]){1,3}\Z")  # the words before a term that may belong to it
# Words that often have none of their own in a translation.
_AUXILIARIES = frozenset(
    {
        "also",
        "been",
        "being",
        "both",
        "could",
        "does",
        "doing",
        "done",
        "each",
        "even",
        "have",
        "having",
        "here",
        "just",
        "might",
        "much",
        "must",
        "only",
        "shall",
        "should",
        "some",
        "still",
        "such",
        "that",
        "then",
        "there",
        "these",
        "this",
        "those",
        "very",
        "what",
        "when",
        "where",
        "while",
        "would",
        "your",
    }
)
_DETERMINERS = frozenset({"a", "an", "the", "his", "her", "its", "their", "our", "my", "your", "this", "that"})


def is_small(word: str, lang: str) -> bool:
    """Whether a word is a determiner, joins nouns, or is another of the commonest words ("que", "não")."""
    return is_function_word(word, lang) or word.lower() in function_words().get(base_language(lang), frozenset())


def leave_neighbours(answer: Aligned, span: Span, place: Span, lang: str) -> Span:
    """Return the place of a term without the words at its ends that were written for words beside the term.

    "tough [sanctions]" is "duras [sanções]", where both words attended to "sanctions" and none to "tough". Of so many
    words beside the term as no other word was written for, the ends with the least attention are left, as long as there
    is a word for each of the term's own.
    """
    words = _content(answer.text, place, lang)
    own = sum(answer.source[slice(*word)].lower() not in _common_words() for word in _words(answer.source, span))
    lost = _count_lost(answer, span, place, lang)
    while words and lost and len(words) > max(own, 1):
        weights = [_attend(word, span, answer.links) for word in words]
        if min(weights[0], weights[-1]) > MAX_STRAY * max(weights):
            break
        words = words[1:] if weights[0] < weights[-1] else words[:-1]
        lost -= 1
    return (words[0][0], words[-1][1]) if words else place


def _words(text: str, span: Span) -> list[Span]:
    return [match.span() for match in _WORD.finditer(text, *span)]


def _content(text: str, span: Span, lang: str) -> list[Span]:
    return [word for word in _words(text, span) if not is_small(text[slice(*word)], lang)]


@cache
def _common_words() -> frozenset[str]:
    return frozenset().union(*function_words().values())


def _is_common(word: str) -> bool:
    return len(word) < MIN_LENGTH or word.lower() in _common_words() | _AUXILIARIES


def _count_lost(answer: Aligned, span: Span, place: Span, lang: str) -> int:
    """Count the words beside a span that no word outside of its place was written for."""
    before, behind = _BEFORE.search(answer.source, 0, span[0]), _BEHIND.match(answer.source, span[1])
    near = [word for found in (before, behind) if found for word in _words(answer.source, found.span(1))]
    near = [word for word in near if not _is_common(answer.source[slice(*word)])]
    # The few links to those words first: a text of one sentence may have thousands.
    strong = [link for link in answer.links if link.weight >= MIN_LOST and any(_meet(link, word) for word in near)]
    others = [*_content(answer.text, (0, place[0]), lang), *_content(answer.text, (place[1], len(answer.text)), lang)]
    outside = [link for link in strong if any(link.target_start < b and a < link.target_end for a, b in others)]
    return sum(not any(_meet(link, word) for link in outside) for word in near)


def _attend(word: Span, span: Span, links: Sequence[Link]) -> float:
    """Return the mean attention of the pieces of a word on a span."""
    pieces = [link for link in links if link.target_start < word[1] and word[0] < link.target_end]
    inside = [link.weight for link in pieces if link.source_start < span[1] and span[0] < link.source_end]
    starts = {link.target_start for link in pieces}
    return sum(inside) / len(starts) if starts else 0.0


def find_lost(answer: Aligned, span: Span, lang: str) -> Span | None:
    """Find the word written for a term where no word attended to the term itself; None where that is not clear.

    In "uma reunião calorosa" for "a warm meeting" both words attend to "warm", where the sentence's order turns, the
    first less than the second. So of the words that attended to those before the term, each of these keeps the one with
    the most attention, an article none; what is left over, if it is one word, was written for the term.
    """
    if any(link.weight >= MIN_LOST and _meet(link, span) for link in answer.links):
        return None
    before = _NOUN_PHRASE.search(answer.source, 0, span[0])
    spare: list[Span] = []
    for own in reversed(_words(answer.source, before.span())) if before else ():
        word = answer.source[slice(*own)].lower()
        if word in _DETERMINERS or not _is_common(word):
            spare += _spare(answer, own, lang)
        if _is_common(word):
            break  # the noun phrase begins here
    return spare[0] if len(spare) == 1 else None


def _spare(answer: Aligned, own: Span, lang: str) -> list[Span]:
    """Return the words of the target that attended to a word of the source, without the one that is its own."""
    whole = (0, len(answer.text))
    words = [word for word in _content(answer.text, whole, lang) if _attends_most(word, own, answer.links)]
    if _is_common(answer.source[slice(*own)]):
        return words
    weights = [_attend(word, own, answer.links) for word in words]
    return [word for word, weight in zip(words, weights, strict=True) if weight < MAX_STRAY * max(weights)]


def _attends_most(word: Span, own: Span, links: Sequence[Link]) -> bool:
    inside = [link for link in links if link.target_start < word[1] and word[0] < link.target_end]
    most = max(inside, key=lambda link: link.weight, default=None)
    return most is not None and most.weight >= MIN_LOST and _meet(most, own)


def _meet(link: Link, span: Span) -> bool:
    return link.source_start < span[1] and span[0] < link.source_end
