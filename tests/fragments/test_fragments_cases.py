"""What is a fragment and what is none: the cases of tests/cases/fragments."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.localise import detect_article

CASES = Path(__file__).parents[1] / "cases" / "fragments"


def load(name: str) -> list[Any]:
    """Read a case file."""
    cases = tomllib.loads((CASES / name).read_text("utf-8"))["case"]
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", load("found.toml"))
def test_fragment_is_found(case: dict[str, Any]) -> None:
    """Each fragment is found whole, with its language and kind; nothing else is touched."""
    found = detect_article(case["text"].encode(), "article", ".txt", source=case["lang"])
    assert [[each.text, each.kind] for _, each in found.fragments] == [[text, kind] for text, _, kind in case["found"]]
    for (_, each), (_, lang, _) in zip(found.fragments, case["found"], strict=True):
        assert each.lang in (lang, *case.get("or", ()))
        assert each.reason
        assert 0.5 <= each.score <= 1


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Nitko nas neće zaustaviti u ovom gradu.", {"hr", "bs"}),  # twins that no text tells apart
        ("Klikk her og finn ut mer om byen.", {"nb", "nn"}),
        ("Foto: arkiv", {"da", "nb", "sv"}),  # a label that several languages have
    ],
)
def test_even_evidence_names_all_candidates(text: str, languages: set[str]) -> None:
    """Where a text does not decide between sisters, the others are told, for programs and in the reason."""
    article = f"The mayor spoke on Monday.\n\n{text}\n\nThe works begin in May."
    ((_, each),) = detect_article(article.encode(), "article", ".txt", source="en").fragments
    assert len(languages & {each.lang, *each.alternatives}) > 1
    assert each.alternatives
    assert "nearly as likely" in each.reason


@pytest.mark.parametrize("case", load("clean.toml"))
def test_nothing_is_found_in_clean_text(case: dict[str, Any]) -> None:
    """Names, loanwords, addresses and their like are at home in every language."""
    found = detect_article(case["text"].encode(), "article", ".txt", source=case["lang"])
    assert [(each.text, each.lang, each.reason) for _, each in found.fragments] == []


@pytest.mark.parametrize("case", [*load("found.toml"), *load("clean.toml")])
def test_language_of_the_article_is_found(case: dict[str, Any]) -> None:
    """The article's own language wins, fragments or not, where most of the words are its own."""
    longer = "\n\n".join([case["text"], *OWN.get(case["lang"], [])])
    assert detect_article(longer.encode(), "article", ".txt").language == case["lang"]


# A sentence or two more, for cases that are half foreign.
OWN = {
    "en": ["The works begin in May and will last two years, the city council said in a statement on Monday."],
    "de": ["Die Arbeiten beginnen im Mai und dauern zwei Jahre, teilte die Stadt am Montag mit."],
    "sv": ["Arbetet börjar i maj och ska ta två år, meddelade kommunen i måndags."],
    "ru": ["Работы начнутся в мае и продлятся два года, сообщила администрация города в понедельник."],
    "es": ["Las obras empiezan en mayo y durarán dos años, según informó el ayuntamiento el lunes."],
    "fr": ["Les travaux commencent en mai et dureront deux ans, a annoncé la mairie lundi."],
    "it": ["I lavori cominciano a maggio e dureranno due anni, ha detto lunedì il comune."],
}
