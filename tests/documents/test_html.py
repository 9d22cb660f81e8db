"""HTML: what is text and what is not; nothing else ever changes."""

import html
import random
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from marked_samples import bare, in_english, rewrite, segments, tags

from pipeline.documents import Rendition
from pipeline.documents.building import render_marked
from pipeline.documents.html_page import parse_html
from pipeline.documents.html_tokens import tokenize
from pipeline.model import Article

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/documents/html.toml").read_text("utf-8"))["case"]
SAMPLES = 60  # of Debian's and other packages' pages, where there are any


def parse(text: str) -> Article:
    """Parse a page that has no name."""
    return parse_html(text, name="test", suffix=".html")


def sources(article: Article) -> dict[str, str]:
    """Map each segment to its own source."""
    return {segment.id: segment.source for segment in segments(article)}


def pages() -> list[Path]:
    """Find pages that are installed on this machine, always the same ones."""
    roots = [Path("/usr/share/doc"), Path(sys.prefix)]
    found = sorted(path for root in roots if root.is_dir() for path in root.rglob("*.html"))
    small = [path for path in found if path.is_file() and path.stat().st_size < 300_000]
    return random.Random(7).sample(small, min(SAMPLES, len(small)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_texts_and_roles(case: dict[str, Any]) -> None:
    """Words are found, markup is not."""
    article = parse(case["html"])
    assert [[str(block.role), block.text] for block in article.blocks] == case["blocks"]


@pytest.mark.parametrize("path", pages(), ids=str)
def test_real_pages_come_back_and_keep_their_tree(path: Path) -> None:
    """Byte for byte with their own words; with other words the same tree in the eyes of another parser."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        pytest.skip("not in UTF-8")
    article = in_english(parse(text))
    assert render_marked(article, sources(article), ()) == text
    changed = rewrite(parse(text), lambda source: f"Zed {source} Qed")
    assert changed == text or skeleton(changed) == skeleton(text)  # lxml refuses a page that is a comment alone


def skeleton(text: str) -> list[object]:
    """Give elements and attributes of a page without its words, as lxml sees them."""
    free = ("alt", "title", "content", "placeholder", "aria-label", "aria-description")
    root = lxml_html.document_fromstring(text.encode("utf-8"), parser=lxml_html.HTMLParser(encoding="utf-8"))
    return [
        (one.tag, sorted((key, value) for key, value in one.attrib.items() if key not in free))
        for one in root.iter(etree.Element)
    ]


PARTS = st.sampled_from([
    "<p>", "</p>", "<div class=nav>", "</div>", "<b>", "</b>", "<i lang=fr>", "</i>", "<br>", "<br/>",
    "<a href='x>y'>", "</a>",
    "<img alt=\"a b\">", "<img alt=a>", "<img alt='a", "<code>", "</code>", "<script>", "</script>", "<title>",
    "</title>",
    "<!--", "-->", "<!doctype html>", "<?x", "</", "<", ">", "&amp;", "&", "&#xe001;", "word", "Word. ", " ", "\n\t",
    "<li>", "<ul>", "</ul>", "<td>", "<h1>", "</h1>", "<span translate=no>", "</span>", "<pre>", "</pre>", "<svg>",
    "</svg>",
    "<html lang=en>", "<html LANG='en' dir=ltr>", "<meta name=description content='x y'>", "<article>", "</article>",
    "Ñ",
])  # fmt: skip
TEXTS = st.lists(PARTS, max_size=25).map("".join)


@settings(deadline=None, max_examples=400)
@given(TEXTS)
def test_round_trip_is_exact(text: str) -> None:
    """With every segment's own source the output is the input, before and after cutting into sentences."""
    article = parse(text)
    for stage in (article, in_english(article)):
        assert render_marked(stage, sources(stage), ()) == text
        for segment in segments(stage):
            assert segment.source == segment.source.strip() != ""


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_tokens_are_the_page(text: str) -> None:
    """Nothing between two tokens, nothing twice."""
    end = 0
    for token in tokenize(text):
        assert token.start == end < token.end
        end = token.end
    assert end == len(text)


@settings(deadline=None, max_examples=200)
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Co"]), min_size=1, max_size=30),
    st.sampled_from(
        [
            "<p>Text</p>",
            "<p>A <b>text</b> here</p>",
            "<title>T</title>",
            '<img alt="a b">',
            "<img alt='a b'>",
            "<img alt=ab>",
        ]
    ),
)
def test_words_of_a_target_are_never_read_as_markup(words: str, text: str) -> None:
    """Whatever an engine writes comes out as words, for another parser too."""
    changed = rewrite(parse(text), lambda _: words)
    before, after = (html5lib.parse(one, namespaceHTMLElements=False) for one in (text, changed))
    assert [one.tag for one in before.iter()] == [one.tag for one in after.iter()]
    said = "".join(after.itertext()) + "".join(value for one in after.iter() for key, value in one.attrib.items())
    assert bare(said) == bare(words)


PAGE = (
    '<!doctype html><html lang=\'en\'><head><meta charset=utf-8><meta property="og:locale" content="en_US"></head>'
    "<body lang=en><p>Text.</body></html>"
)


def test_language_and_direction_are_written() -> None:
    """In the places that name them; `dir` only where the direction turns."""
    article = in_english(parse(PAGE))
    assert article.declared == "en"
    assert rewrite(article, str, Rendition("pt-BR")) == PAGE.replace("'en'", "'pt-BR'").replace(
        "en_US", "pt_BR"
    ).replace("lang=en", "lang=pt-BR")
    assert "<html dir=\"rtl\" lang='ar'>" in rewrite(article, str, Rendition("ar"))
    assert '<html lang="pt">' in rewrite(in_english(parse("<html><p>Text.")), str, Rendition("pt"))
    assert rewrite(article, str, Rendition("en")) == PAGE


def test_words_change_inside_tags_of_a_sentence() -> None:
    """The description of an image in a sentence is translated where it stands."""
    text = "<p>See <img src=a alt='a gate'> and <a href=x title=\"the page\">there</a>.</p>"
    changed = rewrite(parse(text), str.upper)
    for wanted in ("<img src=a alt='A GATE'>", '<a href=x title="THE PAGE">THERE</a>', "SEE"):
        assert wanted in changed


# Deep, long and unclosed; and many of what looks for its other side.
HOSTILE = {
    "deep": "<div>" * 20_000 + "word" + "</div>" * 20_000,
    "deep inline": "<b>" * 20_000 + "word" + "</b>" * 20_000,
    "open items": "<li><ul>" + "<div>" * 20_000 + "<li></li>" * 20_000,
    "stray ends": "word</p></div></b>" * 20_000,
    "open comments": "<!-- word " * 20_000,
    "open scripts": "<script>word " * 20_000,
    "open quotes": "<a title='word " * 20_000,
    "open tags": "<a word " * 20_000,
    "open code": "<code>word " * 5_000,
    "many attributes": "<p " + " ".join(f"a{i}='x'" for i in range(20_000)) + ">word",
    "huge attribute": "<img alt='" + "word " * 200_000 + "'>",
    "spaces": "<p>word" + " " * 200_000 + "<b" + " " * 200_000,
    "ampersands": "<p>" + "&" * 100_000 + "&amp;" * 20_000,
    "breaks": "<p>word" + "<br>" * 20_000,
    "bodies": "<article>" * 5_000 + "<p>" + "word " * 30,
    "many images": "<p>word" + "<img alt='a b'>" * 5_000,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pages_come_back(text: str) -> None:
    """No input takes for ever, no recursion escapes, nothing is lost."""
    article = in_english(parse(text))
    assert render_marked(article, sources(article), ()) == text


def test_every_tag_stands_once_in_other_words() -> None:
    """Parsed again, the rewritten sentence has the same tags."""
    text = "<p>One <b>two <i>three</i></b> <a href=x>four</a><sup>1</sup>, five <img src=y> six.</p>"
    article = parse(text)
    again = parse(rewrite(article, lambda source: html.unescape("Seis ") + source[::-1]))
    assert [tags(one) for one in segments(again)] == [tags(one) for one in segments(article)]


HEAD = '<html lang="en"><head><title>A gate</title>{0}</head><body><p>Text.</body></html>'
VERSIONS = {"en": "a.en.html", "pt": "a.pt.html", "es": "a.es.html"}


def test_versions_refer_to_each_other() -> None:
    """Every version lists all, itself and the default included; a canonical address names the version itself."""
    text = HEAD.format('<link rel="canonical" href="https://example.org/a">')
    article = replace(in_english(parse(text)), language="en")
    own = render_marked(article, sources(article), (), Rendition("en", versions=VERSIONS))
    portuguese = rewrite(article, str.upper, Rendition("pt", versions=VERSIONS))
    wanted = {("en", "a.en.html"), ("pt", "a.pt.html"), ("es", "a.es.html"), ("x-default", "a.en.html")}
    for page, canonical in ((own, "https://example.org/a"), (portuguese, "a.pt.html")):
        links = [one.attrib for one in html5lib.parse(page, namespaceHTMLElements=False).iter("link")]
        assert {(one["hreflang"], one["href"]) for one in links if one["rel"] == "alternate"} == wanted
        assert len(links) == 5
        assert [one["href"] for one in links if one["rel"] == "canonical"] == [canonical]
    assert render_marked(article, sources(article), (), Rendition("en", versions={"en": "a.en.html"})) == text


def test_a_list_of_versions_stays() -> None:
    """Of a page that has one."""
    text = HEAD.format('<link rel="alternate" hreflang="de" href="https://example.org/de/a">')
    article = replace(in_english(parse(text)), language="en")
    assert rewrite(article, str.upper, Rendition("pt", versions=VERSIONS)).count("hreflang") == 1
