"""Markdown: CommonMark with tables, strikethrough, footnotes and the shortcodes of site generators.

markdown-it-py says what each line is; only the words inside paragraphs, headings, cells and captions are ever
rewritten. Code, raw HTML blocks, links' addresses, reference definitions and white space stay byte for byte.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from pipeline.documents.building import Found, Rendition, build_article, render_marked
from pipeline.documents.evidence import Furniture
from pipeline.documents.front_matter import read_front_matter
from pipeline.documents.guessing import guess_roles
from pipeline.documents.markdown_inline import Item, OutOfStep, make_pieces, note_ends, read_items
from pipeline.model import Article, Piece, Role, Side

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_NESTING = 100
"""Lists and quotations nested deeper than this stay as they are. markdown-it-py's own limit is 20; hand-written
documents hardly reach 6, and every level costs a few calls of Python's stack."""

__all__ = ["Rendition", "parse_markdown", "render_markdown"]

render_markdown = render_marked

_NEWLINE = re.compile(r"\r\n?|\n")
_ROW_START = re.compile(r"[\s>]*(?:(?:[-+*]|\d{1,9}[.)])\s+)*")
_PIPE = re.compile(r"(?<!\\)\|")
_IMAGE = re.compile(r"!\[(?P<alt>(?:[^\[\]\\\n]|\\.)*)\](?:\(.*?(?:\s\"(?P<title>(?:[^\"\\\n]|\\.)*)\")?\s*\))?")
_LINK_END = re.compile(r"\](?P<alt>)\(.*?\s\"(?P<title>(?:[^\"\\\n]|\\.)*)\"\s*\)")
_CONTAINERS = {
    "blockquote_open": Role.QUOTE,
    "list_item_open": Role.LIST_ITEM,
    "footnote_reference_open": Role.BODY,
}


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of the body, and where each lies in the file."""

    text: str  # the file
    starts: tuple[int, ...]
    ends: tuple[int, ...]  # without line end

    def line(self, number: int) -> str:
        """Return a line, without its end."""
        return self.text[self.starts[number] : self.ends[number]]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A block as read: its inline token, role, form and the offsets of its content in the file."""

    token: "Token"
    role: Role | None  # None for a plain paragraph: wording and place tell
    form: str
    offsets: "_Offsets"


@dataclass(frozen=True, slots=True)
class _Offsets:
    """Where the characters of a content lie in the file."""

    content: str
    places: tuple[tuple[int, int], ...]  # offset of each line, and of each escaped pipe, in the content and the file

    def __call__(self, at: int) -> int:
        here, there = self.places[bisect_right(self.places, (at, 1 << 60)) - 1]
        return there + at - here


def parse_markdown(text: str, *, name: str, suffix: str, furniture: Furniture | None = None) -> Article:
    """Parse Markdown into an article: language "", one segment a block, offsets into `text`.

    Roles come from the markup (headings, lists, quotations, tables, captions); plain paragraphs are told apart by
    wording, as in plain text. `furniture` is the list of site lines, ours where None. Raises DocumentError for
    front matter that cannot be read.
    """
    front = read_front_matter(text)
    lines = _read_lines(text, front.end)
    spots = list(_walk(_parser().parse(text[front.end :]), lines))
    read = list(chain.from_iterable(_read_spot(spot, text) for spot in spots))
    found = _tell_roles([one for one, in_tag in read if not in_tag], furniture)
    found += [one for one, in_tag in read if in_tag]
    has_title = any(one.role is Role.HEADLINE for one in front.found)
    found = [replace(one, role=Role.HEADING) if has_title and one.role is Role.HEADLINE else one for one in found]
    article = build_article(text, [*front.found, *found], name=name, suffix=suffix)
    return replace(article, facts=front.facts, declared=front.declared, read_with=("markdown-it-py",))


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    md = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False, move_to_end=False)
    md.disable("text_join")
    note_ends(md)
    return md


def _read_lines(text: str, start: int) -> _Lines:
    starts, ends = [start], []
    for match in _NEWLINE.finditer(text, start):
        ends.append(match.start())
        starts.append(match.end())
    return _Lines(text, tuple(starts), (*ends, len(text)))


@dataclass(slots=True)
class _Context:
    """What stands open around a token."""

    containers: list[Role] = field(default_factory=list)
    heading: "Token | None" = None
    cell: int = -1  # number in its row; -1 outside of tables
    has_title: bool = False

    def follow(self, token: "Token") -> None:
        """Take in a token that opens or closes something."""
        if token.type in _CONTAINERS:
            self.containers.append(_CONTAINERS[token.type])
        elif token.type.replace("_close", "_open") in _CONTAINERS:
            self.containers.pop()
        elif token.type in ("heading_open", "heading_close"):
            self.heading = token if token.nesting > 0 else None
        elif token.type in ("tr_open", "table_close"):
            self.cell = -1
        elif token.type in ("th_open", "td_open"):
            self.cell += 1

    def role(self) -> Role | None:
        """Return the role that the markup gives; None for a plain paragraph."""
        if self.heading:
            is_title = self.heading.tag == "h1" and not self.has_title
            self.has_title = self.has_title or is_title
            return Role.HEADLINE if is_title else Role.HEADING
        return self.containers[-1] if self.containers else None


