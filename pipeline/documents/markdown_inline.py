"""The inline level of Markdown: from the tokens of markdown-it-py back to the characters that they were read from.

The tokens know what they are, not where. Walking them beside their text finds the place of each; links and images,
whose ends no token tells, leave a note where they end when they are read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.model import Piece, Side

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_SOFT = re.compile(r"[ \t]*\n[ \t]*")
_HARD = re.compile(r"(?:\\| {2,})\n[ \t]*")
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)[^>]*?(?P<empty>/?)>", re.DOTALL)
_VOID_TAGS = frozenset({"br", "img", "wbr", "hr", "input", "embed", "source", "track"})
_KEPT_TAGS = frozenset({"code", "kbd", "samp", "var", "tt"})
# Hugo: {{< figure >}}, {{% note %}}, {{ .Title }}; Jekyll and other Liquid: {% include x %}.
_SHORTCODE = re.compile(r"\{\{.{0,2000}?\}\}|\{%.{0,2000}?%\}", re.DOTALL)
_MARKS = {"em", "strong", "s"}


class OutOfStep(Exception):
    """A token does not stand where it should; the text is then taken as it is written."""


@dataclass(frozen=True, slots=True)
class Item:
    """A stretch of the content of a block."""

    end: int  # offset behind it
    text: str = ""
    side: Side = Side.TEXT
    name: str = ""  # of a tag: what its other side is known by
    kept: bool = False
    again: str = ""  # see Piece


def note_ends(md: "MarkdownIt") -> None:
    """Make the rules for links and images note where each ends, and shortcodes be read as such."""
    md.inline.ruler.before("escape", "shortcode", _read_shortcode)
    from markdown_it.rules_inline import image, link

    for name, rule in (("link", link), ("image", image)):
        md.inline.ruler.at(name, _noting(rule))


def _noting(rule: Any) -> Any:
    def read(state: "StateInline", silent: bool) -> bool:
        start = state.pos
        done = bool(rule(state, silent))
        if done and not silent:
            state.tokens[-1].meta = {"start": start, "end": state.pos}
        return done

    return read


def _read_shortcode(state: "StateInline", silent: bool) -> bool:
    if state.src[state.pos] != "{":
        return False
    match = _SHORTCODE.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("shortcode", "", 0).content = match[0]
    state.pos = match.end()
    return True


def read_items(tokens: Sequence["Token"], content: str) -> list[Item]:
    """Return the items of an inline token's children; together they cover `content`. Raises OutOfStep."""
    items: list[Item] = []
    at = 0
    walk = iter(tokens)
    for token in walk:
        if token.type == "link_open" and token.markup == "autolink":
            next(walk), next(walk)
            new = _autolink(content, at)
        else:
            new = _READERS.get(token.type, _read_other)(token, content, at)
        items += new
        at = items[-1].end if items else 0
    if at != len(content):
        raise OutOfStep
    return items


def _expect(content: str, at: int, wanted: str) -> int:
    if not content.startswith(wanted, at):
        raise OutOfStep
    return at + len(wanted)


def _match(pattern: re.Pattern[str], content: str, at: int) -> int:
    match = pattern.match(content, at)
    if match is None:
        raise OutOfStep
    return match.end()


def _read_text(token: "Token", content: str, at: int) -> list[Item]:
    return [Item(_expect(content, at, token.content), token.content)] if token.content else []


def _read_special(token: "Token", content: str, at: int) -> list[Item]:
    return [Item(_expect(content, at, token.markup), token.content)]


def _read_soft(_token: "Token", content: str, at: int) -> list[Item]:
    return [Item(_match(_SOFT, content, at), " ")]


def _read_hard(_token: "Token", content: str, at: int) -> list[Item]:
    end = _match(_HARD, content, at)
    return [Item(end, side=Side.VOID), Item(end, " ")]


def _read_code(token: "Token", content: str, at: int) -> list[Item]:
    begin = _expect(content, at, token.markup)
    close = re.compile(rf"(?<!`){token.markup}(?!`)").search(content, begin)
    if close is None:
        raise OutOfStep
    inner = content[begin : close.start()]
    gap = 1 if token.content != inner.replace("\n", " ") else 0
    return [
        Item(begin + gap, side=Side.OPEN, name="code"),
        Item(close.start() - gap, token.content, kept=True),
        Item(close.end(), side=Side.CLOSE, name="code"),
    ]


