"""The glossaries that are shipped: sound, approved, and able to carry a label into every language."""

import shutil
import subprocess
from pathlib import Path

import pytest
from babel import Locale

from pipeline.glossary import builtin_folder, load_glossary
from pipeline.glossary.editing import read_records
from pipeline.model import Entry

FILES = sorted(builtin_folder().glob("*/*.po"))
PAIRS = [(path.parent.name, path.stem) for path in FILES]
TARGETS = ("pt", "es", "ca", "gl", "bg")
LABELLED = [source for source in ("bg", "mk", "sr", "ru", "uk", "es") if (source, "en") in PAIRS]

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")


def entries_of(path: Path) -> tuple[Entry, ...]:
    """Read one shipped file."""
    return load_glossary([], [path]).all_entries(path.parent.name, path.stem)


@each_file
def test_file_loads_and_has_entries(path: Path) -> None:
    """Every shipped file is read without an error, duplicates included, and holds something."""
    assert entries_of(path)


@each_file
def test_gettext_accepts_it(path: Path) -> None:
    """Every shipped file passes msgfmt, so that any PO editor opens it."""
    if shutil.which("msgfmt") is None:
        pytest.skip("msgfmt is not installed")
    command = ["msgfmt", "--check", "--output-file=/dev/null", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@each_file
def test_approvals_hold(path: Path) -> None:
    """No shipped entry was edited after its approval."""
    assert load_glossary([], [path]).outdated(path.parent.name, path.stem) == ()


@pytest.mark.parametrize("target", [target for target in TARGETS if ("en", target) in PAIRS])
@pytest.mark.parametrize("source", LABELLED)
def test_labels_reach_every_target(source: str, target: str) -> None:
    """Each label that becomes English has a way on from there, as a label."""
    glossary = load_glossary([builtin_folder()])
    onward = {entry.source for entry in glossary.entries("en", target) if entry.type == "label"}
    labels = {entry.target for entry in glossary.entries(source, "en") if entry.type == "label"}
    assert sorted(labels - onward) == []


@each_file
def test_what_is_said_to_be_of_cldr_is(path: Path) -> None:
    """An entry with `# origin: CLDR` pairs two names that CLDR gives to one country or city."""
    source, target = path.parent.name, path.stem
    names = {lang: cldr_names(lang) for lang in (source, target)}
    for record in read_records(path.read_bytes(), str(path)):
        if record.facts.get("origin") == "CLDR":
            codes = [{code for code, name in names[lang].items() if name == plain(text)}
                     for lang, text in ((source, record.source), (target, record.target))]  # fmt: skip
            assert codes[0] & codes[1], f"{path}:{record.line}: {record.source!r} -> {record.target!r}"


def cldr_names(lang: str) -> dict[str, str]:
    """Give the names of countries and cities; a city that CLDR has no word for is as in English."""
    locale = Locale.parse(lang)
    zones = {*locale.time_zones, *Locale.parse("bg").time_zones}  # Bulgarian has a name for every one
    cities = {zone: zone.rpartition("/")[2].replace("_", " ") for zone in zones}
    cities |= {zone: row["city"] for zone, row in locale.time_zones.items() if "city" in row}
    names = {code: plain(name) for code, name in (dict(locale.territories) | cities).items()}
    return names | ENGLISH if lang == "en" else names


# Places that English news calls by another name than CLDR.
ENGLISH = {"Europe/Tirane": "Tirana"}


def plain(text: str) -> str:
    """Make apostrophes equal, and short forms of English map labels."""
    return text.replace("’", "'").replace("ʼ", "'").replace("&", "and").replace("St. ", "Saint ")


# What a news desk needs on its first day: kind -> types, and how many approved entries at the least.
WANTED = {
    "labels and furniture": (("label",), 150),
    "agencies and media": (("agency",), 120),
    "offices and institutions": (("office", "institution"), 200),
    "countries, capitals, towns": (("country", "place"), 250),
    "public names": (("person", "name"), 300),
}


@pytest.mark.parametrize("kind", WANTED)
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_each_pair_has_enough_of_each_kind(pair: tuple[str, str], kind: str) -> None:
    """No pair falls below what a desk needs; candidates do not count."""
    types, least = WANTED[kind]
    found = [entry for entry in load_glossary([builtin_folder()]).entries(*pair) if entry.type in types]
    assert len(found) >= least


@pytest.mark.parametrize("source", LABELLED)
def test_each_language_has_labels_and_agencies(source: str) -> None:
    """A credit line needs a label and a name."""
    types = {entry.type for entry in load_glossary([builtin_folder()]).entries(source, "en")}
    assert {"label", "agency"} <= types
