"""Characters that an engine cannot write: those with an equal are mapped, the rest must be protected."""

import re
import unicodedata
from collections.abc import Callable

from pipeline.typography import ADDRESS

# By name, so that a diff can be read. Dashes are handled apart: what they become depends on their neighbours.
EQUALS = {
    "\N{LEFT DOUBLE QUOTATION MARK}": '"', "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{DOUBLE LOW-9 QUOTATION MARK}": '"', "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}": '"',
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"', "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'", "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{SINGLE LOW-9 QUOTATION MARK}": "'", "\N{PRIME}": "'", "\N{DOUBLE PRIME}": '"',
    "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}": "'", "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}": "'",
    "\N{MODIFIER LETTER APOSTROPHE}": "'", "\N{GRAVE ACCENT}": "'", "\N{ACUTE ACCENT}": "'",
    "\N{HORIZONTAL ELLIPSIS}": "...", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{THIN SPACE}": " ", "\N{EN SPACE}": " ", "\N{EM SPACE}": " ", "\N{HAIR SPACE}": " ", "\t": " ", "\n": " ",
    "\r": " ", "\N{FIGURE SPACE}": " ", "\N{SOFT HYPHEN}": "", "\N{ZERO WIDTH SPACE}": "",
    "\N{ZERO WIDTH NO-BREAK SPACE}": "", "\N{ZERO WIDTH JOINER}": "", "\N{ZERO WIDTH NON-JOINER}": "",
    "\N{WORD JOINER}": "", "\N{LEFT-TO-RIGHT MARK}": "", "\N{RIGHT-TO-LEFT MARK}": "",
    "\N{MULTIPLICATION SIGN}": "x", "\N{MINUS SIGN}": "-", "\N{NON-BREAKING HYPHEN}": "-", "\N{HYPHEN}": "-",
    "\N{BULLET}": "-", "\N{MIDDLE DOT}": "-", "\N{FRACTION SLASH}": "/", "\N{LEFT CURLY BRACKET}": "(",
    "\N{RIGHT CURLY BRACKET}": ")", "\N{VULGAR FRACTION ONE HALF}": " 1/2", "\N{VULGAR FRACTION ONE QUARTER}": " 1/4",
    "\N{VULGAR FRACTION THREE QUARTERS}": " 3/4",
}  # fmt: skip
_DASH = re.compile(r"(\s*)([\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{FIGURE DASH}])(\s*)")
CURRENCY_SIGNS = "$£€¥₽₴"


def fit_characters(text: str, can_write: Callable[[str], bool]) -> str:
    """Replace what an engine cannot write by its equal; what has none stays.

    Spaces are folded. A dash between digits becomes a hyphen, elsewhere a spaced hyphen.
    """
    text = unicodedata.normalize("NFC", text)
    text = "".join(char if char not in EQUALS or _keeps(char, can_write) else EQUALS[char] for char in text)
    text = _DASH.sub(lambda m: m[0] if can_write(m[2]) else _dash(m), text)
    return " ".join(text.split())


def _keeps(char: str, can_write: Callable[[str], bool]) -> bool:
    return not char.isspace() and bool(EQUALS[char]) and can_write(char)


def _dash(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    if text[start - 1 : start].isdigit() and text[end : end + 1].isdigit() and not match[1]:
        return "-"
    return " - "


def unwritable_spans(text: str, can_write: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Find the tokens that must be protected: addresses, handles and hashtags always, and every token with a character
    that neither the engine nor its equal can write. Sorted, not overlapping, half-open.

    A currency sign beside digits is no such character: money has its own way.
    """
    spans = [match.span() for match in ADDRESS.finditer(text)]
    for token in re.finditer(r"[^\s“”„«»\"()\[\]—–/,;:]+", text):
        start, end = token.span()
        if all(end <= a or b <= start for a, b in spans) and any(_is_lost(char, can_write) for char in token[0]):
            while end > start + 1 and text[end - 1] in ".!?'’":
                end -= 1
            possessive = re.search(r"['’]s$", text[start:end])
            spans.append((start, end - (2 if possessive else 0)))
    return sorted(spans)


def _is_lost(char: str, can_write: Callable[[str], bool]) -> bool:
    if char in EQUALS or char in CURRENCY_SIGNS or char.isspace() or char in "\N{EN DASH}\N{EM DASH}":
        return False
    return not can_write(char)
