"""PO by article: what people see in Poedit, and that it comes back."""

import shutil
import subprocess
from pathlib import Path

import parallel_samples as samples
import pytest
from hypothesis import given
from hypothesis import strategies as st
from translate.storage import pypo

from pipeline.exports.po import render_po
from pipeline.glossary.bitexts import read_po_units
from pipeline.glossary.pocheck import legal_text
from pipeline.model import ParallelArticle, Role, State, Target

ARTICLES = {
    "marked up": samples.marked_up(),
    "everyday": samples.everyday(),
    "hostile": samples.hostile(),
    "empty": samples.make_parallel([], ("pt",)),
}
EACH = [(name, language) for name, parallel in ARTICLES.items() for language in parallel.languages]
each_file = pytest.mark.parametrize(("name", "language"), EACH)


def wanted(parallel: ParallelArticle, language: str) -> list[tuple[str, str, str, bool]]:
    """Give place, source, target and whether it is approved, of each entry that should be there."""
    rows = []
    for item in parallel.segments:
        target = item.targets.get(language)
        text = target.text if target and target.state is not State.UNTRANSLATED else ""
        place = f"{parallel.article.name}{parallel.article.suffix}#{item.segment.id}"
        rows.append((place, item.normalised, text, bool(target) and target.state is State.REVIEWED))
    return [(legal_text(place), legal_text(source), legal_text(text), ok) for place, source, text, ok in rows]


@each_file
def test_the_memory_reads_it_back(name: str, language: str) -> None:
    """Every segment with its place, and approved where a person reviewed it."""
    parallel = ARTICLES[name]
    units = read_po_units(render_po(parallel, language), Path("a.po"))
    got = [(f"{u.article}#{u.segment}", u.source, u.target, u.is_approved) for u in units]
    assert got == wanted(parallel, language)
    assert {(u.source_lang, u.target_lang) for u in units} <= {("en", language)}


@each_file
def test_translate_toolkit_finds_the_same_units(name: str, language: str) -> None:
    """By place, and what is not approved and not empty is fuzzy."""
    parallel = ARTICLES[name]
    store = pypo.pofile.parsestring(render_po(parallel, language))
    units = [unit for unit in store.units if not unit.isheader()]
    got = [(unit.getcontext(), str(unit.source), str(unit.target), unit.isfuzzy()) for unit in units]
    assert got == [(place, s, t, not ok and t != "") for place, s, t, ok in wanted(parallel, language)]
    assert store.parseheader()["Language"] == language.replace("-", "_")


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="no gettext")
@each_file
def test_msgfmt_has_nothing_to_say(name: str, language: str, tmp_path: Path) -> None:
    """No error and no warning of gettext's own check, fuzzy entries included."""
    path = tmp_path / "a.po"
    path.write_bytes(render_po(ARTICLES[name], language))
    command = ["msgfmt", "--check", "--use-fuzzy", "--output-file=/dev/null", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_comments_say_what_a_reviewer_must_know() -> None:
    """Role and state, the original, fragments, terms and findings, each in a line that no tool takes for its own."""
    text = render_po(samples.everyday(), "pt").decode()
    for line in (
        "#. boilerplate, left out of the localised articles\n",
        "#. credit, composed\n#. original: Снимка: БГНЕС\n#. fragment: Снимка: БГНЕС (bg, Cyrl): the whole line",
        "#. term: term counterintelligence -> contraespionagem: enforced (glossaries/en/pt.po:40)\n",
        "#. finding: warning term_missing: “influence” should be “influência”\n",
    ):
        assert line in text


def test_what_po_cannot_carry_is_noted() -> None:
    """Characters that break a reader go from the text, and a comment names them; every other one comes back."""
    item = samples.make_segment("b1s1", Role.BODY, "a\u2028b\x85", {"pt": samples.machine("c\ufeff\ufffd\x1b")})
    text = render_po(samples.make_parallel([item], ("pt",)), "pt").decode()
    assert "#. export: U+0085, U+2028 dropped from the source: PO cannot carry it\n" in text
    assert "#. export: U+001B dropped from the target: PO cannot carry it\n" in text
    (unit,) = read_po_units(text.encode(), Path("a.po"))
    assert (unit.source, unit.target) == ("ab", "c\ufeff\ufffd")


ANY = st.text(st.characters(exclude_categories=["Cn", "Co"]), min_size=1).filter(lambda text: text.strip() == text)


@given(source=ANY, target=ANY)
def test_any_text_comes_back(source: str, target: str) -> None:
    """Whatever stands in an article, in texts and in comments: one entry, and nothing but the illegal is missing."""
    decided = Target(target, State.MACHINE, route=source)
    item = samples.make_segment("b1s1", Role.BODY, source, {"pt": decided}, normalised=target)
    (unit,) = read_po_units(render_po(samples.make_parallel([item], ("pt",)), "pt"), Path("a.po"))
    assert (unit.source, unit.target) == (legal_text(target), legal_text(target))
