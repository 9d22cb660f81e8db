"""The PO store: what is read, what is refused, who wins."""

from pathlib import Path
from typing import Any

import pytest
from glossary_samples import CASES, HEADER, entry, load_cases, write_po
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import GlossaryError, PipelineError, UsageError
from pipeline.glossary import Counts, Glossary, Scope, approval_hash, builtin_folder, load_glossary
from pipeline.glossary.pocheck import MAX_BYTES, check_po
from pipeline.model import Entry, Status


@pytest.fixture
def full() -> Glossary:
    """Open the file that has every kind of entry."""
    return load_glossary([CASES / "full"])


def by_source(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    """Key entries by their source term."""
    return {item.source: item for item in entries}


def targets(glossary: Glossary, source_lang: str = "en", target_lang: str = "pt") -> dict[str, str]:
    """Return the approved translations of a pair."""
    return {item.source: item.target for item in glossary.entries(source_lang, target_lang)}


def test_facts_of_people_are_read(full: Glossary) -> None:
    """Type, forms and note come from `# key: value` comments; unknown keys and free text are let through."""
    office = by_source(full.entries("en", "pt"))["prime minister"]
    assert office == Entry(
        source="prime minister",
        source_lang="en",
        target="primeiro-ministro",
        target_lang="pt",
        type="office",
        forms=("primeira-ministra", "primeiros-ministros"),
        source_forms=("Prime Minister", "PM"),
        note="no capital in running text",
        origin="full/en/pt.po:19",
    )


def test_only_reviewed_entries_are_approved(full: Glossary) -> None:
    """Fuzzy, empty, forbidden and retired entries are not enforced, and are counted."""
    assert set(targets(full)) == {"prime minister", "Photo", "Trump", 'The "House" of Cards'}
    assert set(by_source(full.candidates("en", "pt"))) == {"crackdown", "spin doctor"}
    assert full.counts("en", "pt") == Counts(approved=4, candidates=2, forbidden=1, retired=1)


def test_forbidden_entry_says_what_to_use(full: Glossary) -> None:
    """A forbidden entry holds what must not be written, and what instead; `#=` lines do not stop the reader."""
    (forbidden,) = full.forbidden("en", "pt")
    assert (forbidden.target, forbidden.use, forbidden.status) == ("Triunfo", "Trump", Status.FORBIDDEN)


def test_context_names_the_type(full: Glossary) -> None:
    """`msgctxt "label"` without a type makes a label."""
    assert by_source(full.entries("en", "pt"))["Photo"].type == "label"


def test_long_terms_are_joined(full: Glossary) -> None:
    """A term over several lines is one term, with its quotation marks."""
    assert targets(full)['The "House" of Cards'] == 'A "Casa" de Cartas'


def test_silent_edit_after_approval_shows(full: Glossary, tmp_path: Path) -> None:
    """An approval names the hash of the text approved; another text since then is reported."""
    assert [item.source for item in full.outdated("en", "pt")] == ["Trump"]
    approved = f"approved: maria 2026-01-02 {approval_hash('Trump', 'Trump')}"
    write_po(tmp_path / "en/pt.po", entry("Trump", "Trump", approved))
    assert load_glossary([tmp_path]).outdated("en", "pt") == ()


@pytest.mark.parametrize(
    "other",
    [("Photo", "Fotos", "label"), ("Photos", "Foto", "label"), ("Photo", "Foto", ""), ("", "Photo", "Fotolabel")],
)
def test_approval_hash_binds_all_three(other: tuple[str, str, str]) -> None:
    """Source, target and context all count, each in its place."""
    assert approval_hash(*other) != approval_hash("Photo", "Foto", "label")


@pytest.mark.parametrize("case", load_cases("damaged.toml"), ids=lambda case: case["rule"])
def test_damaged_file_is_refused(case: dict[str, Any], tmp_path: Path) -> None:
    """A damaged file is refused in one line with file, line and what to try; nothing of it is used."""
    path = write_po(tmp_path / "en/pt.po", case["lines"])
    with pytest.raises(GlossaryError) as caught:
        load_glossary([tmp_path]).entries("en", "pt")
    message = str(caught.value)
    assert message.startswith(f"{path}:{case['line']}: ")
    assert case["says"] in message
    assert "; try " in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (HEADER.replace("UTF-8", "CHARSET").encode(), 4, "charset CHARSET"),
        (HEADER.replace("UTF-8", "windows-1251").encode("cp1251"), 4, "charset windows-1251"),
        (HEADER.encode() + 'msgid "a"\nmsgstr "à"\n'.encode("latin-1"), 7, "not UTF-8"),
        (HEADER.encode("utf-16"), 1, "not UTF-8"),
    ],
)
def test_other_character_sets_are_refused(data: bytes, line: int, says: str, tmp_path: Path) -> None:
    """Glossaries are UTF-8: another declared or real character set is refused, never guessed."""
    (tmp_path / "en").mkdir()
    path = tmp_path / "en/pt.po"
    path.write_bytes(data)
    with pytest.raises(GlossaryError, match=says) as caught:
        load_glossary([tmp_path]).entries("en", "pt")
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_harmless_differences_of_editors(tmp_path: Path) -> None:
    """A BOM, CRLF line ends, no header, a last comment and flags without a space change nothing."""
    (tmp_path / "en").mkdir()
    text = 'msgid "a"\r\nmsgstr "b"\r\n\r\n#,fuzzy\r\nmsgid "c"\r\nmsgstr "d"\r\n\r\n# the end\r\n'
    (tmp_path / "en/pt.po").write_bytes(b"\xef\xbb\xbf" + text.encode())
    glossary = load_glossary([tmp_path])
    assert targets(glossary) == {"a": "b"}
    assert [item.origin.rpartition(":")[2] for item in glossary.all_entries("en", "pt")] == ["1", "5"]


