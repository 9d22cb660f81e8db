"""The words that Apertium does not know: regular forms, stand-ins, endings."""

import shutil
import tomllib
from pathlib import Path

import pytest

from pipeline.engines.apertium import MODES_FOLDER, ApertiumEngine, installed_modes
from pipeline.engines.apertium.inflecting import feminine, plural
from pipeline.engines.apertium.standing_in import fill, put_in, take_out, unknown_words
from pipeline.engines.apertium.stream import UNKNOWN
from pipeline.engines.apertium.suffixes import derive_entry, load_suffixes
from pipeline.engines.apertium.words import LANGUAGES, Entry, find_entry, load_words, read_data
from pipeline.model import MARK_CLOSE, MARK_FIRST

CASES = Path(__file__).parents[1] / "cases"
FORMS = tomllib.loads((CASES / "apertium_forms.toml").read_text("utf-8"))
INFLECT = {"plural": plural, "feminine": feminine}


@pytest.mark.parametrize(
    ("what", "lang", "word", "form"),
    [
        (what, lang, word, form)
        for what, langs in FORMS.items()
        for lang, rows in langs.items()
        for word, form in rows.items()
    ],
)
def test_regular_forms(what: str, lang: str, word: str, form: str) -> None:
    """The tables of endings give the plural and the feminine."""
    assert INFLECT[what](word, lang) == form


BOOK = Entry("livro", {"libro": "gasoducto", "libros": "gasoductos"})
VISIT = Entry("visitaram", {"visit": "busc"}, is_stem=True)


def find(word: str) -> Entry | None:
    """Know two words."""
    return {"gasoduto": BOOK, "fuçaram": VISIT}.get(word)


def fenced(inner: str) -> str:
    """Fence as a protected span."""
    return chr(MARK_FIRST + 2) + inner + MARK_CLOSE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("o gasoduto", ["gasoduto"]),
        ("Gasoduto arde. Gasoduto para", ["Gasoduto", "Gasoduto"]),
        ("o Gasoduto", []),
        ("Gasoduto Norte arde", []),
        (f"Gasoduto {fenced('Norte')} arde", []),
        (f"o {fenced('gasoduto')} e o {fenced('bom gasoduto')}", []),
        ("gasodutos, gasoduto-mor, O GASODUTO", []),
    ],
)
def test_what_gets_a_stand_in(text: str, words: list[str]) -> None:
    """Words of the dictionary do; names, fenced spans and other words do not."""
    sent, stands = put_in(text, find)
    assert [word for word, _ in stands.values()] == words
    assert sent.count(MARK_CLOSE) == len(words) + text.count(MARK_CLOSE)


@pytest.mark.parametrize(
    ("inner", "entry", "filled"),
    [
        ("libro", BOOK, "gasoducto"),
        ("los libros", BOOK, "los gasoductos"),
        ("Libro", BOOK, "Gasoducto"),
        ("librero", BOOK, ""),
        ("", BOOK, ""),
        ("va visitar", VISIT, "va buscar"),
        ("visité", VISIT, "busqué"),
        ("visitaron", VISIT, "buscaron"),
        ("ocuparon", VISIT, ""),
    ],
)
def test_what_comes_back_is_filled(inner: str, entry: Entry, filled: str) -> None:
    """The form that came back says which form is written; something else says nothing."""
    assert fill(inner, entry, "es") == filled


def test_a_lost_stand_in_is_told() -> None:
    """A stand-in that does not come back is named, so that the sentence is tried without it."""
    sent, stands = put_in("o gasoduto e o gasoduto", find)
    assert take_out(sent.replace("livro", "libro"), stands, "es") == ("o gasoducto e o gasoducto", set())
    first, second = sent.split(" e ")
    assert take_out(f"{first.replace('livro', 'libro')} e el cuaderno", stands, "es")[1] == {"gasoduto"}
    assert second


def test_unknown_words_are_lower_case_words_with_a_mark() -> None:
    """Names are not words that a dictionary lacks."""
    assert unknown_words(f"el {UNKNOWN}designer {UNKNOWN}Smith *casa {UNKNOWN}re-x") == ["designer", "re-x"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_row_is_whole(lang: str) -> None:
    """Each row has three cells and a stand-in, its words are written in letters, and no form has two sources."""
    assert load_words(lang)
    assert load_suffixes(lang)
    for kind, rows in read_data()["words"].items():
        for key, cells in rows.items():
            assert cells.count("|") == len(LANGUAGES) - 1, f"{kind}: {key}"
            assert cells.strip(" |"), f"{kind}: {key}: no cell is filled"


def test_endings() -> None:
    """A known ending on a stem that is spelled alike gives a word; others give none."""
    for word, lang, form in tomllib.loads((CASES / "apertium_endings.toml").read_text("utf-8"))["derived"]:
        entry = derive_entry(word, lang)
        assert entry is not None, word
        assert form in entry.forms.values(), word
    for word in tomllib.loads((CASES / "apertium_endings.toml").read_text("utf-8"))["kept"]:
        assert [derive_entry(word, lang) for lang in LANGUAGES] == [None] * 3, word


def test_ordinals_and_clitics() -> None:
    """An ordinal has the signs of the target; a verb is found with its clitic."""
    for lang, first, sixtieth in (("es", "3.º", "60.ª"), ("ca", "3r", "60a"), ("gl", "3º", "60ª")):
        third = find_entry("3o", lang)
        other = find_entry("60ª", lang)
        assert third and first in third.forms.values()
        assert other and sixtieth in other.forms.values()
    assert find_entry("60", "es") is None


needs_apertium = pytest.mark.skipif(
    not shutil.which("apertium-wblank-mode") or ("pt", "es") not in installed_modes(),
    reason="Apertium is not installed",
)
SENTENCES = tomllib.loads((CASES / "apertium_sentences.toml").read_text("utf-8"))


@pytest.mark.apertium
@needs_apertium
@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences(lang: str) -> None:
    """Whole sentences through Apertium, its stand-ins and its repairs."""
    engine = ApertiumEngine("pt", lang, installed_modes(MODES_FOLDER)[("pt", lang)])
    rows = [row for row in SENTENCES["sentence"] if lang in row]
    answers = engine.translate([row["pt"] for row in rows])
    engine.close()
    assert answers == [row[lang] for row in rows]


@pytest.mark.apertium
@needs_apertium
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_comes_back(lang: str) -> None:
    """Apertium gives back the stand-in of every form of the dictionary, so that no row is idle."""
    engine = ApertiumEngine("pt", lang, installed_modes(MODES_FOLDER)[("pt", lang)])
    put = [put_in(f"Ontem falaram {word} aqui.", lambda word: find_entry(word, lang)) for word in load_words(lang)]
    answers = engine._ask([sent for sent, _ in put])
    engine.close()
    lost = [take_out(answer, stands, lang)[1] for answer, (_, stands) in zip(answers, put, strict=True)]
    assert set().union(*lost) == set()


@pytest.mark.apertium
@needs_apertium
def test_unknown_words_are_counted() -> None:
    """The engine tells which lower-case words nothing knew; not names, fenced spans and words that were derived."""
    engine = ApertiumEngine("pt", "es", MODES_FOLDER / "pt-es.mode")
    texts = [f"O xolotil e a desnuclearização de Xolot e {fenced('xoloto')}.", "O xolotil."]
    assert engine.translate(texts)[1] == "El xolotil."
    assert engine.unknown_words == {"xolotil": 2}
    engine.close()
