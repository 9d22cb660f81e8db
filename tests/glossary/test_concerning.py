"""Which change of a glossary concerns an article."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import GlossaryError
from pipeline.glossary import Glossary, Matcher, concerned_entries
from pipeline.glossary.pofiles import PoFile

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/glossary/concerning.toml").read_text("utf-8"))["case"]


def glossary(entries: dict[str, str]) -> Glossary:
    """Make a glossary from `"en-pt": po text` pairs."""
    files = []
    for pair, text in entries.items():
        source, _, target = pair.partition("-")
        files.append(PoFile(f"{pair}.po", f"{pair}.po", (source, target), 0, text.encode()))
    return Glossary(files)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_only_what_is_used_or_could_be_makes_an_article_stale(case: dict[str, object]) -> None:
    """The digest changes with an entry that stands in the texts, whether new, gone or other, and with no other."""
    texts, targets = case["texts"], case.get("targets", ["pt"])
    assert isinstance(texts, list)
    assert isinstance(targets, list)
    before, after = (
        concerned_entries(texts, str(case.get("lang", "en")), targets, glossary(case[name]))  # type: ignore[arg-type]
        for name in ("before", "after")
    )
    assert (before != after) == case["stale"]


WORDS = st.sampled_from(["New", "new", "York", "Bank", "of", "Varna", "the", "EU", "-", "mayor"])
TEXTS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@given(text=TEXTS, terms=st.lists(TEXTS.filter(lambda term: term.strip("- ")), max_size=4, unique=True), new=TEXTS)
def test_a_new_entry_that_changes_no_digest_changes_no_match(text: str, terms: list[str], new: str) -> None:
    """Whatever the matcher would find anew is a change of the digest: an article is never left that needs work."""
    rows = [f'msgid "{term}"\nmsgstr "{number}x"\n' for number, term in enumerate(terms) if term != new]
    one = glossary({"en-pt": "\n".join(rows)})
    other = glossary({"en-pt": "\n".join([*rows, f'msgid "{new}"\nmsgstr "new"\n'])})
    if concerned_entries([text], "en", ["pt"], one) == concerned_entries([text], "en", ["pt"], other):
        found, again = (
            [(match.start, match.entry.target) for match in Matcher(each.entries("en", "pt")).find(text)]
            for each in (one, other)
        )
        assert found == again


def test_a_glossary_of_a_script_that_the_text_lacks_is_not_even_parsed() -> None:
    """No fragment in Cyrillic can stand in a Latin text: its glossary may be damaged. In a Cyrillic one it counts."""
    broken = glossary({"bg-en": 'msgid "а'})
    assert concerned_entries(["Photo"], "en", ["pt"], broken) == concerned_entries(
        ["Photo"], "en", ["pt"], glossary({})
    )
    with pytest.raises(GlossaryError):
        concerned_entries(["Снимка"], "en", ["pt"], broken)
