"""Which strings of a JSON news item readers read: schema.org's NewsArticle in JSON-LD, and IPTC's ninjs."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipeline.documents.json_tree import Node
from pipeline.model import Role

# What a text has that is HTML. Plain text may hold a "<" of its own.
HTML_TAG = re.compile(
    r"<(?:/?(?:p|br|a|b|i|em|strong|div|span|ul|ol|li|h[1-6]|blockquote|figure|img|section)\b[^<>]*/?)>", re.I
)
_PICTURES = frozenset({"picture", "photo", "graphic", "video", "audio"})
_OF_PICTURES = ("description", "descriptions", "descriptiontext", "descriptionxhtml", "descriptionhtml")
_FOLDED = str.maketrans("", "", "-_")


@dataclass(frozen=True, slots=True)
class Text:
    """A string for readers."""

    node: Node
    role: Role
    is_html: bool


@dataclass(frozen=True, slots=True)
class Item:
    """An object that states the language of its texts, or should: an article, not a picture of it."""

    node: Node
    is_jsonld: bool
    language: Node | None  # the string that names it; an item in an item that names none has that of the outer one


@dataclass(frozen=True, slots=True)
class _Keys:
    """data/json.toml."""

    articles: frozenset[str]
    media: frozenset[str]
    article_keys: Mapping[str, Role]
    media_keys: Mapping[str, Role]
    ninjs_keys: Mapping[str, Role]
    closed: frozenset[str]
    language: frozenset[str]
    words: frozenset[str]
    characters: frozenset[str]


@cache
def load_keys() -> _Keys:
    """Load data/json.toml."""
    table = tomllib.loads((resources.files("pipeline.data") / "json.toml").read_text("utf-8"))

    def roles(rows: Mapping[str, list[str]]) -> dict[str, Role]:
        return {key: Role(role) for role, keys in rows.items() for key in keys}

    return _Keys(
        articles=frozenset(table["jsonld"]["articles"]),
        media=frozenset(table["jsonld"]["media"]),
        article_keys=roles(table["jsonld"]["article_keys"]),
        media_keys=roles(table["jsonld"]["media_keys"]),
        ninjs_keys=roles(table["ninjs"]["keys"]),
        closed=frozenset(table["closed"]["keys"]),
        language=frozenset(table["language"]["keys"]),
        words=frozenset(table["counts"]["words"]),
        characters=frozenset(table["counts"]["characters"]),
    )


def fold(key: str) -> str:
    """Return a key as the tables have it.

    >>> fold("body_XHTML"), fold("@type")
    ('bodyxhtml', '@type')
    """
    return key.translate(_FOLDED).casefold()


def is_jsonld(root: Node) -> bool:
    """Whether an object, or the first one of a list, is JSON-LD."""
    first = root.items[0][1] if root.kind == "list" and root.items else root
    return any(key in ("@context", "@type", "@graph") for key, _ in first.items)


def find_items(root: Node) -> Iterator[Item]:
    """Give the articles of a file, the outermost first: an object, a list of them or a graph."""
    linked = is_jsonld(root)
    waiting = [(root, True)]
    while waiting:
        node, is_outer = waiting.pop()
        is_item = node.kind == "object" and (_is_article(node) if linked else _has_ninjs_text(node))
        if is_item:
            named = [value for key, value in node.items if fold(key) in load_keys().language]
            strings = [value for value in named if value.kind == "string" and value.text]
            if strings or (is_outer and not named):
                yield Item(node, linked, strings[0] if strings else None)
        waiting += [
            (value, is_outer and not is_item)
            for key, value in reversed(node.items)
            if node.kind == "list" or key == "@graph" or not _is_closed(key)
        ]


def _types(node: Node) -> set[str]:
    value = node.get("@type")
    if value is None:
        return set()
    names = [value.text] if value.kind == "string" else [one.text for _, one in value.items]
    return {re.split(r"[/#:]", name)[-1] for name in names}


def _is_article(node: Node) -> bool:
    return bool(_types(node) & load_keys().articles) and any(
        fold(key) in ("headline", "articlebody") for key, _ in node.items
    )


def _has_ninjs_text(node: Node) -> bool:
    """Whether an object is a ninjs item with texts: `uri` is what the standard asks of each."""
    keys = {fold(key) for key, _ in node.items}
    return "uri" in keys and not keys.isdisjoint(load_keys().ninjs_keys)


def _is_closed(key: str) -> bool:
    return fold(key) in load_keys().closed


def find_texts(root: Node, language: str) -> Iterator[Text]:
    """Give the strings for readers. An item in another language than `language` keeps its texts."""
    linked = is_jsonld(root)
    waiting: list[tuple[Node, Role | None]] = [(root, None)]  # the role that a list gives to what stands in it
    while waiting:
        node, role = waiting.pop()
        if node.kind == "object" and _is_foreign(node, language):
            continue
        roles = _roles_of(node, linked) if node.kind == "object" else {}
        for key, value in reversed(node.items):
            own = role if node.kind == "list" or (role and fold(key) == "value") else roles.get(fold(key))
            if value.kind == "string":
                if own and value.text.strip() and not _is_other_format(node, value):
                    yield Text(value, own, _is_html(node, key, value))
            elif value.kind in ("object", "list") and (node.kind == "list" or not _is_closed(key)):
                waiting.append((value, own))


def _roles_of(node: Node, linked: bool) -> Mapping[str, Role]:
    if not linked:
        kind = node.string("type")
        keys = load_keys().ninjs_keys
        return keys if kind not in _PICTURES else {**keys, **dict.fromkeys(_OF_PICTURES, Role.CAPTION)}
    types = _types(node)
    if types & load_keys().media:
        return load_keys().media_keys
    return load_keys().article_keys if types & load_keys().articles else {}


def _is_foreign(node: Node, language: str) -> bool:
    named = next((v.text for key, v in node.items if fold(key) in load_keys().language and v.kind == "string"), "")
    return bool(named and language) and base(named) != base(language)


def base(language: str) -> str:
    """Return a language without region: "en" for "en-US"."""
    return re.split("[-_]", language.strip())[0].lower()


def _content_type(node: Node) -> str:
    return next((value.text.lower() for key, value in node.items if fold(key) == "contenttype"), "")


def _is_other_format(node: Node, value: Node) -> bool:
    """Whether a body is in a format that is not read here, such as NITF."""
    kind = _content_type(node)
    is_xml = value.text.lstrip().startswith("<?xml") and "<html" not in value.text
    return is_xml or ("xml" in kind and "xhtml" not in kind) or "json" in kind


def _is_html(node: Node, key: str, value: Node) -> bool:
    kind = _content_type(node)
    if kind:
        return "html" in kind
    return fold(key).endswith("html") or bool(HTML_TAG.search(value.text))
