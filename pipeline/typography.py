"""Quotation marks, numbers and spaces as a language writes them (table: pipeline/data/typography.toml, CLDR 48)."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pipeline.languages import base_language

_DOUBLE = '"“”„‟«»'
_SINGLE = "'‘’‚‹›"
_OPEN_BEFORE = re.compile(r"[\s(\[{—–\-/:>¿¡]")
_CLOSE_AFTER = re.compile(r"[\s)\]}.,;:!?…—–\-/<]")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted span: with its marks from `start` to `end`, without them from `inner_start` to `inner_end`."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    depth: int  # 0 for an outer quotation


@cache
def _rows() -> dict[str, Any]:
    return tomllib.loads(resources.files("pipeline").joinpath("data/typography.toml").read_text("utf-8"))


def row(lang: str) -> dict[str, Any]:
    """Return the table row of a language; English where the table has none."""
    rows = _rows()
    found: dict[str, Any] = rows.get(lang) or rows.get(base_language(lang)) or rows["en"]
    return found


def find_quotes(text: str, lang: str) -> list[Quote]:
    """Find quoted spans whatever marks they use, also badly paired ones: “so“, „so", «so”. Sorted by start.

    A mark is judged by its neighbours: an opening one stands after a space or an opening bracket and before a
    letter, a closing one the other way round. Apostrophes are left alone; an unpaired mark is in no span.
    """
    del lang
    found: list[Quote] = []
    stack: list[int] = []
    for at, char in enumerate(text):
        if char not in _DOUBLE and char not in _SINGLE:
            continue
        if _opens(text, at):
            stack.append(at)
        elif _closes(text, at):
            family = _DOUBLE if char in _DOUBLE else _SINGLE
            partner = next((i for i in reversed(stack) if text[i] in family), None)
            if partner is not None and at > partner + 1:
                del stack[stack.index(partner) :]
                found.append(Quote(partner, at + 1, partner + 1, at, len(stack)))
    # The depth of a span counts the spans around it, not marks that never found a partner.
    spans = sorted(found, key=lambda q: q.start)
    return [
        Quote(q.start, q.end, q.inner_start, q.inner_end, sum(o.start < q.start and q.end <= o.end for o in spans))
        for q in spans
    ]


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    outside = not before or bool(_OPEN_BEFORE.match(before)) or before in _DOUBLE + _SINGLE
    if text[at] in "«‹" and after in ("\u00a0", "\u202f"):
        return True
    return outside and bool(after) and not after.isspace() and not _CLOSE_AFTER.match(after)


def _closes(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in "»›" and before in ("\u00a0", "\u202f"):
        return True
    inside = bool(before) and not before.isspace()
    return inside and (not after or bool(_CLOSE_AFTER.match(after)) or after in _DOUBLE + _SINGLE)


def repair_quotes(text: str, lang: str) -> str:
    """Write every quotation with the language's own marks, nested ones with the nested marks. Idempotent.

    >>> repair_quotes("known as “colectivos“", "pt")
    'known as “colectivos”'
    """
    outer_open, outer_close, inner_open, inner_close = row(lang)["quotes"]
    space = row(lang).get("inner_space", "")
    edits: list[tuple[int, int, str]] = []
    for quote in find_quotes(text, lang):
        if text[quote.start] in _SINGLE and quote.depth == 0 and text[quote.start] in "'’":
            continue  # straight single quotes are too often apostrophes: 'tis, rock 'n' roll
        opening, closing = (inner_open, inner_close) if quote.depth % 2 else (outer_open, outer_close)
        start, end = quote.inner_start, quote.inner_end
        while start < end and text[start] in " \u00a0\u202f":
            start += 1
        while end > start and text[end - 1] in " \u00a0\u202f":
            end -= 1
        pad = space if opening in "«‹" else ""
        edits += [(quote.start, start, opening + pad), (end, quote.end, pad + closing)]
    return _apply(text, edits)


def normalise_quotes(text: str, lang: str) -> str:
    """Repair only the quotations of a source that are wrongly paired; straight and right ones stay as they are.

    >>> normalise_quotes('the “so-called“ "reform"', "en")
    'the “so-called” "reform"'
    """
    edits = []
    outer_open, outer_close = row(lang)["quotes"][:2]
    for quote in find_quotes(text, lang):
        pair = text[quote.start] + text[quote.end - 1]
        if pair not in _GOOD_PAIRS and text[quote.start] in _DOUBLE:
            edits += [(quote.start, quote.start + 1, outer_open), (quote.end - 1, quote.end, outer_close)]
    return _apply(text, edits)


_GOOD_PAIRS = frozenset({"“”", '""', "„“", "„”", "«»", "»«", "‘’", "''", "‚‘", "‹›", "””"})


def _apply(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


# Repairs of a target, in order. Each takes (target, source, language) and gives the target.


def _quotes(text: str, _source: str, lang: str) -> str:
    return repair_quotes(text, lang)


_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,]|\.\d)|(?<![\w.,])\d+\.\d{1,2}(?![\w.]|,\d)")


def _numbers(text: str, source: str, lang: str) -> str:
    """Numbers that the engine left in the form of an English source."""
    own = row(lang)
    if own["decimal"] == "." or own["group"] == ",":
        return text
    numbers = {match[0] for match in _NUMBER.finditer(source)}

    def write(match: re.Match[str]) -> str:
        if match[0] not in numbers:
            return match[0]
        whole, _, part = match[0].partition(".")
        return group_digits(whole.replace(",", ""), lang) + (own["decimal"] + part if part else "")

    return _NUMBER.sub(write, text)


def group_digits(digits: str, lang: str) -> str:
    """Write a whole number with the language's group marks: "1200" -> "1.200" in pt, "1200" in es."""
    own = row(lang)
    if len(digits) < 3 + int(own.get("min_grouping", 1)):
        return digits
    head = len(digits) % 3 or 3
    return str(own["group"]).join([digits[:head], *(digits[at : at + 3] for at in range(head, len(digits), 3))])


