"""A form takes the place of the words that an engine wrote for a span."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.enforcing.items import Demand, agree_terms, open_item
from pipeline.enforcing.patching import find_words, patch
from pipeline.engines.base import Aligned, Link
from pipeline.glossary import looks_like_adjective
from pipeline.protecting import read_marks

CASES = tomllib.loads((Path(__file__).parent / "cases/patching.toml").read_text("utf-8"))["case"]


def align(source: str, target: str, links: str) -> Aligned:
    """Read "0-1 1-0:0.7": source word, target word, weight."""
    places = [[match.span() for match in re.finditer(r"\S+", text)] for text in (source, target)]
    found = []
    for link in links.split():
        pair, _, weight = link.partition(":")
        one, other = map(int, pair.split("-"))
        found.append(Link(*places[1][other], *places[0][one], float(weight or 1)))
    return Aligned(source, target, tuple(sorted(found, key=lambda link: link.target_start)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_the_words_of_a_term_are_written_over(case: dict[str, Any]) -> None:
    """As the case says, or not at all."""
    answer = align(case["source"], case["target"], case["links"])
    start = case["source"].index(case["term"])
    span = (start, start + len(case["term"]))
    forms = {"pt": (case["form"],)}
    flags = {"is_person": case.get("person", False), "is_adjective": looks_like_adjective(case["term"], "en")}
    demand = Demand(*span, case["term"], case.get("kind", "term"), forms, **flags)
    item = open_item(case["source"], [demand])
    patched, olds = patch(answer, {0: span}, item, "pt")
    text, marks = read_marks(agree_terms(patched, olds, item, "pt"))
    assert text == case.get("becomes", case["target"])
    assert [mark.text.lower() for mark in marks] == (
        [case.get("written", case["form"]).lower()] if "becomes" in case else []
    )


@given(st.data())
def test_the_words_found_are_whole_words_of_the_target(data: st.DataObject) -> None:
    """Whatever the alignment: inside the text, at word edges, the same every time."""
    words = st.sampled_from(["casa", "de", "o", "primeiro-ministro", "lei", ","])
    target = " ".join(data.draw(st.lists(words, min_size=1, max_size=8)))
    count = len(target.split())
    pairs = st.tuples(st.integers(0, 3), st.integers(0, count - 1), st.sampled_from(["0.2", "0.5", "1"]))
    links = " ".join(f"{one}-{other}:{weight}" for one, other, weight in data.draw(st.lists(pairs, max_size=10)))
    answer = align("aa bb cc dd", target, links)
    span = find_words(answer, (3, 8), "pt")
    assert span == find_words(answer, (3, 8), "pt")
    if span:
        start, end = span
        assert 0 <= start < end <= len(target)
        assert not target[start - 1 : start].isalnum()
        assert not target[end : end + 1].isalnum()


def test_an_approved_adjective_agrees_with_an_approved_noun() -> None:
    """It stands in a mark, and bends all the same; another term in a mark does not."""
    source = "the British industry fell"
    answer = align(source, "a indústria britânica caiu", "0-0 1-2 2-1 3-3")
    demands = [
        Demand(4, 11, "British", "term", {"pt": ("inglês",)}, is_adjective=True),
        Demand(12, 20, "industry", "term", {"pt": ("setor",)}),
    ]
    item = open_item(source, demands)
    patched, olds = patch(answer, {0: (4, 11), 1: (12, 20)}, item, "pt")
    assert read_marks(agree_terms(patched, olds, item, "pt"))[0] == "o setor inglês caiu"


class Counting(tuple[Link, ...]):
    """Links that count how often one of them is read."""

    read = 0

    def __iter__(self) -> Iterator[Link]:
        for link in super().__iter__():
            Counting.read += 1
            yield link


def test_a_long_text_is_not_read_again_for_each_of_its_words() -> None:
    """Links are read a few times for a term, however many words the text has."""
    count = 3000
    source, target = " ".join(["blue house"] * count), " ".join(["casa azul"] * count)
    plain = align(source, target, " ".join(f"{2 * at}-{2 * at + 1} {2 * at + 1}-{2 * at}" for at in range(count)))
    start = len("blue house ") * (count // 2) + len("blue ")
    span = (start, start + len("house"))
    item = open_item(source, [Demand(*span, "house", "term", {"pt": ("lar",)})])
    Counting.read = 0
    patched, _ = patch(Aligned(source, target, Counting(plain.links)), {0: span}, item, "pt")
    assert [mark.text for mark in read_marks(patched)[1]] == ["lar"]
    assert 0 < Counting.read < 50 * len(plain.links)
