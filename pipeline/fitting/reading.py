"""Words that an engine reads in place of a newsroom's: it was trained on other ones. Table: data/reading.toml."""

import re
from collections.abc import Collection
from functools import cache, lru_cache
from operator import or_
from typing import Any

from pipeline.model import MARK_CLOSE, MARK_FIRST
from pipeline.typography import row_of, territory_words

_MARK = f"[{chr(MARK_FIRST)}-\uf8ff]"
_TOKEN = re.compile(rf"({_MARK})?((?(1)[^{MARK_CLOSE}]*|[^\s,]+))")  # a marked span is one token
_ACRONYM = re.compile(r"[A-Z]{2,5}")
_MAX_SUBJECT = 7  # words
_MAX_ACTOR = 2
_FIGURE = rf"(?<![\w.,£$€-])({_MARK}?(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?){MARK_CLOSE}?)"
_ONE = rf"(?<![\w.,£$€-])({_MARK}?1{MARK_CLOSE}?)"


def word_for_engine(marked: str, lang: str, names: Collection[str], *, is_headline: bool = False) -> str:
    """Reword a marked text for an engine: short units, short days, titles without a full stop, headlines' infinitives.

    `names` are the names of the article, which may be the subject of a headline. A language without a row in the table
    keeps its words.

    >>> word_for_engine("Mr Ive met Lt Col Brown", "en", ())
    'Mr. Ive met Lt. Col. Brown'
    >>> word_for_engine("on Tues., Sept. 3, with winds of 70mph", "en", ())
    'on Tuesday, September 3, with winds of 70 miles per hour'
    >>> word_for_engine("Netanyahu to visit the US", "en", ["Netanyahu"], is_headline=True)
    'Netanyahu will visit the US'
    """
    if not _row(lang):
        return marked
    titled = _titles(lang).sub(r"\1.", _write_out(marked, lang))
    return _with_future(titled, lang, names) if is_headline else titled


def titles_of(lang: str) -> frozenset[str]:
    """Return the abbreviated titles of a language, without their full stops: they are no names."""
    return _words(lang, "titles")


def find_short_days(text: str, lang: str) -> list[tuple[int, int]]:
    """Find where a short day or month stands that is read as one ("Tues., Sept. 3"): there it is no name."""
    if not _row(lang).get("days"):
        return []
    return [match.span() for find in (_days(lang), _short_months(lang)) for match in find.finditer(text)]


def _write_out(text: str, lang: str) -> str:
    """Write out the short days, the short months of dates and the short units behind figures."""
    days = _row(lang).get("days", {})
    text = _days(lang).sub(lambda match: days[match[1] or match[2]], text) if days else text
    if not any(char.isdigit() for char in text):
        return text
    months = _row(lang).get("short_months", {})
    if months:
        text = _short_months(lang).sub(lambda match: months[match[1] or match[2]], text)
    for find, reads in _rules(lang):
        text = find.sub(reads, text)
    return text


@cache
def _days(lang: str) -> re.Pattern[str]:
    """Match a short day before a date, and behind "on" where no name goes on."""
    day, month = "|".join(_row(lang)["days"]), _one_of(lang, "months")
    number = rf"{_MARK}?\d{{1,2}}(?:st|nd|rd|th)?{MARK_CLOSE}?(?![\w,.]?\d)"
    name = rf"{_MARK}?(?:{month}){MARK_CLOSE}?"
    date = rf"(?:{name}\.? {number}|{number} {name}(?!\w))"
    after = rf"(?=,? (?:{_one_of(lang, 'behind_days')})\b|[;:)]|\.?$)"
    return re.compile(rf"(?<![Tt]he )\b({day})\.?(?=,? {date})|(?<=\b[Oo]n )({day})\.?{after}")


@cache
def _short_months(lang: str) -> re.Pattern[str]:
    """Match a short month before the number of a day, and behind it where no name goes on: "Jan 15", "15 Jan"."""
    months = "|".join(_row(lang)["short_months"])
    day = rf"{_MARK}?\d{{1,2}}(?:st|nd|rd|th)?{MARK_CLOSE}?"
    before = rf"\b({months})\b\.?(?= {day}(?![\w%]|[.,:]\d))"
    behind = rf"(?<=[\d{MARK_CLOSE}] )({months})\b(?:\.(?= {_MARK}?\d|,| [a-z]))?(?![\w’'-]| {_MARK}?[A-Z])"
    return re.compile(f"{before}|{behind}")


@cache
def _rules(lang: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((compile_find(rule["find"], lang), rule["reads"]) for rule in _row(lang).get("rules", ()))


def compile_find(find: str, lang: str) -> re.Pattern[str]:
    """Compile what a rule of the table finds; data/reading.toml says what it writes in short."""
    ends = rf"\b(?=\.?(?:$|[,;:!?)”\"])|\.|,? (?:{_one_of(lang, 'behind_units')}|{_MARK}?\d))"
    return re.compile(find.replace("{n}", _FIGURE).replace("{one}", _ONE).replace("{ends}", ends))


def _one_of(lang: str, key: str) -> str:
    return "|".join(_row(lang)[key].split())


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


def _row(lang: str) -> dict[str, Any]:
    return row_of("reading", lang) or {}


@lru_cache(maxsize=32)
def words_to_translate(lang: str) -> frozenset[str]:
    """Return the capitalised words of a language that are no names to be copied: "Gobierno", "Londres", "España".

    Nothing for a language without a row in data/capitalised_words.toml: there what the engine copies tells the names.
    """
    rows = row_of("capitalised_words", lang)
    if rows is None:
        return frozenset()
    return frozenset(word for words in rows.values() for word in words.split()) | territory_words(lang)
