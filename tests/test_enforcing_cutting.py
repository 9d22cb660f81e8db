"""The ladder's last rung: a sentence translated around a passage that no answer holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import Scripted, align

from pipeline.enforcing import Demand, close_item, open_item, take_hop
from pipeline.enforcing.cutting import cut_around


def _kept(text: str, *passages: str) -> list[Demand]:
    starts = [text.index(passage) for passage in passages]
    return [
        Demand(start, start + len(one), one, "kept", {"pt": (one,)}, always=True)
        for start, one in zip(starts, passages, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "passages", "pieces", "said"),
    [
        ('"Ура!" he cried.', ["Ура"], {"he cried.": "Gritou ele."}, '"Ура!" gritou ele.'),
        ('He cried: "Ура!"', ["Ура"], {"He cried": "Gritou"}, 'Gritou: "Ура!"'),
        ('"Ура", he cried, "ура"', ["Ура", "ура"], {"he cried": "gritou"}, '"Ура", gritou, "ура"'),
        ("Ура (they said)", ["Ура"], {"they said)": "disseram)"}, "Ура (disseram)"),
    ],
)
def test_a_passage_that_no_answer_holds_is_kept(
    text: str, passages: list[str], pieces: dict[str, str], said: str
) -> None:
    """With the signs around it, in the order of the source; the rest is translated alone."""
    engine = Scripted(*(align(source, target, "") for source, target in pieces.items()), other="Nada.")
    (done,) = take_hop(engine, [open_item(text, _kept(text, *passages))], {})
    assert close_item(done, "pt")[0] == said
    assert not done.missing


def test_a_passage_that_came_back_is_not_cut_out() -> None:
    """The engine's own order is better than that of the source."""
    engine = Scripted(align('"XQ0!" he cried.', 'Gritou: "XQ0!"', ""), other="Nada.")
    text = '"Ура!" he cried.'
    (done,) = take_hop(engine, [open_item(text, _kept(text, "Ура"))], {})
    assert close_item(done, "pt")[0] == 'Gritou: "Ура!"'


def test_terms_beside_the_passage_are_enforced() -> None:
    """A piece goes through the ladder like a sentence; what it misses is missing from the whole."""
    text = '"Ура!" the court cried to Bob.'
    court = Demand(11, 16, "court", "term", {"pt": ("corte",)})
    bob = Demand(26, 29, "Bob", "name", {"pt": ("Bob",)})
    engine = Scripted(align("the court cried to Bob.", "o tribunal gritou.", "0-0 1-1 2-2"), other="Nada.")
    (done,) = take_hop(engine, [open_item(text, [*_kept(text, "Ура"), court, bob])], {})
    plain, uses = close_item(done, "pt")
    assert plain == '"Ура!" a corte gritou.'
    assert [use.outcome for use in uses] == ["enforced", "enforced", "missing"]


@given(st.lists(st.sampled_from(["Ура", "one", "two", '"', ", ", "! ", " (", ")", "$5 "]), min_size=1, max_size=12))
def test_nothing_is_lost_by_cutting(parts: list[str]) -> None:
    """Where pieces come back as they are, the sentence does."""
    text, spans = "", []
    for part in parts:
        if part == "Ура":
            spans.append(len(text))
        text += part
    demands = [Demand(start, start + 3, "Ура", "kept", {"pt": ("Ура",)}, always=True) for start in spans]
    item = open_item(text, demands)
    if demands:
        assert cut_around(item, frozenset(range(len(demands))), list).marked == item.marked
