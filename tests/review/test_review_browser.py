"""The review page in a browser, by keyboard alone. Left out where there is no Chromium or no Playwright."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from review_samples import ENTRIES, open_page, write_article

from pipeline.glossary.editing import Record, read_records
from pipeline.review import Desk, load_articles
from pipeline.review.querying import PAGE_SIZE
from pipeline.review.serving import start

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((path for path in map(shutil.which, BROWSERS) if path), None)

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs Chromium")

COUNT = 60
CANDIDATES = "\n".join(
    f'# free words {number}\n#. seen: 2\n#, fuzzy\nmsgid "council {number:02}"\nmsgstr "conselho {number:02}"\n'
    for number in range(COUNT)
)


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """Serve a desk at a free port, and give its address."""
    server = start(desk, 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        playwright.expect.set_options(timeout=30_000)
        opened = driver.chromium.launch(executable_path=BROWSER, args=arguments)
        yield opened
        opened.close()


@contextmanager
def opened(browser: Any, desk: Desk, **options: Any) -> Iterator[Any]:
    """Open the page; no message of the browser's console is an error."""
    with served(desk) as address:
        context = browser.new_context(**options)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        yield page
        context.close()
        assert [line for line in said if "409" not in line] == []


def records(path: Path) -> dict[str, Record]:
    """Read the entries on disk."""
    return {record.source: record for record in read_records(path.read_bytes(), "x.po")}


def expect(page: Any, selector: str) -> Any:
    """Wait for what the page shows; its policy forbids the evaluation of texts, which other ways of waiting need."""
    return playwright.expect(page.locator(selector))


def test_fifty_candidates_by_keyboard_alone(browser: Any, tmp_path: Path) -> None:
    """Approve, reject, forbid, edit and undo with keys; the next page comes by itself; all else stays as it was."""
    sample = open_page(tmp_path, CANDIDATES + "\n" + ENTRIES)
    with opened(browser, sample.desk) as page:
        page.goto(page.url + "?order=file")
        for number in range(PAGE_SIZE):
            page.keyboard.press({10: "r", 20: "f"}.get(number, "a"))
        expect(page, ".row.approved").to_have_count(48)
        page.keyboard.press("j")
        # Its script has run, and takes keys, when a row is the current one.
        expect(page, ".row.current .source").to_have_text("council 50")
        page.keyboard.press("e")
        page.keyboard.type("a câmara")
        page.keyboard.press("Enter")
        expect(page, ".row .target >> nth=0").to_have_text("a câmara")
        page.keyboard.press("a")
        expect(page, ".row.approved").to_have_count(2)
        page.keyboard.press("u")
        expect(page, ".row.approved").to_have_count(1)
    found = records(sample.path)
    states = [found[f"council {number:02}"] for number in range(COUNT)]
    assert [record.is_retired for record in states].index(True) == 10
    assert states[20].facts["status"] == "forbidden"
    assert (states[50].target, states[50].is_fuzzy) == ("a câmara", False)
    assert sum(record.is_fuzzy and not record.is_retired for record in states) == COUNT - 51
    assert all(record.comments[0] == f"free words {number}" for number, record in enumerate(states))
    assert sample.path.read_text(encoding="utf-8").endswith(ENTRIES)


def test_many_and_undo(browser: Any, tmp_path: Path) -> None:
    """Select some with x, approve them with A, take all back with u: the bytes are those of before."""
    sample = open_page(tmp_path, CANDIDATES)
    before = sample.path.read_bytes()
    with opened(browser, sample.desk) as page:
        for _ in range(12):
            page.keyboard.press("x")
            page.keyboard.press("j")
        assert page.inner_text("#count") == "12 selected"
        page.keyboard.press("A")
        expect(page, "#last").to_contain_text("12 entries approved")
        assert page.inner_text("#count") == ""
        assert sum(not record.is_fuzzy for record in records(sample.path).values()) == 12
        page.keyboard.press("u")
        expect(page, ".row.approved").to_have_count(0)
    assert sample.path.read_bytes() == before


def test_number_takes_a_proposal(browser: Any, tmp_path: Path) -> None:
    """The second proposal becomes the translation by its key and is approved with a; a number without one says so."""
    proposals = '#. proposal: one = primeiro\n#. proposal: two = <b>segundo</b> & "2"\n'
    sample = open_page(tmp_path, f'{proposals}#, fuzzy\nmsgid "term"\nmsgstr "x"\n')
    with opened(browser, sample.desk) as page:
        page.keyboard.press("3")
        expect(page, "#said").to_have_text("There is no proposal 3 here.")
        page.keyboard.press("2")
        page.keyboard.press("a")
        expect(page, ".row .target").to_have_text('<b>segundo</b> & "2"')
    found = records(sample.path)["term"]
    assert (found.target, found.is_fuzzy) == ('<b>segundo</b> & "2"', False)


def test_second_editor_meanwhile(browser: Any, tmp_path: Path) -> None:
    """Both versions are shown; what the reviewer chooses is written, and the other editor's other work stays."""
    sample = open_page(tmp_path, CANDIDATES)
    with opened(browser, sample.desk) as page:
        text = sample.path.read_text(encoding="utf-8")
        theirs = text.replace("conselho 00", "assembleia").replace("conselho 07", "sete")
        sample.path.write_text(theirs, encoding="utf-8")
        page.keyboard.press("a")
        page.wait_for_selector(".clash")
        assert "assembleia" in page.inner_text(".clash")
        assert "conselho 00" in page.inner_text(".clash")
        assert sample.path.read_text(encoding="utf-8") == theirs
        page.click(".clash button")
        expect(page, "#last").to_contain_text("1 entry approved")
        assert page.query_selector(".clash") is None
    found = records(sample.path)
    assert (found["council 00"].target, found["council 07"].target) == ("conselho 00", "sete")


def test_narrow_and_enlarged(browser: Any, tmp_path: Path) -> None:
    """At 400 px, and at 200 % zoom of 1280, nothing runs out of the page at the side."""
    out = write_article(tmp_path / "out", "a", ("The council 00 met." + "x" * 300, "O conselho 00." + "y" * 300))
    sample = open_page(tmp_path, CANDIDATES + f'\n#, fuzzy\nmsgid "{"Long" * 50}"\nmsgstr "{"Comprido" * 40}"\n')
    desk = Desk(sample.desk.folder, "Ana", load_articles([out]))
    for options in ({"viewport": {"width": 400, "height": 800}},
                    {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}):  # fmt: skip
        with opened(browser, desk, **options) as page:
            for address in (
                "/?status=all",
                "/?text=Long",
                "/stats",
                "/help",
                "/new",
                f"/term/{sample.id_of('council 00')}",
            ):
                page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + address)
                width = page.evaluate("document.documentElement.scrollWidth")
                assert width <= options["viewport"]["width"], address


def test_without_scripts(browser: Any, tmp_path: Path) -> None:
    """With JavaScript off, a button of the form saves."""
    sample = open_page(tmp_path, CANDIDATES)
    with opened(browser, sample.desk, java_script_enabled=False) as page:
        page.click("text=Edit >> nth=0")
        page.fill("input[name=target] >> nth=0", "outro")
        page.click(".row button[value=approve] >> nth=0")
        expect(page, "#last").to_contain_text("1 entry approved")
    assert records(sample.path)["council 00"].target == "outro"
