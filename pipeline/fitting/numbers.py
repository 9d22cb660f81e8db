"""Numbers that must stand in every target: which there are, how a language writes them, and what else counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from pipeline.fitting.amounts import amount_figures, write_amount
from pipeline.fitting.currencies import scale_of, scale_patterns
from pipeline.languages import base_language
from pipeline.typography import (
    degrees_of,
    figure_pattern,
    find_temperatures,
    group_digits,
    is_version,
    read_figure,
    row,
    row_of,
    temperature_forms,
    write_figure,
    write_percent,
    write_roman,
    write_temperature,
    write_time,
)

_DASHES = "-\u2010-\u2014"


@dataclass(frozen=True, slots=True)
class Number:
    """A number in digits, with what belongs to it: "1,200", "18%", "21st", "1990s", "110 billion", "3 p.m.", "3-1"."""

    start: int
    end: int
    text: str
    kind: str  # "plain", "percent", "ordinal", "decade", "scaled", "time", "pair", "verbatim", "temperature"
    value: Decimal = Decimal(0)  # of a time: hours x 100 + minutes, on a clock of 24 hours where it says a.m. or p.m.
    is_grouped: bool = False  # has a mark between thousands


@cache
def _row(lang: str) -> dict[str, Any]:
    return row_of("numbers", lang) or {}


@cache
def _pattern(lang: str) -> re.Pattern[str]:
    """Return the pattern of all kinds of numbers of a source language, the longest kinds first."""
    own = _row(lang)

    def read(key: str) -> str:
        return str(own.get(key) or "(?!)")

    clock = r"\d{1,2}:[0-5]\d(?::[0-5]\d)?|\d{1,2} ?h ?(?:[0-5]\d)?(?!\w)"
    behind = "|".join(rf"(?<=\b{word} )" for word in str(own.get("before_clock", "")).split())
    at = rf"(?:{behind or '(?!)'})\d{{1,2}}\.[0-5]\d(?![\d%]|\s?(?:per|m|s|seconds|met|mil|bil)\b)"
    half_day = r"\d{1,2}(?:[.:][0-5]\d)? ?(?:[aApP]\.[mM]\.|[aApP][mM])(?!\w)"
    phone = (
        rf"\+\d{{1,4}}(?:[{_DASHES} ()]{{0,2}}\d{{1,5}}){{2,6}}(?!\w)|\d+(?:[{_DASHES} ()]{{1,2}}\d{{2,}}){{2,6}}(?!\w)"
    )
    version = r"\d+(?:[.:]\d+){2,6}(?!\w)|\d+/\d+(?:/\d+)*"
    # A single letter may be a unit: "5 m", "20 k".
    scale = rf"[ \u00a0\u202f-]?(?P<scale>(?!\w\b){scale_patterns(lang)})(?!\w)"
    return re.compile(
        rf"(?<![\w$£€¥])(?<![\w][.,/])(?:"
        rf"(?P<time>{half_day}|{at}|(?:{clock})(?![\w:]))"
        rf"|(?P<decade>{own.get('decade_read') or '(?!)()'})(?!\w)"
        rf"|(?P<verbatim>{phone}|{version}|{read('verbatim_read')})"
        rf"|(?P<pair>\d{{1,4}}[{_DASHES}]\d{{1,4}}(?![\w]|[.,]\d|[{_DASHES}]\d))"
        rf"|(?P<figure>{figure_pattern(lang)})"
        rf"(?:(?P<percent>[ \u00a0\u202f]?(?:%|{read('percent_read')}))"
        rf"|(?P<ordinal>{read('ordinal_read')})(?!\w)"
        rf"|{scale}|(?![\w'’]\d|\w|[\"″]))"
        rf")"
    )


def find_numbers(text: str, lang: str) -> list[Number]:
    """Find the numbers in digits of a text, sorted, not overlapping.

    A score, a span of years and a time of day are one number each; phone numbers and versions stay as they are; a date
    in digits and a fraction are left to the engine, as 9/11 is. Digits in a word (G7, B2B, COVID-19) are none.

    >>> [(number.text, number.kind) for number in find_numbers("3-1 at 5.30pm, up 18% from the 1990s", "en")]
    [('3-1', 'pair'), ('5.30pm', 'time'), ('18%', 'percent'), ('1990s', 'decade')]
    """
    if not any(char.isdigit() for char in text):
        return []
    found = [
        Number(one.start, one.end, one.text, "temperature", one.value)
        for one in find_temperatures(text, lang)
        if not re.search(rf"\d[{_DASHES}]\Z", text[: one.start])  # the last of "20-25°C" is a part of a pair
    ]
    taken = [(number.start, number.end) for number in found]
    for match in _pattern(lang).finditer(text):
        number = _read(match, lang)
        if number and all(number.end <= start or end <= number.start for start, end in taken):
            found.append(number)
    return sorted(found, key=lambda number: number.start)


def _read(match: re.Match[str], lang: str) -> Number | None:
    text, start = match[0], match.start()
    named = match.string[max(0, start - 2) : start]
    if re.fullmatch(rf"[A-Z][{_DASHES}]", named):
        return None  # "F-16", "COVID-19"
    grouped = read_figure(text, lang) if match["verbatim"] and re.fullmatch(figure_pattern(lang), text) else None
    if grouped is not None:
        return Number(start, match.end(), text, "plain", grouped, is_grouped=True)
    if match["verbatim"] and "/" in text:
        return None
    for kind in ("time", "decade", "pair", "verbatim"):
        if match[kind]:
            value = _clock(text) if kind == "time" else Decimal(re.sub(r"\D", "", text)[-12:])
            return Number(start, match.end(), text, kind, value)
    value_read = read_figure(match["figure"], lang)
    if value_read is None:
        return Number(start, match.end(), text, "verbatim")
    is_grouped = not match["figure"].isdigit() and value_read >= 1000
    if match["scale"]:
        product = value_read * scale_of(match["scale"], lang)
        whole = product == product.to_integral_value()
        value_read = product.quantize(Decimal(1)) if whole else product
    kind = next((kind for kind in ("percent", "ordinal", "scale") if match[kind]), "plain")
    if kind == "plain" and "." in match["figure"] and is_version(match.string, start):
        kind = "verbatim"
    return Number(start, match.end(), text, "scaled" if kind == "scale" else kind, value_read, is_grouped)


def _clock(text: str) -> Decimal:
    digits = [int(part) for part in re.findall(r"\d+", text)]
    hour, minute = digits[0], digits[1] if len(digits) > 1 else 0
    half = re.search(r"[apAP]", text)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    return Decimal(hour * 100 + minute)


def write_number(number: Number, lang: str) -> str:
    """Write a number as a language does: "1,200.5" -> "1.200,5" in pt; "21st" -> "21º"; "3 p.m." -> "15h".

    A number without group marks (a year) gets none.
    """
    writers = {
        "percent": _write_percent,
        "ordinal": _write_ordinal,
        "decade": _write_decade,
        "scaled": _write_scaled,
        "time": _write_time,
        "temperature": _write_temperature,
        "pair": _write_as_is,
        "verbatim": _write_as_is,
    }
    return writers.get(number.kind, _plain)(number, lang)


def _write_percent(number: Number, lang: str) -> str:
    return write_percent(_plain(number, lang), lang)


def _write_ordinal(number: Number, lang: str) -> str:
    mark = str(_row(lang).get("ordinal_marks", "")).split()[:1]
    return f"{number.value}{mark[0] if mark else ''}"


def _write_decade(number: Number, lang: str) -> str:
    return str(_row(lang).get("decade", "{}")).format(number.value)


def _write_scaled(number: Number, lang: str) -> str:
    return write_amount(number.value, lang).text


def _write_temperature(number: Number, lang: str) -> str:
    sign, unit = degrees_of(number.text)
    return write_temperature(number.value, unit, lang, sign)


def _write_as_is(number: Number, lang: str) -> str:
    return number.text


def _plain(number: Number, lang: str) -> str:
    if number.is_grouped:
        return write_figure(number.value, lang)
    whole, _, part = f"{number.value:f}".partition(".")
    zeros = re.match(r"0*", number.text)
    if zeros and not part and number.text[:1] == "0":
        return re.sub(r"\D", "", number.text)
    return whole + (str(row(lang)["decimal"]) + part if part else "")


def _write_time(number: Number, lang: str) -> str:
    hour, minute = divmod(int(number.value), 100)
    if re.search(r"[aApP]\.?[mM]", number.text) is None or base_language(lang) == "en":
        return number.text
    return write_time(hour, minute, lang)


def speak_number(number: Number, text: str) -> str:
    """Say a long round number with a scale word, for an engine: it reads "820 thousand" right, "820,000" as 880 mil.

    And percent with its sign: "12%" for "12 pc".

    Not as a part of a word, "a 250,000-seat stadium".

    >>> text = "820,000 and 1,250,000 and 12,345 in 2026"
    >>> [speak_number(number, text) for number in find_numbers(text, "en")]
    ['820 thousand', '1.25 million', '12,345', '2026']
    >>> speak_number(find_numbers("up 12 pc", "en")[0], "up 12 pc")
    '12%'
    """
    if number.kind == "percent":
        return _with_sign(number)
    is_part = text[number.end : number.end + 1] == "-"
    if number.kind != "plain" or number.value < 100_000 or "," not in number.text or is_part:
        return number.text
    figure = write_amount(number.value, "en")
    if figure.scale or number.value % 1000:
        return figure.text
    return f"{number.value / 1000:f} thousand"


def number_forms(number: Number, lang: str) -> tuple[str, ...]:
    """List the other forms of a number that count in a target: the source's own, other grouping, words, Roman."""
    makers = {
        "percent": _percent_forms,
        "ordinal": _ordinal_forms,
        "decade": _decade_forms,
        "time": _time_forms,
        "pair": _pair_forms,
        "scaled": _figure_forms,
        "plain": _plain_forms,
        "temperature": _temperature_forms,
    }
    make = makers.get(number.kind)
    forms = [*(make(number, lang) if make else ()), _with_sign(number)]
    written = write_number(number, lang)
    return tuple(dict.fromkeys(form for form in forms if form and form != written))


