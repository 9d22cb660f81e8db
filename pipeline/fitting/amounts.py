"""Amounts with a scale word or without: "1,2 milhão", "1.200.000"; how one is written and how else it may be."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.fitting.currencies import read_scales, written_scales
from pipeline.typography import plural_of, write_figure

MOST_DECIMALS = 2  # "1.25 million" is written so, 1,255,000 in digits
_MOST_COUNT = 100_000  # of a scale: "12.000 milhões" is written, "2.800.000 mil" is not


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in digits, with a scale word or without."""

    digits: str
    scale: str = ""

    @property
    def text(self) -> str:
        """The whole: "1,2 milhão"."""
        return f"{self.digits} {self.scale}" if self.scale else self.digits


def write_amount(amount: Decimal, lang: str) -> Figure:
    """Write an amount as a language does: with the largest scale that leaves two decimals or fewer.

    An amount with decimals of its own is in digits, with all of them.

    >>> write_amount(Decimal(1_200_000_000), "es").text, write_amount(Decimal("1500.50"), "pt").text
    ('1200 millones', '1.500,50')
    """
    if amount.as_tuple().exponent == 0:
        for value, words in written_scales(lang):
            count = amount / value
            # Nobody writes "1 mil milhões": one thousand million is "1000 milhões".
            is_usual = count > 1 or " " not in words["other"]
            if count >= 1 and is_usual and _decimals(count) <= MOST_DECIMALS:
                return _scaled(count, words, lang)
    return Figure(write_figure(amount, lang))


def amount_figures(amount: Decimal, lang: str) -> Iterator[Figure]:
    """Give the ways to write an amount: as we do, with every scale that leaves few decimals, in digits.

    In digits also with the group marks of other languages, as an engine may leave them.
    """
    yield write_amount(amount, lang)
    digits = f"{amount:f}"
    whole, _, part = digits.partition(".")
    if not part:
        for word, value in read_scales(lang).items():
            count = amount / value
            if 1 <= count < _MOST_COUNT and _decimals(count) <= MOST_DECIMALS + 1:
                yield Figure(_scaled(count, {"other": ""}, lang).digits, word)
    yield Figure(write_figure(amount, lang))
    yield Figure(write_figure(amount, "en"))
    yield Figure(digits)
    yield from (Figure(write_figure(amount, "en").replace(",", mark)) for mark in " ." if not part)
    if part and not part.strip("0"):
        yield Figure(write_figure(Decimal(whole), lang))


def _decimals(count: Decimal) -> int:
    return max(0, -int(count.normalize().as_tuple().exponent))


def _scaled(count: Decimal, words: dict[str, str], lang: str) -> Figure:
    count = count.normalize() if _decimals(count) else count.quantize(Decimal(1))
    return Figure(write_figure(count, lang), words.get(plural_of(count, lang)) or words["other"])
