"""Changes of entries in a PO file: what is meant is written, the rest stays byte for byte, nobody's edit is lost."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import polib
import pytest
from glossary_samples import CASES, HEADER, entry, load_cases, write_po
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import GlossaryError
from pipeline.glossary import approval_hash, load_glossary
from pipeline.glossary.editing import Change, Record, apply_changes, read_records, records, saving, write_changes
from pipeline.glossary.pocheck import check_po

FULL = (CASES / "full/en/pt.po").read_bytes()
PAIR = ("en", "pt")


def record(data: bytes, source: str) -> Record:
    """Find the first entry of a term."""
    return next(each for each in read_records(data, "x.po") if each.source == source)


def change(data: bytes, source: str, **what: Any) -> Change:
    """Build a change of an entry as it stands."""
    seen = record(data, source)
    return Change(source, seen.context, seen.version, **what)


@pytest.mark.parametrize("case", load_cases("editing.toml"), ids=lambda case: case["rule"])
def test_lines_of_a_change(case: dict[str, Any]) -> None:
    """The entry is written as the table says, and nothing else of the file moves."""
    for line_end in ("\n", "\r\n"):
        before, after = (
            (HEADER + "\n".join([*entry("aaa", "x"), *case[key], "", *entry("zzz", "y")])).replace("\n", line_end)
            for key in ("before", "after")
        )
        done = apply_changes(before.encode(), [change(before.encode(), "mayor", **case["change"])], "x.po")
        assert done.data.decode() == after
        assert done.conflicts == ()


def test_full_file_is_read_as_polib_reads_it() -> None:
    """Our line reader and polib agree on every entry of a file with every kind of entry."""
    ours = [(each.context, each.source, each.target, each.is_retired) for each in read_records(FULL, "x.po")]
    theirs = polib.pofile(FULL.decode().replace("#= wrapped\n", ""))
    wanted = [(each.msgctxt or "", each.msgid, each.msgstr, bool(each.obsolete)) for each in theirs]
    assert sorted(ours) == sorted(wanted)


@pytest.mark.parametrize("case", load_cases("damaged.toml"), ids=lambda case: case["rule"])
def test_damaged_file_is_not_written(case: dict[str, Any], tmp_path: Path) -> None:
    """What the loader refuses line by line is refused before a change, and stays as it is."""
    path = write_po(tmp_path / "en/pt.po", case["lines"])
    before = path.read_bytes()
    try:
        check_po(before, str(path))
    except GlossaryError:
        with pytest.raises(GlossaryError):
            write_changes(path, PAIR, [Change("zzz", target="y", state="approved")])
        assert path.read_bytes() == before


def test_new_entries_stand_in_order() -> None:
    """A new entry goes where the order of terms puts it; the file then loads, with the approval good."""
    data = (HEADER + "\n".join([*entry("budget", "x"), *entry("Mayor", "y")])).encode()
    new = [
        Change(term, target="z", state="approved", facts={"type": "term"}, by="Ana B", when="2026-01-02T10:00Z")
        for term in ("zoo", "council", "abbey", "court")
    ]
    done = apply_changes(data, new, "x.po")
    assert [each.source for each in read_records(done.data, "x.po")] == [
        "abbey", "budget", "council", "court", "Mayor", "zoo",
    ]  # fmt: skip
    added = record(done.data, "council")
    assert added.comments == ("type: term", f"approved: Ana B 2026-01-02T10:00Z {approval_hash('council', 'z')}")
    assert not added.is_changed_since_approved
    assert b"\n\n\n" not in done.data.replace(HEADER.encode(), b"")


def test_edit_of_another_is_a_conflict() -> None:
    """Who saw an older state of the entry changes nothing, and is shown what stands there now."""
    late = change(FULL, "Photo", target="Fotografia")
    now = apply_changes(FULL, [change(FULL, "Photo", target="Imagem")], "x.po").data
    done = apply_changes(now, [late], "x.po")
    assert done.data == now
    assert [(each.change, each.found and each.found.target) for each in done.conflicts] == [(late, "Imagem")]


def test_same_edit_twice_is_no_conflict() -> None:
    """Two people who write the same do not meet."""
    edit = change(FULL, "Photo", target="Imagem")
    now = apply_changes(FULL, [edit], "x.po").data
    assert apply_changes(now, [edit], "x.po").conflicts == ()


def test_entry_that_is_gone_is_a_conflict() -> None:
    """An entry that another deleted does not come back by an edit."""
    edit = change(FULL, "Photo", target="Imagem")
    now = apply_changes(FULL, [change(FULL, "Photo", state="deleted")], "x.po").data
    done = apply_changes(now, [edit], "x.po")
    assert (done.data, done.conflicts[0].found) == (now, None)


def test_tool_lines_are_no_edit() -> None:
    """Counts that a run has written anew, and another break of lines, do not make a conflict."""
    edit = change(FULL, "prime minister", target="premiê")
    now = FULL.replace(b"#. seen: 14", b"#. seen: 15").replace(
        b'msgid "prime minister"', b'msgid ""\n"prime "\n"minister"'
    )
    done = apply_changes(now, [edit], "x.po")
    assert done.conflicts == ()
    assert record(done.data, "prime minister").target == "premiê"


def test_silent_edit_shows_in_the_record() -> None:
    """An approval whose text was changed afterwards is seen from the record alone."""
    assert record(FULL, "Trump").is_changed_since_approved is False  # the forbidden one has none
    approved = apply_changes(FULL, [change(FULL, "Photo", state="approved", by="a", when="b")], "x.po").data
    assert not record(approved, "Photo").is_changed_since_approved
    assert record(approved.replace(b'"Foto"', b'"Fotos"'), "Photo").is_changed_since_approved


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": "a\nb"}, {"target": " a"}, {"facts": {"note": "a\u2028b"}}, {"facts": {"Note": "a"}},
        {"state": "aproved"}, {"state": "approved", "target": ""}, {"when": "2026 10:00"}, {"by": "a\nmsgid"},
    ],
)  # fmt: skip
def test_what_no_file_may_hold_is_refused(wrong: dict[str, Any], tmp_path: Path) -> None:
    """A change that would damage the file raises, and the file stays."""
    path = write_po(tmp_path / "en/pt.po", entry("mayor", "presidente"))
    before = path.read_bytes()
    with pytest.raises(GlossaryError, match="; try "):
        write_changes(path, PAIR, [change(before, "mayor", **wrong)])
    assert path.read_bytes() == before


def test_file_keeps_rights_and_link(tmp_path: Path) -> None:
    """A link to a file stays a link, the rights stay, nothing else is left in the folder."""
    path = write_po(tmp_path / "real/pt.po", entry("mayor", "presidente"))
    path.chmod(0o640)
    link = tmp_path / "pt.po"
    link.symlink_to(path)
    write_changes(link, PAIR, [change(path.read_bytes(), "mayor", target="prefeito")])
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert record(path.read_bytes(), "mayor").target == "prefeito"
    assert [each.name for each in path.parent.iterdir()] == ["pt.po"]


def test_save_of_another_program_in_between_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor that saves between our reading and our writing loses nothing, nor do we."""
    path = write_po(tmp_path / "en/pt.po", [*entry("mayor", "presidente"), *entry("zoo", "zoo")])
    edit = change(path.read_bytes(), "mayor", target="prefeito")
    real = saving.apply_changes

    def apply_late(data: bytes, *rest: Any) -> Any:
        if b"jardim" not in data:
            path.write_bytes(data.replace(b'msgstr "zoo"', b'msgstr "jardim"'))
        return real(data, *rest)

    monkeypatch.setattr(saving, "apply_changes", apply_late)
    assert write_changes(path, PAIR, [edit]).conflicts == ()
    found = {each.source: each.target for each in read_records(path.read_bytes(), "x.po")}
    assert found == {"mayor": "prefeito", "zoo": "jardim"}


