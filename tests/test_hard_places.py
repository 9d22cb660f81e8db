"""The sentences of `make bench-terms`, as far as no engine is needed."""

import csv
from pathlib import Path

import pytest

from pipeline.glossary import Matcher, find_forms, load_glossary

FOLDER = Path(__file__).parents[1] / "benchmarks/hard_places"
GLOSSARY = load_glossary([FOLDER])
with (FOLDER / "cases.tsv").open(encoding="utf-8", newline="") as lines:
    CASES = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))

# Senses that no rule here tells apart: the matcher finds a term where a reader would not.
KNOWN = {"She hopes to budget for a new car.", "A great deal of money was lost."}


def test_there_are_enough_sentences() -> None:
    """At least 400, none twice."""
    assert len({case["source"] for case in CASES}) == len(CASES) >= 400


@pytest.mark.parametrize("lang", ["pt", "es", "ca", "gl"])
def test_the_terms_of_a_sentence_are_found(lang: str) -> None:
    """In their order, and no other; each has its reference form."""
    matcher = Matcher(GLOSSARY.entries("en", lang))
    for case in CASES:
        wanted = case["terms"].split("; ") if case["terms"] else []
        found = [match.entry.source for match in matcher.find(case["source"])]
        if case["source"] not in KNOWN:
            assert found == wanted, case["source"]
        assert len([form for form in case[lang].split("; ") if form]) == len(wanted), case["source"]


def test_forms_are_forms() -> None:
    """A reference form is found in itself."""
    for case in CASES:
        for form in case["pt"].replace("|", "; ").split("; "):
            assert not form or find_forms(form, [form], "pt") == [(0, len(form))]