@pytest.mark.parametrize("msgid", ['msgid "mayor"', 'msgid ""\n"may"\n"or"'])
def test_a_file_without_a_header_keeps_the_facts_of_its_first_entry(msgid: str, tmp_path: Path) -> None:
    """A forbidden first entry must not turn into an approved one; lines are those of the file."""
    path = tmp_path / "en/pt.po"
    path.parent.mkdir()
    path.write_text(f'# status: forbidden\n{msgid}\nmsgstr "alcaide"\n', "utf-8")
    glossary = load_glossary([tmp_path])
    assert [(entry.source, entry.origin[-2:]) for entry in glossary.forbidden("en", "pt")] == [("mayor", ":2")]
    assert glossary.entries("en", "pt") == ()


def test_equal_duplicates_are_fine(tmp_path: Path) -> None:
    """The same term twice with the same translation is one entry; another context is another entry."""
    lines = [*entry("a", "b"), *entry("a", "b"), *entry("a", "c", context="sense")]
    write_po(tmp_path / "en/pt.po", lines)
    assert [item.target for item in load_glossary([tmp_path]).entries("en", "pt")] == ["b", "c"]


def test_too_large_file_is_refused(tmp_path: Path) -> None:
    """The limit on the size is named, and checked before the file is read."""
    path = write_po(tmp_path / "en/pt.po", [])
    with path.open("r+b") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(GlossaryError, match=r"pt\.po: larger than 20 MB"):
        load_glossary([tmp_path])


def test_a_damaged_pair_does_not_stop_another(tmp_path: Path) -> None:
    """A pair is read when it is asked for."""
    write_po(tmp_path / "en/pt.po", entry("a", "b"))
    write_po(tmp_path / "en/es.po", ['msgid "a'])
    glossary = load_glossary([tmp_path])
    assert targets(glossary) == {"a": "b"}
    assert glossary.pairs == (("en", "es"), ("en", "pt"))
    with pytest.raises(GlossaryError):
        glossary.entries("en", "es")


def test_later_sources_win(tmp_path: Path) -> None:
    """A team's entry takes the place of the shipped one, and a single file that of both; the rest stays."""
    write_po(tmp_path / "shipped/en/pt.po", [*entry("a", "1"), *entry("b", "1"), *entry("c", "1")])
    write_po(tmp_path / "team/en/pt.po", [*entry("b", "2"), *entry("c", "2")])
    single = write_po(tmp_path / "extra/en/pt.po", entry("c", "3"))
    glossary = load_glossary([tmp_path / "shipped", tmp_path / "team"], [single])
    assert targets(glossary) == {"a": "1", "b": "2", "c": "3"}


def test_candidates_do_not_win(tmp_path: Path) -> None:
    """A team's unfinished entry leaves the shipped one in force."""
    write_po(tmp_path / "shipped/en/pt.po", entry("a", "1"))
    write_po(tmp_path / "team/en/pt.po", ["#, fuzzy", *entry("a", "2")])
    assert targets(load_glossary([tmp_path / "shipped", tmp_path / "team"])) == {"a": "1"}


def test_approved_entry_settles_a_candidate(tmp_path: Path) -> None:
    """What a team has approved no longer waits for review in the shipped file."""
    write_po(tmp_path / "shipped/en/pt.po", ["#, fuzzy", *entry("a", "1")])
    write_po(tmp_path / "team/en/pt.po", entry("a", "2"))
    glossary = load_glossary([tmp_path / "shipped", tmp_path / "team"])
    assert glossary.candidates("en", "pt") == ()
    assert targets(glossary) == {"a": "2"}


