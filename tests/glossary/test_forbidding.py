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
def test_a_forbidden_translation_goes_or_is_reported(case: dict[str, Any], tmp_path: Path) -> None:
    """It is replaced where the entry says by what, else reported."""
    entries = terms(tmp_path, case["entry"]).in_force(case["source"])
    text, replaced = replace_forbidden(case["text"], entries, "pt")
    assert text == case["becomes"]
    assert bool(replaced) == (case["text"] != case["becomes"])
    assert find_forbidden(text, entries, "pt") == case.get("reported", [])


def test_nothing_is_in_force_without_entries(tmp_path: Path) -> None:
    """No entries, nothing forbidden."""
    assert terms(tmp_path).in_force("Kyiv") == ()
