"""What we write, in the eyes of those who read it: site generators and checkers of HTML."""

import re
import shutil
import subprocess
import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from marked_samples import in_english, rewrite
from ruamel.yaml import YAML

from pipeline.documents import Rendition, parser_for

PAGES = sorted((Path(__file__).parents[1] / "cases/documents/pages").iterdir())
RENDITION = Rendition("pt", digest="d1", versions={"en": "test.en.x", "pt": "test.pt.x"})

KEY_LINES = """\
Title: The mayor's office: silent
Date: 2026-01-12 10:30
Tags: city, water
Slug: silent
Lang: en
Summary: The city has no money.

The city has **no money** left.
"""
FENCED = (
    f"---\n{KEY_LINES.partition('Summary')[0].replace('office:', 'office,')}---\n\nThe city has **no money** left.\n"
)


def translate(text: str, suffix: str) -> str:
    """Put other words in the place of all words, as a version in Portuguese."""
    article = in_english(parser_for(suffix)(text, name="test", suffix=suffix))
    return rewrite(replace(article, language="en"), lambda _: "Zed: «não» Qed", RENDITION)


def read_with_pelican(text: str, folder: Path) -> tuple[str, dict[str, Any]]:
    """Return content and metadata of a file, as Pelican has them."""
    readers = pytest.importorskip("pelican.readers")
    settings = pytest.importorskip("pelican.settings")
    path = folder / "a.md"
    path.write_text(text, "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content, metadata = readers.MarkdownReader(dict(settings.DEFAULT_CONFIG)).read(str(path))
    return content, metadata


@pytest.mark.parametrize("text", [KEY_LINES, FENCED], ids=["key lines", "fenced"])
def test_pelican_reads_the_front_matter(text: str, tmp_path: Path) -> None:
    """The words and the language are new, all else is as it was; what is added takes no key's place."""
    _, before = read_with_pelican(text, tmp_path)
    content, after = read_with_pelican(translate(text, ".md"), tmp_path)
    assert after["title"].strip('"') == "Zed: «não» Qed"
    assert "Zed: «não» Qed" in re.sub("<[^>]*>", "", after.get("summary", "Zed: «não» Qed"))
    assert re.sub("<[^>]*>", "", content).strip() == "Zed: «não» Qed"
    assert (before["lang"], after["lang"]) == ("en", "pt")
    same = {key for key in before if key not in ("title", "summary", "lang")}
    assert {key: str(after[key]) for key in same} == {key: str(before[key]) for key in same}
    assert set(after) - set(before) == {"translationkey", "translatedfrom"}


def test_yaml_says_where_a_version_comes_from() -> None:
    """As a table, whatever the article is called."""
    article = in_english(parser_for(".md")(FENCED, name='a "b": c', suffix=".md"))
    written = rewrite(replace(article, language="en"), str.upper, RENDITION)
    values = YAML(typ="safe").load(written.split("---\n")[1])
    assert values["translatedFrom"] == {"lang": "en", "path": 'a "b": c.md', "sha256": "d1"}
    assert values["translationKey"] == 'a "b": c'


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_html5lib_has_no_new_complaint(path: Path) -> None:
    """A translated page breaks no rule of the HTML standard's parser that its source did not break."""

    def complaints(text: str) -> Counter[str]:
        parser = html5lib.HTMLParser()
        parser.parse(text)
        return Counter(code for _, code, _ in parser.errors)

    text = path.read_text("utf-8")
    assert complaints(translate(text, ".html")) == complaints(text)


@pytest.mark.skipif(shutil.which("tidy") is None, reason="no tidy")
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_tidy_has_no_new_complaint(path: Path) -> None:
    """The same for errors and warnings of HTML Tidy."""

    def complaints(text: str) -> Counter[str]:
        command = ["tidy", "-quiet", "-errors", "-utf8"]
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
        return Counter(re.sub(r"^line \d+ column \d+ - ", "", line) for line in done.stderr.decode().splitlines())

    text = path.read_text("utf-8")
    new = complaints(translate(text, ".html")) - complaints(text)
    assert new == Counter()
