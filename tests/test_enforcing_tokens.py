"""The ladder's third rung: terms behind tokens."""

import pytest
from scripted import Scripted, align

from pipeline.enforcing import Demand, close_item, open_item, take_hop


@pytest.mark.parametrize(
    ("answer", "links", "said"),
    [
        ("Deputados galeses XQ0 saíram", "0-1 1-2 2-0 3-3", "Deputados galeses do Parlamento saíram"),
        ("Deputados do XQ0 galês saíram", "0-3 1-2 2-0 3-4", "Deputados do Parlamento galês saíram"),
        ("O XQ0 galês saiu", "0-2 1-1 3-3", "O Parlamento galês saiu"),
    ],
)
def test_a_noun_before_a_noun_gets_its_preposition(answer: str, links: str, said: str) -> None:
    """Where the engine wrote the token for an adjective behind its noun, "do" stands between; else nothing is added."""
    engine = Scripted(align("Welsh XQ0 Members left", answer, links), other="nada")
    demand = Demand(6, 16, "Parliament", "term", {"pt": ("Parlamento",)}, has_article=True)
    (done,) = take_hop(engine, [open_item("Welsh Parliament Members left", [demand])], {})
    assert close_item(done, "pt")[0] == said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("os testes XQ0 cessam", "os testes atômicos cessam"),
        ("a prova de XQ0 cessa", "a prova atômica cessa"),
        ("a XQ0 cessa", "a atômico cessa"),
    ],
)
def test_an_adjective_behind_a_token_agrees(answer: str, said: str) -> None:
    """With the noun before it, without the "de" that the engine wrote for a noun; beside no noun it stays."""
    engine = Scripted(align("the XQ0 tests stop", answer, ""), other="nada")
    demand = Demand(4, 11, "nuclear", "term", {"pt": ("atômico",)}, is_adjective=True)
    (done,) = take_hop(engine, [open_item("the nuclear tests stop", [demand])], {})
    assert close_item(done, "pt")[0] == said


def test_what_joins_a_token_to_a_noun_stays_when_another_term_is_patched() -> None:
    """The words of the answer have changed then, and its links no longer say where they are."""
    usual = align("Welsh Parliament Members met voters", "Deputados galeses viram votantes", "0-1 2-0 3-2 4-3")
    answer = align("Welsh XQ0 Members met voters", "Deputados galeses XQ0 viram votantes", "0-1 1-2 2-0 3-3 4-4")
    demands = [
        Demand(6, 16, "Parliament", "term", {"pt": ("Parlamento",)}, has_article=True),
        Demand(29, 35, "voters", "term", {"pt": ("eleitores",)}),
    ]
    (done,) = take_hop(Scripted(usual, answer, other="nada"), [open_item(usual.source, demands)], {})
    assert close_item(done, "pt")[0] == "Deputados galeses do Parlamento viram eleitores"
