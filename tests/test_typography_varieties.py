"""The variety of a language that the house writes: Brazilian Portuguese."""

import re
from typing import Any

import pytest

from pipeline.typography import Spare, find_other_variety, read_table, repair_typography, respell, respell_written

VARIETIES = [(lang, rule) for lang, row in read_table("varieties").items() for rule in row["rules"]]


@pytest.mark.parametrize(("lang", "rule"), VARIETIES, ids=[rule["example"][0] for _, rule in VARIETIES])
def test_each_rule_of_a_variety_does_what_its_example_says(lang: str, rule: dict[str, Any]) -> None:
    """A rule alone turns its example into the house's spelling; all rules together leave that and what is kept."""
    before, after = rule["example"]
    assert re.sub(rule["find"], rule["replace"], before) == after
    for text in (after, *rule.get("kept", ())):
        assert respell(text, lang) == text


def test_words_of_a_variety_are_whole_words() -> None:
    """Words are mended whole, with a first capital too; words with another meaning are told and not mended."""
    assert respell("Bebés polacos em Moscovo", "pt") == "Bebês poloneses em Moscou"
    assert respell("Moscovonia e a equipa do ecrã", "pt") == "Moscovonia e a equipa do ecrã"
    assert find_other_variety("chefe de equipa", "pt") == [("equipa", "equipe")]
    assert find_other_variety("Prémio Económico", "pt") == [("Prémio", "Prêmio"), ("Económico", "Econômico")]
    assert find_other_variety("Gómez em Moscovo", "pt", is_name=True) == [("Moscovo", "Moscou")]


def test_a_language_without_a_variety_is_left_alone() -> None:
    """No row, no change: European Portuguese asked for by its own tag stays European."""
    for lang in ("pt-PT", "gl", "es"):
        assert (respell("o género económico", lang), find_other_variety("Prémio", lang)) == ("o género económico", [])


@pytest.mark.parametrize(
    ("text", "source", "written"),
    [
        ("A Polónia e o Médio Oriente", "Poland and the Middle East", "A Polônia e o Oriente Médio"),
        ("Jerónimo vive em Moscovo", "Jerónimo lives in Moscow", "Jerónimo vive em Moscou"),
        ("O jornal Económico da Polónia", "the newspaper Económico of Poland", "O jornal Económico da Polônia"),
        ("os tunisinos e os checos", "the Tunisians and the Czechs", "os tunisianos e os tchecos"),
    ],
)
def test_what_an_engine_wrote_is_respelled_but_for_words_of_the_source(text: str, source: str, written: str) -> None:
    """A word that the source has too is a name or a quotation and stays; so does what an approved term says."""
    assert respell_written(text, "pt", source) == written
    assert repair_typography(text, source, "pt")[0] == written
    assert repair_typography(text, source, "pt", spare=Spare(["variety"]))[0] == text
    assert repair_typography(text, source, "pt", spare=Spare(texts=text.split(" e ")))[0] == text
    assert repair_typography(text, source, "pt-PT")[0] == text
