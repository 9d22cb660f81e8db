"""A noun of a glossary that is a verb in the sentence: by the words beside it, and by what an engine wrote for it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from scripted import Scripted, align

from pipeline.enforcing import Demand, close_item, open_item, take_hop
from pipeline.enforcing.readings import find_verbs
from pipeline.glossary import Verb, verb_chance

CASES = tomllib.loads((Path(__file__).parent / "cases/verbs.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_a_verb_is_told_by_both_languages(case: dict[str, Any]) -> None:
    """The source says what may be, the target what the engine took it for; without both the entry is enforced."""
    start = case["source"].index(case["term"])
    span = (start, start + len(case["term"]))
    assert verb_chance(case["source"], *span, "en") is Verb[case["chance"]]
    item = open_item(case["source"], [Demand(*span, case["term"], "term", {"pt": ("x",)})])
    answer = align(case["source"], case["target"], case["links"])
    assert (find_verbs(item, answer, {0: span}, ("en", "pt")) == {0}) is case["is_verb"]


def test_names_and_other_languages_are_left_alone() -> None:
    """A name is no verb, and of a language without rows nothing is known."""
    answer = align("Rebels attack towns", "Rebeldes atacam cidades", "0-0 1-1 2-2")
    item = open_item("Rebels attack towns", [Demand(7, 13, "attack", "name", {"pt": ("x",)})])
    assert find_verbs(item, answer, {0: (7, 13)}, ("en", "pt")) == set()
    assert verb_chance("rebeldes ataque cidades", 9, 15, "pt") is Verb.NO


@pytest.mark.parametrize(
    ("source", "target", "said", "outcome"),
    [
        ("Unions plan a strike", "Sindicatos planejam uma greve", "Sindicatos planejam uma greve", "verb"),
        ("The plan a strike", "O plano uma greve", "O projeto uma greve", "enforced"),
    ],
)
def test_a_verb_is_left_and_told(source: str, target: str, said: str, outcome: str) -> None:
    """What the engine wrote stays, nothing is missing, and the report says why the entry was not applied."""
    engine = Scripted(align(source, target, "0-0 1-1 2-2 3-3"))
    start = source.index("plan")
    item = open_item(source, [Demand(start, start + 4, "plan", "term", {"pt": ("projeto",)})])
    (done,) = take_hop(engine, [item], {})
    text, (use,) = close_item(done, "pt")
    assert (text, use.outcome, use.form) == (said, outcome, "projeto" if outcome == "enforced" else "")
