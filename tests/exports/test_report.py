"""The parallel report: every text is there, no text can act, the marks stand where they should."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files

import lxml.html
import parallel_samples as samples
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports.markup import Span, escape, mark_spans, occurrences
from pipeline.exports.report import render_report
from pipeline.model import Finding, ParallelArticle, Role, Severity, Target, TermUse

ARTICLES = {
    "everyday": samples.everyday(),
    "hostile": samples.hostile(),
    "empty": samples.make_parallel([], ("pt",)),
    "without targets": samples.make_parallel([samples.make_segment("b1s1", Role.BODY, "Alone.")], ()),
}
# Every element that the page is made of; an article's text adds none.
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "p", "h1", "h2", "h3", "ul", "ol", "li",
    "details", "summary", "b", "span", "a", "code", "bdi", "form", "fieldset", "legend", "label",
    "input", "mark", "kbd", "main", "div", "i", "section", "article", "footer", "dl", "dt", "dd",
    "script",
}  # fmt: skip


def read(parallel: ParallelArticle) -> lxml.html.HtmlElement:
    """Parse the report as a browser would."""
    return lxml.html.document_fromstring(render_report(parallel), parser=lxml.html.HTMLParser(encoding="utf-8"))


def shown(text: str) -> str:
    """Return the text as a reader of the page gets it."""
    return lxml.html.fromstring(f"<p>{escape(text)}</p>").text_content()


def cell_text(page: lxml.html.HtmlElement, selector: str) -> list[str]:
    """Return the whole text of each element that an XPath selects."""
    return [cell.text_content() for cell in page.xpath(selector)]


@pytest.mark.parametrize("name", ARTICLES)
def test_every_text_is_there(name: str) -> None:
    """Each segment's normalised text, original where it differs, and each target stand in their cells, whole."""
    parallel, page = ARTICLES[name], read(ARTICLES[name])
    sources = cell_text(page, "//*[contains(@class,'cell source')]/p[@class='text']")
    assert sources == [shown(item.normalised) for item in parallel.segments]
    originals = cell_text(page, "//p[@class='original']/span[2]")
    changed = [item.segment.source for item in parallel.segments if item.normalised != item.segment.source]
    assert originals == list(map(shown, changed))
    for language in parallel.languages:
        cells = cell_text(page, f"//*[contains(@class,'target')][@data-lang='{language}']/p[@class='text']")
        expected = [item.targets[language].text for item in parallel.segments if language in item.targets]
        assert cells == list(map(shown, expected))


class _Audit(HTMLParser):
    """Collect what the page is made of, and complain about tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += attrs
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", ARTICLES)
def test_no_text_can_act(name: str) -> None:
    """A hostile text adds no element, no handler, no address; nothing is fetched; every tag closes."""
    audit = _Audit()
    audit.feed(render_report(ARTICLES[name]).decode("utf-8"))
    assert audit.open == [] and audit.elements <= ELEMENTS
    assert not [name for name, _ in audit.attributes if name.startswith("on") or name in ("src", "style", "action")]
    assert all(value and value.startswith("#") for name, value in audit.attributes if name == "href")


def test_ids_are_unique_and_links_have_targets() -> None:
    """Each finding links to its segment, or to the cell of its language."""
    page = read(samples.everyday())
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = page.xpath("//details[@class='findings']//a/@href")
    assert links == ["#b4s1-ar", "#b5s1", "#b5s1-pt"] and {link[1:] for link in links} <= set(ids)


@pytest.mark.parametrize("name", ["everyday", "hostile"])
def test_policy_allows_exactly_this_style_and_script(name: str) -> None:
    """The page's own style sheet and script are named by digest, and everything else is refused."""
    page = read(ARTICLES[name])
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none';")
    for element in ("style", "script"):
        (text,) = page.xpath(f"//{element}/text()")
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in policy


def test_language_and_direction() -> None:
    """Every text names its language and direction; Arabic runs from right to left; the untranslated is no Arabic."""
    page = read(samples.everyday())
    texts = page.xpath("//p[@class='text']")
    assert all(text.get("lang") and text.get("dir") for text in texts)
    assert {(text.get("lang"), text.get("dir")) for text in texts} == {
        ("en", "ltr"), ("pt", "ltr"), ("ar", "rtl"), ("zh-Hans", "ltr"), ("und", "auto"),
    }  # fmt: skip


def test_marks_stand_at_their_words_with_their_reasons() -> None:
    """Fragments, what was put right, applied, enforced and kept spans are marked, each with its reason."""
    page = read(samples.everyday())
    marks = [
        (mark.get("class"), mark.text_content(), mark.get("aria-description"))
        for mark in page.xpath("//*[contains(@class,'cell')]//mark")
    ]
    assert ("fragment", "Снимка: БГНЕС", "Bulgarian (Cyrl), line: the whole line is in Cyrillic letters, the article in"
            " Latin ones") in marks  # fmt: skip
    assert ("normalised", "Photo: BGNES", "normalised: label and agency (glossaries/bg/en.po:7)") in marks
    assert ("applied", "militar", "term: soldier → militar, the engine wrote it") in marks
    assert [kind for kind, text, _ in marks if text == "contraespionagem"] == ["enforced"]
    assert [kind for kind, text, _ in marks if text == "colectivos"] == ["fragment", "fragment", "kept"]
    assert all(mark.get("tabindex") == "0" for mark in page.xpath("//article//mark"))