def test_first_entry_of_a_pair_begins_a_file(tmp_path: Path) -> None:
    """A pair without a file gets one, with a header that names its languages."""
    path = tmp_path / "bg/pt-BR.po"
    write_changes(path, ("bg", "pt-BR"), [Change("кмет", target="prefeito", state="approved")])
    glossary = load_glossary([tmp_path])
    assert [(each.source, each.target) for each in glossary.entries("bg", "pt-BR")] == [("кмет", "prefeito")]
    assert load_glossary([], [path]).pairs == (("bg", "pt-BR"),)


TERMS = st.sampled_from(["a", "ab", "b a", "ц", '"', "\\", "#, fuzzy", "#~ a", 'msgid "a"', "ü|", 'a \\" b', "A"])
STATES = st.sampled_from(["", "approved", "candidate", "forbidden", "retired"])


@given(st.dictionaries(TERMS, TERMS, min_size=1, max_size=6), st.data())
def test_only_what_changed_changes(table: dict[str, str], draw: Any) -> None:
    """Whatever terms hold, a change shows in its entry alone, and its undoing gives the same file back."""
    new = [Change(source, target=target, state="approved") for source, target in table.items()]
    data = apply_changes(HEADER.encode(), new, "x.po").data
    source = draw.draw(st.sampled_from(sorted(table)))
    edit = change(data, source, target=draw.draw(TERMS), state=draw.draw(STATES), facts={"note": draw.draw(TERMS)})
    after = apply_changes(data, [edit], "x.po").data
    others = [
        [(each.source, each.version) for each in read_records(each_data, "x.po") if each.source != source]
        for each_data in (data, after)
    ]
    assert others[0] == others[1]
    undo = replace(change(after, source), target=table[source], state="approved", facts={"note": ""})
    assert apply_changes(after, [undo], "x.po").data == data


