"""A noun of a glossary that is a verb in the sentence: by the words beside it, and by what an engine wrote for it."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.enforcing import Demand, close_item, open_item, take_hop
from pipeline.enforcing.readings import find_verbs
from pipeline.engines.base import Aligned, Link
from pipeline.glossary import Verb, verb_chance

CASES = tomllib.loads((Path(__file__).parent / "cases/verbs.toml").read_text("utf-8"))["case"]


def align(source: str, target: str, links: str) -> Aligned:
    """Read "0-1 1-0"."""
    places = [[match.span() for match in re.finditer(r"\S+", text)] for text in (source, target)]
    pairs = [tuple(map(int, link.split("-"))) for link in links.split()]
    return Aligned(source, target, tuple(Link(*places[1][b], *places[0][a], 1.0) for a, b in sorted(pairs)))


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


class Scripted:
    """An engine for words alone that aligns: it says one answer to one sentence, and copies any other."""

    name, version, source_lang, target_lang = "scripted", "1", "en", "pt"
    marks = "token"

    def __init__(self, answer: Aligned) -> None:
        self.answer = answer

    def load(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to close."""

    def can_write(self, char: str) -> bool:
        """Write all."""
        return bool(char)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Say the answer."""
        return [one.text for one in self.translate_aligned(texts)]

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Say the answer to its sentence."""
        return [self.answer if text == self.answer.source else Aligned(text, text, ()) for text in texts]

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Know nothing."""
        return [Aligned(source, target, ()) for source, target in pairs]


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
