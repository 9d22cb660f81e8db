"""Forbidden translations never stand in a target."""

from pathlib import Path
from typing import Any

import pytest
from glossary_samples import entry, load_cases, write_po

from pipeline.glossary import ForbiddenTerms, find_forbidden, load_glossary, replace_forbidden


def terms(folder: Path, *rows: dict[str, Any]) -> ForbiddenTerms:
    """Write forbidden entries as a PO file and open it."""
    lines = []
    for row in rows:
        facts = ["status: forbidden"]
        facts += [f"use: {row['use']}"] if "use" in row else []
        facts += ["forms: " + " | ".join(row["forms"])] if "forms" in row else []
        lines += entry(row["source"], row["target"], *facts)
    write_po(folder / "en/pt.po", lines)
    return ForbiddenTerms(load_glossary([folder]).forbidden("en", "pt"))


@pytest.mark.parametrize("case", load_cases("forbidding.toml"), ids=lambda case: case["rule"])
def test_a_forbidden_translation_goes(case: dict[str, Any], tmp_path: Path) -> None:
    """What stands there instead is the entry's, else the source's."""
    entries = terms(tmp_path, case["entry"]).in_force(case["source"])
    text, replaced = replace_forbidden(case["text"], entries, "pt")
    assert text == case["becomes"]
    assert bool(replaced) == (case["text"] != case["becomes"])
    assert find_forbidden(text, entries, "pt") == []


def test_nothing_is_in_force_without_entries(tmp_path: Path) -> None:
    """No entries, nothing forbidden."""
    assert terms(tmp_path).in_force("Kyiv") == ()


def test_a_candidate_forbids_nothing(tmp_path: Path) -> None:
    """A fuzzy entry waits for a person, whatever its status says."""
    lines = entry("Kyiv", "Kiev", "status: forbidden", "use: Kyiv")
    at = next(at for at, line in enumerate(lines) if line.startswith("msgid"))
    write_po(tmp_path / "en/pt.po", [*lines[:at], "#, fuzzy", *lines[at:]])
    glossary = load_glossary([tmp_path])
    assert [each.target for each in glossary.candidates("en", "pt")] == ["Kiev"]
    assert ForbiddenTerms(glossary.forbidden("en", "pt")).in_force("Kyiv") == ()


def test_what_stands_there_on_purpose_is_spared(tmp_path: Path) -> None:
    """The span of another term's approved translation, and no other place."""
    entries = terms(tmp_path, {"source": "treaty", "target": "acordo", "use": "tratado"}).in_force("treaty and deal")
    assert replace_forbidden("o acordo e o acordo", entries, "pt", [(2, 8)])[0] == "o acordo e o tratado"
