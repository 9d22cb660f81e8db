"""Cut plain text into blocks: paragraphs, single lines and list items. What a block is, `roles` says.

A blank line always ends a block. Lines that follow each other directly are

- one block where they are prose wrapped at a margin: each line is as full as its neighbours allow (its next
  word would not have fitted), the column is at least 50 characters wide, at least half of the breaks are not at
  the end of a sentence, and one is plainly inside a sentence: a small letter follows, or "the", "на", a comma
  stands before;
- a block a line otherwise: lists, addresses, verse, headline above credit, articles with one long line a
  paragraph and no blank lines between.

A line that begins with a list marker begins a block; the marker itself is no part of the block's text.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.documents.evidence import load_function_words

MIN_COLUMN = 50
"""Narrowest column of wrapped prose, in characters: mail wraps at 72, `fmt` at 75, old agency wires at 64 to 69.
Lists, verse and addresses are mostly narrower."""

_RAGGED = 0.35  # wrapped by hand: a line may end this early if the sentence plainly goes on
_FULL_LINES = 4  # fewer lines without any mark may be names or titles
_WINDOW = 2  # neighbours on each side that show the width of the column

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]*(?:\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]|\Z)")
_MARKER = re.compile(r"(?P<bullet>[-*+·‣►➤✓–—]\s+|[•▪●○■◦]\s*)|(?P<number>\d{1,3})[.)]\s+|[a-zа-я]\)\s+")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟۔։:;][\"'”“’»)\]]*$")
_DASHES = ("–", "—")  # also begin a line of dialogue


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank."""

    start: int  # of the text proper, after indent and marker
    end: int  # without outer white space
    text: str
    indent: int  # characters of white space before text or marker
    first: bool  # begins a paragraph: a blank line or the start of the file stands before
    marker: bool = False  # begins a list item


@dataclass(frozen=True, slots=True)
class Piece:
    """A block to be: a span of the file's text."""

    start: int
    end: int
    item: bool  # is a list item


def split_blocks(text: str, is_label: Callable[[str], bool]) -> list[Piece]:
    """Cut `text` into its blocks, in order; what lies between them is white space and list markers.

    `is_label` says whether a line is site furniture, a credit or the like by its wording alone: such a line
    at the edge of a paragraph is a block of its own.
    """
    lines = _take_markers_off(_read_lines(text))
    pieces: list[Piece] = []
    first = 0
    for last in range(1, len(lines) + 1):
        if last == len(lines) or lines[last].first or lines[last].marker:
            pieces.extend(_cut_run(lines[first:last], is_label))
            first = last
    return pieces


def _read_lines(text: str) -> list[Line]:
    """Give the lines that are not blank."""
    lines: list[Line] = []
    first = True
    for match in _LINE.finditer(text):
        bare = match[0].strip()
        if bare:
            indent = len(match[0]) - len(match[0].lstrip())
            start = match.start() + indent
            lines.append(Line(start, start + len(bare), bare, indent, first))
        first = not bare
    return lines


def _take_markers_off(lines: list[Line]) -> list[Line]:
    """Mark the list items among `lines`; a marker that may be something else needs a sibling.

    "1. " counts with a "2. " after it ("5. maja" begins a sentence in Serbian), a long dash with another beside it.
    """
    found = [_MARKER.match(line.text) for line in lines]
    numbers = [(i, int(match["number"])) for i, match in enumerate(found) if match and match["number"]]
    siblings = {i for (i, one), (j, other) in pairwise(numbers) if other == one + 1 for i in (i, j)}
    items: list[Line] = []
    for i, (line, match) in enumerate(zip(lines, found, strict=True)):
        if match and _is_item(lines, i, match, numbered=i in siblings):
            cut = match.end()
            items.append(replace(line, start=line.start + cut, text=line.text[cut:], marker=True))
        else:
            items.append(line)
    return items


