"""Whole pages: what is the article and what is furniture, the JSON-LD inside, the charset."""

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest
from marked_samples import bare, in_english, rewrite, segments

from pipeline.documents import Rendition
from pipeline.documents.html_page import parse_html, render_html
from pipeline.model import Article, Role

FOLDER = Path(__file__).parents[1] / "cases/documents"
PAGES = tomllib.loads((FOLDER / "pages.toml").read_text("utf-8"))["page"]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page["file"])


def read(page: dict[str, Any]) -> str:
    """Return the text of a page."""
    return (FOLDER / "pages" / page["file"]).read_text("utf-8")


def parse(text: str) -> Article:
    """Parse a page that has no name."""
    return parse_html(text, name="test", suffix=".html")


@each_page
def test_story_and_furniture(page: dict[str, Any]) -> None:
    """The article's texts have their roles, in order; all other texts of the page are furniture."""
    article = parse(read(page))
    title = next(block for block in article.blocks if block.form == "html" and block.role is Role.HEADLINE)
    told = [block for block in article.blocks if block.form == "html" and block is not title]
    story = [[str(block.role), block.text] for block in told if block.role is not Role.BOILERPLATE]
    starts = [start for _, start in page["story"]] + [""] * len(story)
    assert [[role, text[: len(start)]] for (role, text), start in zip(story, starts, strict=False)] == page["story"]


@each_page
def test_pages_come_back_with_all_their_words(page: dict[str, Any]) -> None:
    """Byte for byte with their own words; with others, no word of furniture or story stays behind."""
    text = read(page)
    article = in_english(parse(text))
    own = {segment.id: segment.source for segment in segments(article)}
    assert render_html(article, own, ()) == text
    before, after = (html5lib.parse(one, namespaceHTMLElements=False) for one in (text, rewrite(article, str.upper)))
    said = [bare("".join(one.find("body").itertext())) for one in (before, after)]
    assert said[1] == said[0].upper()


READ_WITH = {
    "stated.html": (), "semantic.html": (), "soup.html": ("trafilatura",),
}  # fmt: skip


@pytest.mark.parametrize("name", READ_WITH)
def test_whose_opinion_counted(name: str) -> None:
    """A page that was shown to trafilatura says so, as it depends on its version; one with marks of its own was not."""
    assert parse((FOLDER / "pages" / name).read_text("utf-8")).read_with == READ_WITH[name]


STATED = (FOLDER / "pages/stated.html").read_text("utf-8")
_SCRIPT = re.compile(r"<script type=\"application/ld\+json\">(.*?)</script>", re.DOTALL)


def scripts(text: str) -> list[Any]:
    """Return what the JSON-LD of a page says, in the eyes of other parsers."""
    root = html5lib.parse(text, namespaceHTMLElements=False)
    return [json.loads(one.text) for one in root.iter("script") if one.get("type") == "application/ld+json"]


def test_json_ld_is_translated_as_in_a_file() -> None:
    """Headline, description and articleBody in the new words, language, relation and count; no other key."""
    article = replace(in_english(parse(STATED)), language="en")
    assert article.declared == "en"
    texts = {segment.id: f"{segment.source} Sim." for segment in segments(article)}
    graph, trail = scripts(render_html(article, texts, (), Rendition("pt")))
    site, item = graph["@graph"]
    assert site == scripts(STATED)[0]["@graph"][0]
    assert trail == scripts(STATED)[1]
    assert item["headline"] == "Mine museum floods Sim."
    assert item["description"] == "The lower halls stay shut. Sim."
    assert item["articleBody"].split("\n\n")[1] == "Nobody was hurt. Sim."
    assert item["inLanguage"] == "pt"
    assert item["translationOfWork"]["@id"] == "https://delta.example/mine#article"
    assert item["@id"] == "https://delta.example/mine#article-pt"
    assert item["wordCount"] == len(item["articleBody"].split())


def test_no_word_ends_the_script() -> None:
    """Whatever an engine writes, and whatever an identifier holds."""
    text = STATED.replace("mine#article", "mine#\\u003c/script>")
    article = replace(in_english(parse(text)), language="en")
    written = rewrite(article, lambda _: "</script><!-- <script>", Rendition("pt"))
    assert scripts(written)[0]["@graph"][1]["headline"] == "</script><!-- <script>"
    assert len(scripts(written)) == len(scripts(text))


@pytest.mark.parametrize(
    "broken", ["", "{", "// <![CDATA[\n{}\n// ]]>", "[" * 100_000, '{"@type": "Thing", "name": "x"}', "7"]
)
def test_other_scripts_stay(broken: str) -> None:
    """What is no JSON, or no news item, stays as it is."""
    text = _SCRIPT.sub(lambda _: f'<script type="application/ld+json">{broken}</script>', STATED)
    assert f'<script type="application/ld+json">{broken}</script>' in rewrite(in_english(parse(text)), str.upper)


HEADS = [
    ('<meta charset="windows-1251">', '<meta charset="utf-8">'),
    ("<meta charset=Latin1>", "<meta charset=utf-8>"),
    (
        '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">',
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">',
    ),
    ('<meta charset="UTF-8">', '<meta charset="UTF-8">'),
    ('<meta name="x" content="a charset=koi8-r">', '<meta charset="utf-8"><meta name="x" content="a charset=koi8-r">'),
]


@pytest.mark.parametrize(("head", "wanted"), HEADS, ids=[head for head, _ in HEADS])
def test_the_charset_is_true(head: str, wanted: str) -> None:
    """Every file is written in UTF-8, and says so."""
    article = replace(in_english(parse(f'<html lang="en"><head>{head}</head><body><p>Text.</body>')), language="en")
    written = rewrite(article, str.upper, Rendition("pt", versions={"en": "a.html", "pt": "b.html"}))
    assert written.startswith(f'<html lang="pt"><head>{wanted}')


def test_what_is_added_to_xhtml_is_xml() -> None:
    """Tags without content are closed there."""
    root = '<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>T</title></head>'
    article = replace(in_english(parse(f"{root}<body><p>Text.</p></body></html>")), language="en")
    versions = {"en": "a.xhtml", "pt": "b.xhtml"}
    written = rewrite(article, str.upper, Rendition("pt", versions=versions))
    assert written.count("<link ") == 3
    assert ElementTree.fromstring(written).get("lang") == "pt"