def _read_html(token: "Token", content: str, at: int) -> list[Item]:
    end = _expect(content, at, token.content)
    tag = _TAG.fullmatch(token.content)
    if tag is None or tag["empty"] or tag["name"].lower() in _VOID_TAGS:
        is_break = tag is not None and tag["name"].lower() == "br"
        needs_space = is_break and not content[at - 1 : at].isspace() and not content[end : end + 1].isspace()
        return [Item(end, side=Side.VOID), *([Item(end, " ")] if needs_space else [])]
    side = Side.CLOSE if tag["close"] else Side.OPEN
    return [Item(end, side=side, name="<" + tag["name"].lower())]


def _read_mark(token: "Token", content: str, at: int) -> list[Item]:
    kind, _, move = token.type.partition("_")
    side = Side.OPEN if move == "open" else Side.CLOSE
    return [Item(_expect(content, at, token.markup), side=side, name=kind)]


def _read_link(token: "Token", content: str, at: int) -> list[Item]:
    if token.type == "link_open":
        return [Item(_expect(content, at, "["), side=Side.OPEN, name="link")]
    _expect(content, at, "]")
    end = token.meta["end"]
    # "[label]" and "[label][]" go by their words: with other words the label has to be written out.
    is_short = content[at:end] in ("]", "][]")
    label = " ".join(content[token.meta["start"] + 1 : at].split())
    again = f"][{label}]" if is_short else ""
    return [Item(end, side=Side.CLOSE, name="link", again=again)]


def _read_image(token: "Token", content: str, at: int) -> list[Item]:
    _expect(content, at, "![")
    return [Item(token.meta["end"], side=Side.VOID, name="image")]


def _read_footnote(token: "Token", content: str, at: int) -> list[Item]:
    return [Item(_expect(content, at, f"[^{token.meta['label']}]"), side=Side.VOID)]


def _read_shortcode_token(token: "Token", content: str, at: int) -> list[Item]:
    return [Item(_expect(content, at, token.content), side=Side.VOID)]


def _read_other(_token: "Token", _content: str, _at: int) -> list[Item]:
    raise OutOfStep


def _autolink(content: str, at: int) -> list[Item]:
    begin = _expect(content, at, "<")
    end = content.find(">", begin)
    return [
        Item(begin, side=Side.OPEN, name="auto"),
        Item(end, content[begin:end], kept=True),
        Item(end + 1, side=Side.CLOSE, name="auto"),
    ]


_READERS = {
    "text": _read_text,
    "text_special": _read_special,
    "softbreak": _read_soft,
    "hardbreak": _read_hard,
    "code_inline": _read_code,
    "html_inline": _read_html,
    "link_open": _read_link,
    "link_close": _read_link,
    "image": _read_image,
    "footnote_ref": _read_footnote,
    "shortcode": _read_shortcode_token,
    **{f"{kind}_{move}": _read_mark for kind in _MARKS for move in ("open", "close")},
}


@dataclass(slots=True)
class _Open:
    """An open tag on the way through a block."""

    at: int  # index into the pieces
    name: str
    kept: bool  # what it holds is code


def make_pieces(items: Iterable[Item], written: Iterator[str]) -> tuple[Piece, ...]:
    """Number the tags and pair them. `written` gives what the file has for each item.

    A tag of raw HTML whose other side is missing, or crosses other tags, stands for itself.
    """
    pieces: list[Piece] = []
    stack: list[_Open] = []
    for number, (item, raw) in enumerate(zip(items, written, strict=True), start=1):
        side, own = item.side, number
        if side is Side.OPEN:
            is_kept = item.name.removeprefix("<") in _KEPT_TAGS or (bool(stack) and stack[-1].kept)
            stack.append(_Open(len(pieces), item.name, is_kept))
        elif side is Side.CLOSE:
            mate = _find_mate(stack, item.name)
            if mate is None:
                side = Side.VOID
            else:
                own = pieces[mate.at].number
                _give_up(pieces, stack, mate)
        is_text = side is Side.TEXT
        kept = is_text and (item.kept or (bool(stack) and stack[-1].kept))
        pieces.append(Piece(raw, item.text, side, 0 if is_text else own, kept, item.again))
    _give_up(pieces, stack, None)
    return tuple(pieces)


def _find_mate(stack: Sequence[_Open], name: str) -> _Open | None:
    """Return the open tag of a closing one: the innermost; raw HTML may not reach over other tags."""
    if name.startswith("<"):
        return stack[-1] if stack and stack[-1].name == name else None
    return next((tag for tag in reversed(stack) if tag.name == name), None)


def _give_up(pieces: list[Piece], stack: list[_Open], mate: _Open | None) -> None:
    """Take the tags off the stack down to `mate`; those above it never close."""
    while stack:
        tag = stack.pop()
        if tag is mate:
            return
        old = pieces[tag.at]
        pieces[tag.at] = Piece(old.written, "", Side.VOID, old.number)
