"""What becomes of a fragment in the targets: kept word for word, or translated from its own language."""

from collections.abc import Iterator

import pytest

from pipeline.glossary import Glossary, builtin_folder, load_glossary
from pipeline.localise import Options, Tools, localise_article
from pipeline.model import Fragment, ParallelArticle
from pipeline.resolving import resolve_fragment

RUNS = {
    "an unmarked clause": ("The mayor said that {} and left the room.", "la ciudad no puede esperar más tiempo"),
    "between commas": ("The crowd, {}, went home at night.", "niemand wird uns jemals aufhalten"),
    "brackets": ("He called the plan ({}) and left the room.", "una vergüenza para todos los vecinos"),
    "another script": ("The letter ended with {} before it was sent.", "наші люди не будуть мовчати"),
    "quotation marks": ("The poster read “{}” in large letters.", "todos somos Venezuela hoy"),
}


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    """Share the engines between the tests of this file."""
    with Tools.open(load_glossary([builtin_folder()])) as opened:
        yield opened


def localise(text: str, tools: Tools) -> ParallelArticle:
    """Localise an English text into Portuguese."""
    return localise_article(text.encode(), "test", ".txt", Options(("pt",), source="en"), tools).parallel


@pytest.mark.parametrize("name", RUNS)
def test_words_inside_a_sentence_stay_as_they_are(tools: Tools, name: str) -> None:
    """The engine never reads them; an unmarked one is told once, and the gate does not tell it again."""
    pattern, words = RUNS[name]
    done = localise(f"The works begin in May and last two years.\n\n{pattern.format(words)}", tools)
    target = done.segments[-1].targets["pt"]
    assert target.text.count(words) == 1
    rules = [finding.rule for finding in target.findings]
    assert rules == ([] if name == "quotation marks" else ["fragment_unresolved"])


def test_words_in_the_target_language_are_kept_without_a_word(tools: Tools) -> None:
    """A Portuguese clause in an English sentence is right as it is in the Portuguese article."""
    words = "ninguém pode esperar mais tempo por isso"
    done = localise(f"The works begin in May.\n\nThe mayor said that {words} and left the room.", tools)
    target = done.segments[-1].targets["pt"]
    assert words in target.text
    assert [finding.rule for finding in target.findings] == []


@pytest.mark.parametrize(
    ("kind", "has_route", "action"),
    [
        ("block", True, "translated"),
        ("line", True, "translated"),
        ("block", False, "flagged"),
        ("line", False, "flagged"),
        ("run", True, "flagged"),
        ("run", False, "flagged"),
        ("script_run", True, "flagged"),
        ("quoted", True, "kept"),
        ("quoted", False, "kept"),
    ],
)
def test_the_policy_by_kind(kind: str, has_route: bool, action: str) -> None:
    """Whole sentences with a route are translated from their own language; words inside a sentence never."""
    fragment = Fragment(0, 21, "de", "Latn", 0.99, kind, "German", "niemand wird aufhalten")
    done = resolve_fragment(fragment, "en", "pt", Glossary.empty(), lambda *_: has_route)
    assert (done.action, done.text, done.lang) == (action, fragment.text, "de")
    assert ("no route" in done.reason) == (action == "flagged" and kind in ("block", "line"))


def test_a_portuguese_sentence_is_not_read_as_english(tools: Tools) -> None:
    """A whole sentence in another language goes past the engine of the article's language."""
    sentence = "As obras começam em maio e vão durar dois anos."
    done = localise(f"The council met on Monday.\n\n{sentence}\n\nThe mayor agreed to it.", tools)
    assert done.segments[1].targets["pt"].text == sentence
    assert done.segments[1].fragments[0].lang == "pt"


def test_code_in_a_foreign_sentence_hides_nothing(tools: Tools) -> None:
    """What stands around it is kept like any other foreign words, and is not read as English."""
    sentence = "Para reiniciar el servidor hay que usar `sudo reboot` en la consola del sistema."
    text = f"The works begin in May and last two years, said the mayor.\n\n{sentence}\n"
    done = localise_article(text.encode(), "test", ".md", Options(("pt",), source="en"), tools)
    assert sentence in done.rendered["pt"]
    parts = [(each.text, each.lang, each.kind) for each in done.parallel.segments[-1].fragments]
    assert parts == [
        ("Para reiniciar el servidor hay que usar", "es", "run"),
        ("sudo reboot", "zxx", "code"),
        ("en la consola del sistema.", "es", "run"),
    ]


@pytest.mark.parametrize(
    ("lang", "target", "credit"), [("es", "es", "Foto: EPA/BGNES"), ("pt", "es", "Foto: EPA/BGNES")]
)
def test_a_credit_finds_its_way_over_english(lang: str, target: str, credit: str) -> None:
    """No glossary leads from Bulgarian to Spanish, but one leads to English and one from there."""
    fragment = Fragment(0, 17, "mk", "Cyrl", 0.99, "line", "Cyrillic", "Снимка: ЕПА/БГНЕС")
    done = resolve_fragment(fragment, lang, target, load_glossary([builtin_folder()]), lambda *_: False)
    assert (done.action, done.text, done.lang) == ("composed", credit, "bg")
