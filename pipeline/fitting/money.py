"""Sums of money: say them to an engine in words, write them as a language's news does, and what else counts.

An engine that lacks £ and € does not leave them out, it swaps them: "£11million" came back as "11 milhões de euros".
"""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import product

from pipeline.fitting.amounts import Figure, amount_figures, write_amount
from pipeline.fitting.currencies import codes, link, money_row, name_of, names_of, signs, written_codes, written_scales
from pipeline.fitting.sums import Money
from pipeline.languages import base_language

_FEW = 3  # spellings of a currency in a range, where each multiplies the forms


def write_money(money: Money, lang: str) -> str:
    """Write a sum as a language's news does: "10 milhões de dólares"; the source's own text where it has no name.

    The amount is kept to the last decimal: "$1,500.50" is "1.500,50 dólares".
    """
    if not name_of(money.currency, money.amounts[-1], lang):
        return money.text
    sign = money_row(lang).get("written_signs", {}).get(money.currency)
    return _with_sign(money, str(sign), lang) if sign else _in_words(money, lang)


def _with_sign(money: Money, sign: str, lang: str) -> str:
    figures = [write_amount(amount, lang) for amount in money.amounts]
    if len(figures) == 1:
        return sign + figures[0].text
    (low, high), joint = figures, _joint(money, lang)
    if money.joint == "-" and low.scale == high.scale:
        return f"{sign}{low.digits}{joint}{high.text}"
    return f"{sign}{low.text}{_spaced(joint)}{sign}{high.text}"


def _in_words(money: Money, lang: str) -> str:
    figures = [write_amount(amount, lang) for amount in money.amounts]
    return _written_range(money, figures, lang) if len(figures) == 2 else _named(figures[0], money, -1, lang)


def _named(figure: Figure, money: Money, end: int, lang: str, name: str = "") -> str:
    """Write a figure with the currency behind it."""
    name = name or name_of(money.currency, money.amounts[end], lang)
    return f"{figure.digits} {link(figure.scale, name, lang)}" if figure.scale else f"{figure.digits} {name}"


def _written_range(money: Money, figures: list[Figure], lang: str) -> str:
    low, high = figures
    joint, last = _joint(money, lang), _named(high, money, 1, lang)
    if high.scale and not low.scale:
        return _named(low, money, 0, lang) + _spaced(joint) + last  # "500 dólares a 1 milhão de dólares"
    if low.scale and not _same_scale(money.amounts, lang):
        return low.text + _spaced(joint) + last  # "500 milhões a 1,2 bilhão de dólares"
    return low.digits + joint + last


def _same_scale(amounts: tuple[Decimal, ...], lang: str) -> bool:
    sizes = [next((value for value, _ in written_scales(lang) if amount >= value), 1) for amount in amounts]
    return sizes[0] == sizes[1]


def _spaced(joint: str) -> str:
    return joint if joint.startswith(" ") else " – "


def _joint(money: Money, lang: str) -> str:
    own = money_row(lang)
    if money.joint == "-":
        return str(own.get("dash", "-"))
    between = money_row(money.lang).get("between", ("", ""))
    if money.joint == between[1] and "between" in own:
        return f" {own['between'][1]} "
    return f" {own['range'][0]} " if "range" in own else " – "


def speak_money(money: Money, text: str) -> str:
    """Say a sum in words of its own language, for an engine that lacks its sign: "11 million pounds".

    Before a noun a sum is singular: "a 10 million pound reward". What is in words already stays, unless the engine does
    not know the name, and so does a plain dollar sum: the en-pt model writes "US$ 10 milhões", as the press does. Not
    so "$1,500.50", which it breaks.
    """
    sign, lang = _sign_of(money), money.lang
    one, many = (name_of(money.currency, Decimal(count), lang) for count in (1, 2))
    names = money_row(lang).get("spoken", {}).get(money.currency, (one, many))
    is_plain = sign == "$" and not re.search(r"\d[a-zA-Z]|,\d+\.", money.text)
    is_known = not sign and list(names) == [one, many]
    if not many or is_known or is_plain or (sign.isascii() and sign and base_language(lang) not in _SPOKEN_FROM):
        return money.text
    spoken = _in_words(money, lang)
    before_noun = base_language(lang) == "en" and money.currency != "GBX" and _stands_before_noun(money, text)
    for name in (many, one):
        if spoken.endswith(name):
            return spoken.removesuffix(name) + str(names[0 if before_noun or name == one != many else 1])
    return spoken


