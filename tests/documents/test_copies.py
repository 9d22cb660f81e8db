"""Copies for machines are cut as the page is, so that they have the same sentences."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_samples import segments

from pipeline.documents.html_page import parse_html, render_html
from pipeline.documents.jsondoc import parse_json
from pipeline.model import Article

CASES = tomllib.loads((Path(__file__).with_name("copies.toml")).read_text("utf-8"))["copy"]


def read(paragraphs: list[str], body: str) -> tuple[str, Article]:
    """Return a page with these paragraphs and this articleBody, and what is read of it."""
    item = json.dumps({"@type": "NewsArticle", "headline": "Zed", "articleBody": body}, ensure_ascii=False)
    shown = "".join(f"<p>{one}</p>" for one in paragraphs)
    text = (
        f'<html><head><title>Zed</title><script type="application/ld+json">{item}</script></head>'
        f"<body><main><h1>Zed</h1>{shown}</main></body></html>"
    )
    return text, parse_html(text, name="test", suffix=".html")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_a_copy_is_cut_where_paragraphs_begin_and_end(case: dict[str, Any]) -> None:
    """At the bars and nowhere else."""
    text, article = read(case["page"].split(" / "), case["body"].replace(" | ", " ").replace("|", ""))
    said = [block.text for block in article.blocks if block.form == "script json" and block.text != "Zed"]
    assert said == [part.strip() for part in case["body"].split("|")]
    assert render_html(article, {one.id: one.source for one in segments(article)}, ()) == text


def test_what_is_a_copy() -> None:
    """JSON-LD, meta tags and the title of a page; the plain strings of a JSON item. Not what readers see."""
    page = (
        '<html><head><title>A b</title><meta name="description" content="C d"></head>'
        '<body><main><h1>E f</h1><p>G h <img alt="I j"></p></main></body></html>'
    )
    found = {block.text: block.is_copy for block in parse_html(page, name="a", suffix=".html").blocks}
    assert found == {"A b": True, "C d": True, "E f": False, "G h": False, "I j": False}
    item = '{"uri": "x", "headline": "A b", "body_text": "C d", "body_xhtml": "<p>E f</p>"}'
    found = {block.text: block.is_copy for block in parse_json(item, name="a", suffix=".json").blocks}
    assert found == {"A b": True, "C d": True, "E f": False}


WORDS = st.sampled_from(["The gate is open.", "Nobody was hurt at all", "Why?", "“So”", "so", ".", " ", "  ", "\u00a0"])


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(WORDS, min_size=1).map("".join), max_size=4), st.lists(WORDS, min_size=1).map("".join))
def test_cutting_loses_nothing(paragraphs: list[str], body: str) -> None:
    """Whatever stands in both, the page comes back byte for byte, and the copy says in its parts what it said."""
    text, article = read(paragraphs, body)
    assert render_html(article, {one.id: one.source for one in segments(article)}, ()) == text
    said = "".join(block.text for block in article.blocks if block.form == "script json")
    assert "".join(said.split()) == "".join(f"Zed{body}".split())