def test_retired_entries_switch_off(tmp_path: Path) -> None:
    """A team retires a shipped entry with `#~`; an entry that stands in the same file again is in force."""
    write_po(tmp_path / "shipped/en/pt.po", [*entry("a", "1"), *entry("b", "1")])
    write_po(
        tmp_path / "team/en/pt.po", [*entry("b", "2"), '#~ msgid "a"', '#~ msgstr "1"', '#~ msgid "b"', '#~ msgstr "1"']
    )
    assert targets(load_glossary([tmp_path / "shipped", tmp_path / "team"])) == {"b": "2"}


def test_regions_fall_back_to_their_language(tmp_path: Path) -> None:
    """ "pt-BR" has the entries of "pt" that it does not replace; "pt" has none of "pt-BR"."""
    write_po(tmp_path / "one/en/pt.po", [*entry("bus", "autocarro"), *entry("sea", "mar")])
    write_po(tmp_path / "one/en/pt-BR.po", entry("bus", "ônibus"))
    glossary = load_glossary([tmp_path / "one"])
    assert targets(glossary, "en", "pt-BR") == {"bus": "ônibus", "sea": "mar"}
    assert targets(glossary, "en-GB", "pt") == {"bus": "autocarro", "sea": "mar"}


def test_a_teams_language_wins_over_a_shipped_region(tmp_path: Path) -> None:
    """Who wrote an entry counts before how exactly it names the language."""
    write_po(tmp_path / "shipped/en/pt-BR.po", entry("bus", "ônibus"))
    write_po(tmp_path / "team/en/pt.po", entry("bus", "coletivo"))
    assert targets(load_glossary([tmp_path / "shipped", tmp_path / "team"]), "en", "pt-BR") == {"bus": "coletivo"}


def test_another_script_is_no_fallback(tmp_path: Path) -> None:
    """Serbian in Latin letters does not get entries in Cyrillic."""
    write_po(tmp_path / "en/sr.po", entry("Photo", "Фото"))
    glossary = load_glossary([tmp_path])
    assert targets(glossary, "en", "sr-Latn") == {}
    assert targets(glossary, "en", "sr") == {"Photo": "Фото"}


@pytest.mark.parametrize(
    ("name", "headers", "pair"),
    [
        ("bg/en.po", [], ("bg", "en")),
        ("en/pt_BR.po", [], ("en", "pt-BR")),
        ("terms.po", ["X-Source-Language: bg", "Language: pt_BR"], ("bg", "pt-BR")),
        ("terms/sport.po", ["Language: sr@latin", "X-Source-Language: en"], ("en", "sr-Latn")),
    ],
)
def test_single_file_says_its_pair(name: str, headers: list[str], pair: tuple[str, str], tmp_path: Path) -> None:
    """The pair of a single file is in its headers, or else in its folder and name."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    rows = "".join(f'"{header}\\n"\n' for header in headers)
    path.write_text(f'msgid ""\nmsgstr ""\n{rows}\nmsgid "a"\nmsgstr "b"\n', encoding="utf-8")
    glossary = load_glossary([], [path])
    assert glossary.pairs == (pair,)
    assert targets(glossary, *pair) == {"a": "b"}


@pytest.mark.parametrize(
    ("name", "header", "says"),
    [
        ("terms.po", "Language: pt", "no language pair; try"),
        ("terms.po", "Plural-Forms: nplurals=2", "no language pair; try"),
        ("en/ca.po", "Language: es", "header Language says es, the path says ca; try"),
        ("en/ca.po", "X-Source-Language: bg", "header X-Source-Language says bg, the path says en; try"),
        ("en/ca.po", "Language: portugese", "did you mean 'pt'"),
    ],
)
def test_unclear_pair_is_refused(name: str, header: str, says: str, tmp_path: Path) -> None:
    """A file without a pair, or with two, is refused: its words would go into the wrong language."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'msgid ""\nmsgstr ""\n"{header}\\n"\n\nmsgid "a"\nmsgstr "b"\n', encoding="utf-8")
    with pytest.raises(GlossaryError, match=says):
        load_glossary([], [path])


def test_header_against_the_path_is_refused_in_folders(tmp_path: Path) -> None:
    """A file copied to another language with its old header is refused when the folder is opened."""
    path = write_po(tmp_path / "en/ca.po", [])
    path.write_text(path.read_text("utf-8").replace("MIME", 'Language: es\\n"\n"MIME'), encoding="utf-8")
    with pytest.raises(GlossaryError, match="header Language says es, the path says ca"):
        load_glossary([tmp_path])