def _with_sign(number: Number) -> str:
    """Return a number as its source has it, but "12%" for "12 pc"."""
    return re.sub(r" ?[a-z]+\Z", "%", number.text) if number.kind == "percent" else number.text


def _figure_forms(number: Number, lang: str) -> Iterator[str]:
    for figure in amount_figures(number.value, lang):
        yield figure.text
        if figure.scale and figure.digits == "1":
            yield from (f"{word} {figure.scale}" for word in _words(Decimal(1), lang))


def _plain_forms(number: Number, lang: str) -> Iterator[str]:
    value = number.value
    yield re.sub(r"[^\d.,]", "", number.text)
    yield _plain(number, lang)
    if value >= 1000:
        yield from _figure_forms(number, lang)
    elif value != value.to_integral_value():
        yield from (f"{value:f}", write_figure(value, lang))
    yield from _words(value, lang)
    if value == value.to_integral_value():
        yield group_digits(f"{value:.0f}", lang)
        yield str(int(value))
        if 0 < value < 32:  # the day of a date: "1º de maio"
            yield from (f"{value:f}{mark}" for mark in str(_row(lang).get("ordinal_marks", "")).split())
            yield from str(_row(lang).get("ordinals", {}).get(f"{value:f}", "")).split()


def _words(value: Decimal, lang: str) -> list[str]:
    return [word.replace("-", " ") for word in _row(lang).get("cardinals", {}).get(f"{value:f}", "").split()]


