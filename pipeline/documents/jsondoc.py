"""JSON news items: the words in their strings change, every other byte stays; HTML in strings is read as HTML.

A translation states its language; in JSON-LD also which work it translates, and the source which works translate it.
"""

import html
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.documents.building import Found, Rendition, build_article, render_marked
from pipeline.documents.copies import cut_copies
from pipeline.documents.evidence import Furniture
from pipeline.documents.guessing import guess_roles
from pipeline.documents.html import find_html
from pipeline.documents.json_items import HTML_TAG, Item, Text, base, find_items, find_texts, fold, is_jsonld, load_keys
from pipeline.documents.json_tree import Node, Reading, read_tree
from pipeline.errors import DocumentError
from pipeline.model import Article, Fact, Piece, Role

_PARAGRAPH = re.compile(r"[^\r\n\u2028\u2029]*[^\s][^\r\n\u2028\u2029]*")


def parse_json(text: str, *, name: str, suffix: str, furniture: Furniture | None = None) -> Article:
    """Parse JSON-LD or ninjs into an article: language "", one segment a block, offsets into `text`.

    Roles come from the keys (data/json.toml) and, in bodies, from their HTML or from wording. Raises DocumentError for
    what is no JSON, with the line, and for JSON without an article.
    """
    root = read_tree(text)
    items = list(find_items(root))
    if not items:
        raise DocumentError("no NewsArticle (JSON-LD) and no ninjs item in it; name a news item")
    declared = _declared(items)
    found, facts = _find(text, root, items, furniture, declared)
    article = build_article(text, cut_copies(found), name=name, suffix=suffix)
    facts.sort(key=lambda fact: (fact.start, fact.end))
    return replace(article, facts=tuple(facts), declared=declared)


def find_json(
    text: str, span: tuple[int, int], furniture: Furniture | None = None, language: str = ""
) -> tuple[list[Found], list[Fact]]:
    """Return the texts of the news items in a stretch of JSON in a page, and the places that name their language.

    `language` is the page's. Nothing where there is no item, or only one in another language. Raises DocumentError for
    what is no JSON.
    """
    root = read_tree(text, *span)
    items = list(find_items(root)) if is_jsonld(root) else []
    return _find(text, root, items, furniture, language or _declared(items)) if items else ([], [])


def stated_body(text: str, span: tuple[int, int]) -> str:
    """Return the articleBody of the news items in a stretch of JSON, as words alone."""
    said = (item.node.string("articleBody") for item in find_items(read_tree(text, *span)))
    return "\n".join(html.unescape(HTML_TAG.sub("\n", one)) for one in said if one)


def _declared(items: Sequence[Item]) -> str:
    return next((item.language.text for item in items if item.language), "")


def _find(
    text: str, root: Node, items: Sequence[Item], furniture: Furniture | None, declared: str
) -> tuple[list[Found], list[Fact]]:
    found: list[Found] = []
    facts: list[Fact] = []
    for one in find_texts(root, declared):
        more, places = _read_string(text, one, furniture, declared)
        found += more
        facts += places
    return found, facts + [fact for item in items for fact in _facts(text, item, declared)]


def _read_string(text: str, one: Text, furniture: Furniture | None, declared: str) -> tuple[list[Found], list[Fact]]:
    reading = Reading(text[one.node.start + 1 : one.node.end - 1], one.node.start + 1)
    if one.is_html:
        found, facts, _ = find_html(one.node.text, furniture, declared)
        moved = [_move(each, reading, one.node.text) for each in found]
        if one.role is not Role.BODY:
            moved = [replace(each, role=one.role) if each.role is Role.BODY else each for each in moved]
        return moved, [_move_fact(fact, reading) for fact in facts]
    matches = list(_PARAGRAPH.finditer(one.node.text))
    paragraphs = [
        Found(
            reading.start + reading.place(m.start()),
            _pieces(reading, one.node.text, *m.span()),
            one.role,
            "json",
            is_copy=True,  # of the body in HTML, of the article that a picture belongs to
        )
        for m in matches
    ]
    return guess_roles(paragraphs, furniture) if one.role is Role.BODY else paragraphs, []


