"""Words that an engine reads in place of a newsroom's: it was trained on other ones. Table: data/reading.toml."""

import re
from collections.abc import Collection
from functools import cache
from operator import or_

from pipeline.model import MARK_CLOSE, MARK_FIRST
from pipeline.typography import row_of

_MARK = f"[{chr(MARK_FIRST)}-\uf8ff]"
_TOKEN = re.compile(rf"({_MARK})?((?(1)[^{MARK_CLOSE}]*|[^\s,]+))")  # a marked span is one token
_ACRONYM = re.compile(r"[A-Z]{2,5}")
_MAX_SUBJECT = 7  # words
_MAX_ACTOR = 2


def word_for_engine(marked: str, lang: str, names: Collection[str], *, is_headline: bool = False) -> str:
    """Reword a marked text for an engine: a full stop behind a title, a future for the infinitive of a headline.

    `names` are the names of the article, which may be the subject of a headline. A language without a row in the table
    keeps its words.

    >>> word_for_engine("Mr Ive met Lt Col Brown", "en", ())
    'Mr. Ive met Lt. Col. Brown'
    >>> word_for_engine("Netanyahu to visit the US", "en", ["Netanyahu"], is_headline=True)
    'Netanyahu will visit the US'
    """
    if not _row(lang):
        return marked
    titled = _titles(lang).sub(r"\1.", marked)
    return _with_future(titled, lang, names) if is_headline else titled


def titles_of(lang: str) -> frozenset[str]:
    """Return the abbreviated titles of a language, without their full stops: they are no names."""
    return _words(lang, "titles")


@cache
def _titles(lang: str) -> re.Pattern[str]:
    titles = "|".join(_row(lang)["titles"].split())
    return re.compile(rf"(?<!\w)({titles})(?= {_MARK}?[A-ZÀ-Þ][\w’'.])")


@cache
def _words(lang: str, key: str) -> frozenset[str]:
    return frozenset(_row(lang).get(key, "").split())


def _with_future(marked: str, lang: str, names: Collection[str]) -> str:
    row = _row(lang)
    subject, infinitive, rest = marked.partition(f" {row['infinitive']} ")
    verb = re.match(r"[a-z-]+(?![\w’'])", rest)
    if not infinitive or not verb or verb[0] not in _words(lang, "verbs"):
        return marked
    tokens = [(match[1], match[2]) for match in _TOKEN.finditer(subject.rpartition(": ")[2].strip(MARK_CLOSE))]
    named = [word[:1].isupper() if mark else word in names or _ACRONYM.fullmatch(word) for mark, word in tokens]
    joints = [word.casefold() in _words(lang, "joints") for _, word in tokens]
    is_named = any(named) and all(map(or_, map(bool, named), joints)) and len(tokens) <= _MAX_SUBJECT
    is_actor = bool(tokens) and tokens[-1][1].casefold() in _words(lang, "actors") and len(tokens) <= _MAX_ACTOR
    return f"{subject} {row['future']} {rest}" if is_named or is_actor else marked


def _row(lang: str) -> dict[str, str]:
    return row_of("reading", lang) or {}
