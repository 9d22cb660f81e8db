"""Words in HTML: character references and white space, and the tags between them as pieces."""

import html
import re
from collections.abc import Mapping, Sequence

from pipeline.documents.html_context import Context, load_lists
from pipeline.documents.html_tokens import VOID, Kind, Token
from pipeline.documents.markdown_inline import Item, make_pieces
from pipeline.model import Piece, Side

_SPECIAL = re.compile(
    r"(?P<reference>&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,40});?)|(?P<space>[ \t\n\f\r]+)"
)


class TextReader:
    """Read words; white space that follows white space says nothing."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.after_space = True

    def read(self, start: int, end: int) -> list[Item]:
        """Return the items of a stretch of text: runs of words, references, white space."""
        items: list[Item] = []
        begin = start  # of the words not yet written
        for match in _SPECIAL.finditer(self._text, start, end):
            if match["space"] == " " and not self._after_space_at(begin, match.start()):
                continue
            said = " " if match["space"] else html.unescape(match[0])
            if match["reference"] and said == match[0]:
                continue  # "AT&T"
            items += self._words(begin, match.start())
            begin = match.end()
            if match["space"]:
                said = "" if self.after_space else " "
                self.after_space = True
            else:
                self.after_space = False
            items.append(Item(match.end(), said))
        return items + self._words(begin, end)

    def _after_space_at(self, begin: int, at: int) -> bool:
        return self.after_space if at == begin else self._text[at - 1] == " "

    def _words(self, begin: int, end: int) -> list[Item]:
        if begin >= end:
            return []
        self.after_space = self._text[end - 1] == " "
        return [Item(end, self._text[begin:end])]


def read_value(text: str, start: int, end: int) -> tuple[Piece, ...]:
    """Return the pieces of an attribute's value."""
    return _join(text, start, TextReader(text).read(start, end))


def read_run(
    text: str, tokens: Sequence[Token], mates: Mapping[int, int], span: tuple[int, int], context: Context
) -> tuple[Piece, ...]:
    """Return the pieces of the tokens of a span, which hold no element that ends a sentence."""
    reader = TextReader(text)
    items: list[Item] = []
    i = span[0]
    while i < span[1]:
        token = tokens[i]
        if token.kind in (Kind.TEXT, Kind.RAW):
            items += reader.read(token.start, token.end)
        elif token.kind is Kind.CLOSE:
            items.append(Item(token.end, side=Side.CLOSE, name="<" + token.name))
        elif token.kind is Kind.OTHER or token.name in VOID:
            items += _void(token, reader)
        elif (mate := whole(i, tokens, mates, context)) is not None and mate < span[1]:
            items += _kept(text, tokens, (i, mate))
            reader.after_space = reader.after_space and items[-1].side is not Side.CLOSE
            i = mate
        else:
            items.append(Item(token.end, side=Side.OPEN, name="<" + token.name))
        i += 1
    return _join(text, tokens[span[0]].start, items)


def whole(i: int, tokens: Sequence[Token], mates: Mapping[int, int], context: Context) -> int | None:
    """Return where an element inside a sentence ends that is taken as one: code, a picture, what is not translated."""
    token, lists = tokens[i], load_lists()
    if token.kind is Kind.OPEN and (token.name in lists.skipped or token.name in lists.kept or context.keeps(token)):
        return mates.get(i)
    return None


def _void(token: Token, reader: TextReader) -> list[Item]:
    items = [Item(token.end, side=Side.VOID)]
    if token.name == "br" and not reader.after_space:
        items.append(Item(token.end, " "))
        reader.after_space = True
    return items


def _kept(text: str, tokens: Sequence[Token], span: tuple[int, int]) -> list[Item]:
    first, last = tokens[span[0]], tokens[span[1]]
    if first.name in load_lists().skipped:
        return [Item(last.end, side=Side.VOID)]
    said = "".join(
        html.unescape(text[one.start : one.end]) for one in tokens[span[0] : span[1]] if one.kind is Kind.TEXT
    )
    said = re.sub(r"[ \t\n\f\r]+", " ", said)
    if not said.strip():
        return [Item(last.end, side=Side.VOID)]
    return [
        Item(first.end, side=Side.OPEN, name="kept"),
        Item(last.start, said, kept=True),
        Item(last.end, side=Side.CLOSE, name="kept"),
    ]


def _join(text: str, start: int, items: Sequence[Item]) -> tuple[Piece, ...]:
    ends = [item.end for item in items]
    return make_pieces(items, (text[a:b] for a, b in zip([start, *ends], ends, strict=False)))