def _pieces(reading: Reading, said: str, start: int, end: int) -> tuple[Piece, ...]:
    """Return words and escapes of a span of a string."""
    return tuple(Piece(reading.raw[reading.place(a) : reading.place(b)], said[a:b]) for a, b in reading.cut(start, end))


def _move(found: Found, reading: Reading, said: str) -> Found:
    """Bring a text that was found in what a string says to where it is written."""
    pieces: list[Piece] = []
    at = found.start
    for piece in found.pieces:
        end = at + len(piece.written)
        if piece.written and piece.written == piece.text:
            pieces += (replace(piece, written=one.written, text=one.text) for one in _pieces(reading, said, at, end))
        else:
            pieces.append(replace(piece, written=reading.raw[reading.place(at) : reading.place(end)]))
        at = end
    return Found(reading.start + reading.place(found.start), tuple(pieces), found.role, f"json {found.form}")


def _move_fact(fact: Fact, reading: Reading) -> Fact:
    start, end = (reading.start + reading.place(at) for at in (fact.start, fact.end))
    return Fact(start, end, _quote(fact.template), _quote(fact.own), _quote(fact.each), fact.joint)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _facts(text: str, item: Item, declared: str) -> Iterator[Fact]:
    """Give the places of an item that name its language and its relations."""
    node, key = item.node, "inLanguage" if item.is_jsonld else "language"
    if item.language is not None:
        if not declared or base(item.language.text) == base(declared):
            yield Fact(item.language.start + 1, item.language.end - 1, "{lang}")
        else:
            return
    added = [] if item.language is not None else [f'"{key}": "{{lang}}"']
    own: list[str] = []
    each = ""
    if item.is_jsonld:
        name = node.get("@id")
        has_name = name is not None and name.kind == "string" and bool(name.text)
        turned = "-{lang}" if has_name and "#" in node.string("@id") else "#{lang}"
        if name is not None and has_name:
            yield Fact(name.end - 1, name.end - 1, turned)
        if not node.get("translationOfWork"):
            added.append(f'"translationOfWork": {_work(text, node, "", "{source}")}')
        if not node.get("workTranslation"):
            own.append('"workTranslation": [{each}]')
            each = _work(text, node, turned, "{lang}")
    first = re.compile(r"\s*").match(text, node.start + 1)
    space = first[0] if first else ""
    template, of_own = ("".join(f",{space}{one}" for one in lines) for lines in (added, own))
    if template or of_own:
        end = node.items[-1][1].end
        yield Fact(end, end, template, of_own, each, ", ")


def _work(text: str, node: Node, turned: str, lang: str) -> str:
    """Write what an article says of another version of it."""
    types = node.get("@type")
    kind = _brace(text[types.start : types.end]) if types else '"NewsArticle"'
    name = _brace(_quote(node.string("@id")))
    about = f', "@id": "{name}{turned}"' if name else ""
    return f'{{{{"@type": {kind}{about}, "inLanguage": "{lang}"}}}}'


def _brace(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def render_json(
    article: Article, texts: Mapping[str, str], left_out: Collection[Role], rendition: Rendition | None = None
) -> str:
    """Write the article with `texts`; where its words changed, what counts them is brought up to date."""
    written = render_marked(article, texts, left_out, rendition)
    if all(texts[one.id] == one.source for block in article.blocks for one in block.segments):
        return written
    return count_again(written, (0, len(written)))


def count_again(text: str, span: tuple[int, int]) -> str:
    """Bring up to date the numbers in a stretch of JSON that count words or characters of a string beside them."""
    edits = sorted(_counts(read_tree(text, *span)))
    for start, end, number in reversed(edits):
        text = text[:start] + number + text[end:]
    return text


def _counts(root: Node) -> Iterator[tuple[int, int, str]]:
    """Give the places of such numbers, with what they should be."""
    keys = load_keys()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += [value for _, value in node.items]
        said = next(
            (v.text for key, v in node.items if fold(key) in ("value", "articlebody") and v.kind == "string"), ""
        )
        for key, value in node.items:
            if said and value.kind == "other" and value.text.isdigit() and fold(key) in keys.words | keys.characters:
                plain = html.unescape(re.sub(r"<[^>]*>", " ", said))
                number = len(plain.split()) if fold(key) in keys.words else len(said)
                yield value.start, value.end, str(number)
