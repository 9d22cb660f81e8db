"""The parallel report in a browser. Left out where there is no Chromium or no Playwright (group `browser`)."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import Any

import parallel_samples as samples
import pytest

from pipeline.exports.report import render_report
from pipeline.model import ParallelArticle, Role

BROWSER = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs Chromium")

LONG = samples.make_segment(
    "b1s1", Role.BODY, "Donau" * 60, {"pt": samples.machine("https://example.org/" + "a" * 300 + "?" + "b" * 200)}
)
ARTICLES = {
    "everyday": samples.everyday(),
    "hostile": samples.hostile(),
    "long words": samples.make_parallel([LONG], ("pt",)),
    "empty": samples.make_parallel([], ("pt",)),
}
EVERYDAY = ARTICLES["everyday"]
COLUMNS = ("source", *EVERYDAY.languages)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=BROWSER, args=arguments)
        yield opened
        opened.close()


@contextmanager
def opened(browser: Any, folder: Path, parallel: ParallelArticle = EVERYDAY, **options: Any) -> Iterator[Any]:
    """Open the report as a file; it asks for nothing else, shows no dialog and has no error in its console."""
    path = folder / "report.html"
    path.write_bytes(render_report(parallel))
    context = browser.new_context(**options)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert (set(asked), said) == ({path.as_uri()}, [])


def shown(page: Any, selector: str) -> list[str]:
    """Return the ids of what is visible of a selector."""
    return [one.get_attribute("id") or "" for one in page.locator(selector).all() if one.is_visible()]


def note(page: Any, selector: str) -> str:
    """Return what the page writes beside an element."""
    return str(page.evaluate("s => getComputedStyle(document.querySelector(s), '::after').content", selector))


@pytest.mark.parametrize("name", ARTICLES)
@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, tmp_path: Path, scheme: str, width: int, name: str) -> None:
    """As it opens, with all languages and reasons open, filtered, with a note shown, and at a finding's place."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    size = {"width": width, "height": 900}
    with opened(
        browser, tmp_path, ARTICLES[name], viewport=size, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    ) as page:
        marks, links = page.locator(".cell mark"), page.locator(".findings a")
        states = [
            lambda: None,
            lambda: [box.check() for box in page.locator("input[type=checkbox]").all()],
            lambda: page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)"),
            lambda: marks.first.focus() if marks.count() else None,
            lambda: links.first.click() if links.count() else None,
            page.locator("input[type=radio]").last.check,
        ]
        for number, reach in enumerate(states):
            reach()
            found = axe.run(page).response["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], number
            assert page.evaluate("document.documentElement.scrollWidth") <= width, number


@pytest.mark.parametrize("rule", ["quote_pair", "term_missing", "untranslated"])
def test_filter_by_finding_with_the_keyboard(browser: Any, tmp_path: Path, rule: str) -> None:
    """Arrow keys reach the rule; its segments and its lines of the list stay, and all come back."""
    wanted = [
        item.segment.id
        for item in EVERYDAY.segments
        if rule in {one.rule for one in (*item.findings, *(f for t in item.targets.values() for f in t.findings))}
    ]
    with opened(browser, tmp_path) as page:
        everything = shown(page, ".segment")
        page.focus("#only-all")
        for _ in range(page.locator("input[type=radio]").count()):
            if page.is_checked(f"#only-found-{rule}"):
                break
            page.keyboard.press("ArrowRight")
        assert shown(page, ".segment") == wanted != everything
        assert page.locator(".findings li:visible code").all_inner_texts() == [rule] * len(wanted)
        page.check("#only-all")
        assert shown(page, ".segment") == everything


def test_a_finding_leads_to_its_place_whatever_is_hidden(browser: Any, tmp_path: Path) -> None:
    """Also to a language that is not shown, and past a filter that leaves its segment out."""
    with opened(browser, tmp_path) as page:
        page.uncheck("#show-ar")
        page.check("#only-has-enforced")
        assert not page.is_visible("#b4s1-ar")
        page.focus(".findings a[href='#b4s1-ar']")
        page.keyboard.press("Enter")
        assert page.is_visible("#b4s1-ar")


def test_reasons_by_keyboard_mouse_and_touch(browser: Any, tmp_path: Path) -> None:
    """A mark tells its reason on focus, hover and tap; Escape takes it away; "Why" opens with Enter."""
    mark, reason = "#b5s1-pt mark.enforced", "term: counterintelligence → contraespionagem"
    with opened(browser, tmp_path, has_touch=True) as page:
        assert note(page, mark) == "none"
        page.focus("#b5s1-pt mark.applied")
        page.keyboard.press("Tab")
        assert reason in note(page, mark)
        page.keyboard.press("Escape")
        assert note(page, mark) == "none"
        page.hover(mark)
        assert reason in note(page, mark)
        page.hover("h1")
        page.tap(mark)
        assert reason in note(page, mark)
        page.focus("#b4s1 .why summary")
        page.keyboard.press("Enter")
        assert page.locator("#b4s1 .reasons").is_visible()


def test_j_and_k_go_through_what_is_shown(browser: Any, tmp_path: Path) -> None:
    """From segment to segment, the hidden ones left out, and not beyond the ends."""
    with opened(browser, tmp_path) as page:
        page.check("#only-has-fragments")
        page.evaluate("document.activeElement.blur()")
        at = []
        for key in "jjjkk":
            page.keyboard.press(key)
            at.append(page.evaluate("document.activeElement.id"))
        assert at == ["b4s1", "b5s1", "b5s1", "b4s1", "b4s1"]


@pytest.mark.parametrize("wanted", [*combinations(COLUMNS, 2), COLUMNS], ids="-".join)
def test_any_two_languages_or_all(browser: Any, tmp_path: Path, wanted: tuple[str, ...]) -> None:
    """Side by side, in columns of one row, with their heads above; the source is a language like the others."""
    with opened(browser, tmp_path) as page:
        for column in COLUMNS:
            page.set_checked(f"#show-{column}", column in wanted)
        cells = [one for one in page.locator("#b5s1 .cell").all() if one.is_visible()]
        assert [one.get_attribute("data-lang") or "source" for one in cells] == list(wanted)
        boxes = [one.bounding_box() for one in cells]
        assert len({box["y"] for box in boxes}) == 1
        assert [box["x"] for box in boxes] == sorted({box["x"] for box in boxes})
        heads = [one.bounding_box()["x"] for one in page.locator(".heads span").all() if one.is_visible()]
        assert heads == pytest.approx([box["x"] for box in boxes])


def test_without_scripts(browser: Any, tmp_path: Path) -> None:
    """Every text is there; filters, languages and reasons work; no key is promised that does nothing."""
    with opened(browser, tmp_path, java_script_enabled=False) as page:
        assert shown(page, ".segment") == [item.segment.id for item in EVERYDAY.segments]
        assert "Um ex-militar" in page.inner_text("#b5s1-pt")
        assert not page.is_visible(".keys")
        page.check("#show-zh-Hans")
        assert page.is_visible("#b3s1-zh-Hans")
        page.check("#only-found-term_missing")
        assert shown(page, ".segment") == ["b5s1"]
        page.click("#b5s1 .why summary")
        assert page.is_visible("#b5s1 .reasons")


def test_on_paper(browser: Any, tmp_path: Path) -> None:
    """All segments in black on white, whatever filter and colours the screen has; no control is printed."""
    with opened(browser, tmp_path, color_scheme="dark") as page:
        page.check("#only-has-enforced")
        page.emulate_media(media="print")
        assert shown(page, ".segment") == [item.segment.id for item in EVERYDAY.segments]
        for control in ("fieldset", ".keys", ".why"):
            assert not page.is_visible(f"{control} >> nth=0")
        style = page.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
        assert style == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        assert page.pdf(format="A4").startswith(b"%PDF")