@pytest.mark.parametrize("name", ["nowhere", "klingon/en.po", "en/klingon.po"])
def test_wrong_folders_are_refused(name: str, tmp_path: Path) -> None:
    """A folder that is not there, and one whose names are no languages, are refused by name."""
    folder = tmp_path / name
    if name != "nowhere":
        folder = tmp_path
        write_po(tmp_path / name, [])
    with pytest.raises(PipelineError, match=f"{name}.*; try ") as caught:
        load_glossary([folder])
    assert caught.value.exit_code == (2 if name == "nowhere" else 1)


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_missing_file_is_refused(make: Any, tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is refused by name."""
    make(tmp_path / "en.po")
    with pytest.raises(UsageError, match=r"en\.po: no such file; try "):
        load_glossary([], [tmp_path / "en.po"])


def test_digest_is_of_content_and_pair(tmp_path: Path) -> None:
    """The digest is the same wherever the files lie, and another for another byte or another pair."""
    for name, lines in {"a": entry("x", "y"), "b": entry("x", "y"), "c": entry("x", "z")}.items():
        write_po(tmp_path / name / "en/pt.po", lines)
    write_po(tmp_path / "d/en/es.po", entry("x", "y"))
    digests = {name: load_glossary([tmp_path / name]).digest for name in "abcd"}
    assert digests["a"] == digests["b"]
    assert len({*digests.values(), Glossary.empty().digest}) == 4


def test_digest_knows_who_wins(tmp_path: Path) -> None:
    """Two sources of one pair in another order give other entries, and so another digest."""
    one, two = tmp_path / "one", tmp_path / "two"
    write_po(one / "en/pt.po", entry("x", "y"))
    write_po(two / "en/pt.po", entry("x", "z"))
    assert load_glossary([one, two]).digest != load_glossary([two, one]).digest


def test_glossary_does_not_change_under_a_run(tmp_path: Path) -> None:
    """Entries and digest are of the bytes at opening, though the file is edited before the pair is asked for."""
    path = write_po(tmp_path / "en/pt.po", entry("a", "b"))
    glossary = load_glossary([tmp_path])
    path.write_text("damaged", encoding="utf-8")
    assert targets(glossary) == {"a": "b"}


def test_empty_glossary() -> None:
    """A glossary without files answers for any pair."""
    assert Glossary.empty().all_entries("bg", "pt-BR") == ()
    assert Glossary.empty().counts("bg", "en") == Counts(0, 0, 0, 0)


def test_shipped_folder_is_found() -> None:
    """The shipped glossaries are found from any working directory."""
    assert builtin_folder().is_absolute()
    assert list(builtin_folder().glob("*/*.po"))


TERM = st.text(alphabet=st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)


@given(source=TERM, target=TERM)
def test_any_term_comes_back_as_written(source: str, target: str) -> None:
    """What a PO editor escapes is what the glossary holds, quotes and backslashes included."""
    if "\ufffd" in source + target:
        return
    escaped = [text.replace("\\", "\\\\").replace('"', '\\"') for text in (source, target)]
    checked = check_po((HEADER + "\n".join(entry(*escaped))).encode(), "x.po")
    import polib

    record = polib.pofile(checked.text, wrapwidth=0, encoding="utf-8")[0]
    assert (record.msgid, record.msgstr) == (source, target)


SCOPED = [
    *entry("Georgia", "Geórgia"),
    *entry("Georgia", "time da Geórgia", "domain: Sport | football", context="sport"),
    *entry("board", "conselho", "outlet: courier"),
]


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [
        (None, {"Georgia": "time da Geórgia", "board": "conselho"}),
        (Scope(), {"Georgia": "Geórgia"}),
        (Scope(domain="SPORT"), {"Georgia": "time da Geórgia"}),
        (Scope(domain="football", outlet="courier"), {"Georgia": "time da Geórgia", "board": "conselho"}),
        (Scope(domain="spor", outlet="cour"), {"Georgia": "Geórgia"}),
    ],
)
def test_entries_for_a_subject_or_a_house(scope: Scope | None, wanted: dict[str, str], tmp_path: Path) -> None:
    """Such an entry is there in its runs alone, and is found before the general one; without a scope all are there."""
    write_po(tmp_path / "en/pt.po", SCOPED)
    assert targets(load_glossary([tmp_path], scope=scope)) == wanted


def test_entry_out_of_scope_replaces_nothing(tmp_path: Path) -> None:
    """A team's entry for one subject leaves the shipped one in force in all others."""
    write_po(tmp_path / "shipped/en/pt.po", entry("court", "tribunal"))
    write_po(tmp_path / "team/en/pt.po", entry("court", "quadra", "domain: sport"))
    folders = [tmp_path / "shipped", tmp_path / "team"]
    assert targets(load_glossary(folders, scope=Scope())) == {"court": "tribunal"}
    assert targets(load_glossary(folders, scope=Scope(domain="sport"))) == {"court": "quadra"}


def test_scope_is_part_of_the_digest(tmp_path: Path) -> None:
    """Runs for two subjects are two runs; without one the digest is that of the files."""
    write_po(tmp_path / "en/pt.po", SCOPED)
    digests = [load_glossary([tmp_path], scope=scope).digest for scope in (None, Scope(), Scope("a"), Scope("", "a"))]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
