"""JSON news items in and out: words change, every other byte stays."""

import json
import os
from dataclasses import replace
from pathlib import Path

import html5lib
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_samples import in_english, segments
from referencing import Registry, Resource

from pipeline.documents.building import Rendition
from pipeline.documents.json_tree import Node, Reading, read_tree
from pipeline.documents.jsondoc import parse_json, render_json
from pipeline.errors import DocumentError
from pipeline.model import Article

ITEMS = Path(__file__).parents[1] / "cases/documents/items"
OWN = sorted(ITEMS.iterdir())
# A copy of the IPTC's repository newsinjson: its examples and schemas.
NINJS = Path(os.environ.get("NINJS_FOLDER", "no-such-folder"))
STANDARD = sorted(NINJS.glob("examples/[23]*/*.json")) + sorted(
    NINJS.glob("documentation/includes/examples/[23]*/*.json")
)


def parse(text: str) -> Article:
    """Parse and cut into English sentences."""
    return in_english(parse_json(text, name="test", suffix=".json"))


def rewrite(article: Article, words: str, rendition: Rendition | None = None) -> str:
    """Write other words into every segment."""
    return render_json(article, {one.id: words for one in segments(article)}, (), rendition)


def blocks(name: str) -> list[tuple[str, str]]:
    """Give role and text of the blocks of an item."""
    article = parse((ITEMS / name).read_text("utf-8"))
    return [(str(block.role), block.text) for block in article.blocks]


def test_news_article() -> None:
    """Headline, description, body and captions are read; persons, organisations, keywords and dates are not."""
    assert blocks("newsarticle.json") == [
        ("headline", "Harbour works stop — the money is gone"),
        ("heading", "No more money"),
        ("deck", 'The "city" has no money left.'),
        ("caption", "Workers wait at the gate."),
        ("body", "The mayor stopped the works on Monday."),
        ("body", "She said: “It is over 😀.” 1 < 2."),
        ("body", "The end."),
    ]


def test_graph_with_html() -> None:
    """The article of a graph alone; HTML in a string is read as HTML."""
    assert blocks("graph.jsonld") == [
        ("headline", "The bridge is open"),
        ("body", "Trains run again."),
        ("body", "A second train came."),
    ]


def test_ninjs() -> None:
    """Lists of texts, bodies in two formats, pictures in associations; no NITF, no names, no item in German."""
    assert blocks("ninjs_3.json") == [
        ("headline", "The bridge is open"),
        ("deck", "Trains run again."),
        ("body", "Trains run again."),
        ("body", 'The mayor "thanked" everyone.'),
        ("headline", "The bridge is open"),
        ("body", "Trains run again."),
        ("caption", "A train"),
        ("caption", "A train waits."),
        ("headline", "A train"),
        ("caption", "The train waits at the bridge."),
    ]
    assert [text for _, text in blocks("ninjs_2.json")] == [
        "The bridge is open", "By Ana Peña", "Trains run again.", "Trains run again.", "The mayor thanked everyone.",
        "Trains run again.",
    ]  # fmt: skip


@pytest.mark.parametrize("path", [*OWN, *STANDARD], ids=lambda path: path.name)
def test_items_come_back(path: Path) -> None:
    """Byte for byte with their own words; with other words the same keys and values but for those words."""
    text = path.read_text("utf-8-sig")
    try:
        article = parse(text)
    except DocumentError as error:
        pytest.skip(str(error))
    assert rewrite_own(article) == text
    changed = rewrite(article, 'Zed "<&\\ Qed')
    assert shape(json.loads(changed)) == shape(json.loads(text))


def rewrite_own(article: Article) -> str:
    """Write every segment's own words."""
    return render_json(article, {one.id: one.source for one in segments(article)}, ())


