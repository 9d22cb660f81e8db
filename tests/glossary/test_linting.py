"""`glossary check`: what each rule tells, and what it leaves in peace."""

from pathlib import Path
from typing import Any

import pytest
from glossary_samples import CASES, entry, load_cases, write_po

from pipeline.glossary import builtin_folder, load_glossary
from pipeline.glossary.linting import RULES, lint_glossary

LINES = load_cases("linting.toml")


def write_pairs(folder: Path, case: dict[str, Any]) -> Path:
    """Write the PO files of a case."""
    for key in ("bg_en", "en_bg", "en_pt", "pt_en"):
        source, target = key.split("_")
        lines: list[str] = []
        for term, translation, *comments in case.get(key, ()):
            context = "".join(each.removeprefix("CONTEXT ") for each in comments if each.startswith("CONTEXT "))
            facts = ["type: name", *(each for each in comments if not each.startswith("CONTEXT "))]
            facts = [facts[-1 if "type:" in " ".join(facts[1:]) else 0], *facts[1:]] if len(facts) > 1 else facts
            lines += entry(term, translation, *dict.fromkeys(facts), context=context)
        if lines:
            write_po(folder / source / f"{target}.po", lines)
    return folder


@pytest.mark.parametrize("case", LINES, ids=lambda case: case["what"])
def test_rules(case: dict[str, Any], tmp_path: Path) -> None:
    """Each table row gives the rules that it names and no other."""
    glossary = load_glossary([write_pairs(tmp_path, case)])
    assert [problem.rule for problem in lint_glossary(glossary)] == case["says"]


def test_every_rule_has_a_case() -> None:
    """A rule without a case would be free to break; two have tests of their own below."""
    assert {rule for case in LINES for rule in case["says"]} | {"damaged", "never_seen"} == set(RULES)


def test_damaged_file_does_not_hide_the_rest(tmp_path: Path) -> None:
    """A file that cannot be read is one problem, with its line; the others are still looked at."""
    write_po(tmp_path / "en/pt.po", ['msgid "a', 'msgstr "b"'])
    write_po(tmp_path / "en/es.po", [*entry("a", "b", "type: name"), *entry("a", "b", "type: name")])
    found = lint_glossary(load_glossary([tmp_path]))
    assert sorted((problem.rule, problem.level) for problem in found) == [
        ("damaged", "error"), ("duplicate", "warning"),
    ]  # fmt: skip
    assert sorted(problem.origin.rpartition("/en/")[2] for problem in found) == ["es.po:11", "pt.po:6"]


def test_unseen_entries_are_told_only_with_articles(tmp_path: Path) -> None:
    """Without articles nothing is unseen; with them an approved entry that none has is, a candidate is not."""
    write_po(tmp_path / "en/pt.po", [*entry("NATO", "OTAN"), *entry("UN", "ONU"), "#, fuzzy", *entry("EU", "UE")])
    glossary = load_glossary([tmp_path])
    assert lint_glossary(glossary) == []
    (seen,) = [each.origin for each in glossary.entries("en", "pt") if each.source == "NATO"]
    (problem,) = lint_glossary(glossary, {seen})
    assert problem.rule == "never_seen"
    assert "'UN'" in problem.message


def test_full_example_says_what_is_in_it() -> None:
    """The file that has every kind of entry has one silent edit and one empty entry."""
    rules = {problem.rule for problem in lint_glossary(load_glossary([CASES / "full"]))}
    assert {"changed_since_approved", "empty"} <= rules


def test_shipped_glossaries_have_neither_errors_nor_warnings() -> None:
    """What we ship passes what we tell others to pass."""
    found = lint_glossary(load_glossary([builtin_folder()]))
    assert [problem for problem in found if problem.level != "note"] == []
