"""Marked-up articles through the whole pipeline, on the real en-pt engine."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata

import pytest

from pipeline.documents.markdown import parse_markdown
from pipeline.exports import build_files
from pipeline.glossary import builtin_folder, load_glossary
from pipeline.localise import Localised, Options, Tools, localise_article
from pipeline.marking import place_tags
from pipeline.model import Side


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    """Share the engine between the tests of this file."""
    with Tools.open(load_glossary([builtin_folder()])) as opened:
        yield opened


def localise(text: str, suffix: str, tools: Tools, source: str = "auto") -> Localised:
    """Localise into Portuguese."""
    return localise_article(text.encode(), "test", suffix, Options(("pt",), source=source), tools)


MARKDOWN = """\
---
title: The mayor's office is silent
lang: en   # of this page
---

Minister **Ana Peña** left `git commit --amend` to [Reuters](https://example.org/a?b=1&c=2) on Monday. The works \
**cost *£11million* and go on. The city** pays.[^1]

> “We will not give up,” she said.

| Place | People |
|-------|-------:|
| Porto | 1,200 people |

```
The code stays.
```

[^1]: The ministry did not answer.
"""


def test_markdown_keeps_its_markup(tools: Tools) -> None:
    """Names, code and sums carry their tags; a tag over two sentences stays one; code and addresses are untouched."""
    done = localise(MARKDOWN, ".md", tools)
    text = done.rendered["pt"]
    assert done.rendered["en"] == MARKDOWN
    for kept in (
        "**Ana Peña**", "`git commit --amend`", "[Reuters](https://example.org/a?b=1&c=2)", "*11 milhões de libras*",
        "lang: pt   # of this page", "```\nThe code stays.\n```", "\n[^1]: ", "translatedFrom: {lang: en, ",
    ):  # fmt: skip
        assert kept in text
    assert text.count("**") == 4
    again = parse_markdown(text, name="test", suffix=".md")
    assert [block.role for block in again.blocks] == [block.role for block in done.parallel.article.blocks]


def test_every_tag_of_the_source_is_in_the_target(tools: Tools) -> None:
    """Also in the pieces that the exports get; code is kept and a fragment with its reason."""
    done = localise(MARKDOWN, ".md", tools)
    for item in done.parallel.segments:
        sides = [
            sorted((piece.number, piece.side) for piece in pieces if piece.side is not Side.TEXT)
            for pieces in (item.segment.pieces, item.pieces, item.targets["pt"].pieces)
        ]
        assert sides[0] == sides[1] == sides[2]
    code = [fragment for item in done.parallel.segments for fragment in item.fragments if fragment.kind == "code"]
    assert [fragment.text for fragment in code] == ["git commit --amend"]
    files = build_files(done.parallel, done.rendered, "test")
    assert files["test.pt.md"].decode() == done.rendered["pt"]


def test_an_alignment_places_tags(tools: Tools) -> None:
    """The engine says where translated words went: around them the tag stands, and nobody is asked to look."""
    done = localise("The city council *voted at last* on the budget of the **housing board**.\n", ".md", tools, "en")
    assert re.search(r"\*vot\w+[^*]*\*.* \*\*[^*]*habita\w+\*\*\.", done.rendered["pt"])
    assert done.parallel.findings == ()


def test_a_guessed_place_is_a_finding(tools: Tools) -> None:
    """Where neither words nor an alignment tell, a person is asked to look."""
    done = localise("The city council *voted at last* on the budget.\n", ".md", tools, source="en")
    (item,) = done.parallel.segments
    target = replace(item.targets["pt"], alignment=(), findings=())
    placed = place_tags(replace(item, targets={"pt": target})).targets["pt"]
    assert sum(piece.side is not Side.TEXT for piece in placed.pieces) == 2
    assert [finding.rule for finding in placed.findings] == ["tag_misplaced"]


def test_furniture_stays_in_a_page(tools: Tools) -> None:
    """Only plain text, which was copied from a page, loses the lines around the article."""
    done = localise("# The bridge is open\n\nShare on Facebook\n\nTrains run again.\n", ".md", tools, source="en")
    assert "Facebook" in done.rendered["pt"]


PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head><title>Harbour works stop</title>
<meta name="description" content="The money is gone.">
<script>var a = "<p>Not a text</p>";</script></head>
<body><nav><a href="/">Home</a></nav><main>
<h1>Harbour works stop</h1>
<p>Minister <b>Ana Peña</b> said that <a href="/a?x=1&amp;y=2" title="The third of March">AT&amp;T</a>
   had lost <em>£11million</em> and the <span translate="no">harbour board</span> ran <code>rm -rf</code>.
<figure><img src="gate.jpg" alt="Workers at the gate"><figcaption>Workers wait.</figcaption></figure>
</main></body></html>
"""


def test_a_page_keeps_all_but_its_words(tools: Tools) -> None:
    """Words in elements and attributes are translated, tags stand around theirs, the language is named."""
    done = localise(PAGE, ".html", tools)
    text = done.rendered["pt"]
    links = (
        '<link rel="alternate" hreflang="en" href="test.en.html">\n'
        '<link rel="alternate" hreflang="pt" href="test.pt.html">\n'
        '<link rel="alternate" hreflang="x-default" href="test.en.html">\n'
    )
    assert done.rendered["en"] == PAGE.replace("</head>", f"{links}</head>")
    assert all(line in text for line in links.splitlines())
    for kept in (
        '<html lang="pt">', '<script>var a = "<p>Not a text</p>";</script>', "<b>Ana Peña</b>",
        "<em>11 milhões de libras</em>",
        '<a href="/a?x=1&amp;y=2" title="', ">AT&amp;T</a>",
        '<span translate="no">harbour board</span>', "<code>rm -rf</code>",
        '<img src="gate.jpg" alt="Trabalhadores',
    ):  # fmt: skip
        assert kept in text
    for english in ("The money", "Workers", "Home", "The third"):
        assert english not in text
    build_files(done.parallel, done.rendered, "test")


STATED = """\
<!DOCTYPE html>
<html lang="en">
<head><title>Harbour works stop</title>
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour works stop", "description":
"The mayor stopped the works on Monday.", "articleBody":
"The mayor stopped the works on Monday. She said that the money is gone.The works had cost £11million."}</script></head>
<body><main><h1>Harbour works stop</h1>
<p>The mayor stopped the <a href="/w">works</a> on Monday. She said that the money is gone.</p>
<p>The works had cost £11million.</p></main></body></html>
"""


def test_the_signature_has_what_a_page_was_read_with(tools: Tools) -> None:
    """The version of each package that has a say; trafilatura's only where it was asked."""
    bare = "<html lang=en><body><div><p>The city has no money.</p></div></body></html>"
    found = [set(localise(text, ".html", tools).parallel.signature.libraries.items()) for text in (PAGE, bare)]
    assert {name for name, _ in found[0]} == {"babel", "sentencex"}
    assert found[1] - found[0] == {("trafilatura", metadata.version("trafilatura"))}


def test_what_a_page_says_twice_is_translated_once(tools: Tools) -> None:
    """The sentences of articleBody, the description and the titles: one segment each, the same words in each place."""
    done = localise(STATED, ".html", tools)
    sources = [item.segment.source for item in done.parallel.segments]
    assert sources == [
        "Harbour works stop", "The mayor stopped the works on Monday.", "She said that the money is gone.",
        "The works had cost £11million.",
    ]  # fmt: skip
    title, *body = [item.targets["pt"].text for item in done.parallel.segments]
    text = done.rendered["pt"]
    assert f'"articleBody":\n"{body[0]} {body[1]}{body[2]}"' in text
    assert f'"description":\n"{body[0]}"' in text
    assert text.count(title) == 3
    assert json.loads(STATED.partition('ld+json">')[2].partition("</script>")[0])["articleBody"] in done.rendered["en"]


def test_a_line_of_code_is_kept(tools: Tools) -> None:
    """It is in no language, so no route is looked for."""
    done = localise("`git push`\n\nThe city has no money.\n", ".md", tools, source="en")
    assert done.rendered["pt"].startswith("`git push`\n")