_PIECES = (
    'msgid "a"',
    'msgstr "b"',
    "# note: x",
    "#. seen",
    "#, fuzzy",
    "",
    "",
    '#~ msgid "o"',
    '#~ msgstr "p"',
    '"more"',
)


@given(st.lists(st.sampled_from(_PIECES), max_size=14))
def test_quick_reading_is_the_slow_one(lines: list[str]) -> None:
    """Entries parted by blank lines are read in a quick way: it says what the line by line one says, or nothing."""
    text = "\n".join(lines)
    found = records._read_chunks(text)
    if found is not None:
        quick = [records.shift(*one) for one in found]
        slow = [records._read(tuple(line for _, line in block)) for block in records._blocks(text.split("\n"))]
        assert None not in slow
        places = [(block[0][0], block[-1][0] + 1) for block in records._blocks(text.split("\n"))]
        assert [(one.first, one.end) for one in quick] == places
        assert [replace(one, first=0, end=0, line=0) for one in quick] == slow


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["blank lines", "none"])
def test_character_that_no_glossary_may_have_is_told_where_it_stands(between: str) -> None:
    """Also the quick way of reading refuses it, in entries and in comments behind the last one."""
    for text in ('msgid "a"\nmsgstr "b"\n' + between + "# \ue000\n", 'msgid "a"\n#\x07\nmsgstr "b"\n' + between):
        line = 1 + text[: max(text.find("\ue000"), text.find("\x07"))].count("\n")
        with pytest.raises(GlossaryError, match=f"x.po:{line}: a control or private-use character"):
            read_records(text.encode(), "x.po")


def test_of_equal_entries_the_first_is_changed() -> None:
    """A change concerns the entry that the page shows: the first in force, before a retired one that stands above."""
    text = '#~ msgid "a"\n#~ msgstr "z"\n\nmsgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "b"\n'
    first = read_records(text.encode(), "x.po")[1]
    applied = apply_changes(text.encode(), [Change("a", version=first.version, target="c")], "x.po")
    assert [one.target for one in read_records(applied.data, "x.po")] == ["z", "c", "b"]


def test_places_of_shipped_entries() -> None:
    """The lines that an entry is said to take are its own, in every shipped glossary."""
    for path in sorted((CASES.parents[2] / "glossaries").glob("*/*.po")):
        lines = path.read_text(encoding="utf-8").split("\n")
        for one in read_records(path.read_bytes(), "x.po"):
            assert lines[one.line - 1].removeprefix("#~").lstrip().startswith("msgid")
            assert one.first < one.line <= one.end
            assert "msgstr" in "\n".join(lines[one.first : one.end])
            assert all(lines[at].strip() for at in (one.first, one.end - 1))


@given(st.sampled_from(["approved", "candidate", "forbidden", "retired"]), st.data())
def test_lines_written_back_undo_a_change(state: str, data: st.DataObject) -> None:
    """The lines of an entry before a change, written back, make the file what it was, byte for byte."""
    seen = data.draw(st.sampled_from([each for each in read_records(FULL, "x.po") if each.target]))
    made = apply_changes(FULL, [Change(seen.source, seen.context, seen.version, "x", state, {"note": "y"})], "x.po")
    assert made.before == FULL
    now = next(each for each in read_records(made.written, "x.po"))
    back = Change(seen.source, seen.context, now.version, block=made.replaced[0])
    assert made.data != FULL
    assert apply_changes(made.data, [back], "x.po").data == FULL