_SPOKEN_FROM = frozenset({"en"})  # where even signs of letters (A$, BGN) are said in words
_DETERMINER = re.compile(
    r"(?i:\b(?:an?|the|this|that|its|their|his|her|our|my|your|each|every|another|first|second|new|proposed|whopping|"
    r"estimated|further|extra|record|no)|\w['’]s|\ws['’])\s(?:\w+-?\w*\s)?\Z"
)
_NOUN = re.compile(r"\s([a-z][\w-]*)")


def _stands_before_noun(money: Money, text: str) -> bool:
    """Whether a sum is an adjective: "a £2 million house", "the UK's £2.8bn market", "£10-a-day"."""
    if text[money.end : money.end + 1] == "-":
        return True
    noun = _NOUN.match(text, money.end)
    return bool(
        noun
        and noun[1] not in money_row("en")["no_nouns"].split()
        and _DETERMINER.search(text[max(0, money.start - 30) : money.start])
    )


def _sign_of(money: Money) -> str:
    """Return the sign or code that a sum is written with, "" where it is in words."""
    text = money.text
    if money.currency == "GBX":
        return "p" if text.endswith("p") else ""
    known = sorted((*signs(money.lang), *codes()), key=lambda sign: (-len(sign), sign))
    return next((sign for sign in known if text.startswith(sign) or text.endswith(sign)), "")


def money_forms(money: Money, lang: str) -> tuple[str, ...]:
    """List the other forms of a sum that count as right in a target.

    With sign or code before or behind, any name of the currency, the figure with a scale or in digits, and the marks
    of the source, which the repair of numbers changes later.
    """
    if not name_of(money.currency, money.amounts[-1], lang):
        return ()
    forms = _range_forms(money, lang) if len(money.amounts) == 2 else _single_forms(money, 0, lang)
    return tuple(dict.fromkeys(form for form in (_in_words(money, lang), *forms) if form != write_money(money, lang)))


def _single_forms(money: Money, end: int, lang: str) -> Iterator[str]:
    for figure in amount_figures(money.amounts[end], lang):
        for name in _names(money, lang):
            yield _named(figure, money, end, lang, name)
            if figure.scale and link(figure.scale, name, lang) != f"{figure.scale} {name}":
                yield f"{figure.text} {name}"
        for sign in _signs(money):
            yield from (f"{sign} {figure.text}", f"{sign}{figure.text}", f"{figure.text} {sign}")
            if len(figure.scale) <= 1:
                yield f"{figure.text}{sign}"


def _range_forms(money: Money, lang: str) -> Iterator[str]:
    pairs = dict.fromkeys(
        zip(amount_figures(money.amounts[0], lang), amount_figures(money.amounts[1], lang), strict=False)
    )
    joints = dict.fromkeys([_joint(money, lang), *_JOINTS, *_own_joints(lang)])
    for (low, high), joint in product(pairs, joints):
        for first in dict.fromkeys((low.digits, low.text)):
            for name in _names(money, lang)[:_FEW]:
                yield first + joint + _named(high, money, 1, lang, name)
                yield _named(low, money, 0, lang, name) + joint + _named(high, money, 1, lang, name)
            for sign, space in product(_signs(money)[:_FEW], (" ", "")):
                yield f"{sign}{space}{first}{joint}{high.text}"
                yield f"{sign}{space}{first}{joint}{sign}{space}{high.text}"


_JOINTS = ("-", "–")


def _own_joints(lang: str) -> list[str]:
    own = money_row(lang)
    return [f" {word} " for word in (*own.get("range", ()), *own.get("between", ())[1:])]


def _names(money: Money, lang: str) -> list[str]:
    """Return the names that count: all that are read, without the singular where the sum is more than one.

    The bare noun counts where no other currency has it: "zlotys" for "zlotys poloneses", not "pesos".
    """
    counts = money_row(lang).get("counts", {}).get(money.currency, ())
    one, many = (name_of(money.currency, Decimal(count), lang) for count in (1, 2))
    names = dict.fromkeys([name_of(money.currency, money.amounts[-1], lang), *names_of(money.currency, lang), *counts])
    noun = many.split(" ")[0]
    if noun != many and noun not in _shared_nouns(lang):
        names[noun] = None
    return [name for name in names if name != one or one == many or money.amounts[-1] < 2]


@cache
def _shared_nouns(lang: str) -> frozenset[str]:
    nouns = Counter(name.split(" ")[0] for code in written_codes() if (name := name_of(code, Decimal(2), lang)))
    return frozenset(noun for noun, count in nouns.items() if count > 1)


def _signs(money: Money) -> list[str]:
    """Return the signs of a currency in the order of use, and its code."""
    known = [sign for sign, code in signs("en").items() if code == money.currency]
    if money.currency == "GBX":
        return ["p"]
    return [*known[:_FEW], money.currency] if money.currency.isupper() else known
