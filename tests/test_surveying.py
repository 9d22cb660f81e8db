"""What articles use of a glossary and what they lack, counted without an engine."""

from pathlib import Path

import pytest

from pipeline.glossary import load_glossary
from pipeline.localise import Detected, detect_article
from pipeline.surveying import skeleton, survey_articles

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
EN_PT = """
msgid "Supreme Court"
msgstr "Supremo Tribunal"

msgid "NATO"
msgstr "OTAN"

#, fuzzy
msgid "mayor"
msgstr "prefeito"
"""
BG_EN = """
# type: label
msgid "Снимка"
msgstr "Photo"

# type: agency
msgid "БГНЕС"
msgstr "BGNES"
"""
FIRST = """The Supreme Court has met

The mayor told Mr Zelensky on Monday that the Supreme Court would hear the case in the city.

Снимка: БГНЕС
"""
SECOND = """A second day in court

In the morning President Zelenskyy spoke of the Supreme Court, and Zelensky's wife spoke as well.

Вратени дома
"""


@pytest.fixture
def articles() -> list[Detected]:
    """Read two articles."""
    return [detect_article(text.encode(), name, ".txt", "en") for name, text in (("a", FIRST), ("b", SECOND))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a small glossary."""
    for name, text in (("en/pt", EN_PT), ("bg/en", BG_EN)):
        path = tmp_path / f"{name}.po"
        path.parent.mkdir()
        path.write_text(HEADER + text.lstrip(), encoding="utf-8")
    return tmp_path


def test_used_and_never_used(articles: list[Detected], folder: Path) -> None:
    """Each place of an approved term counts, in a credit line too; a candidate is never used, nor told as unused."""
    survey = survey_articles(articles, load_glossary([folder]))
    rows = {
        f"{pair.source_lang}-{pair.target_lang}": (
            {entry.source: count for entry, count in pair.used}, [entry.source for entry in pair.never_used],
        )
        for pair in survey.coverage
    }  # fmt: skip
    assert rows == {"bg-en": ({"Снимка": 1, "БГНЕС": 1}, []), "en-pt": ({"Supreme Court": 3}, ["NATO"])}
    assert (survey.articles, survey.languages) == (2, {"en": 2})
    assert len(survey.seen) == 3


def test_fragments_that_no_entry_resolves(articles: list[Detected], folder: Path) -> None:
    """What the glossary has is not lacking; without the glossary it is."""
    survey = survey_articles(articles, load_glossary([folder]))
    assert [(seen.text, seen.count, seen.articles) for seen in survey.unresolved] == [("Вратени дома", 1, 1)]
    without = survey_articles(articles, load_glossary([]))
    assert {seen.text for seen in without.unresolved} == {"Вратени дома", "Снимка: БГНЕС"}


def test_one_name_in_two_spellings(articles: list[Detected], folder: Path) -> None:
    """Spellings of one name are told together, over all articles of a language; the possessive is no spelling."""
    survey = survey_articles(articles, load_glossary([folder]))
    assert [[(seen.text, seen.count) for seen in same] for same in survey.spellings] == [
        [("Zelensky", 2), ("Zelenskyy", 1)]
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zelenskyy", "Zelenskiy", True), ("Khrushchev", "Hrushchev", True), ("Müller", "Muller", True),
        ("Gaddafi", "Ghaddafi", True), ("Семён", "Семен", True), ("Zelensky", "Zelenska", False),
        ("Marin", "Marina", False), ("Петров", "Петрова", False), ("Karin", "Kerin", False),
    ],
)  # fmt: skip
def test_what_counts_as_one_name(one: str, other: str, same: bool) -> None:
    """Ways to spell one sound are equal; another vowel or ending is another name."""
    assert (skeleton(one) == skeleton(other)) is same


def test_a_credit_line_counts_each_of_its_parts_once(articles: list[Detected], folder: Path) -> None:
    """A name for credits alone is used where a credit line has it; a name of both kinds is not counted twice."""
    text = '# type: label\nmsgid "Photo"\nmsgstr "Foto"\n\n# type: agency\n{}msgid "Post"\nmsgstr "Correio"\n'
    article = detect_article(b"The Post is late\n\nPhoto: Post\n", "c", ".txt", "en")
    for line, count in (("# only: credits\n", 1), ("", 2)):
        (folder / "en/pt.po").write_text(HEADER + text.format(line), encoding="utf-8")
        pairs = {pair.target_lang: pair for pair in survey_articles([article], load_glossary([folder])).coverage}
        assert {entry.source: count for entry, count in pairs["pt"].used} == {"Photo": 1, "Post": count}


PLACES = """
# type: label
msgid "Photo"
msgstr "Foto"

# type: label
msgid "By"
msgstr "Por"

# type: agency
msgid "Reuters"
msgstr "Reuters"

# type: place
msgid "London"
msgstr "Londres"

# type: pattern
msgid "{n}-year-old"
msgstr "de {n} anos"

msgid "court"
msgstr "tribunal"

# type: office
msgid "minister"
msgstr "ministro"

# status: forbidden
msgid "riot"
msgstr "revolta"
"""
BG_PLACES = """
# type: label
msgid "Снимка"
msgstr "Photo"

# type: agency
msgid "Ройтерс"
msgstr "Reuters"

# type: pattern
msgid "{n}-годишният"
msgstr "{n}-year-old"
"""


@pytest.mark.parametrize(
    ("lang", "text", "used"),
    [
        ("en", "The 34-year-old man and a 17-year-old girl came home.", {"{n}-year-old": 2}),
        ("en", "The 18-to-34-year-old men came home.", {}),
        ("en", "LONDON, Nov. 20 (Reuters) - The man came home.", {"London": 1, "Reuters": 1}),
        ("en", "By John Smith", {"By": 1}),
        ("en", "The man came home.\n\nPhoto: Reuters", {"Photo": 1, "Reuters": 1}),
        ("en", "He took a photo of it, Reuters said, and Reuters paid.", {"Reuters": 2}),
        ("en", "The ministers left the COURTS of London.", {"court": 1, "minister": 1, "London": 1}),
        ("en", "Londoners were courted after a riot.", {}),
        ("en", "The man came home.\n\nСнимка: Ройтерс", {"Снимка": 1, "Ройтерс": 1, "Photo": 1, "Reuters": 1}),
        ("bg", "Според Ройтерс 34-годишният мъж е от София.",
         {"Ройтерс": 1, "Reuters": 1, "{n}-годишният": 1}),
    ],
)  # fmt: skip
def test_uses_are_counted_where_a_run_finds_them(lang: str, text: str, used: dict[str, int], tmp_path: Path) -> None:
    """In sentences, datelines, bylines, credit lines and fragments; entries of both pairs of a way by English too."""
    for name, entries in (("en/pt", PLACES), ("bg/en", BG_PLACES)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / f"{name}.po").write_text(HEADER + entries, encoding="utf-8")
    article = detect_article(text.encode(), "a", ".txt", lang)
    survey = survey_articles([article], load_glossary([tmp_path]))
    assert {entry.source: count for pair in survey.coverage for entry, count in pair.used} == used
