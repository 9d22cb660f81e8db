"""What stands open around a place of an HTML page, and what that says about the text there."""

import html
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources

from pipeline.documents.html_tokens import VOID, Kind, Token
from pipeline.model import Role

REACH = 64
"""How far up an implied end is looked for: `<li>` ends the `<li>` before it. Real pages are 10 to 40 levels deep; a
limit keeps the time linear."""

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
# An opening tag ends these, up to a wall: the HTML standard, 13.1.2.4.
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu", "dir"})),
    **dict.fromkeys(("dt", "dd"), (frozenset({"dt", "dd"}), frozenset({"dl"}))),
    **dict.fromkeys(("td", "th"), (frozenset({"td", "th"}), frozenset({"tr", "table"}))),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    **dict.fromkeys(("tbody", "thead", "tfoot"), (frozenset({"tbody", "thead", "tfoot"}), frozenset({"table"}))),
    "option": (frozenset({"option"}), frozenset({"select", "datalist"})),
}


@dataclass(frozen=True, slots=True)
class Lists:
    """data/html.toml."""

    tags: Mapping[str, Role]
    classes: Mapping[str, Role]
    body_tags: frozenset[str]
    body_classes: frozenset[str]
    skipped: frozenset[str]
    kept: frozenset[str]
    kept_classes: frozenset[str]
    blocks: frozenset[str]
    attributes: Mapping[str, Role]
    meta: Mapping[str, Role]
    meta_language: frozenset[str]


@cache
def load_lists() -> Lists:
    """Load data/html.toml."""
    table = tomllib.loads((resources.files("pipeline.data") / "html.toml").read_text("utf-8"))

    def roles(name: str) -> dict[str, Role]:
        return {word: Role(role) for role, words in table[name].items() if role in list(Role) for word in words}

    return Lists(
        tags=roles("tags"),
        classes=roles("classes"),
        body_tags=frozenset(table["body"]["tags"]),
        body_classes=frozenset(table["body"]["classes"]),
        skipped=frozenset(table["skipped"]["tags"]),
        kept=frozenset(table["kept"]["tags"]),
        kept_classes=frozenset(table["kept"]["classes"]),
        blocks=frozenset(table["blocks"]["tags"]),
        attributes=roles("attributes"),
        meta=roles("meta"),
        meta_language=frozenset(table["meta"]["language"]),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """An open element, with what it inherits."""

    name: str
    role: Role | None = None  # None: nothing around says anything
    body: int = 0  # number of the innermost element that may hold the article; 0 for the page
    is_kept: bool = False  # translate="no", another language
    is_aside: bool = False  # in an element such as nav that never holds the article


@dataclass(slots=True)
class Context:
    """The open elements."""

    language: str = ""  # that the page names
    frames: list[Frame] = field(default_factory=lambda: [Frame("")])
    bodies: list[int] = field(default_factory=lambda: [-1])  # the parent of each element that may hold the article
    _open: Counter[str] = field(default_factory=Counter)

    @property
    def top(self) -> Frame:
        """The innermost element."""
        return self.frames[-1]

    def open(self, token: Token) -> None:
        """Take in the opening tag of an element that is no part of a sentence."""
        self._end_implied(token.name)
        if token.name in VOID:
            return
        frame = replace(self.top, name=token.name, is_kept=self.keeps(token))
        role = role_of(token)
        if is_body(token) and not frame.is_aside:
            # "page has-sidebar" around everything says nothing of the article inside.
            self.bodies.append(self.top.body)
            frame = replace(frame, body=len(self.bodies) - 1, role=None)
        elif token.name in ("body", "html"):
            pass  # "has-sidebar" says nothing of what is in the page
        elif role is Role.BOILERPLATE:
            frame = replace(frame, role=role, is_aside=frame.is_aside or load_lists().tags.get(token.name) is role)
        elif role and frame.role is not Role.BOILERPLATE:
            # Furniture stays furniture: a heading above a list of links is no heading of the article.
            frame = replace(frame, role=role)
        self.frames.append(frame)
        self._open[token.name] += 1

    def close(self, token: Token) -> None:
        """Take in a closing tag; one without an opening tag says nothing."""
        if self._open[token.name]:
            while self._pop() != token.name:
                pass

    def keeps(self, token: Token) -> bool:
        """Whether the words of an element stay: said by itself or, where it says nothing, by those around it."""
        said = token.get("translate").lower()
        if said in ("no", "yes") or any(one.name == "translate" for one in token.attributes):
            return said == "no"
        if load_lists().kept_classes & set(token.get("class").split()):
            return True
        lang = token.get("lang") or token.get("xml:lang")
        foreign = bool(lang and self.language) and _base(lang) != _base(self.language) and token.name != "html"
        return self.top.is_kept or foreign

    def _pop(self) -> str:
        name = self.frames.pop().name
        self._open[name] -= 1
        return name

    def _end_implied(self, name: str) -> None:
        if self.top.name == "p" and name not in ("button", "link", "meta"):
            self._pop()
        ended, walls = _ENDS.get(name, (frozenset(), frozenset()))
        if not any(self._open[one] for one in ended):
            return
        for depth, frame in enumerate(reversed(self.frames[-REACH:])):
            if frame.name in walls:
                return
            if frame.name in ended:
                for _ in range(depth + 1):
                    self._pop()
                return


def _base(lang: str) -> str:
    return re.split("[-_]", lang)[0].lower()


def words_of(token: Token) -> Iterator[str]:
    """Give the words of an element's class, id, itemprop, rel and role."""
    for name in ("class", "itemprop", "rel", "id", "role"):
        for value in html.unescape(token.get(name)).split():
            yield from (word.lower() for word in _WORDS.findall(value))


def role_of(token: Token) -> Role | None:
    """Return the role that a tag gives to what it holds: by its classes, else by its name."""
    lists = load_lists()
    found = {lists.classes[word] for word in words_of(token) if word in lists.classes}
    by_tag = lists.tags.get(token.name)
    if by_tag in (Role.BOILERPLATE, Role.QUOTE, Role.HEADLINE):
        return by_tag
    # "article-header share-buttons": furniture wins; "caption-credit": the more special wins.
    for role in (Role.BOILERPLATE, Role.CREDIT, Role.CAPTION, Role.BYLINE, Role.DECK, Role.QUOTE, Role.HEADLINE):
        if role in found:
            return role
    return by_tag


def is_body(token: Token) -> bool:
    """Whether an element may hold the article."""
    lists = load_lists()
    if token.kind is Kind.OPEN and (token.name in lists.body_tags or token.get("role") == "main"):
        return True
    names = [*token.get("class").split(), token.get("itemprop"), token.get("id")]
    return any(re.sub(r"[-_]", "", name).lower() in lists.body_classes for name in names)
