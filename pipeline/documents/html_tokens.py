"""Cut HTML into tags, text and what is neither, with the place of each: the HTML standard's tokenizer, section 13.2.5.

A parser that builds a tree would forget how the page was written; and the HTML parser of libxml2 drops all that is
nested deeper than 255 levels. Here nothing is dropped: the tokens together are the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_TAG_START = re.compile(r"<(?:(?P<close>/?)(?P<name>[A-Za-z][^\s/>]*)|[!?/])")
_ATTRIBUTE = re.compile(
    r"""[\s/]*(?P<name>[^\s/>][^\s/>=]*)"""
    r"""(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s>"'][^\s>]*)?))?"""
)
_TAG_END = re.compile(r"[\s/]*>")
_COMMENT_END = re.compile(r"--!?>")
_CDATA_END = "]]>"

# What these hold is no markup: it ends with their own closing tag alone.
RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title", "plaintext"})
VOID = frozenset(
    {
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
        "meta", "param", "source", "track", "wbr",
    }
)  # fmt: skip


class Kind(Enum):
    """What a token is."""

    TEXT = "text"
    RAW = "raw"  # what stands in a script, a style, a title
    OPEN = "open"
    CLOSE = "close"
    OTHER = "other"  # comment, doctype, processing instruction, what is cut off at the end of the file


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a tag."""

    name: str  # lower case
    value: str  # as written, references and all
    start: int  # of the value in the file
    end: int
    quote: str  # `"`, `'` or "" for a value without quotation marks


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the page."""

    kind: Kind
    start: int
    end: int
    name: str = ""  # of a tag, lower case
    attributes: tuple[Attribute, ...] = ()

    def get(self, name: str) -> str:
        """Return the value of an attribute as written; "" where there is none."""
        return next((one.value for one in self.attributes if one.name == name), "")


def tokenize(text: str, start: int = 0) -> Iterator[Token]:
    """Give the tokens of a page; joined they are `text` from `start` on. Linear in its length."""
    at = start
    while at < len(text):
        tag = _find_tag(text, at)
        if tag is None:
            yield Token(Kind.TEXT, at, len(text))
            return
        if tag.start() > at:
            yield Token(Kind.TEXT, at, tag.start())
        token = _read_tag(text, tag) if tag["name"] else _read_other(text, tag.start())
        yield token
        at = token.end
        if token.kind is Kind.OPEN and token.name in RAW:
            end = _find_raw_end(text, at, token.name)
            if end > at:
                yield Token(Kind.RAW, at, end, token.name)
            at = end


def _find_tag(text: str, at: int) -> re.Match[str] | None:
    return _TAG_START.search(text, at)


def _read_tag(text: str, tag: re.Match[str]) -> Token:
    name = tag["name"].lower()
    attributes: list[Attribute] = []
    seen: set[str] = set()
    at = tag.end()
    while not (end := _TAG_END.match(text, at)):
        match = _ATTRIBUTE.match(text, at)
        if match is None:  # the file ends inside the tag
            return Token(Kind.OTHER, tag.start(), len(text))
        one = _attribute(match)
        if one.name not in seen:
            attributes.append(one)
            seen.add(one.name)
        at = match.end()
    kind = Kind.CLOSE if tag["close"] else Kind.OPEN
    return Token(kind, tag.start(), end.end(), name, tuple(attributes))


def _attribute(match: re.Match[str]) -> Attribute:
    for group, quote in (("double", '"'), ("single", "'"), ("bare", "")):
        if match[group] is not None:
            return Attribute(match["name"].lower(), match[group], match.start(group), match.end(group), quote)
    return Attribute(match["name"].lower(), "", match.end(), match.end(), "")


def _read_other(text: str, at: int) -> Token:
    """Read a comment, a doctype and the like."""
    if text.startswith("<!--", at):
        if text.startswith((">", "->"), at + 4):
            return Token(Kind.OTHER, at, text.index(">", at) + 1)
        match = _COMMENT_END.search(text, at + 4)
        return Token(Kind.OTHER, at, match.end() if match else len(text))
    closing = _CDATA_END if text.startswith("<![CDATA[", at) else ">"
    end = text.find(closing, at)
    return Token(Kind.OTHER, at, end + len(closing) if end >= 0 else len(text))


def _find_raw_end(text: str, at: int, name: str) -> int:
    if name == "plaintext":
        return len(text)
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, at)
    return match.start() if match else len(text)


def match_tags(tokens: list[Token]) -> dict[int, int]:
    """Return for each opening tag that is closed the index of its closing one, in one pass."""
    mates: dict[int, int] = {}
    waiting: dict[str, list[int]] = {}
    for i, token in enumerate(tokens):
        if token.kind is Kind.OPEN and token.name not in VOID:
            waiting.setdefault(token.name, []).append(i)
        elif token.kind is Kind.CLOSE and waiting.get(token.name):
            mates[waiting[token.name].pop()] = i
    return mates
