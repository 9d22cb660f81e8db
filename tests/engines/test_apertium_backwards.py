"""Words that the pairs into Portuguese do not know, from the rows of the dictionary read from the other side."""

import pytest

from pipeline.engines.apertium import MODES_FOLDER, ApertiumEngine, installed_modes
from pipeline.engines.apertium.backwards import write_unknown


@pytest.mark.parametrize(
    ("word", "before", "lang", "written"),
    [
        ("keniano", "o presidente ", "es", "queniano"),
        ("kenianas", "as empresas ", "es", "quenianas"),
        ("pakistaní", "a empresa ", "es", "paquistanesa"),
        ("pakistaní", "a nação ", "es", "paquistanesa"),
        ("pakistaní", "o governo ", "es", "paquistanês"),
        ("pakistaníes", "os soldados ", "es", "paquistaneses"),
        ("Kazajistán", "viajou a ", "es", "Cazaquistão"),
        ("Kenianos", "", "es", "Quenianos"),
        ("Kenianos", "Chegaram. ", "es", "Quenianos"),
        ("Keniano", "o senhor ", "es", ""),
        ("kazajistán", "viajou a ", "es", ""),
        ("xolotil", "o ", "es", ""),
        ("kenyans", "os ", "ca", "quenianos"),
        ("kenianos", "os ", "ca", ""),
    ],
)
def test_an_unknown_word_is_written_by_its_row(word: str, before: str, lang: str, written: str) -> None:
    """Form for form, by the language of the row; a name alone has a capital, and a form of both genders takes one."""
    assert write_unknown(word, before, lang) == written


needs_apertium = pytest.mark.skipif(("es", "pt") not in installed_modes(), reason="Apertium is not installed")


@pytest.mark.apertium
@needs_apertium
@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("El presidente keniano y la ministra rumana viajaron a Kazajistán.",
         "O presidente queniano e a ministra romena viajaram a Cazaquistão."),
        ("Los soldados surcoreanos y las empresas estadounidenses.",
         "Os soldados sul-coreanos e as empresas estadunidenses."),
        ("La empresa pakistaní y el gobierno saudí.", "A empresa paquistanesa e o governo saudita."),
        ("El señor Xolotil viajó a Catar.", "O senhor Xolotil viajou a Catar."),
    ],
)  # fmt: skip
def test_peoples_and_places_from_spanish(text: str, written: str) -> None:
    """What Apertium leaves in Spanish is Portuguese; a name that no row has stays."""
    engine = ApertiumEngine("es", "pt", installed_modes(MODES_FOLDER)[("es", "pt")])
    assert engine.translate([text]) == [written]
    engine.close()
