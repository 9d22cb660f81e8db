"""Put spans out of an engine's reach and back.

A span travels in marked text (see `model.MARK_FIRST`): fenced, with something readable inside. An engine that
keeps marks takes marked text as it is. For the others each span becomes one opaque token, and back.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import MARK_CLOSE, MARK_FIRST, MARK_LIMIT

_OPEN = f"[{chr(MARK_FIRST)}-{chr(MARK_LIMIT - 1)}]"
_MARKED = re.compile(f"({_OPEN})([^{MARK_CLOSE}]*){MARK_CLOSE}")
_ANY_MARK = re.compile(f"{_OPEN}|{MARK_CLOSE}")

# Token styles in the order of preference, with the share of tokens that came back from the en-pt model whole,
# of 150 sentences (98 %, 98 %, 99 %). What always dies there: ⟦0⟧ {0} <x0> #0 «0»: not in the vocabulary.
TOKEN_STYLES = ("XQ{}", "Zyx{}", "PH_{}")


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked span of a text, located in the text without marks."""

    number: int
    start: int
    end: int
    text: str


def mark_spans(text: str, spans: Sequence[tuple[int, int, int, str]]) -> str:
    """Fence spans of `text`, each (start, end, number, what to put inside); sorted, not overlapping.

    >>> read_marks(mark_spans("Hello Maria there", [(6, 11, 4, "Ana")]))
    ('Hello Ana there', [Marked(number=4, start=6, end=9, text='Ana')])
    """
    parts, at = [], 0
    for start, end, number, inner in spans:
        parts += [text[at:start], fence(number, inner)]
        at = end
    return "".join([*parts, text[at:]])


def fence(number: int, inner: str) -> str:
    """Write one marked span."""
    return chr(MARK_FIRST + number) + inner + MARK_CLOSE


def read_marks(marked: str) -> tuple[str, list[Marked]]:
    """Take the fences off: the plain text and where each span lies in it, in order of place."""
    if not _ANY_MARK.search(marked):
        return marked, []
    parts: list[str] = []
    found: list[Marked] = []
    at = length = 0
    for match in _MARKED.finditer(marked):
        before = marked[at : match.start()]
        inner = match[2]
        parts += [before, inner]
        start = length + len(before)
        length = start + len(inner)
        found.append(Marked(ord(match[1]) - MARK_FIRST, start, length, inner))
        at = match.end()
    plain = "".join([*parts, marked[at:]])
    return _ANY_MARK.sub("", plain), found


def replace_marks(marked: str, inners: Mapping[int, str]) -> str:
    """Put another text inside the spans named; the others stay."""
    return _MARKED.sub(
        lambda m: fence(n, inners[n]) if (n := ord(m[1]) - MARK_FIRST) in inners else m[0],
        marked,
    )


def drop_marks(marked: str, keep: Collection[int] = ()) -> str:
    """Take the fences off all spans but those named in `keep`; what is inside stays."""
    return _MARKED.sub(lambda m: m[0] if ord(m[1]) - MARK_FIRST in keep else m[2], marked)


def edit_before(marked: str, edit: Callable[[int, str, str], str]) -> str:
    """Rewrite what stands before each span: `edit(number, text before, what is inside)` gives the new text before."""
    for match in reversed(list(_MARKED.finditer(marked))):
        before = edit(ord(match[1]) - MARK_FIRST, marked[: match.start()], match[2])
        marked = before + marked[match.start() :]
    return marked


def edit_after(marked: str, edit: Callable[[int, str, str], str]) -> str:
    """Rewrite what stands behind each span: `edit(number, what is inside, text behind)` gives the new text behind."""
    for match in reversed(list(_MARKED.finditer(marked))):
        marked = marked[: match.end()] + edit(ord(match[1]) - MARK_FIRST, match[2], marked[match.end() :])
    return marked


def choose_style(texts: Sequence[str], attempt: int = 0) -> str:
    """Pick a token style of which no text holds an instance; a later `attempt` gives another style."""
    styles = TOKEN_STYLES[attempt % len(TOKEN_STYLES) :] + TOKEN_STYLES[: attempt % len(TOKEN_STYLES)]
    for style in styles:
        if not any(style.format("").casefold() in text.casefold() for text in texts):
            return style
    letters = 1
    while any("Q" * letters in text.upper() for text in texts):
        letters += 1
    return "X" + "Q" * letters + "{}"


def encode_tokens(marked: str, style: str) -> tuple[str, list[int]]:
    """Write every marked span as one token; returns the text and the span number behind each token.

    >>> encode_tokens(mark_spans("a bb c", [(2, 4, 7, "bb")]), "XQ{}")
    ('a XQ0 c', [7])
    """
    numbers: list[int] = []

    def write(match: re.Match[str]) -> str:
        numbers.append(ord(match[1]) - MARK_FIRST)
        return style.format(len(numbers) - 1)

    return _MARKED.sub(write, marked), numbers


def decode_tokens(text: str, style: str, numbers: Sequence[int], inners: Mapping[int, str]) -> str:
    """Turn tokens back into marked spans. A token that the engine wrote twice is marked once, the first time.

    A token that did not come back leaves its span out of the result: the caller compares.
    """
    seen: set[int] = set()

    def write(match: re.Match[str]) -> str:
        at = int(match[1])
        if at >= len(numbers):
            return match[0]
        if at in seen:
            return ""
        seen.add(at)
        return fence(numbers[at], inners[numbers[at]])

    return _token_pattern(style).sub(write, text)


def _token_pattern(style: str) -> re.Pattern[str]:
    # Engines change the case of a token at the start of a headline, and put a space before its digit.
    token = re.escape(style).replace(r"\{\}", r" ?(\d+)")
    return re.compile(rf"(?<![A-Za-z0-9]){token}(?!\d)", re.IGNORECASE)
