"""JSON with the place of each value, so that a value can be replaced and all around it stays."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pipeline.errors import DocumentError

# Possessive: else the search remembers a way back for each character of a string, 150 MB for a body of 1 MB.
_TOKEN = re.compile(
    r'(?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+")|(?P<mark>[{}\[\]:,])|(?P<other>[^\s"{}\[\]:,]+)', re.DOTALL
)
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)


@dataclass(slots=True)
class Node:
    """A value: its place in the file and, for objects and lists, what is in it."""

    kind: str  # "object", "list", "string", "other"
    start: int
    end: int = 0
    items: list[tuple[str, "Node"]] = field(default_factory=list)  # (key, value); "" for the key in a list
    text: str = ""  # of a string: what it says; of "other": as written

    def get(self, key: str) -> "Node | None":
        """Return the value of a key, the last where there are several, as JSON parsers do."""
        return next((value for name, value in reversed(self.items) if name == key), None)

    def string(self, key: str) -> str:
        """Return the string under a key; "" where there is none."""
        value = self.get(key)
        return value.text if value is not None and value.kind == "string" else ""


@dataclass(frozen=True)
class Reading:
    """What a string says, beside how it is written."""

    raw: str  # as written, without quotation marks
    start: int  # offset of `raw` in the file

    @cached_property
    def _escapes(self) -> list[tuple[int, int, int, int]]:
        """Return for each escape its place in what is said and in `raw`: start, end, start, end."""
        found, shift = [], 0
        for match in _ESCAPE.finditer(self.raw):
            said = len(json.loads(f'"{match[0]}"'))
            found.append((match.start() - shift, match.start() - shift + said, match.start(), match.end()))
            shift += match.end() - match.start() - said
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [escape[0] for escape in self._escapes]

    def place(self, at: int) -> int:
        """Return where in `raw` a place of what is said lies."""
        i = bisect_right(self._starts, at) - 1
        if i < 0:
            return at
        here, here_end, there, there_end = self._escapes[i]
        return there if at == here else there_end + at - here_end

    def cut(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Cut a span of what is said into plain runs and escapes, in order."""
        at = start
        for here, here_end, _, _ in self._escapes[bisect_right(self._starts, start - 1) :]:
            if here >= end:
                break
            if here > at:
                yield at, here
            yield here, here_end
            at = here_end
        if at < end:
            yield at, end


def read_tree(text: str, start: int = 0, end: int | None = None) -> Node:
    """Parse JSON. Linear, and no nesting is too deep. Raises DocumentError, with the line, where it is none."""
    end = len(text) if end is None else end
    _check(text[start:end])
    stack: list[Node] = [Node("list", start)]
    key: str | None = None  # read, and its value not yet
    for match in _TOKEN.finditer(text, start, end):
        if match["string"] is not None:
            said = json.loads(match[0])
            if stack[-1].kind == "object" and key is None:
                key = said
                continue
            node = Node("string", match.start(), match.end(), [], said)
        elif match["mark"] in (":", ","):
            continue
        elif match["mark"] in ("}", "]"):
            stack.pop().end = match.end()
            continue
        elif match["mark"] is not None:
            node = Node("object" if match["mark"] == "{" else "list", match.start())
        else:
            node = Node("other", match.start(), match.end(), [], match[0])
        stack[-1].items.append((key or "", node))
        key = None
        if match["mark"] is not None:
            stack.append(node)
    return stack[0].items[0][1]


def _check(text: str) -> None:
    """Let Python's parser say whether this is JSON, and where it is not."""
    try:
        json.loads(text, parse_int=_ignore, parse_float=_ignore)
    except json.JSONDecodeError as exc:
        raise DocumentError(f"line {exc.lineno}: not valid JSON: {exc.msg}; correct it") from exc
    except RecursionError as exc:
        raise DocumentError("not an article: JSON nested too deep; name a news item") from exc


def _ignore(_number: str) -> Any:
    return 0
