"""The glossary: PO files read strictly, terms matched at word edges, credits composed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.errors import GlossaryError
from pipeline.glossary import (
    Glossary,
    Matcher,
    builtin_folder,
    compose_line,
    find_forms,
    load_glossary,
    lookup_phrase,
    transliterate,
)
from pipeline.model import Entry, Status

SHIPPED = sorted(builtin_folder().glob("*/*.po"))
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def write(folder: Path, pair: str, body: str) -> Glossary:
    """Write one PO file and load its folder."""
    path = folder / f"{pair}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + body, "utf-8")
    return load_glossary([folder])


def entry(source: str, target: str = "x", **facts: str) -> Entry:
    """Make an entry en-pt."""
    return Entry(source, "en", target, "pt", case=facts.get("case", "auto"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_shipped_files_are_sound(path: Path) -> None:
    """Every shipped file loads, has no outer white space in a target, and passes msgfmt where it is installed."""
    glossary = load_glossary([path.parent.parent])
    entries = glossary.entries(path.parent.name, path.stem)
    assert len(entries) > 100
    assert [one.source for one in entries if one.target != one.target.strip()] == []
    if shutil.which("msgfmt"):
        done = subprocess.run(["msgfmt", "-c", "-o", "/dev/null", path], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("target", ["pt", "es", "ca", "gl", "bg"])
def test_every_label_goes_on_from_english(target: str) -> None:
    """What a label becomes in English has an entry into every target; an agency is the same in all Latin languages."""
    glossary = load_glossary([builtin_folder()])
    wanted = {
        one.target
        for lang in ("bg", "mk", "sr", "ru", "uk")
        for one in glossary.entries(lang, "en")
        if one.type == "label"
    }
    assert wanted - {one.source for one in glossary.entries("en", target)} == set()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('msgid "a"\nmsgstr "porto\n', "en/pt.po:6: a text without its closing quote"),
        ('msgid "a"\nmsgstr "b"\nstray\n', "en/pt.po:7: not a PO line"),
        ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', "stands twice, first in line"),
        ('msgid "a"\nmsgstr "\ue100"\n', "private-use character"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(tmp_path: Path, body: str, message: str) -> None:
    """Half a term never gets in: the message names file, line and what is wrong."""
    with pytest.raises(GlossaryError, match=message.replace(".", r"\.")):
        write(tmp_path, "en/pt", body).entries("en", "pt")


def test_a_wrong_charset_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are never guessed."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en/pt.po").write_bytes(HEADER.encode() + b'msgid "a"\nmsgstr "\xe3"\n')
    with pytest.raises(GlossaryError, match=r"en/pt\.po:6: not UTF-8"):
        load_glossary([tmp_path]).entries("en", "pt")


def test_states_and_facts(tmp_path: Path) -> None:
    """Fuzzy and empty entries are candidates, obsolete ones are gone, forbidden ones are no approved terms."""
    body = (
        '# type: office\n# forms: premiê | primeira-ministra\nmsgid "Prime Minister"\nmsgstr "primeiro-ministro"\n\n'
        '#, fuzzy\nmsgid "b"\nmsgstr "x"\n\nmsgid "c"\nmsgstr ""\n\n'
        '# status: forbidden\n# use: y\nmsgid "d"\nmsgstr "x"\n\n#~ msgid "e"\n#~ msgstr "x"\n'
    )
    glossary = write(tmp_path, "en/pt", body)
    (approved,) = glossary.entries("en", "pt")
    assert (approved.type, approved.forms) == ("office", ("premiê", "primeira-ministra"))
    assert [one.status for one in glossary.all_entries("en", "pt")] == [
        Status.APPROVED, Status.CANDIDATE, Status.CANDIDATE, Status.FORBIDDEN,
    ]  # fmt: skip
    assert glossary.entries("en", "pt-BR") == glossary.entries("en", "pt")


def test_a_teams_folder_wins_and_the_digest_follows(tmp_path: Path) -> None:
    """A later folder overrides an entry; the digest depends on what the files say, not on where they lie."""
    write(tmp_path / "one", "en/pt", 'msgid "a"\nmsgstr "b"\n')
    write(tmp_path / "two", "en/pt", 'msgid "a"\nmsgstr "c"\n')
    write(tmp_path / "copy", "en/pt", 'msgid "a"\nmsgstr "b"\n')
    both = load_glossary([tmp_path / "one", tmp_path / "two"])
    assert [one.target for one in both.entries("en", "pt")] == ["c"]
    digests = [load_glossary([tmp_path / name]).digest for name in ("one", "two", "copy")]
    assert digests[0] == digests[2] != digests[1]


@pytest.mark.parametrize(
    ("terms", "text", "found"),
    [
        (["US"], "US officials, a bonus, the USA and US-Cuba talks", ["US"]),
        (["Maduro"], "Maduro's arrest and Maduro’s men, MADURO said", ["Maduro", "Maduro", "MADURO"]),
        (
            ["prime minister"],
            "Prime minister and PRIME MINISTER and prime ministers",
            ["Prime minister", "PRIME MINISTER", "prime ministers"],
        ),
        (["Supreme Court", "Court"], "the Supreme Court and the Court", ["Supreme Court", "Court"]),
        (["Supreme Court"], "the supreme court; Supreme\nCourt", ["Supreme\nCourt"]),
        (["Rice"], "see https://x.org/Rice and @Rice, rice or Rice", ["Rice"]),
        (["O'Brien"], "O’Brien spoke", ["O’Brien"]),
    ],
)
def test_terms_are_matched_at_word_edges(terms: list[str], text: str, found: list[str]) -> None:
    """Longest first, by the case rule, never inside a word, a compound or an address."""
    assert [match.text for match in Matcher(entry(term) for term in terms).find(text)] == found


def test_blocked_spans_are_left_alone() -> None:
    """A span that something else holds is not matched again."""
    assert Matcher([entry("Court")]).find("the Court", [(4, 9)]) == []


@pytest.mark.parametrize(
    ("text", "forms", "count"),
    [
        ("O primeiro-ministro saiu.", ["primeiro-ministro"], 1),
        ("Primeiro-ministro e PRIMEIRO-MINISTRO", ["primeiro-ministro"], 2),
        ("União Europeia", ["Europeia", "União Europeia"], 1),
        ("a cidade", ["cid"], 0),
        ("México", ["Mexico"], 0),
        ("EE. UU. e US$ 10", ["EE. UU.", "US$ 10"], 2),
        ("US$ 100", ["US$ 10"], 0),
        ("R$ 140", ["$ 140"], 0),
    ],
)
def test_forms_are_found_in_a_target(text: str, forms: list[str], count: int) -> None:
    """Whole words only; a first capital and capitals throughout count, other accents do not."""
    assert len(find_forms(text, forms, "pt")) == count


@pytest.mark.parametrize(
    ("text", "lang", "target", "expected"),
    [
        ("Снимка: БГНЕС", "bg", "en", "Photo: BGNES"),
        ("Снимка: БГНЕС", "bg", "ca", "Foto: BGNES"),
        ("Снимка: БГНЕС/EPA", "bg", "pt", "Foto: BGNES/EPA"),
        ("СНИМКА: БГНЕС", "bg", "en", "PHOTO: BGNES"),
        ("Източник: БТА", "bg", "es", "Fuente: BTA"),
        ("Снимка: Иван Петров", "bg", "pt", "Foto: Ivan Petrov"),
        ("Фото – Укрінформ", "uk", "en", "Photo – Ukrinform"),
        ("Слика: МИА", "mk", "gl", "Foto: MIA"),
        ("БГНЕС", "bg", "en", "BGNES"),
        ("Photo: AFP", "en", "pt", "Foto: AFP"),
    ],
)
def test_credits_are_composed(text: str, lang: str, target: str, expected: str) -> None:
    """Label and names are looked up apart, directly or through English; a name without an entry is transliterated."""
    line = compose_line(text, lang, target, load_glossary([builtin_folder()]))
    assert line is not None
    assert line.text == expected


@pytest.mark.parametrize("text", ["Нещо: БГНЕС", "Министърът каза: няма пари", "Просто изречение без етикет"])
def test_what_is_no_credit_is_not_composed(text: str) -> None:
    """An unknown label, or words where names should be, compose nothing."""
    assert compose_line(text, "bg", "en", load_glossary([builtin_folder()])) is None


def test_a_phrase_keeps_the_marks_around_it() -> None:
    """A known phrase is found with its quotation marks."""
    phrase = lookup_phrase("„Министерски съвет“", "bg", "pt", load_glossary([builtin_folder()]))
    assert phrase is not None
    assert phrase.text == "„Conselho de Ministros“"


@pytest.mark.parametrize(
    ("text", "lang", "latin"),
    [
        ("Щерю Георгиев", "bg", "Shteryu Georgiev"),
        ("България, Мария", "bg", "Bulgaria, Maria"),
        ("БГНЕС", "bg", "BGNES"),
        ("Ќосев Ѓорѓи", "mk", "Kjosev Gjorgji"),
        ("Ђорђе Љубичић", "sr", "Đorđe Ljubičić"),
        ("Дмитрий Хрущёв", "ru", "Dmitry Khrushchyov"),
        ("Юлія Їжак", "uk", "Yuliia Yizhak"),
        ("Reuters", "bg", "Reuters"),
    ],
)
def test_names_follow_their_countrys_scheme(text: str, lang: str, latin: str) -> None:
    """Official schemes, case kept; Latin stays."""
    assert transliterate(text, lang) == latin


def test_a_language_without_a_scheme_is_left() -> None:
    """No scheme, no guess."""
    assert transliterate("Ала", "kk") is None
