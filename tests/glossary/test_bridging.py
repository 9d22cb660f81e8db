"""Names of a pair that has no file, by way of English."""

from pathlib import Path

from glossary_samples import entry, write_po

from pipeline.glossary import Glossary, entries_between, load_glossary, lookup_phrase


def glossary(folder: Path) -> Glossary:
    """Write Russian to English, English to Spanish and Portuguese, and one entry of Russian to Portuguese."""
    lines = [*entry("Москва", "Moscow", "type: place", "source-forms: Москвы"), *entry("суд", "court")]
    lines += entry("Сергей Лавров", "Sergey Lavrov", "type: person", "transliterate: ru-bgn")
    lines += entry("Илон Маск", "Elon Musk", "type: person")
    lines += entry("министр", "minister", "type: office")
    write_po(folder / "ru/en.po", lines)
    for lang, name in (("es", "Moscú"), ("pt", "Moscou")):
        lines = [*entry("Moscow", name, "type: place", "forms: x"), *entry("court", "corte")]
        write_po(folder / f"en/{lang}.po", [*lines, *entry("minister", "ministro", "type: office")])
    write_po(folder / "ru/pt.po", entry("Москва", "Moscovo", "type: place"))
    return load_glossary([folder])


def test_proper_names_go_by_way_of_english(tmp_path: Path) -> None:
    """A place takes its second entry's form; a person keeps the English one; terms and offices do not travel."""
    found = {
        one.source: (one.target, one.source_forms, one.forms) for one in entries_between(glossary(tmp_path), "ru", "es")
    }
    assert found == {
        "Москва": ("Moscú", ("Москвы",), ("x",)),
        "Сергей Лавров": ("Serguei Lavrov", (), ()),
        "Илон Маск": ("Elon Musk", (), ()),
    }


def test_entry_of_the_pair_wins(tmp_path: Path) -> None:
    """What the pair says itself stands alone."""
    found = [one.target for one in entries_between(glossary(tmp_path), "ru", "pt") if one.source == "Москва"]
    assert found == ["Moscovo"]


def test_pairs_with_english_are_left_alone(tmp_path: Path) -> None:
    """To and from English an entry is what its file says."""
    here = glossary(tmp_path)
    assert entries_between(here, "ru", "en") == here.entries("ru", "en")
    assert entries_between(here, "en", "es") == here.entries("en", "es")


def test_a_declared_name_is_written_by_its_pair(tmp_path: Path) -> None:
    """A fragment that is such a name takes the form of each target: Spanish has a scheme of its own, Galician none."""
    here = glossary(tmp_path)
    found = [lookup_phrase("Сергей Лавров", "ru", target, here) for target in ("en", "es", "gl")]
    assert [phrase and phrase.text for phrase in found] == ["Sergey Lavrov", "Serguei Lavrov", "Sergey Lavrov"]
    other = lookup_phrase("Илон Маск", "ru", "es", here)
    assert other is not None
    assert other.text == "Elon Musk"
