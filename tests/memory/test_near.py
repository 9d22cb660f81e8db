"""Near hits: which reviews are like a sentence, and how much."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.memory import NearHit, NearReviews
from pipeline.memory.near import MOST, likeness
from pipeline.model import State

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/memory/near.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_offered(case: dict[str, object]) -> None:
    """The table says what was reviewed, what is asked for, and what is offered with which score."""
    reviews = [(source, f"target of {source}", "f.xlf") for source in case["reviewed"]]  # type: ignore[attr-defined]
    found = NearReviews(reviews).find(str(case["text"]), **({"least": case["least"]} if "least" in case else {}))
    assert [[hit.source, hit.score] for hit in found] == case["offered"]


WORDS = st.sampled_from(["the", "The", "old", "bridge", "harbour", "is", "closed", ",", "1,000", "мост", "橋", "x"])
TEXTS = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)


@given(reviewed=st.lists(TEXTS, max_size=12), text=TEXTS, least=st.integers(1, 99))
def test_nothing_is_lost_by_comparing_candidates_alone(reviewed: list[str], text: str, least: int) -> None:
    """The best of all reviews, each compared, are those that are found; with no order of theirs showing."""
    reviews = [(source, source, "f.xlf") for source in reviewed]
    found = NearReviews(reviews).find(text, least)
    scores = sorted((-likeness(source, text), source) for source in set(reviewed))
    wanted = [(source, -score) for score, source in scores if -score >= least][:MOST]
    assert [(hit.source, hit.score) for hit in found] == wanted
    assert NearReviews(reversed(reviews)).find(text, least) == found


def test_one_target_is_offered_once() -> None:
    """With the source that is nearest."""
    reviews = [("The old bridge is open.", "ponte", "b.xlf"), ("The old bridge was closed.", "ponte", "a.xlf")]
    assert NearReviews(reviews).find("The old bridge was closed!") == (
        NearHit("The old bridge was closed.", "ponte", 83, State.REVIEWED, "a.xlf"),
    )


def test_more_words_than_characters_can_stand_for() -> None:
    """Words beyond a million share one: a score may be too high by that, and nothing fails."""
    near = NearReviews([("one two three four", "x", "f")])
    near._letters = {str(number): "x" for number in range(0x110000 - 0xE000)}
    assert near._letter("new") == near._letter("newer") == chr(0x10FFFF)
