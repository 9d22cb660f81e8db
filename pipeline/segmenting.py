"""Cut blocks into sentences, the units that are translated, remembered and aligned.

The sentencex library proposes boundaries; the lists in data/segmentation, which a linguist may edit, and the
quotation marks decide. A false cut spoils two translations, a missed one only makes a sentence longer: in
doubt there is no cut.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from pipeline.inline import cut_pieces, join_text, join_written
from pipeline.languages import LANGUAGES, base_language
from pipeline.model import Article, Block, Piece, Role, Segment
from pipeline.typography import find_dateline

SHORT_QUOTE = 60
"""Quotations and brackets up to this many characters are never cut: below it they are names, titles and
exclamations inside a sentence (“No. Never. Not here”, she said). News sentences average 110 characters (NTREX)."""

# These are translated as a whole: cut in two, a headline loses its sense and a credit its label.
_WHOLE = frozenset(
    {
        Role.HEADLINE, Role.DECK, Role.BYLINE, Role.CREDIT, Role.HEADING, Role.COUNTER, Role.BOILERPLATE,
        Role.TABLE, Role.CODE,
    }
)  # fmt: skip

# These are written from labels and names: what parts them tells which is which.
_COMPOSED = frozenset({Role.BYLINE, Role.CREDIT, Role.COUNTER, Role.CODE})

_BAR = re.compile(r"\s+[|•·]\s+")

_DOUBLE = '"“”„‟«»「」『』《》'
_SINGLE = "'‘’‚‹›"
_BRACKETS = {")": "(", "]": "[", "）": "（"}
_UNSPACED = "。！？｡"  # full stops of scripts that write no space after them

_BLANKED = str.maketrans(dict.fromkeys(_DOUBLE + "()[]（）", " "))
_BREAKS = str.maketrans(dict.fromkeys("\r\n\t\x0b\x0c\x85\u2028\u2029", " "))
# sentencex pairs apostrophes as quotation marks, "un'ora ... dell'anno", and cuts nowhere between.
_LETTERS = str.maketrans(dict.fromkeys("'’‘", "\N{MODIFIER LETTER APOSTROPHE}"))
_TOKEN_START = re.compile(r"\s|(?<=\w)['’]|(?:^|(?<=\s))[–—/-]+")  # "l'Av." is "Av."
_SPACE = re.compile(r"\s+")
_STOP = re.compile(r"[.!?…]\s+(?=\w)")
_WORD = re.compile(r"[\s–—-]*([^\W\d_][\w’'-]*)(.?)")
_FIGURE = re.compile(r"\W*\d")
_ACRONYM = re.compile(r"(?:\w{1,3}\.-?){2,}")
_ORDINAL = re.compile(r"(?:\d{1,2}|[IVXLCDM]+)\.")
_YEAR = re.compile(r"\d{4}\.")
_LIST_NUMBER = re.compile(r"\s*(?:\d{1,3}|\w)\.")
_LABEL_WIDTH = 6  # characters that the number of a list item takes at most
WINDOW = 5_000
"""Characters given to sentencex at once; longer than any paragraph of a newspaper."""

_REACH = 60  # characters on each side of a gap that are looked at; a wider gap is no text


@dataclass(frozen=True, slots=True)
class _Lists:
    """One language's lists; the form is explained in data/segmentation/common.txt."""

    never_end: frozenset[str] = frozenset()
    may_end: frozenset[str] = frozenset()
    before_number: frozenset[str] = frozenset()
    starters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _View:
    """A text made plain, code point for code point."""

    text: str  # line breaks are spaces
    masked: str  # and quotation marks and brackets too
    closers: frozenset[int]  # offsets of marks that close a quotation or bracket
    openers: frozenset[int]
    locked: bytes  # 1 where a short quotation or bracket forbids a cut


