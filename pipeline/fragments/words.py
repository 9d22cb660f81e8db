"""Cut a text into words, and say of each what it can tell: its script, its form, its capitals, the gap before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from pipeline.fragments.homoglyphs import home_script, repair_lookalikes, settle_script


class Shape(IntEnum):
    """How a word is written; capitals make a name likely, and a name says little about the language."""

    LOWER = 0
    TITLE = 1
    CAPITALS = 2
    MIXED = 3  # iPhone, McDonald
    MASKED = 4  # an address, a handle, code: no word at all


class Gap(IntEnum):
    """What stands between two words: where a fragment begins or ends cheaply, and where it does not."""

    LINE = 0
    SENTENCE = 1
    BRACKET = 2  # quotation marks and brackets
    MARK = 3  # comma, colon, dash
    SPACE = 4
    JOINED = 5  # a hyphen or an apostrophe: two parts of one word


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order; the lists are of one length, `gaps` is one longer (the end of the text)."""

    text: str
    starts: list[int]
    ends: list[int]
    scripts: list[str]  # ISO 15924; "" for what is masked
    forms: list[str]  # lower case, letters of another script repaired; "" for what is masked
    shapes: list[Shape]
    gaps: list[Gap]  # gaps[i] stands before word i

    def __len__(self) -> int:
        return len(self.starts)


# Marks that belong to the letter before them: accents, vowel signs of Arabic, Hebrew, Devanagari, the scripts of India
# and Ceylon (Bengali to Sinhala), Thai, Lao, Tibetan, Burmese, Ethiopic and Khmer, in the order of Unicode.
_SIGNS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u0a01-\u0a03\u0a3c-\u0a4d\u0a70\u0a71"
    "\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c03\u0c3e-\u0c4d\u0c81-\u0c83\u0cbc"
    "\u0cbe-\u0ccd\u0d00-\u0d03\u0d3e-\u0d4d\u0d57\u0d82\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f71-\u0f84\u0f90-\u0fbc\u102b-\u103e\u1056-\u1059\u135d-\u135f"
    "\u17b4-\u17d3\u200c\u200d"
)
# "l'" and "dell'" are words of their own, as in the word lists; "l·l" is one letter in two parts.
_WORD = re.compile(rf"(?!ʼ)[^\W\d_](?:[^\W\d_]|[{_SIGNS}])*(?:['’ʼ](?=[^\W\d_]))?")
MAX_MEMO_LINE = 5_000  # characters; longer lines are not remembered
_CHUNK = re.compile(r"\S+")
_TELLTALE = re.compile(r"[@#/\\_\d]|\.[a-z]|\(\)")  # a chunk without one of these holds no mask
_MASK = re.compile(
    r"(?:https?://|www\.)\S{1,2000}"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|[@#]\w[\w.]{0,200}"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.[a-z]{2,6}\b(?:/\S{0,2000})?"
    r"|\b\w{1,64}(?:[_/\\]\w{1,64}){1,20}\b"
    r"|\b\w*\d\w*\b"
    r"|\b\w{1,64}\(\)"
)
_CODE = re.compile(r"`[^`\n]{1,500}`|<[^<>\n]{1,200}>")
_QUOTES = frozenset('"“”„‟«»()[]{}‘’‚‹›「」『』（）【】《》〈〉*_')
_STOPS = frozenset(".!?…。！？؟۔։।።។။།")
_MARKS = frozenset(":—–-,;/|•·،、，：؛=+>")


def split_words(text: str) -> Words:
    """Cut a text into words, left to right, in linear time. No word reaches over a line end."""
    repaired = repair_lookalikes(text, home_script(text))[0]
    columns: tuple[list[Any], ...] = ([], [], [], [], [], [])
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        split = _split_line if len(line) <= MAX_MEMO_LINE else _split_line.__wrapped__
        starts, ends, *rest = split(line, repaired[at:end])
        columns[0].extend([start + at for start in starts])
        columns[1].extend([end + at for end in ends])
        for column, part in zip(columns[2:], rest, strict=True):
            column.extend(part)
        at = end + 1
    starts, ends, scripts, forms, shapes, gaps = columns
    return Words(text, starts, ends, scripts, forms, shapes, [*gaps, Gap.LINE])


@lru_cache(maxsize=500)
def _split_line(text: str, repaired: str) -> tuple[Sequence[Any], ...]:
    """Cut a line into words: what `Words` has of them, one sequence each. Its last lines are remembered.

    An article is read twice, for its language and for its fragments.
    """
    masks = _find_masks(text)
    rows: list[tuple[int, int, str, str, Shape]] = []
    at = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        while at < len(masks) and masks[at][1] <= start:
            rows.append((*masks[at], "", "", Shape.MASKED))
            at += 1
        if at < len(masks) and start >= masks[at][0]:
            continue
        if at < len(masks) and end > masks[at][0]:
            end = masks[at][0]
        rows.append((start, end, *_describe(repaired[start:end])))
    rows += [(*span, "", "", Shape.MASKED) for span in masks[at:]]
    if not rows:
        return ((),) * 6
    gaps = [Gap.LINE, *(_gap(text[before[1] : after[0]]) for before, after in pairwise(rows))]
    return (*zip(*rows, strict=True), gaps)


def _find_masks(text: str) -> list[tuple[int, int]]:
    """Return the spans that are no words: addresses, handles, tags, code, numbers. In order and apart."""
    spans = [match.span() for match in _CODE.finditer(text)] if "`" in text or "<" in text else []
    for chunk in _CHUNK.finditer(text):
        if _TELLTALE.search(chunk[0]):
            found = (match for match in _MASK.finditer(chunk[0]) if _is_mask(match[0]))
            spans += [(chunk.start() + match.start(), chunk.start() + match.end()) for match in found]
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _is_mask(found: str) -> bool:
    # "Sana.The": a missing space, no address; "и/или" and "and/or" are words.
    if "/" in found or "\\" in found:
        return "//" in found or "." in found or "_" in found or "\\" in found or any(c.isdigit() for c in found)
    return True


@lru_cache(maxsize=8192)  # nine of ten words of a run; a larger one grows for thousands of articles
def _describe(word: str) -> tuple[str, str, Shape]:
    script, form = settle_script(word)
    letters = form.rstrip("'’ʼ")
    if not letters[0].isupper():
        shape = Shape.MIXED if any(char.isupper() for char in letters) else Shape.LOWER
    elif len(letters) > 1 and letters.isupper():
        shape = Shape.CAPITALS
    else:
        shape = Shape.TITLE if letters[1:].islower() or len(letters) == 1 else Shape.MIXED
        shape = Shape.TITLE if not letters[1:].isupper() and letters[1:].lower() == letters[1:] else shape
    return script, form.lower().replace("’", "'").replace("ʼ", "'"), shape


@lru_cache(maxsize=10_000)
def _gap(between: str) -> Gap:
    if between == " ":
        return Gap.SPACE
    if between in ("", "-", "\u2010", "\u2011", "·", "'", "’", "."):
        return Gap.JOINED
    if "\n" in between or "\r" in between:
        return Gap.LINE
    marks = set(between)
    if marks & _QUOTES:
        return Gap.BRACKET
    if marks & _STOPS:
        return Gap.SENTENCE
    return Gap.MARK if marks & _MARKS else Gap.SPACE
