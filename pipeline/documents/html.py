"""HTML: words in elements and attributes that readers see, in a page or a part of one.

Scripts, styles, code, comments, addresses and the writing of the tags stay byte for byte. The element that holds the
article tells the story from the furniture around it, which stays in the page and is translated as such.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.documents.building import Found, build_article, render_marked
from pipeline.documents.evidence import Furniture
from pipeline.documents.guessing import guess_roles
from pipeline.documents.html_context import Context, Frame, load_lists, role_of
from pipeline.documents.html_text import read_run, read_value, whole
from pipeline.documents.html_tokens import Attribute, Kind, Token, match_tags, tokenize
from pipeline.model import Article, Fact, Role

MIN_SHARE = 0.6
"""An element inside another one holds the article if it has this share of its running text. Text of 60 characters and
more that stands in no furniture counts, so comments and teasers outweigh no story."""

MIN_PROSE = 60

render_html = render_marked

_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|mp4|pdf)|https?:\S+|[\w-]*\d[\w-]*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class _Read:
    """A text with what stood around it."""

    found: Found
    frame: Frame
    is_attribute: bool = False
    is_linked: bool = False  # all its words are links


@dataclass(slots=True)
class _Reader:
    """One pass over the tokens of a page."""

    text: str
    tokens: list[Token]
    mates: dict[int, int]
    context: Context
    begin: int = 0  # token at which the sentence-level run begins
    read: list[_Read] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def run(self) -> None:
        """Read all tokens."""
        i = 0
        while i < len(self.tokens):
            i = self._step(i) + 1
        self._flush(len(self.tokens))

    def _step(self, i: int) -> int:
        """Take in a token; return the last one that it covers."""
        token = self.tokens[i]
        if token.kind not in (Kind.OPEN, Kind.CLOSE):
            return i
        if token.name in load_lists().blocks or token.name == "pre":
            self._flush(i)
            self.begin = i + 1
            return self._block(i)
        if token.kind is Kind.OPEN:
            if token.name == "br" and self._ends_line(i):
                self._flush(i)
                self.begin = i + 1
                return i
            end = whole(i, self.tokens, self.mates, self.context)
            if end is None:
                self._read_attributes(token)
            return i if end is None else end
        return i

    def _block(self, i: int) -> int:
        token = self.tokens[i]
        if token.kind is Kind.CLOSE:
            self.context.close(token)
            return i
        if token.name == "pre" and i in self.mates:
            self.begin = self.mates[i] + 1
            return self.mates[i]
        self.facts += _language_facts(token, self.context)
        self._read_meta(token)
        self.context.open(token)
        self._read_attributes(token)
        return i

    def _ends_line(self, i: int) -> bool:
        """Whether a line break ends a sentence: a second one in a row, or one behind a full stop."""
        for token in reversed(self.tokens[max(self.begin, i - 2) : i]):
            if token.name == "br":
                return True
            words = self.text[token.start : token.end]
            if token.kind is not Kind.TEXT or words.strip():
                return token.kind is Kind.TEXT and bool(_SENTENCE_END.search(words))
        return False

    def _flush(self, end: int) -> None:
        """Read the run of tokens up to `end`."""
        span = (self.begin, end)
        run = self.tokens[self.begin : end]
        frame = self.context.top
        has_words = any(
            one.kind in (Kind.TEXT, Kind.RAW) and not self.text[one.start : one.end].isspace() for one in run
        )
        if not has_words or frame.is_kept:
            return
        pieces = read_run(self.text, self.tokens, self.mates, span, self.context)
        found = Found(run[0].start, pieces, self._role_of_run(span) or frame.role or Role.BODY, "html")
        self.read.append(_Read(found, frame, is_linked=_is_linked(self.text, run)))

    def _role_of_run(self, span: tuple[int, int]) -> Role | None:
        """Return what the one element says that holds a whole run: `<span class="byline">`."""
        solid = [
            i for i in range(*span)
            if self.tokens[i].kind is not Kind.TEXT or self.text[self.tokens[i].start : self.tokens[i].end].strip()
        ]  # fmt: skip
        first = self.tokens[solid[0]]
        if first.kind is Kind.OPEN and self.mates.get(solid[0]) == solid[-1]:
            return role_of(first)
        return None

    def _read_attributes(self, token: Token) -> None:
        if self.context.top.is_kept or token.get("translate") == "no":
            return
        for one in token.attributes:
            role = load_lists().attributes.get(one.name)
            if role and _has_words(one.value):
                furniture = self.context.top.role is Role.BOILERPLATE and role is Role.BODY
                self._add_value(one, Role.BOILERPLATE if furniture else role)

    def _read_meta(self, token: Token) -> None:
        if token.name != "meta":
            return
        content = next((one for one in token.attributes if one.name == "content"), None)
        role = next((load_lists().meta[key] for key in _meta_keys(token) if key in load_lists().meta), None)
        if content and role and _has_words(content.value):
            self._add_value(content, role)

    def _add_value(self, one: Attribute, role: Role) -> None:
        pieces = read_value(self.text, one.start, one.end)
        found = Found(one.start, pieces, role, "attribute" if one.quote else "bare")
        self.read.append(_Read(found, self.context.top, is_attribute=True))


def parse_html(text: str, *, name: str, suffix: str, furniture: Furniture | None = None) -> Article:
    """Parse an HTML page, or a part of one, into an article: language "", one segment a block, offsets into `text`.

    Roles come from tags and classes (data/html.toml); what stands outside of the element that holds the article is
    boilerplate. Other plain paragraphs are told apart by wording. No input is refused, and nothing is fetched.
    """
    found, facts, declared = find_html(text, furniture, is_page=True)
    return replace(build_article(text, found, name=name, suffix=suffix), facts=tuple(facts), declared=declared)


def find_html(
    text: str, furniture: Furniture | None = None, language: str = "", *, is_page: bool = False
) -> tuple[list[Found], list[Fact], str]:
    """Return the texts of a page, the places that name its language, and that language.

    `language` is that of the text where the page names none. A page also says where its other versions are.
    """
    tokens = list(tokenize(text))
    declared = _declared(tokens) or language
    reader = _Reader(text, tokens, match_tags(tokens), Context(declared))
    reader.run()
    read = [one for one in reader.read if one.found.text.split()]  # "&nbsp;" alone says nothing
    read = _tell_story(read, reader.context.bodies)
    plain = guess_roles([one.found for one in read if not one.is_attribute], furniture)
    found = [*plain, *(one.found for one in read if one.is_attribute)]
    facts = [*reader.facts, *(_relations(text, tokens) if is_page else ())]
    return found, sorted(facts, key=lambda fact: (fact.start, fact.end)), declared


def _has_words(value: str) -> bool:
    said = html.unescape(value).strip()
    return any(char.isalpha() for char in said) and not _FILE_NAME.fullmatch(said)


def _is_linked(text: str, run: Sequence[Token]) -> bool:
    depth, linked, plain = 0, 0, 0
    for token in run:
        if token.name == "a":
            depth = max(0, depth + (1 if token.kind is Kind.OPEN else -1))
        elif token.kind is Kind.TEXT:
            size = len(text[token.start : token.end].strip())
            linked, plain = (linked + size, plain) if depth else (linked, plain + size)
    return linked > 0 and plain <= 2


def _meta_keys(token: Token) -> Iterator[str]:
    for name in ("name", "property", "itemprop", "http-equiv"):
        yield from html.unescape(token.get(name)).lower().split()


def _declared(tokens: Sequence[Token]) -> str:
    """Return the language that a page names, "" where it names none."""
    named = ""
    for token in tokens:
        if token.kind is Kind.OPEN and token.name == "html":
            return token.get("lang").strip() or token.get("xml:lang").strip() or named
        if token.kind is Kind.OPEN and token.name == "meta" and set(_meta_keys(token)) & load_lists().meta_language:
            named = named or token.get("content").strip()
    return named


def _language_facts(token: Token, context: Context) -> Iterator[Fact]:
    """Give the places of a tag that name the language or the direction of the page."""
    lists = load_lists()
    if token.name == "meta" and set(_meta_keys(token)) & lists.meta_language:
        content = next((one for one in token.attributes if one.name == "content" and one.value), None)
        if content:
            template = "{locale}" if "og:locale" in _meta_keys(token) else "{lang}"
            yield Fact(content.start, content.end, template)
        return
    own = [one for one in token.attributes if one.name in ("lang", "xml:lang") and one.value]
    same = [one for one in own if not context.language or _base(one.value) == _base(context.language)]
    yield from (Fact(one.start, one.end, "{lang}") for one in same)
    if token.name == "html" or same:
        turned = [one for one in token.attributes if one.name == "dir" and one.value.lower() in ("ltr", "rtl")]
        yield from (Fact(one.start, one.end, "{direction}") for one in turned)
        at = token.start + 1 + len(token.name)
        added = ("" if own else ' lang="{lang}"') + ("" if turned else "{turned}")
        if added:
            yield Fact(at, at, added)


def _relations(text: str, tokens: Sequence[Token]) -> Iterator[Fact]:
    """Give the places that say which page this is and where its other versions are.

    Search engines want a list of all versions, the page itself and the default included, the same in each of them.
    Where a page has such a list it stays. A canonical address would declare the translation a copy of its source.
    """
    links = [token for token in tokens if token.kind is Kind.OPEN and token.name == "link"]
    for link in links:
        href = next((one for one in link.attributes if one.name == "href" and one.quote), None)
        if "canonical" in link.get("rel").lower().split() and href:
            yield Fact(href.start, href.end, "{href}")
    end = next((token.start for token in tokens if token.kind is Kind.CLOSE and token.name == "head"), None)
    if end is None or any(link.get("hreflang") for link in links):
        return
    newline = "\r\n" if "\r\n" in text[:end] else "\n"
    every = f'<link rel="alternate" hreflang="{{lang}}" href="{{href}}">{newline}'
    default = f'<link rel="alternate" hreflang="x-default" href="{{source_href}}">{newline}'
    yield Fact(end, end, every + "{each}" + default, every + "{each}" + default, every)


def _base(lang: str) -> str:
    return re.split("[-_]", lang.strip())[0].lower()


def _tell_story(read: Sequence[_Read], bodies: Sequence[int]) -> list[_Read]:
    """Choose the element that holds the article; what stands outside becomes furniture, the first h1 the headline."""
    body = _choose_body(read, bodies)
    inside = _descendants(body, bodies)
    has_title = any(
        one.found.role is Role.HEADLINE and one.frame.name == "h1" for one in read if one.frame.body in inside
    )
    told: list[_Read] = []
    headlines = 0
    for one in read:
        role = one.found.role
        is_inside = one.frame.body in inside
        if one.frame.name == "h1" and role is Role.HEADLINE:
            headlines += is_inside or not has_title
            role = Role.HEADLINE if headlines == 1 and (is_inside or not has_title) else Role.HEADING
        elif (one.frame.name != "title" and not is_inside and not one.is_attribute) or (
            one.is_linked and role is Role.LIST_ITEM
        ):
            role = Role.BOILERPLATE
        told.append(replace(one, found=replace(one.found, role=role)))
    return told


def _choose_body(read: Sequence[_Read], bodies: Sequence[int]) -> int:
    sizes = Counter[int]()
    for one in read:
        size = len(one.found.text)
        if size >= MIN_PROSE and not one.is_attribute and one.found.role is not Role.BOILERPLATE and not one.is_linked:
            sizes[one.frame.body] += size
    children: dict[int, list[int]] = {}
    for body in range(len(bodies) - 1, 0, -1):  # a child has a higher number than its parent
        children.setdefault(bodies[body], []).append(body)
        sizes[bodies[body]] += sizes[body]
    chosen = 0
    while children.get(chosen):
        best = max(children[chosen], key=lambda body: (sizes[body], -body))
        if not sizes[best] or sizes[best] < MIN_SHARE * sizes[chosen]:
            break
        chosen = best
    return chosen


def _descendants(body: int, bodies: Sequence[int]) -> set[int]:
    inside = {body}
    for each in range(body + 1, len(bodies)):
        if bodies[each] in inside:
            inside.add(each)
    return inside
