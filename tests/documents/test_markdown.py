"""Markdown: what is text and what is not; nothing else ever changes."""

import importlib.metadata
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked_samples import bare, in_english, rewrite, segments, tags

from pipeline.documents import Rendition
from pipeline.documents.building import render_marked
from pipeline.documents.markdown import parse_markdown
from pipeline.errors import DocumentError
from pipeline.model import Article

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/documents/markdown.toml").read_text("utf-8"))["case"]


def parse(text: str) -> Article:
    """Parse Markdown that has no name."""
    return parse_markdown(text, name="test", suffix=".md")


def sources(article: Article) -> dict[str, str]:
    """Map each segment to its own source."""
    return {segment.id: segment.source for segment in segments(article)}


def package_texts() -> list[tuple[str, str]]:
    """Find the descriptions in Markdown that installed packages carry."""
    found = {}
    for package in importlib.metadata.distributions():
        if "markdown" in (package.metadata["Description-Content-Type"] or ""):
            found[package.metadata["Name"]] = package.read_text("METADATA").partition("\n\n")[2]  # type: ignore[union-attr]
    return sorted((name, text) for name, text in found.items() if text.strip())


PACKAGES = package_texts()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_blocks_and_roles(case: dict[str, Any]) -> None:
    """Words are found, markup is not."""
    article = parse(case["markdown"].lstrip("\n"))
    assert [[str(block.role), block.text] for block in article.blocks] == case["blocks"]


def test_there_are_real_samples() -> None:
    """The environment of the tests itself brings them."""
    assert len(PACKAGES) >= 10


@pytest.mark.parametrize(("name", "text"), PACKAGES, ids=[name for name, _ in PACKAGES])
def test_real_documents_come_back_byte_for_byte(name: str, text: str) -> None:
    """Parsed, cut into sentences and rendered with the own sources."""
    article = in_english(parse(text))
    assert render_marked(article, sources(article), ()) == text, name
    crlf = text.replace("\r\n", "\n").replace("\n", "\r\n")
    article = in_english(parse(crlf))
    assert render_marked(article, sources(article), ()) == crlf, name


@pytest.mark.parametrize(("name", "text"), PACKAGES, ids=[name for name, _ in PACKAGES])
def test_real_documents_keep_their_markup_when_all_words_change(name: str, text: str) -> None:
    """Rewritten and parsed again: the same blocks with the new words and the same tags."""
    article = parse(text)
    again = parse(rewrite(article, lambda source: f"Zed {source} Qed"))
    wanted = [bare(f"Zed {one.source} Qed") if "Zed" in two.source else bare(one.source)
              for one, two in zip(segments(article), segments(again), strict=True)]  # fmt: skip
    assert [bare(one.source) for one in segments(again)] == wanted, name
    assert [tags(one) for one in segments(article)] == [tags(one) for one in segments(again)], name


INLINE = st.sampled_from([
    "*", "**", "_", "`", "``", "[", "](x)", "]", "![", "[^1]", "<b>", "</b>", "<br>", "<https://a.bg>", "\\", "&amp;",
    "~~", "word", "Word.", "«no»", " ", " ", "\n", "  \n", "\\\n", "|", "{{< x >}}", "\t", "#", "1.", "-", "\u00a0",
    "Ñ",
])  # fmt: skip
LINES = st.one_of(
    st.lists(INLINE, max_size=12).map("".join),
    st.sampled_from(["", "# ", "> ", "- ", "1. ", "---", "    ", "```", "| a | b |", "|---|---|", "<div>", "[^1]: note",
                     "[a]: /u", "===", "title: x", "+++", 'title = "x"']),
)  # fmt: skip
TEXTS = st.tuples(
    st.lists(st.tuples(st.sampled_from(["", "> ", "- ", "  "]), LINES).map("".join), max_size=10),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
).map(lambda pair: pair[1].join(pair[0]))


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_round_trip_is_exact(text: str) -> None:
    """With every segment's own source the output is the input, before and after cutting into sentences."""
    try:
        article = parse(text)
    except DocumentError:
        return
    for stage in (article, in_english(article)):
        assert render_marked(stage, sources(stage), ()) == text
        for segment in segments(stage):
            assert segment.source == segment.source.strip() != ""


WORDS = st.lists(
    st.sampled_from(["word", "*", "_a_", "[b]", "(c)", "`", "<d>", "&amp;", "#", "1.", "-", "+", ">", "|", "\\", "~~",
                     "!", "{{", "}}", "http://a.bg", "a_b", "[e](f)", "=", "---", "Ñ,"]),
    max_size=6,
).map(lambda words: " ".join([*words, "end"]))  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(
    WORDS, st.sampled_from(["Text\n", "# Title\n", "- item\n", "> quote\n", "| cell |\n|---|\n", "*all*\n", "a\n===\n"])
)
def test_words_of_a_target_are_never_read_as_markup(words: str, text: str) -> None:
    """Whatever an engine writes comes out as words: the parsed output says what was put in, with the same tags."""
    article = parse(text)
    again = parse(rewrite(article, lambda _: words))
    assert [" ".join(block.text.split()) for block in again.blocks] == [words]
    assert [tags(one) for one in segments(article)] == [tags(one) for one in segments(again)]


