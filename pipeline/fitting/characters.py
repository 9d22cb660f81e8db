"""Characters that an engine cannot write: those with an equal are mapped, the rest must be protected."""

import re
import unicodedata
from collections.abc import Callable

from pipeline.typography import ADDRESS

# By name, so that a diff can be read. Dashes are handled apart: what they become depends on their neighbours. White
# space of every kind becomes a space, and characters without width (soft hyphen, direction marks) go.
EQUALS = {
    "\N{LEFT DOUBLE QUOTATION MARK}": '"', "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{DOUBLE LOW-9 QUOTATION MARK}": '"', "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}": '"',
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"', "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
    "\N{LEFT CORNER BRACKET}": '"', "\N{RIGHT CORNER BRACKET}": '"', "\N{DOUBLE PRIME}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'", "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{SINGLE LOW-9 QUOTATION MARK}": "'", "\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}": "'", "\N{PRIME}": "'",
    "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}": "'", "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}": "'",
    "\N{MODIFIER LETTER APOSTROPHE}": "'", "\N{GRAVE ACCENT}": "'", "\N{ACUTE ACCENT}": "'",
    "\N{HORIZONTAL ELLIPSIS}": "...", "\N{MULTIPLICATION SIGN}": "x", "\N{MINUS SIGN}": "-",
    "\N{NON-BREAKING HYPHEN}": "-", "\N{HYPHEN}": "-", "\N{BULLET}": "-", "\N{MIDDLE DOT}": "-",
    "\N{FRACTION SLASH}": "/", "\N{LEFT CURLY BRACKET}": "(", "\N{RIGHT CURLY BRACKET}": ")",
    "\N{VULGAR FRACTION ONE HALF}": " 1/2", "\N{VULGAR FRACTION ONE QUARTER}": " 1/4",
    "\N{VULGAR FRACTION THREE QUARTERS}": " 3/4", "\N{VULGAR FRACTION ONE THIRD}": " 1/3",
    "\N{VULGAR FRACTION TWO THIRDS}": " 2/3",
}  # fmt: skip
_DASHES = "\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}\N{FIGURE DASH}"
_DASH = re.compile(rf"(\s*)([{_DASHES}])(\s*)")
CURRENCY_SIGNS = "$£€¥₽₴"
_ORDINAL_MARKS = "ºª"  # NFKC makes letters of them, and readers do as well


def fit_characters(text: str, can_write: Callable[[str], bool]) -> str:
    """Replace what an engine cannot write by its equal; what has none stays.

    Spaces are folded. A dash between digits becomes a hyphen, elsewhere a spaced hyphen.
    """
    text = unicodedata.normalize("NFC", text)
    # Most texts have nothing to fit, and every text has each of its characters several times.
    lost = [char for char in set(text) if not _survives(char, can_write)]
    text = text.translate({ord(char): _equal(char, char) for char in lost}) if lost else text
    text = _DASH.sub(lambda m: m[0] if can_write(m[2]) else _dash(m), text)
    return " ".join(text.split())


def _survives(char: str, can_write: Callable[[str], bool]) -> bool:
    """Whether a character comes out as it went in: a vocabulary takes "²" for "2" without a word (NFKC)."""
    if char.isascii():
        return char.isprintable() and can_write(char)
    if char.isspace() or unicodedata.category(char) in ("Cf", "Cc"):
        return False
    return can_write(char) and (char in _ORDINAL_MARKS or unicodedata.normalize("NFKC", char) == char)


def _equal(char: str, default: str) -> str:
    """Return what stands for a character that an engine cannot write; `default` where nothing does."""
    if char.isspace():
        return " "
    if unicodedata.category(char) in ("Cf", "Cc"):
        return ""
    if char in EQUALS or char.isascii():
        return EQUALS.get(char, default)
    letters = unicodedata.normalize("NFKC", char)
    # "ﬁ", "Ａ": the same letters in another shape. "²" and "™" are not the same as "2" and "TM".
    same = unicodedata.category(char)[0] in "LP" or "\uff01" <= char <= "\uff5e"
    plain = all(one.isascii() and (one.isalnum() or one in ".,;:!?()'\"-/%&+=") for one in letters)
    return letters if same and plain and char not in _ORDINAL_MARKS else default


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
    # Most texts have nothing to protect, and every text has each of its characters several times.
    doubtful = {char for char in set(text) if char in CURRENCY_SIGNS or _is_lost(char, 0, can_write)}
    if not doubtful:
        return _merge(spans)
    safe = bytearray(len(text))
    for start, end in spans:
        safe[start:end] = b"\1" * (end - start)
    for token in re.finditer(r"[^\s“”„«»\"()\[\]—–/,;:]+", text):
        start, end = token.span()
        if any(text[at] in doubtful and not safe[at] and _is_lost(text, at, can_write) for at in range(start, end)):
            while end > start + 1 and text[end - 1] in ".!?'’":
                end -= 1
            possessive = re.search(r"['’]s$", text[start:end])
            spans.append((start, end - (2 if possessive else 0)))
    return _merge(spans)


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_lost(text: str, at: int, can_write: Callable[[str], bool]) -> bool:
    char = text[at]
    if char in CURRENCY_SIGNS:
        return not can_write(char) and not (text[at + 1 : at + 2].isdigit() or text[at - 1 : at].isdigit())
    return char not in _DASHES and not _survives(char, can_write) and _equal(char, "\0") == "\0"