def _percent_forms(number: Number, lang: str) -> Iterator[str]:
    signs = ["%", *(word.replace("_", " ") for word in str(_row(lang).get("percent", "")).split())]
    for digits in dict.fromkeys((_plain(number, lang), f"{number.value:f}", *_words(number.value, lang))):
        for sign in signs:
            yield f"{digits} {sign}"
        yield f"{digits}%"


def _ordinals(number: Number, lang: str) -> Iterator[str]:
    yield from str(_row(lang).get("ordinals", {}).get(f"{number.value:f}", "")).split()
    yield write_roman(int(number.value))


def _ordinal_forms(number: Number, lang: str) -> Iterator[str]:
    digits = f"{number.value:f}"
    yield from (digits + mark for mark in str(_row(lang).get("ordinal_marks", "")).split())
    yield from _ordinals(number, lang)
    yield digits


def _decade_forms(number: Number, lang: str) -> Iterator[str]:
    year = f"{number.value:f}"
    for digits in dict.fromkeys((year, year[-2:], f"19{year}" if len(year) == 2 else year)):
        yield from (str(_row(lang).get("decade", "{}")).format(digits), digits, f"{digits}s")
    yield from _words(Decimal(int(year[-2:] or 0)), lang)


def _time_forms(number: Number, lang: str) -> Iterator[str]:
    hour, minute = divmod(int(number.value), 100)
    own, half = _row(lang), "am" if hour < 12 else "pm"
    halves = (half, f" {half}", f" {half[0]}.m.")
    if not minute and hour in (0, 12):
        yield from str(own.get("noon" if hour else "midnight", "")).split()
    for digits in dict.fromkeys((str(hour), str((hour - 1) % 12 + 1), f"{hour:02}")):
        if not minute:
            patterns = f"{own.get('hours', '')} {own.get('morning' if hour < 12 else 'afternoon', '')}".split()
            yield from (digits, *_words(Decimal(int(digits)), lang), *(digits + tail for tail in halves))
            yield from (pattern.replace("_", " ").format(digits) for pattern in patterns)
        for mark in (":", ".", ",", "h", " h "):
            yield from (f"{digits}{mark}{minute:02}{tail}" for tail in ("", "h", " h", *halves))


def _pair_forms(number: Number, lang: str) -> Iterator[str]:
    low, high = re.split(rf"[{_DASHES}]", number.text)
    full = low[: len(low) - len(high)] + high
    for last in dict.fromkeys((high, full)):
        yield from (f"{low}{joint}{last}" for joint in ("-", "–", "/", ":", "x", " x ", " a ", " e ", " - ", " – "))
        yield from (f"{first} a {second}" for first in _small(low, lang) for second in _small(last, lang))


def _temperature_forms(number: Number, lang: str) -> Iterator[str]:
    sign, unit = degrees_of(number.text)
    yield from temperature_forms(number.value, unit, lang, sign)


def _small(digits: str, lang: str) -> list[str]:
    return [digits, *_words(Decimal(int(digits)), lang)]
