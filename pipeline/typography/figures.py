"""Figures: how a language writes a number in digits, and how one is read."""

import re
from decimal import Decimal
from functools import cache

from pipeline.typography.tables import row

SPACES = " \u00a0\u202f\u2009"
APOSTROPHES = "'’"

# At most as many digits as a national budget has; the bounds keep the search linear.
_GROUP_LIMIT = 6


@cache
def figure_pattern(lang: str) -> str:
    """Return the pattern of a figure in a text of a language; no capture groups.

    Spaces group digits where the language has it so, no-break spaces everywhere. Possessive: a figure is taken whole,
    never the first half of "10.5".
    """
    group = str(row(lang)["group"])
    spaces = SPACES if group in SPACES else SPACES.strip(" ")
    if group in APOSTROPHES:
        spaces += APOSTROPHES
    return (
        rf"(?:\d{{1,3}}(?:[{spaces}]\d{{3}}){{1,{_GROUP_LIMIT}}}+(?:[.,]\d{{1,12}})?+(?!\d)|"
        rf"\d{{1,24}}+(?:[.,]\d{{1,12}}+){{0,{_GROUP_LIMIT}}}+)"
    )


def read_figure(text: str, lang: str) -> Decimal | None:
    """Read a figure; None where it is none, as a version (1.2.3) or a date (3.11.2026). Decimals stay as written.

    The language decides what a single mark means: "1.500" is 1500 in pt and 1.5 in en. A figure that cannot be read so
    is read the other way: "3.5" in pt, "1,500.50" in es.

    >>> read_figure("1.500", "pt"), read_figure("3.5", "pt"), read_figure("1,500.50", "es"), read_figure("1.2.3", "en")
    (Decimal('1500'), Decimal('3.5'), Decimal('1500.50'), None)
    """
    marks = re.sub(r"\d", "", text)
    parts = re.split(r"\D", text)
    if not marks:
        return Decimal(text)
    last, earlier = marks[-1], set(marks[:-1])
    if last in ".," and last not in earlier and _is_decimal(parts, last, lang, alone=not earlier):
        return Decimal("".join(parts[:-1]) + "." + parts[-1]) if _grouped(parts[:-1], earlier, lang) else None
    return Decimal("".join(parts)) if _grouped(parts, earlier | {last}, lang) else None


def _is_decimal(parts: list[str], mark: str, lang: str, *, alone: bool) -> bool:
    if not alone or mark == row(lang)["decimal"]:
        return True
    return len(parts[-1]) != 3 or len(parts[0]) > 3 or parts[0].startswith("0")


def _grouped(parts: list[str], marks: set[str], lang: str) -> bool:
    if len(parts) == 1:
        return True
    size = int(row(lang).get("secondary", 3))  # of the groups before the last
    ends = len(marks) == 1 and 0 < len(parts[0]) <= 3 and len(parts[-1]) == 3
    return ends and all(len(part) in (3, size) for part in parts[1:-1])


def group_digits(digits: str, lang: str) -> str:
    """Write a whole number with the language's group marks: "1200" -> "1.200" in pt, "1200" in es.

    >>> group_digits("1200", "pt"), group_digits("1200", "es"), group_digits("1234567", "hi")
    ('1.200', '1200', '12,34,567')
    """
    own = row(lang)
    if len(digits) < 3 + int(own.get("min_grouping", 1)):
        return digits
    size, head, tail = int(own.get("secondary", 3)), digits[:-3], [digits[-3:]]
    while head:
        tail.insert(0, head[-size:])
        head = head[:-size]
    return str(own["group"]).join(tail)


def write_figure(value: Decimal, lang: str) -> str:
    """Write a number with the language's marks; decimals stay as many as they are.

    >>> write_figure(Decimal("1500.50"), "pt")
    '1.500,50'
    """
    whole, _, part = f"{value:f}".partition(".")
    return group_digits(whole, lang) + (str(row(lang)["decimal"]) + part if part else "")


def write_percent(figure: str, lang: str) -> str:
    """Write a figure with the percent sign, on the side and with the space that the language has (CLDR).

    >>> write_percent("18", "en"), write_percent("18", "es"), write_percent("18", "tr")
    ('18%', '18\\xa0%', '%18')
    """
    own = row(lang)
    space = str(own.get("percent_space", ""))
    return f"%{space}{figure}" if own.get("percent_before") else f"{figure}{space}%"


def write_time(hour: int, minute: int, lang: str, half: str = "") -> str:
    """Write a time of day as a language does; `half` is "a" or "p" for an hour before or after noon, "" for 0 to 23.

    >>> write_time(5, 30, "pt", "p"), write_time(12, 5, "es", "a"), write_time(3, 0, "pt", "p")
    ('17h30', '0:05', '15h')
    """
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    form = str(row(lang).get("time", "{h}:{m}"))
    written = form.format(h=hour, m=f"{minute:02}")
    return written if minute or "h" not in form.replace("{h}", "") else f"{hour}h"


# Before the figure of a product: a name inside a sentence ("under Windows 3.1", "the MX-5 2.0"), a word with capitals
# inside or of capitals alone ("iOS 17.2", "USB 3.1"), a word for versions.
_PRODUCT = re.compile(
    r"(?:[a-z,;(] [A-Z][\w-]*\w|(?<![\w-])(?:[a-z]{1,5}[A-Z]\w*|[A-Z][A-Z\d-]*[A-Z\d]|[A-Z][a-z]+[A-Z]\w*)"
    r"|\b(?:[vV]ers\w+|v\.?|build|firmware|kernel)) ?\Z"
)
# A name that begins a text or a sentence, and what a product does.
_FIRST_NAME = re.compile(r"(?:^|[.!?:] [\"“]?)([A-Z][a-z]{2,}) \Z")
_DOES = re.compile(
    r" (?:is|was|are|were|has|had|will|would|can|could|came|comes|runs|ran|ships|shipped|brings|brought|adds|added"
    r"|supports|supported|introduces|introduced|launched|arrived)\b|['’]s\b"
)
# Words of quantity that begin a sentence before a figure.
_QUANTITY = frozenset({
    "about", "almost", "another", "approximately", "around", "average", "barely", "between", "exactly", "fewer", "from",
    "growth", "inflation", "just", "less", "level", "magnitude", "more", "nearly", "only", "over", "roughly", "score",
    "some", "than", "the", "under",
})  # fmt: skip
_SHOUTING = 0.7  # of the letters, in capitals: there a word in capitals is no product


def is_version(text: str, start: int) -> bool:
    """Whether the figure at `start` belongs to a product: "Windows 3.1", "iOS 17.2", "version 2.0"."""
    before = text[max(0, start - 40) : start]
    product = _PRODUCT.search(before)
    if product:
        letters = [char for char in text if char.isalpha()]
        shouts = sum(char.isupper() for char in letters) > _SHOUTING * len(letters)
        return not (shouts and product[0].rstrip().isupper())
    first = _FIRST_NAME.search(before)
    after = text[start:].lstrip("0123456789.,")
    return bool(first and first[1].lower() not in _QUANTITY and _DOES.match(after))


_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def write_roman(value: int) -> str:
    """Write a small number in Roman numerals, as centuries and kings have them; "" from 40 on.

    >>> write_roman(14), write_roman(21), write_roman(40)
    ('XIV', 'XXI', '')
    """
    text = ""
    for size, letters in _ROMAN:
        while value >= size and value < 40:
            text += letters
            value -= size
    return text
