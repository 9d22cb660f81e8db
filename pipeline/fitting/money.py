"""Sums of money: find them in English news, say them to an engine in words, write them as a language does.

An engine that lacks £ and € does not leave them out, it swaps them: "£11million" came back as "11 milhões de euros".
"""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from pipeline.languages import base_language
from pipeline.typography import group_digits, row

_SCALES = {
    "thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6, "mln": 10**6, "billion": 10**9,
    "bn": 10**9, "b": 10**9, "trillion": 10**12, "tn": 10**12, "trn": 10**12,
}  # fmt: skip
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?<=\d)"
_SIGN = r"(?<![\w$£€])(?:US|U\.S\.|AU?|CA?|NZ|HK|S|R)?\$|[£€¥]"
_SCALE = r"(?:[ \u00a0-]?(?:thousand|million|billion|trillion)|(?:mln|mn|m|bn|b|trn|tn|k))(?![a-zA-Z])"
_ENGLISH = re.compile(
    rf"(?P<sign>{_SIGN})\s?(?P<low>{_NUMBER})(?P<lowscale>{_SCALE})?"
    rf"(?:(?P<to>\s?[-–]\s?|\sto\s)(?P<high>{_NUMBER})(?P<highscale>{_SCALE})?)?"
)


@dataclass(frozen=True, slots=True)
class Money:
    """A sum, or a range of two."""

    start: int
    end: int
    text: str
    currency: str  # ISO 4217
    amounts: tuple[Decimal, ...]  # one, or two for a range
    joint: str  # what stands between the two: "to", "and", "-"; "" for one


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("pipeline").joinpath("data/money.toml").read_text("utf-8"))


def _row(lang: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = _table().get(lang) or _table().get(base_language(lang))
    return found


def find_money(text: str, lang: str) -> list[Money]:
    """Find the sums with a currency sign in a source text, sorted; only English has its rules yet, others give [].

    A plain $ is the US dollar. "$5-10 million" is one range; the scale stands for both.
    """
    if base_language(lang) != "en":
        return []
    return [money for match in _ENGLISH.finditer(text) if (money := _read(match))]


def _read(match: re.Match[str]) -> Money | None:
    currency = _table()["currencies"].get(match["sign"].strip())
    if currency is None:
        return None
    high, end = match["high"], match.end()
    joint = (match["to"] or "").strip()
    # "$5 to 12 people" is no range: behind "to" only a number with a scale is money. "$5 to $6" is two sums.
    if high and joint == "to" and not match["highscale"]:
        high, end, joint = None, match.end("lowscale") if match["lowscale"] else match.end("low"), ""
    low_scale = _scale(match["lowscale"])
    if not high:
        amounts: tuple[Decimal, ...] = (_decimal(match["low"]) * (low_scale or 1),)
    else:
        high_scale = _scale(match["highscale"])
        amounts = (_decimal(match["low"]) * (low_scale or high_scale or 1), _decimal(high) * (high_scale or 1))
    start = match.start()
    return Money(start, end, match.string[start:end], currency, amounts, joint)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _scale(text: str | None) -> int:
    return _SCALES[text.strip(" \u00a0-")] if text else 0


def speak_money(money: Money, text: str) -> str:
    """Say a sum in English words for an engine: "11 million pounds"; before a noun "a 10 million dollar reward".

    The dollar sign stays: the en-pt model writes "US$ 10 milhões", as the press does.
    """
    if money.currency == "USD" and not re.search(r"\d(?:m|mn|mln|bn|b|k|tn|trn)(?![a-z])", money.text):
        return money.text
    spoken = write_money(money, "en")
    before_noun = text[money.end : money.end + 1] == "-"
    many = _table()["en"][money.currency][1]
    return spoken.removesuffix(many) + _table()["en"][money.currency][0] if before_noun else spoken


def write_money(money: Money, lang: str) -> str:
    """Write a sum as a language does: "10 milhões de dólares"; the source's own text where the table lacks it."""
    own = _row(lang)
    if own is None or money.currency not in own:
        return money.text
    joint = {"": "", "-": "-", "–": "-"}.get(money.joint) if money.joint in ("", "-", "–") else None
    parts = [_amount(amount, lang, own) for amount in money.amounts]
    if len(parts) == 1:
        return _with_currency(parts[0], money.amounts[0], money.currency, own)
    first, second = parts
    if first[1] == second[1]:
        first = (first[0], "")
    middle = joint if joint is not None else _JOINTS.get(base_language(lang), " - ")
    return (
        first[0] + (" " + first[1] if first[1] else "") + middle
        + _with_currency(second, money.amounts[1], money.currency, own)
    )  # fmt: skip


_JOINTS = {"en": " to ", "pt": " a ", "es": " a ", "ca": " a ", "gl": " a ", "bg": " до "}


def _amount(amount: Decimal, lang: str, own: dict[str, Any]) -> tuple[str, str]:
    for value, one, many in own["scales"]:
        if amount >= value:
            count = amount / value
            if count == count.quantize(Decimal("0.001")):
                return _number(count, lang), one if count < 2 else many
    return _number(amount, lang), ""


def _number(amount: Decimal, lang: str) -> str:
    whole, _, part = f"{amount.normalize():f}".partition(".")
    if part and amount < 1000 and len(part) == 1 and amount == amount.quantize(Decimal("0.01")) and amount < 1:
        part += "0"  # $.50
    return group_digits(whole, lang) + (str(row(lang)["decimal"]) + part if part else "")


def _with_currency(part: tuple[str, str], amount: Decimal, currency: str, own: dict[str, Any]) -> str:
    number, scale = part
    one, many = own[currency]
    name = one if amount == 1 else many
    return f"{number} {scale}{own['of']}{name}" if scale else f"{number} {name}"


def money_forms(money: Money, lang: str) -> tuple[str, ...]:
    """List the other forms of a sum that count as right in a target: with the currency's sign or code before it."""
    own = _row(lang)
    if own is None or money.currency not in own:
        return ()
    canonical = write_money(money, lang)
    one, many = own[money.currency]
    bare = canonical.removesuffix(many).removesuffix(one).removesuffix(str(own["of"]).rstrip()).strip()
    bare = bare.removesuffix(" de").strip()
    signs = [sign for sign, code in _table()["currencies"].items() if code == money.currency]
    forms = [f"{sign}{space}{bare}" for sign in signs for space in (" ", "", "\u00a0")]
    forms += [f"{bare} {sign}" for sign in signs]
    if money.currency == "USD":
        forms += [
            f"{canonical}{tail}" for tail in (" americanos", " estadounidenses", " norte-americanos", " estatunidenses")
        ]
    return tuple(dict.fromkeys(form for form in forms if form != canonical))