def split_sentences(text: str, lang: str) -> list[tuple[int, int]]:
    """Return the sentences of `text` as half-open spans in code points, without outer white space.

    What is between two spans is white space (nothing in scripts that write none). A line break counts as a
    space. Languages without lists are cut by sentencex and the common list. Blank text gives [].

    >>> [("He left the U.S. Then he paid $10 million."[a:b]) for a, b in
    ...  split_sentences("He left the U.S. Then he paid $10 million.", "en")]
    ['He left the U.S.', 'Then he paid $10 million.']
    """
    view = _plain(text)
    base = base_language(lang) if lang in LANGUAGES else lang.partition("-")[0]
    lists = _load_lists(base)
    cuts = [
        _place_cut(view, left, right)
        for left, right in _propose(view.masked, base, lists)
        if _is_end(view.masked, left, right, lists)
    ]
    starts = [0, *sorted({cut for cut in cuts if cut is not None and not view.locked[cut]})]
    spans = [_strip(text, start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return _merge_wordless(text, [span for span in spans if span[0] < span[1]])


def segment_article(article: Article) -> Article:
    """Cut every block of the article into sentences, in the article's language.

    The text of each block stays exactly as it is. Headlines, decks, credits, bylines, headings, counters,
    furniture and captions that do not end as a sentence stay whole. Ids are the block's and "s1", "s2", ...
    """
    blocks = tuple(replace(block, segments=_segment(block, article.language)) for block in article.blocks)
    return replace(article, blocks=blocks)


def _segment(block: Block, lang: str) -> tuple[Segment, ...]:
    text = block.text
    offset = block.segments[0].start
    is_label = block.role is Role.CAPTION and text[-1] not in '.!?…"”“»)'
    whole = block.role in _WHOLE or is_label
    spans = [(0, len(text))] if whole else _split_dateline(text, split_sentences(text, lang), lang)
    spans = spans if block.role in _COMPOSED else _split_at_bars(text, spans)
    if block.segments[0].pieces:
        return _segment_pieces(block, block.segments[0].pieces, spans)
    ends = [start for start, _ in spans[1:]] + [len(text)]
    return tuple(
        Segment(f"{block.id}s{number}", text[start:end], offset + start, text[end:following])
        for number, ((start, end), following) in enumerate(zip(spans, ends, strict=True), start=1)
    )


def _split_dateline(text: str, spans: list[tuple[int, int]], lang: str) -> list[tuple[int, int]]:
    """Cut a dateline off the first sentence; the sentencer may have cut inside it, at "Nov. 20"."""
    line = find_dateline(text, lang)
    if line is None:
        return spans
    start = line.end + len(text[line.end :]) - len(text[line.end :].lstrip())
    rest = [(max(start, one), end) for one, end in spans if end > start]
    return [(0, line.end), *rest]


def _split_at_bars(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut where a bar or a dot with spaces parts what has nothing to do with each other: "Shares fall | Daily Post".

    Only where all parts have letters.

    >>> _split_at_bars("Home | World", [(0, 12)]), _split_at_bars("a|b | 12", [(0, 8)])
    ([(0, 4), (7, 12)], [(0, 8)])
    """
    done: list[tuple[int, int]] = []
    for start, end in spans:
        bars = [bar.span() for bar in _BAR.finditer(text, start, end)]
        edges = [start, *(edge for bar in bars for edge in bar), end]
        parts = list(zip(edges[::2], edges[1::2], strict=True))
        done += parts if all(any(map(str.isalpha, text[a:b])) for a, b in parts) else [(start, end)]
    return done


def _segment_pieces(block: Block, pieces: Sequence[Piece], spans: Sequence[tuple[int, int]]) -> tuple[Segment, ...]:
    """Cut a block with markup: no cut inside code, every tag in a segment or in the gap between two."""
    at = block.segments[0].start
    segments: list[Segment] = []
    for number, (part, tail) in enumerate(cut_pieces(pieces, spans), start=1):
        source, written = join_text(part), join_written(part)
        own = part if written != source else ()
        segments.append(Segment(f"{block.id}s{number}", source, at, tail, own))
        at += len(written) + len(tail)
    return tuple(segments)


def _plain(text: str) -> _View:
    flat = text.translate(_BREAKS)
    pairs = list(_pair_marks(flat))
    masked = flat.translate(_BLANKED)
    singles = [offset for pair in pairs for offset in pair if flat[offset] in _SINGLE]
    if singles:
        chars = list(masked)
        for offset in singles:
            chars[offset] = " "
        masked = "".join(chars)
    locked = bytearray(len(flat))
    for start, end in pairs:
        if end - start <= SHORT_QUOTE:
            locked[start + 1 : end + 1] = b"\1" * (end - start)
    return _View(
        flat, masked, frozenset(end for _, end in pairs), frozenset(start for start, _ in pairs), bytes(locked)
    )


def _pair_marks(text: str) -> Iterator[tuple[int, int]]:
    """Give the offsets of paired quotation marks and brackets.

    Place tells an opening from a closing mark, not its shape: “colectivos“ is a pair, and “ closes in
    Bulgarian and opens in English.
    """
    waiting: dict[str, list[int]] = {"double": [], "single": [], "(": [], "[": [], "（": []}
    for offset, char in enumerate(text):
        if char in waiting:
            waiting[char].append(offset)
        elif char in _BRACKETS:
            if waiting[_BRACKETS[char]]:
                yield waiting[_BRACKETS[char]].pop(), offset
        elif char in _DOUBLE or char in _SINGLE:
            kind = waiting["double" if char in _DOUBLE else "single"]
            if _opens(text, offset, is_open=bool(kind)):
                kind.append(offset)
            elif kind and _closes(text, offset, char):
                yield kind.pop(), offset


def _opens(text: str, offset: int, *, is_open: bool) -> bool:
    before, after = text[offset - 1 : offset], text[offset + 1 : offset + 2]
    if text[offset] in "「『《":
        return True
    if text[offset] in "」』》":
        return False
    at_start = not before or before.isspace() or before in "([（–—-/" or before in _DOUBLE
    at_end = not after or not (after.isalnum() or after in "¿¡#@$€£…" or after in _DOUBLE + _SINGLE)
    if at_start and at_end:  # spaces on both sides, as in French
        return text[offset] in "«“„" or (text[offset] not in "»”" and not is_open)
    return at_start


def _closes(text: str, offset: int, char: str) -> bool:
    """Whether a mark may close; an apostrophe inside a word does not."""
    after = text[offset + 1 : offset + 2]
    return char not in _SINGLE or not after.isalnum()


def _propose(masked: str, base: str, lists: _Lists) -> Iterator[tuple[int, int]]:
    """Give gaps that may divide sentences: where the text before ends and where the text after begins."""
    ends = set(_ask_sentencex(masked.translate(_LETTERS), base or "en"))
    for stop in _STOP.finditer(masked):  # sentencex takes "лв." and "1962 г." for no end whatever follows
        if _starts_sentence(masked, stop.end(), lists):
            ends.add(stop.end())
    solid = len(masked.rstrip())
    for end in sorted(ends):
        left = right = end
        while left and masked[left - 1].isspace():
            left -= 1
        while right < solid and masked[right].isspace():
            right += 1
        if left > 0 and right < solid and right - left <= _REACH:
            yield left, right


def _ask_sentencex(text: str, base: str) -> Iterator[int]:
    """Give the ends of sentencex's sentences; in pieces, as its time grows with the square of the length."""
    from sentencex import get_sentence_boundaries  # a compiled library that --help does not need

    start = 0
    while start < len(text):
        end = start + WINDOW
        if end < len(text):
            stop = max(text.rfind(". ", start, end) + 2, text.rfind("。", start, end) + 1)
            end = stop if stop > start + 2 else end
        for boundary in get_sentence_boundaries(base, text[start:end]):
            at = start + boundary["end_index"]
            if at < end or text[start:end].rstrip()[-1:] in (".", "。"):
                yield at
        start = end


def _is_end(masked: str, left: int, right: int, lists: _Lists) -> bool:
    """Whether the text before `left` ends a sentence and the text from `right` begins one."""
    after = masked[right : right + _REACH]
    token = _TOKEN_START.split(masked[max(0, left - _REACH) : left])[-1]
    first = next((char for char in after if char.isalnum()), "")
    if first.islower() or token in lists.never_end:
        return False
    if not token.endswith((".", "…")):
        return True
    if left <= _LABEL_WIDTH and _LIST_NUMBER.fullmatch(masked, 0, left):
        return False  # "1. First"
    if token in lists.before_number and _FIGURE.match(after):
        return False
    return not _is_doubtful(token, lists) or _starts_sentence(masked, right, lists)


def _is_doubtful(token: str, lists: _Lists) -> bool:
    """Whether a token with a full stop may stand inside a sentence: "U.S.", "J.", "1962 г.", "3.", "..."."""
    return (
        token in lists.may_end
        or token.endswith(("..", "…", "…."))
        or (len(token) == 2 and token[0].isalpha())
        or _ACRONYM.fullmatch(token) is not None
        or ("{n}" in lists.may_end and _ORDINAL.fullmatch(token) is not None)
        or ("{year}" in lists.may_end and _YEAR.fullmatch(token) is not None)
    )


def _starts_sentence(masked: str, offset: int, lists: _Lists) -> bool:
    """Whether one of the words that begin sentences stands at `offset`, dashes aside."""
    word = _WORD.match(masked, offset)
    if word is None:
        return False
    head, apostrophe, _ = word[1].replace("’", "'").partition("'")
    return (word[1] in lists.starters or head + apostrophe in lists.starters) and word[2] != "."


def _place_cut(view: _View, left: int, right: int) -> int | None:
    """Return where the next sentence begins: after the marks that close, before those that open."""
    gap = view.text[left:right]
    best, best_score = None, -1
    for space in _SPACE.finditer(gap):
        cut = left + space.end()
        score = sum(
            (offset in view.closers and offset < cut) or (offset in view.openers and offset >= cut)
            for offset in range(left, right)
        )
        if score > best_score:
            best, best_score = cut, score
    is_closed = any(offset not in view.openers for offset in range(left, right))  # 「行く。」と言った。
    if best is None and not is_closed and view.masked[left - 1] in _UNSPACED:
        return left
    return best


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _merge_wordless(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what has no letter or figure ("…", a smiley) to the sentence before, at the start to the one after."""
    merged: list[tuple[int, int]] = []
    wordless_start: int | None = None
    for start, end in spans:
        has_word = any(char.isalnum() for char in text[start:end])
        if has_word:
            merged.append((start if wordless_start is None else wordless_start, end))
            wordless_start = None
        elif merged:
            merged[-1] = (merged[-1][0], end)
        elif wordless_start is None:
            wordless_start = start
    if wordless_start is not None:
        merged.append((wordless_start, spans[-1][1]))
    return merged


@cache
def _load_lists(base: str) -> _Lists:
    """Load a language's lists and the common ones; a language without a file has the common ones alone."""
    sections: dict[str, set[str]] = {"never-end": set(), "may-end": set(), "before-number": set(), "starters": set()}
    folder = resources.files("pipeline.data") / "segmentation"
    for name in ("common.txt", f"{base}.txt"):
        if not base.isalpha() or not (folder / name).is_file():
            continue
        words = sections["never-end"]
        for line in (folder / name).read_text("utf-8").splitlines():
            if line.startswith("["):
                words = sections[line.strip("[] ")]
            elif not line.startswith("#"):
                words.update(line.split())
    return _Lists(*(frozenset(words | {word[0].upper() + word[1:] for word in words}) for words in sections.values()))
