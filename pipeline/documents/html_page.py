"""A whole HTML page: its words, the news item that it states in JSON-LD, its charset, and its relations to others."""

import codecs
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.documents.building import Found, Rendition, build_article, render_marked
from pipeline.documents.copies import cut_copies
from pipeline.documents.evidence import Furniture
from pipeline.documents.extracting import extract_article
from pipeline.documents.html import declared_language, meta_keys, read_tokens
from pipeline.documents.html_story import Hints
from pipeline.documents.html_tables import unfold_tables
from pipeline.documents.html_tokens import Kind, Token, tokenize
from pipeline.documents.jsondoc import count_again, find_json, stated_body
from pipeline.errors import DocumentError
from pipeline.model import Article, Fact, Role

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*(?P<name>[^\s\"';,/>]+)", re.IGNORECASE)


def parse_html(text: str, *, name: str, suffix: str, furniture: Furniture | None = None) -> Article:
    """Parse an HTML page, or a part of one, into an article: language "", one segment a block, offsets into `text`.

    Roles come from tags and classes (data/html.toml); what is not the article is boilerplate. Other plain paragraphs
    are told apart by wording. The news item that a page states in JSON-LD is read as a JSON file is. No input is
    refused, and nothing is fetched.
    """
    tokens = unfold_tables(list(tokenize(text)))
    declared = declared_language(tokens)
    stated: list[str] = []
    found: list[Found] = []
    facts: list[Fact] = []
    for start, end in _news_items(text, tokens):
        more, places = find_json(text, (start, end), furniture, declared)
        found += (replace(one, form=f"script {one.form}", is_copy=True) for one in more)
        facts += map(_in_script, places)
        stated.append(stated_body(text, (start, end)))
    is_page = any(token.kind is Kind.OPEN and token.name in ("html", "body") for token in tokens)
    asked: list[str] = []

    def extract() -> str:
        asked.append("trafilatura")
        return extract_article(text, tokens)

    hints = Hints("\n".join(stated), extract if is_page else None)
    words, places = read_tokens(text, tokens, declared, furniture, hints)
    facts += [*places, *_relations(text, tokens), *_charset(tokens)]
    article = build_article(text, cut_copies([*found, *words]), name=name, suffix=suffix)
    facts.sort(key=lambda fact: (fact.start, fact.end))
    return replace(article, facts=tuple(facts), declared=declared, read_with=tuple(asked))


def render_html(
    article: Article, texts: Mapping[str, str], left_out: Collection[Role], rendition: Rendition | None = None
) -> str:
    """Write the article with `texts`; in its JSON-LD, what counts words that changed is brought up to date."""
    written = render_marked(article, texts, left_out, rendition)
    changed = any(
        texts[one.id] != one.source
        for block in article.blocks
        if block.form.startswith("script")
        for one in block.segments
    )
    if not changed:
        return written
    for span in reversed(list(_news_items(written, list(tokenize(written))))):
        written = count_again(written, span)
    return written


def _news_items(text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Give the places of the JSON-LD scripts that hold a news item; what is no JSON is none."""
    for tag, token in pairwise(tokens):
        kind = tag.get("type").lower().split(";")[0].strip()
        if token.kind is Kind.RAW and tag.name == "script" and kind == "application/ld+json":
            try:
                found, _ = find_json(text, (token.start, token.end))
            except DocumentError:
                continue
            if found:
                yield token.start, token.end


def _in_script(fact: Fact) -> Fact:
    """Keep what is written anew from ending the script."""
    template, own, each = (one.replace("<", "\\u003c") for one in (fact.template, fact.own, fact.each))
    return replace(fact, template=template, own=own, each=each)


def _charset(tokens: Sequence[Token]) -> Iterator[Fact]:
    """Give the places that name the charset, where it is not the one that is written: all files are in UTF-8."""
    names = list(_charset_names(tokens))
    yield from (Fact(start, end, "utf-8", "utf-8") for name, start, end in names if not _is_utf8(name))
    head = next((token for token in tokens if token.kind is Kind.OPEN and token.name == "head"), None)
    if head and not names:
        yield Fact(head.end, head.end, f'<meta charset="utf-8"{_slash(tokens)}>')


def _charset_names(tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    for token in tokens:
        if token.kind is not Kind.OPEN or token.name != "meta":
            continue
        for one in token.attributes:
            match = _CHARSET.search(one.value) if one.name == "content" and "content-type" in meta_keys(token) else None
            if one.name == "charset" and one.value:
                yield one.value, one.start, one.end
            elif match:
                yield match["name"], one.start + match.start("name"), one.start + match.end("name")


def _is_utf8(name: str) -> bool:
    try:
        return codecs.lookup(name.strip()).name == "utf-8"
    except LookupError:
        return False


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
    close = f"{_slash(tokens)}>{newline}"
    every = f'<link rel="alternate" hreflang="{{lang}}" href="{{href}}"{close}'
    default = f'<link rel="alternate" hreflang="x-default" href="{{source_href}}"{close}'
    yield Fact(end, end, every + "{each}" + default, every + "{each}" + default, every)


def _slash(tokens: Sequence[Token]) -> str:
    """Return what closes a tag without content: in XHTML, which is XML, it must be closed."""
    root = next((token for token in tokens if token.kind is Kind.OPEN and token.name == "html"), None)
    return " /" if root and root.get("xmlns").endswith("xhtml") else ""
