"""A term in the plural, by the rules of pipeline/data/plurals.toml."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from pipeline.languages import LANGUAGES, base_language

_SPACE = re.compile(r"(\s+)")


@dataclass(frozen=True, slots=True)
class _Rules:
    endings: tuple[tuple[str, str], ...]  # the longest first
    words: dict[str, str]
    small: frozenset[str]
    still: frozenset[str]
    all_words: bool


@lru_cache(maxsize=8192)
def pluralise(term: str, lang: str) -> str:
    """Write a term in the plural; "" where the language has no rules.

    The words before the first small word inflect: all of them where adjectives agree, else the last alone.

    >>> pluralise("chief of staff", "en"), pluralise("taxa fixa de juros", "pt"), pluralise("primeiro-ministro", "pt")
    ('chiefs of staff', 'taxas fixas de juros', 'primeiros-ministros')
    """
    rules = _rules(base_language(lang) if lang in LANGUAGES else lang)
    if rules is None:
        return ""
    parts = _SPACE.split(term)
    heads = len(parts)
    for at in range(2, len(parts), 2):
        if parts[at].lower() in rules.small or parts[at].lower().startswith("d'"):
            heads = at
            break
    words = range(0, heads, 2)
    for at in words if rules.all_words else words[-1:]:
        parts[at] = _pluralise_word(parts[at], rules)
    return "".join(parts)


def _pluralise_word(word: str, rules: _Rules) -> str:
    head, hyphen, tail = word.rpartition("-")
    if not hyphen:
        return _add_ending(word, rules)
    inflects = rules.all_words and head.lower() not in rules.still
    return (_add_ending(head, rules) if inflects else head) + hyphen + _add_ending(tail, rules)


def _add_ending(word: str, rules: _Rules) -> str:
    lower = word.lower()
    if not lower:
        return word
    if lower in rules.words:
        plural = rules.words[lower]
        shared = next((at for at, pair in enumerate(zip(lower, plural, strict=False)) if pair[0] != pair[1]), None)
        kept = min(len(lower), len(plural)) if shared is None else shared
        plural = word[:kept] + plural[kept:]
    else:
        ending, new = next(pair for pair in rules.endings if lower.endswith(pair[0]))
        plural = word[: len(word) - len(ending)] + new
    return plural.upper() if len(word) > 1 and word.isupper() and lower in rules.words else plural


@cache
def _rules(lang: str) -> _Rules | None:
    row = tomllib.loads(resources.files("pipeline").joinpath("data/plurals.toml").read_text("utf-8")).get(lang)
    if row is None:
        return None
    endings = [(one, other) for one, _, other in (pair.partition("=") for pair in row["endings"].split())]
    words = {one: other or one for one, _, other in (pair.partition("=") for pair in row["words"].split())}
    return _Rules(
        endings=tuple(sorted(endings, key=lambda pair: -len(pair[0]))),
        words=words,
        small=frozenset(row["small"].split()),
        still=frozenset(row["still"].split()),
        all_words=row["inflects"] == "all",
    )
