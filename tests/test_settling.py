"""What needs no engine: what a person reviewed stays as it is, and is searched for forbidden translations."""

from pathlib import Path

import pytest

from pipeline.engines.routes import Router
from pipeline.glossary import Glossary, load_glossary
from pipeline.memory import Review
from pipeline.model import LocalisedSegment, Role, Segment, Severity, State, Target
from pipeline.targeting import localise_target

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
ENTRIES = """# status: forbidden
# use: presidente da câmara
msgid "mayor"
msgstr "prefeito"

# type: office
msgid "deputy mayor"
msgstr "vice-prefeito"
"""


def review(source: str, text: str, glossary: Glossary) -> Target:
    """Localise one sentence for which a person wrote a text."""
    item = LocalisedSegment(Segment("b1s1", source, 0), "b1", Role.BODY, source)
    reviews = {"b1s1": Review(text, "reviewed", "memory")}
    (done,) = localise_target([item], ("en", "pt"), (glossary, Router(), {}), reviews=reviews)
    return done.targets["pt"]


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("The mayor spoke.", "O prefeito falou.", 1),
        ("The mayors spoke.", "Os Prefeitos falaram.", 1),
        ("The mayor spoke.", "O presidente da câmara falou.", 0),
        ("The council spoke.", "O prefeito falou.", 0),
        ("The deputy mayor met the mayor.", "O vice-prefeito viu o presidente da câmara.", 0),
        ("The deputy mayor met the mayor.", "O vice-prefeito viu o prefeito.", 1),
    ],
)
def test_a_forbidden_translation_in_a_reviewed_text_is_told(source: str, text: str, found: int, tmp_path: Path) -> None:
    """The text stays word for word; what the glossary forbids for a term of its source is an error in the report.

    An approved translation of another term, and a word whose term the source has not, are none.
    """
    (tmp_path / "en").mkdir()
    (tmp_path / "en/pt.po").write_text(HEADER + ENTRIES, encoding="utf-8")
    done = review(source, text, load_glossary([tmp_path]))
    assert (done.text, done.state) == (text, State.REVIEWED)
    assert [(one.rule, one.severity) for one in done.findings] == [("forbidden_term", Severity.ERROR)] * found
    assert all("reviewed and stays" in one.message for one in done.findings)


def test_a_reviewed_text_without_forbidden_entries_is_not_searched() -> None:
    """No entry, no finding."""
    assert review("The mayor spoke.", "O prefeito falou.", Glossary.empty()).findings == ()


@pytest.mark.parametrize(
    ("name", "role", "number", "is_kept"),
    [
        ("Daily Post", Role.HEADLINE, "s2", True),
        ("Post of the Day", Role.HEADLINE, "s2", True),
        ("Daily Post", Role.HEADLINE, "s1", False),  # the headline itself
        ("Read our live blog", Role.HEADLINE, "s2", False),  # no name
        ("Daily Post", Role.BOILERPLATE, "s2", False),  # a link of a menu
    ],
)
def test_an_outlet_behind_a_title_keeps_its_name(name: str, role: Role, number: str, is_kept: bool) -> None:
    """In every language; what is no name is translated."""
    item = LocalisedSegment(Segment(f"b1{number}", name, 0), "b1", role, name)
    (done,) = localise_target([item], ("en", "pt"), (Glossary(()), Router(), {}))
    assert (done.targets["pt"].state is State.KEPT) == is_kept
