"""Words that say nothing: particles of names ("Ursula von der Leyen"), phrases that are at home everywhere, and what
money is called ("1.60 leva").
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import resources

from pipeline.fragments.words import Gap, Shape, Words, split_words

MAX_PARTICLES = 2  # in a row: "van der", "de la"


def find_silent(words: Words) -> frozenset[int]:
    """Return the numbers of the words that are particles of names, parts of loan phrases, or money behind a figure."""
    return frozenset([*_particles_of(words), *_phrases_of(words), *_money_of(words)])


def _particles_of(words: Words) -> Iterator[int]:
    """Give the particles between two names; what a quotation mark or a line begins with may be a title, and is none."""
    many, small = len(words), particles()
    end = 0
    for at in [i for i, form in enumerate(words.forms) if form in small]:
        if at < max(end, 1):
            continue
        end = at + 1
        while end < many and end - at < MAX_PARTICLES and words.forms[end] in small:
            end += 1
        if end < many and _joins_names(words, at, end) and _begins_inside(words, at - 1):
            yield from range(at, end)


def _joins_names(words: Words, at: int, end: int) -> bool:
    named = (Shape.TITLE, Shape.CAPITALS, Shape.MIXED)
    near = all(words.gaps[i] in (Gap.SPACE, Gap.JOINED) for i in range(at, end + 1))
    return near and words.shapes[at - 1] in named and words.shapes[end] in named


def _begins_inside(words: Words, at: int) -> bool:
    """Whether the name that a word is in begins behind a space or a comma, or is the line's first and only one."""
    while at > 0 and words.gaps[at] in (Gap.SPACE, Gap.JOINED) and words.shapes[at - 1] is Shape.TITLE:
        at -= 1
    return words.gaps[at] is not Gap.BRACKET


def _phrases_of(words: Words) -> Iterator[int]:
    phrases = loan_phrases()
    for at in [i for i, form in enumerate(words.forms) if form in phrases]:
        for phrase in phrases[words.forms[at]]:
            if tuple(words.forms[at : at + len(phrase)]) == phrase:
                yield from range(at, at + len(phrase))


def _money_of(words: Words) -> Iterator[int]:
    names = currency_words()
    for at in [i for i, form in enumerate(words.forms) if i and form in names]:
        figure = words.text[words.starts[at - 1] : words.ends[at - 1]]
        if words.shapes[at - 1] is Shape.MASKED and figure[-1:].isdigit() and words.gaps[at] is Gap.SPACE:
            yield at


@cache
def loan_phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the phrases that are no fragment in any language, as words, by their first (data/loan_phrases.txt)."""
    lines = resources.files("pipeline").joinpath("data/loan_phrases.txt").read_text("utf-8").splitlines()
    phrases: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for line in lines:
        if line.strip() and not line.startswith("#"):
            phrase = tuple(split_words(line).forms)
            phrases[phrase[0]].append(phrase)
    return {first: tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase))) for first, found in phrases.items()}


@cache
def currency_words() -> frozenset[str]:
    """Return the names of currencies that are no fragment behind a figure (data/currency_words.txt)."""
    lines = resources.files("pipeline").joinpath("data/currency_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def particles() -> frozenset[str]:
    """Return the small words inside names (data/credits.toml)."""
    table = tomllib.loads(resources.files("pipeline").joinpath("data/credits.toml").read_text("utf-8"))["particles"]
    return frozenset(word for words in table.values() for word in words.split() if len(word) > 1)
