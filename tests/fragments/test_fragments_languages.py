"""Every language that has tables or a script of its own is found in an article: the cases of languages.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.localise import detect_article

FILE = Path(__file__).parents[1] / "cases" / "fragments" / "languages.toml"
TABLE: dict[str, Any] = tomllib.loads(FILE.read_text("utf-8"))

HOSTS = {
    "en": (
        "The mayor presented the plans for the new bridge on Monday.",
        "The works begin in May and",
        "will last two years, the city council said in a statement.",
    ),
    "bg": (
        "Кметът представи в понеделник плановете за новия мост.",
        "Строежът започва през май и",
        "ще продължи две години, съобщиха от общината.",
    ),
}
PLACES = {  # where -> the article, what of the file stands there, its kind
    "a line of its own": ("{0}\n\n{line}\n\n{1} {2}", "line", "block"),
    "a sentence between paragraphs": ("{0}\n\n{sentence}\n\n{1} {2}", "sentence", "block"),
    "a sentence at the end of a paragraph": ("{0} {sentence}\n\n{1} {2}", "sentence", ""),
    "brackets": ("{0}\n\n{1} ({phrase}) {2}", "phrase", ""),
    "quotation marks": ("{0}\n\n{1} “{phrase}” {2}", "phrase", ""),
    "no mark": ("{0}\n\n{1} {phrase} {2}", "phrase", ""),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("lang", TABLE)
def test_language_is_found(lang: str, host: str, place: str) -> None:
    """The fragment is found with its language, or with a sister where the file allows one, and nothing beside it."""
    if lang == host:
        pytest.skip("it is the article's own language")
    row, (pattern, name, kind) = TABLE[lang], PLACES[place]
    text = pattern.format(*HOSTS[host], **row)
    found = detect_article(text.encode(), "article", ".txt")
    assert found.language == host
    assert [fragment.text.strip(" “”().。।։۔።។။།") for _, fragment in found.fragments] == [
        row[name].strip(" .。।։۔።។။།")
    ]
    (_, fragment), *_ = found.fragments
    assert fragment.lang in (lang, *row.get("or", ()))
    assert fragment.kind == kind or not kind