def _spaces(text: str, _source: str, lang: str) -> str:
    text = re.sub(r"(?<=\S) {2,}(?=\S)", " ", text)
    spaced = row(lang).get("spaced_marks", [])
    marks = "".join(mark for mark in ",.;:!?" if mark not in spaced)
    return re.sub(rf"(?<=\w) ([{re.escape(marks)}])(?=\s|$)", r"\1", text)


def _opening_marks(text: str, source: str, lang: str) -> str:
    openings: dict[str, str] = row(lang).get("openings", {})
    for closing, opening in openings.items():
        alone = source.rstrip().endswith(closing) and text.rstrip().endswith(closing)
        if alone and opening not in text and sum(mark in text for mark in ".;:") == 0:
            text = opening + text
    return text


def _dashes(text: str, source: str, _lang: str) -> str:
    for dash in ("—", "–"):
        if (f" {dash} " in source or re.search(rf"\w{dash}\w", source)) and " - " in text and " - " not in source:
            return text.replace(" - ", f" {'–' if dash == '–' else '—'} ")
    return text


def _first_letter(text: str, source: str, _lang: str) -> str:
    first = source.lstrip("\"'“‘«„(¿¡ ")[:1]
    lead = len(text) - len(text.lstrip("\"'“‘«„(¿¡ "))
    if first.isupper() and text[lead : lead + 1].islower():
        return text[:lead] + text[lead].upper() + text[lead + 1 :]
    return text


Repair = Callable[[str, str, str], str]
REPAIRS: list[tuple[str, Repair]] = [
    ("quotation_marks", _quotes),
    ("numbers", _numbers),
    ("spaces", _spaces),
    ("dashes", _dashes),
    ("opening_marks", _opening_marks),
    ("first_letter", _first_letter),
]


def repair_typography(text: str, source: str, lang: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Bring a target's typography into its language's form: the text and the repairs made (name, before, after)."""
    done = []
    for name, repair in REPAIRS:
        repaired = repair(text, source, lang)
        if repaired != text:
            done.append((name, text, repaired))
        text = repaired
    return text, done