def test_why_replays_the_decisions() -> None:
    """A segment's decisions, terms, states and routes stand under it, in order."""
    page = read(samples.everyday())
    (why,) = page.xpath("//article[@id='b4s1']/details")
    lines = [line.text_content() for line in why.xpath(".//li")]
    assert lines[0].startswith("detect: found") and lines[1].startswith(
        "normalise: normalised Снимка: БГНЕС → Photo: BGNES"
    )
    assert "resolve: composed" in lines[2] and lines[2].endswith("glossaries/bg/pt.po:12")
    (why,) = page.xpath("//article[@id='b5s1']/details")
    assert "machine, en-pt:firefox" in why.text_content()
    assert "term: influence → influência, missing from this sentence" in why.text_content()


def test_left_out_blocks_are_marked() -> None:
    """What stays out of the article is there, said to be left out, in words and not in grey alone."""
    blocks = read(samples.everyday()).xpath("//section[contains(@class,'left-out')]")
    assert len(blocks) == 2 and all("left out" in block.text_content() for block in blocks)


def test_first_two_targets_are_shown_and_each_has_a_switch() -> None:
    """The page opens with two targets; every language and filter has its field and its rule."""
    page = read(samples.everyday())
    boxes = {box.get("id"): box.get("checked") is not None for box in page.xpath("//input[@type='checkbox']")}
    assert boxes == {"show-source": True, "show-pt": True, "show-ar": True, "show-zh-Hans": False}
    style = page.xpath("string(//style)")
    for field in page.xpath("//input/@id"):
        assert field == "only-all" or f":has(#{field}:" in style


RULES = ("found-quote_pair", "found-term_missing", "found-untranslated")


def test_filters_count_their_segments() -> None:
    """The number beside a filter is the number of segments that it leaves."""
    page = read(samples.everyday())
    counts = [int(count) for count in page.xpath("//*[@class='count']/text()")]
    classes = ("has-findings", "has-fragments", "has-enforced", *RULES)
    left = [len(page.xpath(f"//article[contains(@class,'{name}')]")) for name in classes]
    assert counts == [7, *left] == [7, 2, 2, 1, 1, 1, 1]
    listed = [sorted({*row.classes} & {*RULES}) for row in page.xpath("//details[@class='findings']//li")]
    assert listed == [["found-untranslated"], ["found-quote_pair"], ["found-term_missing"]]


@pytest.mark.parametrize("name", ARTICLES)
def test_same_article_same_page(name: str) -> None:
    """Rendering is a function of the article: the same bytes twice."""
    assert render_report(ARTICLES[name]) == render_report(ARTICLES[name])


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 35), st.integers(0, 35)), max_size=5))
def test_marking_loses_no_text(text: str, places: list[tuple[int, int]]) -> None:
    """Whatever the spans, overlapping or beyond the end, the text comes out once and whole."""
    marked = mark_spans(text, [Span(start, end, "kept", "why") for start, end in places])
    assert re.sub(r"</?mark[^>]*>", "", marked) == escape(text)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("US", "The US and the USA", ["US"]),
        ("部长", "与关键部长保持联系", ["部长"]),
        ("Photo:", "Photo: BGNES", ["Photo:"]),
        ("a.c", "abc a.c", ["a.c"]),
        ("x", "nothing", []),
        ("", "nothing", []),
        ("fim", "fim a fim", ["fim", "fim"]),
    ],
)
def test_occurrences(form: str, text: str, expected: list[str]) -> None:
    """Forms are found as whole words and literally; where words have no edges, anywhere."""
    assert [text[start:end] for start, end in occurrences(form, text)] == expected


def test_finding_for_the_whole_article_has_no_link() -> None:
    """A finding without a segment is listed as the article's."""
    finding = Finding("too_short", Severity.WARNING, "half of the article is missing", "")
    item = samples.make_segment("b1s1", Role.BODY, "Hello.", findings=(finding,))
    row = read(samples.make_parallel([item], ())).xpath("//details[@class='findings']//li")[0]
    assert "article" in row.text_content() and not row.xpath(".//a")


def test_finding_in_a_language_without_a_cell_links_to_the_row() -> None:
    """A finding on the source that names the source language leads to its segment, not nowhere."""
    finding = Finding("quote_pair", Severity.WARNING, "wrong mark", "b1s1", "en")
    item = samples.make_segment("b1s1", Role.BODY, "Hello.", findings=(finding,))
    page = read(samples.make_parallel([item], ("pt",)))
    assert page.xpath("//details[@class='findings']//a/@href") == ["#b1s1"]


def test_one_term_in_several_places() -> None:
    """All places of a term are marked, a missing term nowhere."""
    terms = (TermUse("end", "fim", "term", "applied", "fim"), TermUse("not", "não", "term", "missing", ""))
    target = Target("O fim do fim.", samples.machine("x").state, terms=terms)
    item = samples.make_segment("b1s1", Role.BODY, "The end of the end.", {"pt": target})
    page = read(samples.make_parallel([item], ("pt",)))
    assert cell_text(page, "//*[@id='b1s1-pt']//mark") == ["fim", "fim"]


def _luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb" as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme: str) -> None:
    """Text has 4.5 to 1 against every ground that it stands on, in both schemes (WCAG 2.2, 1.4.3)."""
    light, dark = (files("pipeline") / "data/report.css").read_text("utf-8").split("prefers-color-scheme: dark", 1)
    part = light if scheme == "light" else dark.split("*, ::before", 1)[0]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part))
    pairs = [
        (text, ground) for text in ("ink", "soft", "link", "error", "warning") for ground in ("paper", "card", "hover")
    ]
    pairs += [("ink", mark) for mark in ("fragment", "normalised", "applied", "enforced", "kept")]
    low = {pair: _contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(value, 2) for pair, value in low.items() if value < 4.5} == {}
