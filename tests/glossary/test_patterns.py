"""Patterns with slots: what fills them, what does not, and what a file may not hold."""

from pathlib import Path
from typing import Any

import pytest
from glossary_samples import entry, load_cases, write_po
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import GlossaryError
from pipeline.glossary import compose_line, load_glossary, lookup_phrase
from pipeline.glossary.patterns import fill_pattern, find_patterns
from pipeline.model import Entry


@pytest.mark.parametrize("case", load_cases("patterns.toml"), ids=lambda case: case["rule"])
def test_filling(case: dict[str, Any]) -> None:
    """Each row of the table."""
    pattern = Entry(case["source"], "bg", case["target"], "en", type="pattern")
    assert (fill_pattern(pattern, case["text"]) or "") == case["written"]


@pytest.mark.parametrize("case", load_cases("patterns_inside.toml"), ids=lambda case: case["rule"])
def test_finding_inside_a_text(case: dict[str, Any]) -> None:
    """Each row of the table: what is found in running text, in order."""
    entries = [Entry(source, "en", "{n}", "pt", type="pattern") for source in ("{n}-year-old", "aged {n}")]
    found = [case["text"][one.start : one.end] for one in find_patterns(entries, case["text"])]
    assert found == case["found"]


def test_other_forms_are_filled_too() -> None:
    """The forms of an entry count as its target does, with the slots filled, and a first capital goes over to all."""
    pattern = Entry("aged {n}", "en", "de {n} anos", "pt", type="pattern", forms=("com {n} anos",))
    assert find_patterns([pattern], "Aged 54, he won.")[0].forms == ("De 54 anos", "Com 54 anos")


def test_pattern_stands_in_a_label_line(tmp_path: Path) -> None:
    """A piece of a credit line may fill a pattern."""
    lines = [*entry("Снимка", "Photo", "type: label"), *entry("архив {n}", "archive, {n}", "type: pattern")]
    write_po(tmp_path / "bg/en.po", lines)
    line = compose_line("Снимка: архив 2019", "bg", "en", load_glossary([tmp_path]))
    assert line is not None
    assert line.text == "Photo: archive, 2019"


def test_phrase_goes_by_patterns_through_the_bridge(tmp_path: Path) -> None:
    """A fragment that fills a pattern is written by it, and by another from the bridge; marks around it stay."""
    write_po(tmp_path / "bg/en.po", entry("{n}-годишният", "{n}-year-old", "type: pattern"))
    write_po(tmp_path / "en/pt.po", entry("{n}-year-old", "de {n} anos", "type: pattern"))
    glossary = load_glossary([tmp_path])
    found = [lookup_phrase("„54-годишният“", "bg", target, glossary) for target in ("en", "pt")]
    assert [phrase and phrase.text for phrase in found] == ["„54-year-old“", "„de 54 anos“"]


def test_entry_wins_over_pattern(tmp_path: Path) -> None:
    """What has an entry of its own is not left to a pattern; a candidate pattern does nothing."""
    lines = [*entry("{n}-ти май", "{n} May", "type: pattern"), *entry("24-ти май", "Bulgarian Education Day")]
    lines += ["#, fuzzy", *entry("{n}-ти юни", "{n} June", "type: pattern")]
    write_po(tmp_path / "bg/en.po", lines)
    glossary = load_glossary([tmp_path])
    texts = ("24-ти май", "6-ти май", "6-ти юни")
    found = [lookup_phrase(text, "bg", "en", glossary) for text in texts]
    assert [phrase and phrase.text for phrase in found] == ["Bulgarian Education Day", "6 May", None]


@pytest.mark.parametrize(
    ("source", "target"), [("без", "none"), ("{x}", "{x}"), ("{n} {n}", "{n} {n}"), ("{n}", "x"), ("{n}", "{n} {n}")]
)
def test_wrong_slots_are_refused(source: str, target: str, tmp_path: Path) -> None:
    """Slots that no side could fill are told with their line."""
    path = write_po(tmp_path / "bg/en.po", entry(source, target, "type: pattern"))
    with pytest.raises(GlossaryError, match=f"{path}:7: .*; try |{path}:7: .*: try "):
        load_glossary([tmp_path]).entries("bg", "en")


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    """No text makes a pattern raise."""
    fill_pattern(Entry("{name} (на {n})", "bg", "{n} {name}", "en", type="pattern"), text)