def _is_item(lines: Sequence[Line], i: int, marker: re.Match[str], *, numbered: bool) -> bool:
    text = lines[i].text
    if not any(char.isalnum() for char in text[marker.end() :]):
        return False  # "* * *"
    if marker["number"]:
        return numbered
    beside = [line.text for line in (*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2])]
    if any(other.startswith(text[0]) for other in beside) or text[0] in "•▪●○■◦‣►➤✓":
        return True
    if text.startswith(_DASHES):
        return False  # a line of dialogue
    if not text.startswith("-"):
        return True
    # A dash that happens to begin a line of wrapped prose: "The security apparatus\n- including the police -".
    return lines[i].first or _ends_sentence(lines[i - 1].text) or lines[i].indent < lines[i - 1].indent


def _cut_run(lines: Sequence[Line], is_label: Callable[[str], bool]) -> list[Piece]:
    """Cut the lines of a paragraph, or of a list item and what follows it, into blocks."""
    head, tail = 0, len(lines)
    while head < tail - 1 and not lines[head].marker and is_label(lines[head].text):
        head += 1
    while tail - 1 > head and is_label(lines[tail - 1].text) and _ends_sentence(lines[tail - 2].text):
        tail -= 1
    middle = [chunk for run in _split_at_indents(lines[head:tail]) for chunk in _join_wrapped(run)]
    chunks = [*([line] for line in lines[:head]), *middle, *([line] for line in lines[tail:])]
    return [Piece(chunk[0].start, chunk[-1].end, chunk[0].marker) for chunk in chunks]


def _split_at_indents(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Cut before each indented first line of a paragraph; the first must be indented and others flush."""
    flush = min(line.indent for line in lines)
    if lines[0].marker or lines[0].indent == flush:
        return [lines]
    starts = [i for i, line in enumerate(lines) if line.indent > flush]
    return [lines[i:j] for i, j in pairwise([*starts, len(lines)])]


def _join_wrapped(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Give one chunk for each wrapped paragraph among `lines`, one for each other line."""
    chunks: list[Sequence[Line]] = []
    first = 0
    for last in range(1, len(lines) + 1):
        if last == len(lines) or not _may_join(lines, last - 1):
            chunk = lines[first:last]
            chunks.extend([chunk] if _is_prose(chunk) else ([line] for line in chunk))
            first = last
    return chunks


def _may_join(lines: Sequence[Line], i: int) -> bool:
    """Whether line i may be wrapped into the next: it fills its column, or it breaks off early in a sentence."""
    this, following = lines[i], lines[i + 1]
    if _hangs_on(lines[0], following):
        return True
    column = max(len(line.text) for line in lines[max(0, i - _WINDOW) : i + _WINDOW + 1])
    if column < MIN_COLUMN:
        return False
    next_word = following.text.partition(" ")[0]
    is_full = len(this.text) + 1 + len(next_word) > column
    return is_full or (not _ends_sentence(this.text) and len(this.text) >= column * _RAGGED)


def _hangs_on(opening: Line, line: Line) -> bool:
    """Whether a line is indented below its list item's marker."""
    return opening.marker and line.indent > opening.indent


def _is_prose(chunk: Sequence[Line]) -> bool:
    if len(chunk) == 1 or all(_hangs_on(chunk[0], line) for line in chunk[1:]):
        return True
    # "Venezuelan / Interior Minister": a full line that stops without a mark goes on too, whatever comes next.
    if len(chunk) >= _FULL_LINES and not any(_ends_sentence(line.text) for line in chunk[:-2]):
        return True
    breaks = list(pairwise(chunk))
    at_ends = sum(_ends_sentence(this.text) for this, _ in breaks)
    return at_ends <= len(breaks) / 2 and any(_goes_on(this, following) for this, following in breaks)


def _goes_on(line: Line, following: Line) -> bool:
    """Whether a sentence plainly runs from one line into the next."""
    if _ends_sentence(line.text):
        return False
    letter = next((char for char in following.text if char.isalnum()), "")
    starts_small = letter.isalpha() and not letter.isupper()
    return starts_small or line.text.endswith(",") or line.text.rpartition(" ")[2] in load_function_words()


def _ends_sentence(text: str) -> bool:
    return bool(_SENTENCE_END.search(text))
