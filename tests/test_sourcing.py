"""The normalised source: what becomes of a fragment and of the marks around it."""

from pathlib import Path

from pipeline.glossary import Glossary, load_glossary
from pipeline.model import Fragment, LocalisedSegment, Role, Segment
from pipeline.sourcing import normalise_segment

TEXT = "The so-called “Cartel de los Soles“, say officials."
PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Cartel de los Soles"
msgstr "Suns Cartel"
"""


def normalised(glossary: Glossary) -> str:
    """Normalise a sentence with a Spanish phrase, whose closing mark is the wrong one."""
    start, end = TEXT.index("“"), TEXT.index(",")
    fragment = Fragment(start, end, "es", "Latn", 0.9, "quoted", "", TEXT[start:end])
    item = LocalisedSegment(Segment("b1s1", TEXT, 0), "b1", Role.BODY, TEXT, fragments=(fragment,), straight=False)
    return normalise_segment(item, "en", glossary, lambda source, target: False).normalised


def test_marks_of_a_phrase_are_repaired_whoever_writes_it(tmp_path: Path) -> None:
    """A phrase that stays and one that the glossary writes both get the marks of the article's language."""
    path = tmp_path / "es/en.po"
    path.parent.mkdir()
    path.write_text(PO, encoding="utf-8")
    assert normalised(Glossary.empty()) == "The so-called “Cartel de los Soles”, say officials."
    assert normalised(load_glossary([tmp_path])) == "The so-called “Suns Cartel”, say officials."
