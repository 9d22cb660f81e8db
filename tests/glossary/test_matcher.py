"""Where terms and target forms are found in a text."""

from typing import Any

import pytest
from glossary_samples import load_cases, split_marks
from hypothesis import given
from hypothesis import strategies as st

from pipeline.glossary.matcher import Matcher, find_forms
from pipeline.model import Entry

TEXT = st.text(alphabet=st.sampled_from("aAbBé ’'-.,@/#\u00a0\n1XИз中"), max_size=40)


def build(term: str | dict[str, Any], lang: str) -> Entry:
    """Make an entry of a case's term."""
    row: dict[str, Any] = {"source": term} if isinstance(term, str) else dict(term)
    row["source_forms"] = tuple(row.get("source_forms", ()))
    return Entry(**{"source_lang": lang, "target": "X", "target_lang": "pt", **row})


@pytest.mark.parametrize("case", load_cases("matching.toml"), ids=lambda case: case["rule"])
def test_terms_stand_where_the_case_says(case: dict[str, Any]) -> None:
    """Each term is found where the case marks it, and nowhere else."""
    text, spans = split_marks(case["text"])
    matches = Matcher([build(term, case.get("lang", "en")) for term in case["terms"]]).find(text)
    assert [(match.start, match.end) for match in matches] == spans
    assert all(match.text == text[match.start : match.end] for match in matches)


@pytest.mark.parametrize("case", load_cases("forms.toml"), ids=lambda case: case["rule"])
def test_forms_stand_where_the_case_says(case: dict[str, Any]) -> None:
    """Each target form is found where the case marks it, and nowhere else."""
    text, spans = split_marks(case["text"])
    assert find_forms(text, case["forms"], case["lang"]) == spans


@pytest.mark.parametrize("case", load_cases("left.toml"), ids=lambda case: case["rule"])
def test_what_is_no_term_is_told(case: dict[str, Any]) -> None:
    """Each word that is spelled like a term and refused has its reason; what is not spelled so has none."""
    matcher = Matcher([build(term, "en") for term in case["terms"]])
    assert [f"{match.text}: {why}" for match, why in matcher.find_left(case["text"])] == case["left"]


def test_match_carries_its_entry() -> None:
    """A match names the entry that made it, also when another form was found."""
    entry = Entry("prime minister", "en", "primeiro-ministro", "pt", source_forms=("PM",))
    assert [match.entry for match in Matcher([entry]).find("The PM")] == [entry]


def test_exact_spelling_wins_over_other_case() -> None:
    """Of two terms that differ in case alone, the one that is spelled like the text is taken."""
    us, pronoun = Entry("US", "en", "EUA", "pt"), Entry("us", "en", "nós", "pt")
    found = Matcher([us, pronoun]).find("The US told us")
    assert [match.entry for match in found] == [us, pronoun]


def test_later_entry_wins() -> None:
    """Of two entries with one spelling the later is taken: a team's entry stands behind the shipped one."""
    shipped, own = Entry("White House", "en", "A", "pt"), Entry("White House", "en", "B", "pt")
    assert [match.entry for match in Matcher([shipped, own]).find("the White House")] == [own]


@pytest.mark.parametrize(
    ("blocked", "found"), [((0, 3), 1), ((0, 2), 2), ((2, 4), 1), ((0, 9), 0), ((4, 4), 2), ((4, 6), 2)]
)
def test_nothing_is_found_inside_blocked_spans(blocked: tuple[int, int], found: int) -> None:
    """A match that shares a character with a blocked span is none; a span that only touches it does not count."""
    assert len(Matcher([Entry("US", "en", "EUA", "pt")]).find("  US  US ", [blocked])) == found


def test_no_entries_no_matches() -> None:
    """An empty glossary finds nothing."""
    assert Matcher([]).find("The US") == []


@given(text=TEXT, terms=st.lists(TEXT.filter(lambda term: bool(term.strip())), max_size=6))
def test_matches_are_sorted_apart_and_inside(text: str, terms: list[str]) -> None:
    """For any terms and text, the matches are inside the text, sorted, not empty and do not overlap."""
    matches = Matcher([Entry(term, "en", "X", "pt") for term in terms]).find(text)
    edges = [edge for match in matches for edge in (match.start, match.end)]
    assert edges == sorted(edges)
    assert all(0 <= match.start < match.end <= len(text) and match.text.strip() for match in matches)


@given(words=st.lists(st.sampled_from(["US", "Trump", "prime minister", "São Paulo", "O'Brien"]), max_size=8))
def test_every_listed_term_is_found(words: list[str]) -> None:
    """Terms with commas between them are all found, in their order."""
    entries = [Entry(word, "en", "X", "pt") for word in set(words)]
    assert [match.text for match in Matcher(entries).find(", ".join(words))] == words


@given(text=TEXT, forms=st.lists(TEXT, max_size=4))
def test_forms_are_sorted_and_apart(text: str, forms: list[str]) -> None:
    """For any forms and text, the spans are sorted and do not overlap."""
    edges = [edge for span in find_forms(text, forms, "pt") for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