def _walk(tokens: Sequence["Token"], lines: _Lines) -> Iterator[_Spot]:
    """Give the blocks that hold words, in order."""
    context = _Context()
    for token in tokens:
        if token.type != "inline":
            context.follow(token)
        elif token.map and token.content.strip():
            if context.cell >= 0:
                offsets, form = _in_row(token, lines, context.cell), "cell"
                role: Role | None = Role.TABLE
            else:
                mark = context.heading.markup if context.heading else ""
                offsets, role, form = _in_lines(token, lines, mark), context.role(), "markdown"
            if offsets:
                yield _Spot(token, role, form, offsets)


def _in_lines(token: "Token", lines: _Lines, mark: str) -> _Offsets | None:
    """Find the lines of a paragraph or heading; None where one is not written as it reads (a tab that is cut)."""
    assert token.map is not None
    places: list[tuple[int, int]] = []
    here = 0
    for number, content in enumerate(token.content.split("\n"), start=token.map[0]):
        line = lines.line(number)
        skip = line.find(mark) + len(mark) if mark.startswith("#") else 0
        at = line.find(content, skip) if skip else line.rfind(content)
        if at < 0:
            return None
        places.append((here, lines.starts[number] + at))
        here += len(content) + 1
    return _Offsets(token.content, tuple(places))


def _in_row(token: "Token", lines: _Lines, cell: int) -> _Offsets | None:
    """Find a cell of a table row; None where the row is not written as it reads."""
    assert token.map is not None
    line = lines.line(token.map[0])
    start = _ROW_START.match(line)
    begin = start.end() if start else 0
    pipes = [match.start() for match in _PIPE.finditer(line, begin)]
    if pipes[:1] == [begin]:
        begin, pipes = begin + 1, pipes[1:]
    edges = [begin - 1, *pipes, len(line)]
    if cell + 1 >= len(edges):
        return None
    raw = token.content.replace("|", "\\|")
    at = line.find(raw, edges[cell] + 1, edges[cell + 1])
    if at < 0 or line[edges[cell] + 1 : edges[cell + 1]].strip() != raw:
        return None
    there = lines.starts[token.map[0]] + at
    places = [(0, there)]
    for number, match in enumerate(re.finditer(r"\|", token.content), start=1):
        places.append((match.start() + 1, there + match.start() + 1 + number))
    return _Offsets(token.content, tuple(places))


def _read_spot(spot: _Spot, text: str) -> Iterator[tuple[Found, bool]]:
    """Give the text of a block and those in its tags (descriptions and titles of images and links).

    Where images are all that a block holds, their texts are its own.
    """
    content, at = spot.token.content, spot.offsets
    try:
        items = read_items(spot.token.children or [], content)
    except OutOfStep:
        items = [Item(len(content), content.replace("\n", " "))]
    has_words = any(char.isalnum() for item in items for char in item.text)
    yield from ((one, has_words) for one in _read_titles(items, content, at, text))
    if not has_words:
        return
    ends = [item.end for item in items]
    written = (text[at(a) : at(b)] for a, b in zip([0, *ends], ends, strict=False))
    yield Found(at(0), make_pieces(items, written), spot.role or Role.BODY, spot.form), False


def _read_titles(items: Sequence[Item], content: str, at: _Offsets, text: str) -> Iterator[Found]:
    begin = 0
    for item in items:
        image = None
        if item.name == "image":
            image = _IMAGE.fullmatch(content, begin, item.end)
        elif item.name == "link" and item.side is Side.CLOSE:
            image = _LINK_END.fullmatch(content, begin, item.end)
        for group in ("alt", "title") if image else ():
            assert image is not None
            if image[group]:
                start, end = at(image.start(group)), at(image.end(group))
                form = "markdown" if group == "alt" else "title"
                yield Found(start, (Piece(text[start:end], _unescape(text[start:end])),), Role.CAPTION, form)
        begin = item.end


def _unescape(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def _tell_roles(found: Sequence[Found], furniture: Furniture | None) -> list[Found]:
    """Put the roles of plain paragraphs by wording and place; what stands in italics below an image is its caption."""
    told = guess_roles(found, furniture)
    for i, one in enumerate(told):
        below_image = i > 0 and told[i - 1].role is Role.CAPTION and found[i - 1].role is Role.CAPTION
        if below_image and one.role is Role.BODY and _is_marked(one.pieces):
            told[i] = replace(one, role=Role.CAPTION)
    return told


def _is_marked(pieces: Sequence[Piece]) -> bool:
    """Whether one pair of tags holds everything."""
    first, last = pieces[0], pieces[-1]
    return first.side is Side.OPEN and last.side is Side.CLOSE and first.number == last.number
