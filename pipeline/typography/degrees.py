"""Temperatures: found in a text, written as a language has them, mended in a target. Nothing is converted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pipeline.typography.figures import is_version, read_figure
from pipeline.typography.tables import locale_of, row, row_of

_NO_BREAK = "\u00a0"
_MINUS = "-\u2212\u2013"
_DEGREE = "°º˚"
_GAP = "[ \u00a0\u202f\u2009]?"
_FIGURE = r"\d{1,4}(?:[.,]\d{1,3})?"
# Celsius has a Cyrillic letter in Cyrillic texts.
_UNITS = {"C": "C", "С": "C", "F": "F"}
# A mark before the figure is a minus unless it joins it to another ("20-25°C", "A-12C").
_PATTERN = re.compile(
    rf"(?<![\w.,/])(?:(?<!\w[{_MINUS}])(?<!\w)(?P<sign>[{_MINUS}]){_GAP})?(?<![\d.,/])"
    rf"(?P<figure>{_FIGURE})(?:{_GAP}(?P<degree>[{_DEGREE}]){_GAP}|(?=[CF]))(?P<unit>[CСF])(?!\w)"
)
_LAST_WORD = re.compile(r"([^\W\d_]+)[ \u00a0]\Z")


@dataclass(frozen=True, slots=True)
class Temperature:
    """A temperature in a text."""

    start: int
    end: int
    text: str
    sign: str  # the minus as it stands, or ""
    value: Decimal  # without the sign
    unit: str  # "C" or "F"


def find_temperatures(text: str, lang: str) -> list[Temperature]:
    """Find the temperatures of a text, in order.

    With the sign of degrees always; "12.5C" and "-12C" unless a word before says that it is a place, a section or a
    product; "25C" only in a text that speaks of temperatures (pipeline/data/temperatures.toml).
    """
    found = (_read(match, lang) for match in _PATTERN.finditer(text))
    return [temperature for temperature in found if temperature]


def _read(match: re.Match[str], lang: str) -> Temperature | None:
    value = read_figure(match["figure"], lang)
    if value is None or not (match["degree"] or _is_meant(match, lang)):
        return None
    return Temperature(match.start(), match.end(), match[0], match["sign"] or "", value, _UNITS[match["unit"]])


def _is_meant(match: re.Match[str], lang: str) -> bool:
    """Whether a figure with C or F and no sign of degrees is a temperature."""
    before = match.string[: match.start()]
    word = _LAST_WORD.search(before[-40:])
    places = str((row_of("temperatures", lang) or {}).get("places", "")).split()
    if is_version(match.string, match.start()) or (word and word[1].lower() in places):
        return False
    return bool(match["sign"]) or not match["figure"].isdigit() or _speaks_of_weather(match.string, lang)


def _speaks_of_weather(text: str, lang: str) -> bool:
    words = str((row_of("temperatures", lang) or {}).get("weather", "")).split()
    return bool(words) and re.search(rf"\b(?:{'|'.join(words)})", text, re.IGNORECASE) is not None


def degrees_of(text: str) -> tuple[str, str]:
    """Return the minus of a temperature as it is written, and its unit: "-12.5C" -> "-", "C"."""
    return text[0] if text[0] in _MINUS else "", _UNITS[text[-1]]


def write_temperature(value: Decimal, unit: str, lang: str, sign: str = "") -> str:
    """Write a temperature as a language does (CLDR); the minus stays as the source has it.

    >>> write_temperature(Decimal("12.5"), "C", "pt", "-"), write_temperature(Decimal("98.6"), "F", "en")
    ('-12,5\\xa0°C', '98.6°F')
    """
    digits = f"{value:f}".replace(".", str(row(lang)["decimal"]))
    return f"{sign}{digits}{_space(lang)}°{unit}"


@cache
def _space(lang: str) -> str:
    locale = locale_of(lang)
    if locale is None:
        return _NO_BREAK
    from babel.units import UnknownUnitError, format_unit

    try:
        written = format_unit(5, "temperature-celsius", "short", locale=locale)
    except UnknownUnitError:
        return _NO_BREAK
    gap = written.partition("5")[2].partition("°")[0]
    return _NO_BREAK if gap == " " else gap


def temperature_forms(value: Decimal, unit: str, lang: str, sign: str = "") -> Iterator[str]:
    """Give the ways in which an engine or an editor may write a temperature, with the sign of degrees or in words."""
    own = row_of("temperatures", lang) or {}
    minus = str(own.get("minus", ""))
    for digits in dict.fromkeys((f"{value:f}".replace(".", str(row(lang)["decimal"])), f"{value:f}")):
        for before in (sign, *(["-", "\u2212", f"{minus} "] if sign else [])):
            for between in ("", " "):
                yield from (f"{before}{digits}{between}{degree}{unit}" for degree in ("°", "º", "° ", "o", ""))
            yield from (f"{before}{digits} {word}" for word in str(own.get("degrees", "")).split())
            yield f"{before}{digits}°"


def mend_temperatures(text: str, source: str, source_lang: str, lang: str) -> str:
    """Write in a target the temperatures of its source as the language does, whatever the engine made of them."""
    for one in find_temperatures(source, source_lang):
        digits = f"{one.value:f}".replace(".", "[.,]")
        written = write_temperature(one.value, one.unit, lang, one.sign)
        minus = rf"(?<!\w)[{_MINUS}]{_GAP}" if one.sign else ""
        letters = "".join(letter for letter, unit in _UNITS.items() if unit == one.unit)
        spelled = (
            rf"(?<![\d.,]){minus}(?<![\d.,/]){digits}{_GAP}(?:[{_DEGREE}]|o(?=[{letters}]))?{_GAP}[{letters}](?!\w)"
        )
        text = re.sub(spelled, lambda match, written=written: written, text)  # type: ignore[misc]  # a default
    return text
