"""Lint of the words of one entry: another variety of the language, names that are common words, names respelled."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from pipeline.glossary.phrases import NAME_TYPES
from pipeline.languages import LANGUAGES, base_language
from pipeline.model import Entry, Status
from pipeline.typography import find_other_variety, house_variety, read_table

Finding = tuple[str, str]  # a rule of linting.RULES, and one plain line

_PLACED = NAME_TYPES | {"place"}
# Bulgarian: the full article of a masculine word is for subjects, the short one for all else; a term needs both.
_DEFINITE = {"ът": "а", "ят": "я"}


def lint_words(entry: Entry) -> Iterator[Finding]:
    """Yield what is wrong with the words of an approved entry; nothing for a candidate or a forbidden one."""
    if entry.status is not Status.APPROVED:
        return
    yield from _other_variety(entry)
    yield from _common_word(entry)
    yield from _respelled_name(entry)
    yield from _half_definite(entry)


def _other_variety(entry: Entry) -> Iterator[Finding]:
    """Words of a variety that the house does not write (pipeline/data/varieties.toml): "Polónia" for "Polônia"."""
    house = "" if entry.is_kept else house_variety(entry.target_lang)
    if not house:
        return
    for text in dict.fromkeys((entry.target, *entry.forms, entry.plural, entry.feminine, entry.feminine_plural)):
        for found, wanted in find_other_variety(text, entry.target_lang, is_name=entry.type in NAME_TYPES):
            yield "other_variety", f"{text!r} is no {house}: write {wanted!r} for {found!r}"


def _common_word(entry: Entry) -> Iterator[Finding]:
    """A name of one word that is a common word too (pipeline/data/name_words.toml): "Conte", "Труд"."""
    words = _common_words(base_language(entry.source_lang))
    if entry.type not in _PLACED or not entry.is_sought:
        return
    for text in (entry.source, *entry.source_forms):
        if text in words:
            language = LANGUAGES[entry.source_lang].name
            message = f"{text!r} is a common word of {language} too: write the full name, or add '# only: credits'"
            yield "common_word", message


@cache
def _common_words(lang: str) -> frozenset[str]:
    return frozenset(read_table("name_words").get(lang, "").split())


def _respelled_name(entry: Entry) -> Iterator[Finding]:
    """A spelling of a kept name that the entry would rewrite for the worse: marks lost, an article put before it."""
    if not entry.is_kept or entry.type not in NAME_TYPES:
        return
    for text in entry.source_forms:
        if (text != entry.target and _bare(text) == _bare(entry.target)) or entry.target.endswith(f" {text}"):
            message = f"{text!r} would become {entry.target!r}: a name stays as it is spelled; give it its own entry"
            yield "respelled_name", message


def _bare(text: str) -> str:
    """Return a text without marks and capitals, "ü" as "ue" is written for it.

    >>> _bare("Süddeutsche") == _bare("Sueddeutsche")
    True
    """
    text = re.sub("([aou])\u0308", r"\1e", unicodedata.normalize("NFD", text.casefold()))
    return "".join(char for char in text if not unicodedata.combining(char)).replace("đ", "dj")


def _half_definite(entry: Entry) -> Iterator[Finding]:
    """A Bulgarian term with one of the two masculine articles alone: "министърът" without "министъра"."""
    if base_language(entry.target_lang) != "bg":
        return
    known = {entry.target.casefold(), *(text.casefold() for text in entry.forms)}
    for text in (entry.target, *entry.forms):
        first, space, rest = text.partition(" ")
        for full, short in _DEFINITE.items():
            other = first.removesuffix(full) + short + space + rest
            if first.endswith(full) and len(first) > len(full) + 2 and other.casefold() not in known:
                yield "half_definite", f"{entry.source!r}: {text!r} is among the forms, {other!r} is not"