FRONT = """---
# a comment
title: Bridge opens   # another
lang: "en"
no: yes
version: 1.10
description: 'It''s open'
---
Text.
"""


def test_front_matter_keeps_all_but_words_and_facts() -> None:
    """Order, comments, quotation marks, numbers and flags stay; language and origin are written."""
    article = parse(FRONT)
    assert article.declared == "en"
    written = rewrite(article, lambda _: "Ponte: d'água", Rendition("pt", digest="d1"))
    assert written == FRONT.replace("Bridge opens", '"Ponte: d\'água"').replace('"en"', '"pt"').replace(
        "'It''s open'", "'Ponte: d''água'"
    ).replace("Text.", "Ponte: d'água").replace(
        "---\nPonte", 'translationKey: "test"\ntranslatedFrom: {lang: , path: "test.md", sha256: "d1"}\n---\nPonte'
    )


def test_key_lines_keep_all_but_words_and_facts() -> None:
    """The same without a fence: order, case of keys and line ends stay."""
    text = "TITLE: Bridge opens\r\nSlug: bridge\r\nSummary: It opens\r\n    on Monday.\r\n\r\nText.\r\n"
    article = in_english(parse(text))
    assert render_marked(article, sources(article), ()) == text
    written = rewrite(article, lambda _: "Ponte: # d'água", Rendition("pt", digest="d1"))
    added = 'Lang: pt\r\ntranslationKey: "test"\r\ntranslatedFrom: {lang: en, path: "test.md", sha256: "d1"}\r\n\r\n'
    assert written == (
        "TITLE: Ponte: # d'água\r\nSlug: bridge\r\nSummary: Ponte: # d'água\r\n" + added + "Ponte: # d'água\r\n"
    )


@pytest.mark.parametrize(
    "value", ["no", "1.10", "# x", "a: b", "- a", "", "true", "x #y", "'", "2026-01-12", "[a]", "*a"]
)
def test_words_stay_words_in_front_matter(value: str) -> None:
    """What YAML would read as a number, a flag or a comment goes between quotation marks."""
    article = parse("---\ntitle: Old words\n---\n")
    again = parse(rewrite(article, lambda _: value or "~"))
    assert [block.text for block in again.blocks] == [value or "~"]


def test_facts_stay_in_the_own_language() -> None:
    """The source-language file is the input."""
    article = in_english(parse(FRONT))
    assert render_marked(article, sources(article), (), Rendition("en")) == FRONT


@pytest.mark.parametrize(
    "text", ["---\ntitle: [a\n---\nText.\n", "+++\ntitle = [\n+++\nText.\n", "---\na: b: c\n---\n"]
)
def test_damaged_front_matter_is_refused(text: str) -> None:
    """It would else be translated as text."""
    with pytest.raises(DocumentError, match="front matter"):
        parse(text)


# cmark's pathological inputs, shorter, and what breaks readers of YAML.
HOSTILE = {
    "nested strong": "*a **a " * 2_000 + "b" + " a** a*" * 2_000,
    "open links": "[a](" * 3_000,
    "nested brackets": "[" * 3_000 + "a" + "]" * 3_000,
    "nested quotations": "> " * 3_000 + "a",
    "nested lists": "".join("  " * i + "- a\n" for i in range(300)),
    "backticks": "".join("e" + "`" * i for i in range(500)),
    "open comments": "<!-- " * 3_000,
    "open shortcodes": "{{" * 3_000,
    "raw tags": "<b>" * 3_000 + "x",
    "wide table": "|a" * 1_000 + "\n" + "|-" * 1_000 + "\n" + "|b" * 1_000,
    "alias bomb": "---\na: &a0 x\n" + "".join(f"k{i}: &a{i} [{f'*a{i - 1},' * 9}]\n" for i in range(1, 30)) + "---\n",
    "carriage returns": "---\r" + "\r" * 30_000,
    "deep YAML": "---\na: " + "[" * 500 + "]" * 500 + "\n---\nText.",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_documents_end_in_words_or_a_refusal(text: str) -> None:
    """No input takes for ever, no recursion escapes, nothing is lost."""
    try:
        article = in_english(parse(text))
    except DocumentError:
        return
    assert render_marked(article, sources(article), ()) == text
    rewrite(article, str.upper)


def test_no_tag_of_yaml_makes_an_object() -> None:
    """Values are text and nothing is built from them."""
    article = parse("---\ntitle: !!python/object/apply:os.system ['true']\n---\nText.\n")
    assert [block.text for block in article.blocks] == ["Text."]


def test_links_by_label_keep_their_label() -> None:
    """With other words "[label]" needs its label written out."""
    article = parse("See [the rules] and [our page][].\n\n[the rules]: /r\n[our page]: /p\n")
    written = rewrite(article, lambda _: "Veja as regras e a página.")
    assert re.search(r"\[[^]]+\]\[the rules\].*\[[^]]+\]\[our page\]", written)
