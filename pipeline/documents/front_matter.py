"""Front matter: the YAML between two lines of dashes, or TOML between plus signs, at the top of a Markdown file; or
lines of keys and values without a fence, as Pelican and MultiMarkdown have them.

ruamel.yaml tells where each value stands; only the values that readers see are rewritten, in their own quotation marks.
A translation states its language, the key that it shares with the source, and which text it was made from.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from pipeline.documents.building import Found
from pipeline.errors import DocumentError
from pipeline.model import Fact, Piece, Role

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

_YAML = re.compile(r"---[ \t]*(?:\r\n?|\n)(?P<body>(?:[^\r\n]*(?:\r\n?|\n))*?)(?:---|\.\.\.)[ \t]*(?=\r|\n|\Z)")
_TOML = re.compile(r"\+\+\+[ \t]*(?:\r\n?|\n)(?P<body>(?:[^\r\n]*(?:\r\n?|\n))*?)\+\+\+[ \t]*(?=\r|\n|\Z)")
_TOML_LINE = re.compile(
    r"""^(?P<key>[A-Za-z0-9_-]+)[ \t]*=[ \t]*"""
    r"""(?:"(?P<double>(?:[^"\\\r\n]|\\.)*)"|'(?P<single>[^'\r\n]*)')[ \t]*(?:\#[^\r\n]*)?\r?$""",
    re.MULTILINE,
)
_TOML_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
# Python-Markdown's extension `meta`, which Pelican reads files with: a key and its value, on indented lines more of it.
_KEY_LINE = re.compile(
    r"[ ]{0,3}(?P<key>[A-Za-z0-9_-]+):[ \t]*(?P<value>[^\r\n]*(?:(?:\r\n?|\n)[ ]{4,}[^\r\n]+)*)(?:\r\n?|\n|\Z)"
)
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|.)", re.DOTALL)
_FOLD = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*")
_SPACE_OR_NOT = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter of a file holds."""

    end: int = 0  # offset of the body; 0 without front matter
    found: tuple[Found, ...] = ()  # the values that readers see
    facts: tuple[Fact, ...] = ()
    declared: str = ""  # the language that it names


@dataclass(frozen=True, slots=True)
class _Keys:
    roles: Mapping[str, Role]
    closed: frozenset[str]
    language: frozenset[str]
    plain: frozenset[str]


@cache
def _keys() -> _Keys:
    table = tomllib.loads((resources.files("pipeline.data") / "front_matter.toml").read_text("utf-8"))
    roles = {key: Role(role) for role, names in table["roles"].items() for key in names}
    closed, language, plain = (frozenset(table[name]["keys"]) for name in ("closed", "language", "plain"))
    return _Keys(roles, closed, language, plain)


def read_front_matter(text: str) -> FrontMatter:
    """Read the front matter of a file, if it has any: dashes or plus signs in the first line, and a table inside; or
    lines with keys up to the first blank one, a title or two other known keys among them.

    Raises DocumentError, with the line, for YAML or TOML that is damaged: its words would else be taken for the text.
    """
    if yaml := _YAML.match(text):
        return _read_yaml(text, yaml)
    if toml := _TOML.match(text):
        return _read_toml(text, toml)
    return _read_key_lines(text)


def _read_yaml(text: str, match: re.Match[str]) -> FrontMatter:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.nodes import MappingNode

    body = match["body"]
    try:
        node = YAML(typ="rt", pure=True).compose(body)
    except YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = (mark.line if mark else 0) + 2
        problem = str(getattr(exc, "problem", None) or "not valid YAML").partition("\n")[0]
        raise DocumentError(
            f"front matter, line {line}: {problem}; correct it, or begin the file with a blank line"
        ) from exc
    except RecursionError as exc:
        raise DocumentError("front matter: nested too deep; correct it") from exc
    if not isinstance(node, MappingNode):
        return FrontMatter()  # two rules with text between
    start = match.start("body")
    found = tuple(one for key, role, value in _walk(node) for one in _read_scalar(text, start, key, role, value))
    facts = _facts({_fold(key.value): value for key, value in node.value}, text, start, match.end("body"))
    declared = next((value.value for key, value in node.value if _is_language(key, value)), "")
    return FrontMatter(match.end(), tuple(sorted(found, key=lambda one: one.start)), facts, declared)


def _fold(key: object) -> str:
    return str(key).casefold().replace("-", "").replace("_", "")


def _is_language(key: "Node", value: "Node") -> bool:
    return _fold(key.value) in _keys().language and isinstance(value.value, str)


def _walk(root: "Node") -> Iterator[tuple[str, Role, "Node"]]:
    """Give the values that readers see. Each node once: an alias leads to a node that was seen."""
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    seen: set[int] = set()
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, SequenceNode):
            waiting += node.value
        elif isinstance(node, MappingNode):
            for key, value in node.value:
                name = _fold(key.value)
                if isinstance(value, ScalarNode) and name in _keys().roles and id(value) not in seen:
                    seen.add(id(value))
                    yield name, _keys().roles[name], value
                elif name not in _keys().closed:
                    waiting.append(value)


def _read_scalar(text: str, offset: int, _key: str, role: Role, node: Any) -> Iterator[Found]:
    start, end = offset + node.start_mark.index, offset + node.end_mark.index
    raw = text[start:end]
    if node.tag != "tag:yaml.org,2002:str" or not node.value.strip() or raw[:1] in ("&", "!"):
        return
    if node.style in ("|", ">"):
        yield from _read_block_scalar(raw, start, role)
    elif node.style == '"':
        yield Found(start + 1, _pieces(raw[1:-1], node.value, _ESCAPE), role, "double")
    elif node.style == "'":
        yield Found(start + 1, _pieces(raw[1:-1], node.value, re.compile("''")), role, "single")
    else:
        is_flow = "[" in text[offset:start] or "{" in text[offset:start]
        yield Found(start, _pieces(raw.rstrip(), node.value, None), role, "flow" if is_flow else "plain")


def _read_block_scalar(raw: str, start: int, role: Role) -> Iterator[Found]:
    """Give the paragraphs of a block scalar: lines that follow each other are one text."""
    head = _FOLD.search(raw)
    if head is None:
        return
    at = head.end()
    for part in re.split(r"((?:[ \t]*(?:\r\n?|\n)){2,}[ \t]*)", raw[at:]):
        if part.strip():
            pieces = tuple(Piece(run, " " if run.isspace() else run) for run in _SPACE_OR_NOT.findall(part))
            yield Found(start + at, pieces, role, "folded")
        at += len(part)


def _pieces(raw: str, value: str, escapes: re.Pattern[str] | None) -> tuple[Piece, ...]:
    """Cut a scalar into words, escapes and folded line ends; as one solid piece where that does not give its value."""
    marks = _FOLD.pattern if escapes is None else f"{escapes.pattern}|{_FOLD.pattern}"
    pieces, at = [], 0
    for match in re.finditer(marks, raw, re.DOTALL):
        if match.start() > at:
            pieces.append(Piece(raw[at : match.start()], raw[at : match.start()]))
        pieces.append(Piece(match[0], _decode(match[0])))
        at = match.end()
    if at < len(raw):
        pieces.append(Piece(raw[at:], raw[at:]))
    if "".join(piece.text for piece in pieces) == value:
        return tuple(pieces)
    return (Piece(raw, value),)


def _decode(mark: str) -> str:
    if mark == "''":
        return "'"
    if not mark.startswith("\\"):
        return " "
    if mark[1] in "xuU":
        return chr(min(int(mark[2:], 16), 0x10FFFF))
    return {"n": "\n", "t": "\t", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"}.get(mark[1], mark[1].strip())


_FROM = 'translatedFrom: {{lang: {source}, path: {name}, sha256: "{digest}"}}'


def _facts(values: Mapping[str, Any], text: str, offset: int, end: int) -> tuple[Fact, ...]:
    """What a translation states: its language, the key that all languages share, the text that it was made from."""
    newline = "\r\n" if "\r\n" in text[:end] else "\n"
    facts = []
    own = [values[key] for key in values if key in _keys().language and isinstance(values[key].value, str)]
    for node in own:
        start, stop = offset + node.start_mark.index, offset + node.end_mark.index
        raw = text[start:stop]
        mark = raw[0] if raw[:1] in ('"', "'") else ""
        facts.append(Fact(start, start + len(raw.rstrip()), f"{mark}{{lang}}{mark}" if mark else "{lang}"))
    added = [] if own else ["lang: {lang}"]
    added += [] if "translationkey" in values else ["translationKey: {key}"]
    if "translatedfrom" not in values:
        added.append(_FROM)  # on one line: readers of key lines take what is below a key for keys of the article
    if added:
        facts.append(Fact(end, end, "".join(line + newline for line in added)))
    return tuple(sorted(facts, key=lambda fact: fact.start))


def _read_key_lines(text: str) -> FrontMatter:
    """Read lines such as "Title: The mayor is silent"; what begins otherwise, or ends without a blank line, is text."""
    lines: list[re.Match[str]] = []
    end = 0
    while line := _KEY_LINE.match(text, end):
        if line.end() == end:
            break
        lines.append(line)
        end = line.end()
    names = [_fold(line["key"]) for line in lines]
    known = [name for name in names if name in _keys().roles or name in _keys().plain | _keys().language]
    is_title = any(_keys().roles.get(name) is Role.HEADLINE for name in names)
    if not (is_title or len(known) > 1) or not re.match(r"[ \t]*(?:\r|\n|\Z)", text[end : end + 99]):
        return FrontMatter()
    found, facts, declared = [], [], ""
    for name, line in zip(names, lines, strict=True):
        start, raw = line.start("value"), line["value"].rstrip()
        if name in _keys().language and raw:
            declared = declared or raw
            facts.append(Fact(start, start + len(raw), "{lang}"))
        elif name in _keys().roles and raw:
            found.append(Found(start, _pieces(raw, _FOLD.sub(" ", raw), None), _keys().roles[name], "line"))
    newline = "\r\n" if "\r\n" in text[:end] else "\n"
    added = [] if facts else ["Lang: {lang}"]
    added += [] if "translationkey" in names else ["translationKey: {key}"]
    added += [] if "translatedfrom" in names else [_FROM]
    before = "" if text[:end].endswith(("\r", "\n")) else newline
    facts.append(Fact(end, end, before + "".join(line + newline for line in added)))
    return FrontMatter(end, tuple(found), tuple(facts), declared)


def _read_toml(text: str, match: re.Match[str]) -> FrontMatter:
    """Read the strings of the first table; the bytes around them stay."""
    try:
        values = tomllib.loads(match["body"].replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as exc:
        raise DocumentError(f"front matter: not valid TOML: {exc}; lines are counted from the +++") from exc
    start = match.start("body")
    table = _TOML_TABLE.search(text, start, match.end("body"))
    stop = table.start() if table else match.end("body")
    found, facts, declared = [], [], ""
    for line in _TOML_LINE.finditer(text, start, stop):
        quote = "double" if line["double"] is not None else "single"
        name, value = _fold(line["key"]), values.get(line["key"])
        if not isinstance(value, str) or (quote == "single" and line[quote] != value):
            continue
        if name in _keys().roles and value.strip():
            escapes = _ESCAPE if quote == "double" else None
            form = "double" if quote == "double" else "literal"
            found.append(Found(line.start(quote), _pieces(line[quote], value, escapes), _keys().roles[name], form))
        elif name in _keys().language:
            declared = declared or value
            facts.append(Fact(line.start(quote), line.end(quote), "{lang}"))
    newline = "\r\n" if "\r\n" in match[0] else "\n"
    added = [] if facts else ['lang = "{lang}"']
    added += [] if "translationKey" in values else ["translationKey = {key}"]
    if "translatedFrom" not in values:
        added.append('translatedFrom = {{ lang = "{source}", path = {name}, sha256 = "{digest}" }}')
    facts.append(Fact(stop, stop, "".join(line + newline for line in added)))
    return FrontMatter(match.end(), tuple(found), tuple(sorted(facts, key=lambda fact: fact.start)), declared)
