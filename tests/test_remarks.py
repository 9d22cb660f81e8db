"""Remarks on terms: what was left, and what stands in another number."""

import pytest

from pipeline.checks import Pair, check_target
from pipeline.model import Severity, TermUse


@pytest.mark.parametrize(
    ("use", "left", "told"),
    [
        (TermUse("plan", "projeto", "term", "verb", ""), (), [("term_left", "used as a verb")]),
        (None, (("Hurricane", "part of a longer word or name"),), [("term_left", "part of a longer word or name")]),
        (TermUse("group", "coletivo", "term", "enforced", "coletivos"), (), [("term_number", "in the plural")]),
        (TermUse("group", "coletivo", "term", "enforced", "Coletivo"), (), []),
        (TermUse("groups", "coletivos", "term", "enforced", "coletivos"), (), []),
        (TermUse("group", "coletivo", "term", "applied", "coletivo"), (), []),
    ],
)
def test_a_remark_is_no_fault(
    use: TermUse | None, left: tuple[tuple[str, str], ...], told: list[tuple[str, str]]
) -> None:
    """What a glossary asks for and the text has otherwise on purpose is told, in the mildest severity."""
    found = check_target(Pair("b1s1", "A plan.", "Um plano.", "en", "pt", uses=(use,) if use else (), left=left))
    assert [(one.rule, one.severity) for one in found] == [(rule, Severity.INFO) for rule, _ in told]
    assert all(why in one.message for one, (_, why) in zip(found, told, strict=True))
