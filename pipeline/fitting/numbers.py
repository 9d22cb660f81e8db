"""Numbers that must stand in every target: which there are, how a language writes them, and what else counts."""

import re
from dataclasses import dataclass

from pipeline.languages import base_language
from pipeline.typography import group_digits, row

_NUMBER = re.compile(r"(?<![\w.,$£€])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(st|nd|rd|th)?(?![\w])", re.ASCII)

# The small numbers that engines and editors write in words, one to twelve.
WORDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "pt": (("um", "uma"), ("dois", "duas"), ("três",), ("quatro",), ("cinco",), ("seis",), ("sete",), ("oito",),
           ("nove",), ("dez",), ("onze",), ("doze",)),
    "es": (("un", "uno", "una"), ("dos",), ("tres",), ("cuatro",), ("cinco",), ("seis",), ("siete",), ("ocho",),
           ("nueve",), ("diez",), ("once",), ("doce",)),
    "ca": (("un", "una"), ("dos", "dues"), ("tres",), ("quatre",), ("cinc",), ("sis",), ("set",), ("vuit",), ("nou",),
           ("deu",), ("onze",), ("dotze",)),
    "gl": (("un", "unha"), ("dous", "dúas"), ("tres",), ("catro",), ("cinco",), ("seis",), ("sete",), ("oito",),
           ("nove",), ("dez",), ("once",), ("doce",)),
    "en": (("one",), ("two",), ("three",), ("four",), ("five",), ("six",), ("seven",), ("eight",), ("nine",), ("ten",),
           ("eleven",), ("twelve",)),
}  # fmt: skip
ORDINALS: dict[str, tuple[tuple[str, ...], ...]] = {
    "pt": (("primeiro", "primeira"), ("segundo", "segunda"), ("terceiro", "terceira"), ("quarto", "quarta"),
           ("quinto", "quinta"), ("sexto", "sexta"), ("sétimo", "sétima"), ("oitavo", "oitava"), ("nono", "nona"),
           ("décimo", "décima")),
    "es": (("primero", "primera", "primer"), ("segundo", "segunda"), ("tercero", "tercera", "tercer"),
           ("cuarto", "cuarta"), ("quinto", "quinta"), ("sexto", "sexta"), ("séptimo", "séptima"),
           ("octavo", "octava"), ("noveno", "novena"), ("décimo", "décima")),
    "ca": (("primer", "primera"), ("segon", "segona"), ("tercer", "tercera"), ("quart", "quarta"),
           ("cinquè", "cinquena"), ("sisè", "sisena"),
           ("setè", "setena"), ("vuitè", "vuitena"), ("novè", "novena"), ("desè", "desena")),
    "gl": (("primeiro", "primeira"), ("segundo", "segunda"), ("terceiro", "terceira"), ("cuarto", "cuarta"),
           ("quinto", "quinta"), ("sexto", "sexta"), ("sétimo", "sétima"), ("oitavo", "oitava"), ("noveno", "novena"),
           ("décimo", "décima")),
}  # fmt: skip
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class Number:
    """A number in digits."""

    start: int
    end: int
    text: str
    whole: str  # digits alone
    part: str  # decimals, "" for none
    is_ordinal: bool


def find_numbers(text: str, lang: str) -> list[Number]:
    """Find the numbers in digits of an English text, sorted; other source languages give [] (their marks differ)."""
    if base_language(lang) != "en":
        return []
    return [
        Number(m.start(), m.end(), m[0], m[1].replace(",", ""), (m[2] or "")[1:], bool(m[3]))
        for m in _NUMBER.finditer(text)
    ]


def write_number(number: Number, lang: str) -> str:
    """Write a number as a language does: "1,200.5" -> "1.200,5" in pt; an ordinal as "19º".

    A number without group marks (a year) gets none.
    """
    whole = group_digits(number.whole, lang) if "," in number.text else number.whole
    written = whole + (str(row(lang)["decimal"]) + number.part if number.part else "")
    return written + "º" if number.is_ordinal and base_language(lang) in ORDINALS else written


def number_forms(number: Number, lang: str) -> tuple[str, ...]:
    """List the other forms of a number that count in a target: the source's own, other grouping, words, Roman."""
    base, digits = base_language(lang), number.whole
    decimal = str(row(lang)["decimal"]) + number.part if number.part else ""
    forms = [digits + decimal, group_digits(digits, lang) + decimal, number.text]
    if len(digits) > 3:
        head = len(digits) % 3 or 3
        groups = [digits[:head], *(digits[at : at + 3] for at in range(head, len(digits), 3))]
        forms += [mark.join(groups) + decimal for mark in (".", " ", "\u00a0")]
        if not number.part and digits.endswith("000"):
            forms.append(group_digits(digits[:-3], lang) + " mil")
    value = int(digits) if len(digits) < 4 and not number.part else 0
    if number.is_ordinal:
        forms += [
            digits + mark for mark in ("º", "ª", "o", "a", ".º", ".ª", "r", "n", "t", "è", "a.", "ma", "-мата", "-и")
        ]
        forms += ORDINALS.get(base, ())[value - 1] if 0 < value <= 10 and base in ORDINALS else ()
        forms.append(_roman(value))
    elif 0 < value <= 12 and base in WORDS:
        forms += WORDS[base][value - 1]
    return tuple(dict.fromkeys(form for form in forms if form))


def _roman(value: int) -> str:
    text = ""
    for size, letters in _ROMAN:
        while value >= size and value < 40:
            text += letters
            value -= size
    return text
