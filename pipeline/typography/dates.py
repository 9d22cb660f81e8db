"""Dates that name their month: "Nov. 20, 2025", "20 de noviembre", by CLDR's names and forms."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from pipeline.typography.tables import locale_of, row

# What a date may hold beside day, month and year: "20 de noviembre", "20 ноември 2025 г.", "20 листопада 2025 року".
_FILLERS = frozenset({"de", "del", "d", "of", "the", "г", "год", "года", "р", "рік", "року", "godine", "god", "г."})
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|ra|ro)\b")
_LONGEST = 40  # characters

# The Associated Press writes "Sept. 5"; CLDR's abbreviation is "Sep".
_ALSO = {"en": {"sept": 9}, "es": {"set": 9, "sep": 9}}


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A day of a month, and whether the month's name was cut short."""

    day: int
    month: int
    year: int | None
    is_short: bool


def read_date(text: str, lang: str) -> NamedDate | None:
    """Read a date that names its month; None for anything else, as a range, a weekday or figures alone.

    >>> read_date("20 noviembre de 2025", "es"), read_date("Nov. 31", "en")
    (NamedDate(day=20, month=11, year=2025, is_short=False), None)
    """
    if len(text) > _LONGEST:
        return None
    pieces = [piece.lower() for piece in _PIECE.findall(_ORDINAL.sub("", text))]
    months = [piece for piece in pieces if piece in _months(lang)]
    others = {piece for piece in pieces if not piece.isdigit()} - set(months) - _FILLERS
    days = [int(piece) for piece in pieces if piece.isdigit() and len(piece) < 3]
    years = [int(piece) for piece in pieces if piece.isdigit() and len(piece) == 4]
    if others or len(months) != 1 or len(days) != 1 or len(years) > 1 or len(pieces) < 2:
        return None
    month, is_short = _months(lang)[months[0]]
    try:
        date(years[0] if years else 2000, month, days[0])  # a leap year, so that 29 February is a day
    except ValueError:
        return None
    return NamedDate(days[0], month, years[0] if years else None, is_short)


def write_date(value: NamedDate, lang: str) -> str:
    """Write a date as a language does; with the whole name of the month where its short form is figures.

    >>> write_date(NamedDate(20, 11, None, True), "pt"), write_date(NamedDate(20, 11, None, True), "bg")
    ('20 de nov.', '20 ноември')
    >>> write_date(NamedDate(20, 11, 2025, False), "en"), write_date(NamedDate(20, 11, 2025, True), "gl")
    ('November 20, 2025', '20 de nov. de 2025')
    """
    from babel.dates import format_date, format_skeleton

    day, year = date(value.year or 2000, value.month, value.day), "y" if value.year else ""
    locale = locale_of(lang)
    if value.is_short:
        text = str(format_skeleton(f"{year}MMMd", day, locale=locale))
        if any(char.isalpha() for char in text.partition("г.")[0]):
            return text
    # Many languages have no form of their own for month, day and year but the long date, whose month is whole.
    return format_date(day, "long", locale=locale) if year else str(format_skeleton("MMMMd", day, locale=locale))


@cache
def calendar_words(lang: str) -> frozenset[str]:
    """Return the names of months and weekdays of a language, long and short, in lower case."""
    locale = locale_of(lang)
    if locale is None:
        return frozenset()
    days = (name for width in ("wide", "abbreviated") for name in locale.days["format"][width].values())
    return frozenset(_months(lang)) | {name.lower().rstrip(".") for name in days}


@cache
def lower_months(lang: str) -> tuple[str, ...]:
    """Return the full names of the months, where the language writes them in small letters; () where it does not."""
    locale = locale_of(lang)
    names = [name.split()[-1] for name in locale.months["format"]["wide"].values()] if locale else []
    return tuple(names) if all(name[:1].islower() for name in names) else ()


def mend_dates(text: str, source: str, source_lang: str, lang: str) -> str:
    """Write the months of a translation in small letters and behind their days, where the language does.

    A month that no day stands before is told from a name ("Julio", "Abril") by the source, which has the same month.

    >>> mend_dates("Segunda-feira, Dezembro 7, em Março", "Monday, December 7, in March", "en", "pt")
    'Segunda-feira, 7 de dezembro, em março'
    >>> mend_dates("A editora Abril, 1o de maio de 2020", "The publisher Abril, 1 May 2020", "en", "pt")
    'A editora Abril, 1º de maio de 2020'
    """
    names = lower_months(lang)
    if not names:
        return text
    known = _months(source_lang)
    told = {known[word][0] for word in map(str.lower, _PIECE.findall(source)) if word in known}
    find = _date_patterns(lang)

    def is_told(name: str) -> bool:
        return names.index(name.lower()) + 1 in told

    def put_behind(match: re.Match[str]) -> str:
        value = NamedDate(int(match[2]), names.index(match[1].lower()) + 1, None, False)
        return write_date(value, lang) if is_told(match[1]) and 0 < value.day <= 28 else match[0]  # in any month

    text = find.before_day.sub(put_behind, text)
    text = find.behind_day.sub(lambda match: match[0].lower(), text)
    text = find.alone.sub(lambda match: match[0].lower() if is_told(match[0]) else match[0], text)
    mark = row(lang).get("ordinal_marks", {}).get("o", "")
    return find.first.sub(rf"\1{mark}", text) if mark else text


@dataclass(frozen=True, slots=True)
class _DatePatterns:
    behind_day: re.Pattern[str]  # a month with a capital behind the number of a day
    alone: re.Pattern[str]  # a month with a capital inside a sentence
    before_day: re.Pattern[str]  # a month, and the number of a day
    first: re.Pattern[str]  # the first of a month, with a letter for its mark


@cache
def _date_patterns(lang: str) -> _DatePatterns:
    lower = "|".join(lower_months(lang))
    capital = "|".join(name.capitalize() for name in lower_months(lang))
    return _DatePatterns(
        re.compile(rf"(?<=\d )(?:de |d')?(?:{capital})\b(?! [A-Z])"),
        re.compile(rf"(?<=[a-zà-ý] )(?:{capital})\b(?! [A-ZÀ-Ý]| de [A-ZÀ-Ý])"),
        re.compile(rf"(?<!\d )(?<! de )\b({capital}|{lower}) (\d{{1,2}})(?![\w%]|[.,:]\d)"),
        re.compile(rf"(?<![\w.,])(1)o(?= de (?:{lower})\b)"),
    )


@cache
def _months(lang: str) -> dict[str, tuple[int, bool]]:
    """Return the names of months, folded and without full stops: the month, and whether the name is a short one."""
    locale = locale_of(lang)
    found: dict[str, tuple[int, bool]] = {}
    if locale is None:
        return found
    for width in ("wide", "abbreviated"):
        for use in ("format", "stand-alone"):
            for month, name in locale.months[use][width].items():
                word = _PIECE.findall(name.lower())[-1:]  # Catalan has "de novembre"
                if word and word[0].isalpha():
                    found.setdefault(word[0], (month, width == "abbreviated"))
    for word_also, month in _ALSO.get(lang.partition("-")[0], {}).items():
        found.setdefault(word_also, (month, True))
    return found
