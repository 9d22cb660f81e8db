"""HTML: words in elements and attributes that readers see, in a page or a part of one.

Scripts, styles, code, comments, addresses and the writing of the tags stay byte for byte. Which words are the article
and which the furniture around it says html_story.py; furniture stays in the page and is translated as such.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.documents.building import Found
from pipeline.documents.evidence import Furniture
from pipeline.documents.guessing import guess_roles
from pipeline.documents.html_context import Context, load_lists, role_of
from pipeline.documents.html_story import NO_HINTS, Hints, Read, is_teaser, tell_story
from pipeline.documents.html_text import read_run, read_value, whole
from pipeline.documents.html_tokens import Attribute, Kind, Token, match_tags, tokenize
from pipeline.model import Fact, Role

_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|mp4|pdf)|https?:\S+|[\w-]*\d[\w-]*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*\s*$")


@dataclass(slots=True)
class _Reader:
    """One pass over the tokens of a page."""

    text: str
    tokens: list[Token]
    mates: dict[int, int]
    context: Context
    begin: int = 0  # token at which the sentence-level run begins
    read: list[Read] = field(default_factory=list)
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
        role = self._role_of_run(span) or frame.role or Role.BODY
        found = Found(run[0].start, pieces, role, "html", is_copy=frame.name == "title")
        linked, plain = _links_of(self.text, run)
        is_linked = bool(linked) and len(plain) <= 2
        self.read.append(Read(found, frame, is_linked=is_linked, is_teaser=is_teaser(linked, plain)))

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
        role = next((load_lists().meta[key] for key in meta_keys(token) if key in load_lists().meta), None)
        if content and role and _has_words(content.value):
            self._add_value(content, role, is_copy=True)

    def _add_value(self, one: Attribute, role: Role, *, is_copy: bool = False) -> None:
        pieces = read_value(self.text, one.start, one.end)
        found = Found(one.start, pieces, role, "attribute" if one.quote else "bare", is_copy)
        self.read.append(Read(found, self.context.top, is_attribute=True))


def find_html(text: str, furniture: Furniture | None = None, language: str = "") -> tuple[list[Found], list[Fact], str]:
    """Return the texts of a part of a page, the places that name its language, and that language.

    `language` is that of the text where the part names none.
    """
    tokens = list(tokenize(text))
    declared = declared_language(tokens) or language
    return *read_tokens(text, tokens, declared, furniture), declared


def read_tokens(
    text: str, tokens: list[Token], language: str, furniture: Furniture | None = None, hints: Hints = NO_HINTS
) -> tuple[list[Found], list[Fact]]:
    """Return the texts of a page that is cut into tokens, and the places that name its language."""
    reader = _Reader(text, tokens, match_tags(tokens), Context(language))
    reader.run()
    read = [one for one in reader.read if one.found.text.split()]  # "&nbsp;" alone says nothing
    read = tell_story(read, reader.context.bodies, hints)
    plain = guess_roles([one.found for one in read if not one.is_attribute], furniture)
    return [*plain, *(one.found for one in read if one.is_attribute)], reader.facts


def _has_words(value: str) -> bool:
    said = html.unescape(value).strip()
    return any(char.isalpha() for char in said) and not _FILE_NAME.fullmatch(said)


def _links_of(text: str, run: Sequence[Token]) -> tuple[str, str]:
    """Return the words of a run that are links, and all others."""
    depth = 0
    words: tuple[list[str], list[str]] = ([], [])
    for token in run:
        if token.name == "a":
            depth = max(0, depth + (1 if token.kind is Kind.OPEN else -1))
        elif token.kind is Kind.TEXT:
            words[depth > 0].append(text[token.start : token.end])
    plain, linked = (" ".join("".join(part).split()) for part in words)
    return linked, plain


def meta_keys(token: Token) -> Iterator[str]:
    """Give what a `meta` tag says that it holds, in lower case."""
    for name in ("name", "property", "itemprop", "http-equiv"):
        yield from html.unescape(token.get(name)).lower().split()


def declared_language(tokens: Sequence[Token]) -> str:
    """Return the language that a page names, "" where it names none."""
    named = ""
    for token in tokens:
        if token.kind is Kind.OPEN and token.name == "html":
            return token.get("lang").strip() or token.get("xml:lang").strip() or named
        if token.kind is Kind.OPEN and token.name == "meta" and set(meta_keys(token)) & load_lists().meta_language:
            named = named or token.get("content").strip()
    return named


def _language_facts(token: Token, context: Context) -> Iterator[Fact]:
    """Give the places of a tag that name the language or the direction of the page."""
    lists = load_lists()
    if token.name == "meta" and set(meta_keys(token)) & lists.meta_language:
        content = next((one for one in token.attributes if one.name == "content" and one.value), None)
        if content:
            template = "{locale}" if "og:locale" in meta_keys(token) else "{lang}"
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


def _base(lang: str) -> str:
    return re.split("[-_]", lang.strip())[0].lower()
