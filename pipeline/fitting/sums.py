"""Find sums of money in a text: "$10 million", "€3,5 Mio.", "5 млн. лева", "between $20 and $30", "50p"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pipeline.fitting.currencies import (
    SPACE,
    any_of,
    codes,
    fold_spaces,
    money_row,
    read_names,
    scale_of,
    scale_patterns,
    signs,
)
from pipeline.languages import base_language
from pipeline.typography import figure_pattern, read_figure

_DASH = re.compile(rf"{SPACE}?[-\u2010-\u2014]{SPACE}?")
_LOOK_BACK = 12  # characters: longer than any sign, code or "between" with the space behind it
# "p" is a penny from 1p to 99p; 1080p is a screen, "page 50p" and "pp. 50p" are none.
_PENCE = re.compile(r"(?<![\w.,$£€-])(?<!page )(?<!p\. )(?<!pp\. )([1-9]\d?)p(?![\w]|[.,-]\d)")


@dataclass(frozen=True, slots=True)
class Money:
    """A sum, or a range of two."""

    start: int
    end: int
    text: str
    currency: str  # ISO 4217; GBX for pence, "cent" for the hundredth part of a dollar or a euro
    amounts: tuple[Decimal, ...]  # one, or two for a range; decimals as written where no scale word stands
    joint: str  # what stands between the two: "to", "and", "-"; "" for one
    lang: str = "en"  # the language that it was read in


@dataclass(frozen=True, slots=True)
class _Piece:
    """A figure with what belongs to it."""

    start: int
    end: int
    value: Decimal
    scale: int  # 0 = none
    before: str = ""  # code of the sign before the figure
    after: str = ""  # code of the sign or name behind it

    @property
    def code(self) -> str:
        return self.before or self.after

    def amount(self, scale: int = 0) -> Decimal:
        """Multiply; a whole result has no decimals, an amount without a scale keeps those that it was written with."""
        size = self.scale or scale
        if not size:
            return self.value
        product = self.value * size
        return product.quantize(Decimal(1)) if product == product.to_integral_value() else product.normalize()


@dataclass(frozen=True, slots=True)
class _Patterns:
    figure: re.Pattern[str]
    sign_before: re.Pattern[str]  # at the end of what stands before a figure
    scale: re.Pattern[str]  # the rest: behind a figure
    sign_after: re.Pattern[str]
    name_after: re.Pattern[str]
    to: re.Pattern[str]
    between: re.Pattern[str]
    both: re.Pattern[str]


@cache
def _patterns(lang: str) -> _Patterns:
    own = money_row(lang)
    sign = any_of([*signs(lang), *codes()])
    elided = str(own.get("elided", "")).strip()
    link = any_of({str(own.get("of", "")).strip(), elided, elided.replace("'", "’")} - {""}) or "(?!)"
    between, both = own.get("between", ("", ""))
    return _Patterns(
        figure=re.compile(rf"(?<![\w])(?<!\d[.,]){figure_pattern(lang)}"),
        sign_before=re.compile(rf"(?<![\w$£€¥])({sign}){SPACE}?(\.?)\Z"),
        scale=re.compile(rf"(?:{SPACE}|-)?({scale_patterns(lang)})(?!\w)"),
        sign_after=re.compile(rf"(?:{SPACE}(?:{link}){SPACE}?|{SPACE}?)({sign})(?!\w)"),
        name_after=re.compile(rf"(?:{SPACE}|-)(?:(?:{link}){SPACE}?)?((?i:{any_of(read_names(lang))}))(?!\w)"),
        to=re.compile(rf"{SPACE}(?i:{any_of(own.get('range', ())) or '(?!)'}){SPACE}"),
        between=re.compile(rf"(?<!\w)(?i:{re.escape(between) or '(?!)'}){SPACE}\Z"),
        both=re.compile(rf"{SPACE}(?i:{re.escape(both) or '(?!)'}){SPACE}"),
    )


def find_money(text: str, lang: str) -> list[Money]:
    """Find the sums of a source text, sorted, not overlapping.

    A sum is a figure beside a sign, a code or a name of a currency. Amounts wholly in words ("a million dollars") are
    words like others, as is a figure without a currency. A plain $ is the US dollar, except where the language uses it
    for the peso. "$5-10 million" and "between $5 and $6 million" are one range each.

    >>> [(money.text, money.currency) for money in find_money("It cost £11million, or $5 to 12 people.", "en")]
    [('£11million', 'GBP'), ('$5', 'USD')]
    """
    if not any(char.isdigit() for char in text):
        return []
    pieces = list(_pieces(text, lang))
    found: list[Money] = []
    at = 0
    while at < len(pieces):
        first, second = pieces[at], pieces[at + 1] if at + 1 < len(pieces) else None
        if second and (joint := _joint(text, first, second, lang)):
            found.append(_range(text, first, second, joint, lang))
            at += 1
        elif first.code:
            span = text[first.start : first.end]
            found.append(Money(first.start, first.end, span, first.code, (first.amount(),), "", lang))
        at += 1
    return found


def _pieces(text: str, lang: str) -> Iterator[_Piece]:
    patterns = _patterns(lang)
    for match in patterns.figure.finditer(text):
        value = read_figure(match[0], lang)
        if value is not None and (piece := _piece(text, match.span(), value, lang)):
            yield piece


def _piece(text: str, span: tuple[int, int], value: Decimal, lang: str) -> _Piece | None:
    patterns, (start, end) = _patterns(lang), span
    if base_language(lang) == "en" and (pence := _PENCE.match(text, start)):
        return _Piece(start, pence.end(), value, 0, after="GBX")
    scale_match = patterns.scale.match(text, end)
    scale = 0
    if scale_match:
        scale = scale_of(scale_match[1], lang)
        end = scale_match.end()
    elif text[end : end + 1].isalpha():
        return None  # "10x", "5th"
    before = ""
    if sign := patterns.sign_before.search(text[max(0, start - _LOOK_BACK) : start]):
        before = signs(lang).get(fold_spaces(sign[1]), sign[1])
        start -= len(sign[0])
        if sign[2]:  # "$.50"
            digits = text[slice(*span)]
            if not digits.isdecimal():
                return None
            value = Decimal(f"0.{int(digits):0{len(digits)}}")
    name = patterns.name_after.match(text, end)
    if name and _is_weight(text, name, scale, lang):
        name = None
    after = read_names(lang)[fold_spaces(name[1]).lower()] if name else ""
    if not name and not before and (name := patterns.sign_after.match(text, end)):
        after = signs(lang).get(fold_spaces(name[1]), name[1])
    if name and before in ("", after):
        end = name.end()
    return _Piece(start, end, value, scale, before, "" if before else after)


def _is_weight(text: str, name: re.Match[str], scale: int, lang: str) -> bool:
    """Whether a name is a weight, or another thing, as money is not in "20 pounds" or "3 million pounds of beef"."""
    own = money_row(lang)
    if fold_spaces(name[1]).lower() not in (word.lower() for word in own.get("weights", ())):
        return False
    behind = text[name.end() : name.end() + 4].lstrip()
    return not scale or behind.startswith((str(own.get("thing", own.get("of", ""))).strip() or "\0") + " ")


def _joint(text: str, first: _Piece, second: _Piece, lang: str) -> str:
    """Return what makes a range of two figures, "" where they are none."""
    patterns = _patterns(lang)
    between = text[first.end : second.start]
    codes_ = {first.code, second.code} - {""}
    if len(codes_) != 1 or (first.after and not second.after) or _ends(first, second) is None:
        return ""
    if _DASH.fullmatch(between):
        return "-"
    if patterns.both.fullmatch(between):
        opened = patterns.between.search(text[max(0, first.start - _LOOK_BACK) : first.start])
        return between.strip() if opened else ""
    # "$5 to 12 people" is no range: behind "to" only a figure with a currency or a scale is money.
    is_money = second.code or second.scale
    return between.strip() if is_money and patterns.to.fullmatch(between) else ""


def _ends(first: _Piece, second: _Piece) -> tuple[Decimal, Decimal] | None:
    """Return the two amounts of a range, the lower first; None where they make no range.

    The scale of the second stands for both where the first is the smaller figure: "$5 to $10 million".
    """
    shared = 0 if first.scale or first.value >= second.value or first.value >= 1000 else second.scale
    low, high = first.amount(shared), second.amount()
    return (low, high) if low < high else None


def _range(text: str, first: _Piece, second: _Piece, joint: str, lang: str) -> Money:
    ends = _ends(first, second)
    assert ends is not None  # `_joint` has looked
    code = first.code or second.code
    return Money(first.start, second.end, text[first.start : second.end], code, ends, joint, lang)
