"""Credit lines and phrases, composed of glossary entries."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from glossary_samples import CASES, entry, load_cases, write_po

from pipeline.glossary import (
    Glossary,
    Matcher,
    compose_byline,
    compose_label,
    compose_line,
    entries_between,
    load_glossary,
    lookup_phrase,
)


@pytest.fixture(scope="module")
def glossary(tmp_path_factory: pytest.TempPathFactory) -> Glossary:
    """Write the glossary of glossary.toml as PO files and open it."""
    folder = tmp_path_factory.mktemp("glossaries")
    for source, targets in tomllib.loads((CASES / "glossary.toml").read_text(encoding="utf-8")).items():
        for target, rows in targets.items():
            lines = [line for kind, pairs in rows.items() for pair in pairs for line in entry(*pair, f"type: {kind}")]
            write_po(folder / source / f"{target}.po", lines)
    return load_glossary([folder])


@pytest.mark.parametrize("case", load_cases("composing.toml"), ids=lambda case: case["rule"])
def test_line_becomes_what_the_case_says(case: dict[str, Any], glossary: Glossary) -> None:
    """A line is composed as the case says, or refused; what nobody reviewed is named."""
    composed = compose_line(case["line"], case.get("from", "bg"), case["to"], glossary)
    assert (composed.text if composed else None) == case.get("text")
    assert list(composed.transliterated if composed else ()) == case.get("unreviewed", [])


@pytest.mark.parametrize("case", load_cases("composing.toml", "byline"), ids=lambda case: case["rule"])
def test_byline_becomes_what_the_case_says(case: dict[str, Any], glossary: Glossary) -> None:
    """Where the line is known to be a byline, any name may follow its label."""
    composed = compose_byline(case["line"], case["from"], case["to"], glossary)
    assert (composed.text if composed else None) == case.get("text")


@pytest.mark.parametrize("case", load_cases("composing.toml", "label"), ids=lambda case: case["rule"])
def test_label_alone_becomes_what_the_case_says(case: dict[str, Any], glossary: Glossary) -> None:
    """A text that is one label is written by its entry."""
    composed = compose_label(case["line"], case["from"], case["to"], glossary)
    assert (composed.text if composed else None) == case.get("text")


@pytest.mark.parametrize("case", load_cases("composing.toml", "phrase"), ids=lambda case: case["rule"])
def test_phrase_becomes_what_the_case_says(case: dict[str, Any], glossary: Glossary) -> None:
    """A phrase is found as a whole, or not at all."""
    phrase = lookup_phrase(case["line"], case.get("from", "bg"), case["to"], glossary)
    assert (phrase.text if phrase else None) == case.get("text")


def test_parts_say_where_they_come_from(tmp_path: Path) -> None:
    """Each part names the file and line of its entry, both of them when it took a bridge; a bare name names none."""
    write_po(tmp_path / "g/bg/en.po", [*entry("Снимка", "Photo", "type: label"), *entry("БТА", "BTA", "type: agency")])
    write_po(tmp_path / "g/en/pt.po", entry("Photo", "Foto", "type: label"))
    composed = compose_line("Снимка: БТА/AFP", "bg", "pt", load_glossary([tmp_path / "g"]))
    assert composed is not None
    assert [(part.source, part.target, part.origin) for part in composed.parts] == [
        ("Снимка", "Foto", "g/bg/en.po:7, g/en/pt.po:7"),
        ("БТА", "BTA", "g/bg/en.po:11"),
        ("AFP", "AFP", ""),
    ]


def test_direct_entry_wins_over_the_bridge(tmp_path: Path) -> None:
    """What the pair itself has is taken; English is asked for the rest."""
    write_po(tmp_path / "bg/en.po", [*entry("Снимка", "Photo", "type: label"), *entry("БТА", "BTA", "type: agency")])
    write_po(tmp_path / "en/pt.po", entry("Photo", "Foto", "type: label"))
    write_po(tmp_path / "bg/pt.po", entry("Снимка", "Imagem", "type: label"))
    composed = compose_line("Снимка: БТА", "bg", "pt", load_glossary([tmp_path]))
    assert composed is not None
    assert composed.text == "Imagem: BTA"


def test_another_bridge(tmp_path: Path) -> None:
    """The bridge is the article's language, whatever it is; without a way over it there is no line."""
    write_po(tmp_path / "bg/es.po", [*entry("Снимка", "Foto", "type: label"), *entry("БТА", "BTA", "type: agency")])
    write_po(tmp_path / "es/ca.po", entry("Foto", "Fotografia", "type: label"))
    glossary = load_glossary([tmp_path])
    composed = compose_line("Снимка: БТА", "bg", "ca", glossary, bridge="es")
    assert composed is not None
    assert composed.text == "Fotografia: BTA"
    assert compose_line("Снимка: БТА", "bg", "ca", glossary) is None


def test_candidates_compose_nothing(tmp_path: Path) -> None:
    """An entry that nobody approved is not used, on a label line either."""
    lines = ["# type: label", "#, fuzzy", *entry("Снимка", "Photo"), *entry("БТА", "BTA", "type: agency")]
    write_po(tmp_path / "bg/en.po", lines)
    assert compose_line("Снимка: БТА", "bg", "en", load_glossary([tmp_path])) is None


def test_a_name_for_credits_is_found_in_credits_and_as_a_whole_phrase(tmp_path: Path) -> None:
    """`# only: credits` keeps a name out of sentences, not out of credit lines and quoted phrases."""
    facts = "type: agency", "only: credits"
    write_po(tmp_path / "bg/en.po", [*entry("Снимка", "Photo", "type: label"), *entry("Труд", "Trud", *facts)])
    write_po(tmp_path / "en/pt.po", entry("Photo", "Foto", "type: label"))
    glossary = load_glossary([tmp_path])
    composed, phrase = compose_line("Снимка: Труд", "bg", "pt", glossary), lookup_phrase("„Труд“", "bg", "pt", glossary)
    assert composed is not None and composed.text == "Foto: Trud"
    assert phrase is not None and phrase.text == "„Trud“"
    assert Matcher(entries_between(glossary, "bg", "pt")).find("Труд и капитал") == []