def shape(value: object) -> object:
    """Return a JSON value without what its strings and numbers say."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else type(value)


@pytest.mark.parametrize("path", STANDARD, ids=lambda path: path.name)
def test_ninjs_stays_valid(path: Path) -> None:
    """By the schema of its own version, as far as the original is."""
    version = "3.1" if "/3" in str(path) else "2.2" if "2.2" in str(path) else "2.1"
    schema = json.loads((NINJS / f"specification/ninjs-schema_{version}.json").read_text("utf-8"))
    # The schema names that of GeoJSON, which is not fetched: places are untouched.
    geo = Resource.from_contents({"$schema": "http://json-schema.org/draft-07/schema#"})
    registry = Registry().with_resource("https://geojson.org/schema/GeoJSON.json", geo)
    validator = jsonschema.Draft7Validator(schema, registry=registry)
    text = path.read_text("utf-8-sig")
    if any(validator.iter_errors(json.loads(text))):
        pytest.skip("not valid itself")
    try:
        article = parse(text)
    except DocumentError as error:
        pytest.skip(str(error))
    source = article.declared or "en"
    changed = rewrite(
        replace(article, language=source),
        "Outras palavras.",
        Rendition("pt", versions=dict.fromkeys((source, "pt"), "x")),
    )
    assert not list(validator.iter_errors(json.loads(changed)))


def test_a_translation_says_what_it_is() -> None:
    """JSON-LD: its language, a name of its own and the work it translates; the source lists its translations."""
    text = (ITEMS / "newsarticle.json").read_text("utf-8")
    article = replace(parse(text), language="en-GB")
    done = json.loads(
        rewrite(article, "Palavras.", Rendition("pt", versions=dict.fromkeys(("en-GB", "pt", "es"), "x")))
    )
    assert (done["inLanguage"], done["@id"]) == ("pt", "https://example.org/harbour#pt")
    assert done["translationOfWork"] == {
        "@type": ["NewsArticle"], "@id": "https://example.org/harbour", "inLanguage": "en-GB",
    }  # fmt: skip
    assert done["wordCount"] == 4
    assert "workTranslation" not in done
    own = {one.id: one.source for one in segments(article)}
    source = json.loads(
        render_json(article, own, (), Rendition("en-GB", versions=dict.fromkeys(("en-GB", "pt", "es"), "x")))
    )
    assert [one["@id"].partition("#")[2] for one in source.pop("workTranslation")] == ["pt", "es"]
    assert source == json.loads(text)


def test_a_ninjs_item_names_its_language() -> None:
    """Where it did and where it did not; an item in another language keeps its own; counts follow the words."""
    text = (ITEMS / "ninjs_3.json").read_text("utf-8")
    done = json.loads(
        rewrite(parse(text), "Duas palavras", Rendition("pt-BR", versions=dict.fromkeys(("en", "pt-BR"), "x")))
    )
    assert [done["language"], *(one["language"] for one in done["associations"])] == ["pt-BR", "pt-BR", "de"]
    assert (done["bodies"][0]["charCount"], done["bodies"][0]["wordCount"]) == (27, 4)
    assert '<article lang="pt-BR">' in done["bodies"][1]["value"]
    assert html5lib.parse(done["bodies"][1]["value"]) is not None
    bare = '{"uri": "x", "headline": "The bridge is open"}'
    assert json.loads(rewrite(parse(bare), "A ponte", Rendition("pt")))["language"] == "pt"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"uri": "x",\n "headline": }', "line 2: not valid JSON"),
        ('{"name": "a package", "description": "Does things"}', "no NewsArticle"),
        ("[]", "no NewsArticle"),
        ("12", "no NewsArticle"),
        ("[" * 100_000 + "]" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_news_item_is_refused(text: str, problem: str) -> None:
    """In one line that says what is wrong."""
    with pytest.raises(DocumentError, match=problem):
        parse(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@settings(deadline=None, max_examples=200)
@given(VALUES, st.booleans())
def test_every_value_is_found_where_it_stands(value: object, ascii_only: bool) -> None:
    """Whatever is nested in what, with and without escapes."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)

    def read(node: Node) -> object:
        if node.kind == "object":
            return {key: read(one) for key, one in node.items}
        if node.kind == "list":
            return [read(one) for _, one in node.items]
        return json.loads(text[node.start : node.end])

    assert read(read_tree(text)) == value


@settings(deadline=None, max_examples=200)
@given(st.text(), st.booleans(), st.data())
def test_escapes_have_their_place(said: str, ascii_only: bool, data: st.DataObject) -> None:
    """A span of what a string says, cut at its escapes, is written by the same span of the file."""
    raw = json.dumps(said, ensure_ascii=ascii_only)[1:-1]
    reading = Reading(raw, 0)
    start = data.draw(st.integers(0, len(said)))
    end = data.draw(st.integers(start, len(said)))
    parts = [(said[a:b], raw[reading.place(a) : reading.place(b)]) for a, b in reading.cut(start, end)]
    assert "".join(one for one, _ in parts) == said[start:end]
    assert all(json.loads(f'"{written}"') == one for one, written in parts)


WORDS = st.text(st.characters(exclude_categories=("Cs", "Co", "Cn", "Cc")), min_size=1).filter(str.strip)


@settings(deadline=None, max_examples=200)
@given(WORDS, st.sampled_from(OWN))
def test_words_of_a_target_are_never_read_as_markup(words: str, path: Path) -> None:
    """Whatever an engine writes stays inside its string, and inside the HTML of that string."""
    text = path.read_text("utf-8")
    changed = rewrite(parse(text), f"Zed {' '.join(words.split())} Qed")
    assert shape(json.loads(changed)) == shape(json.loads(text))
    before, after = ([one for one in parse(each).blocks if not one.is_copy] for each in (text, changed))
    assert len(after) == len(before)
