"""Glossaries in the formats of other tools: what is written, what is read back, what is told rather than dropped."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.errors import GlossaryError, UsageError
from pipeline.exports.glossaries import FORMATS, TOOLS, Row, Terms, export_rows, import_rows, merge_rows
from pipeline.exports.glossaries.tables import make_safe, restore
from pipeline.glossary.editing import Change, apply_changes, read_records

PAIR = ("en", "pt")
ROWS = (
    Row(
        "Supreme Court",
        "Supremo Tribunal",
        facts={"type": "institution", "forms": "STF | Supremo", "note": 'the "top" one'},
    ),
    Row("mayor, deputy", "vice-prefeito", "candidate", facts={"type": "office"}),
    Row("mayor", "maior", "forbidden", facts={"use": "prefeito"}),
    Row("Cabello", "Cabello", facts={"type": "person"}),
    Row("Georgia", "Geórgia", context="state"),
    Row('"quoted"', "<b>&amp;</b>"),
)
HEADER = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


TBX_3 = """\
<tbx xmlns="urn:iso:std:iso:30042:ed-2"><text><body><conceptEntry id="1">
<langSec xml:lang="en"><termSec><term>court</term></termSec></langSec>
<langSec xml:lang="pt-BR"><termSec><term>tribunal</term>
<termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></termSec></langSec>
</conceptEntry></body></text></tbx>"""
XLIFF_2 = """\
<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="pt"><file id="f"><unit id="u">
<segment state="initial"><source>court</source><target>tribunal</target></segment>
</unit></file></xliff>"""
TMX_REGIONS = """\
<tmx version="1.4"><body><tu><tuv xml:lang="EN-US"><seg>court</seg></tuv>
<tuv xml:lang="PT"><seg>tribunal</seg></tuv></tu></body></tmx>"""


def bare(rows: tuple[Row, ...]) -> list[Row]:
    """Take the places out of rows."""
    return [replace(row, place="", facts=dict(row.facts)) for row in rows]


@pytest.mark.parametrize("format_", FORMATS)
def test_what_is_written_is_read_back(format_: str) -> None:
    """Every format carries all that it does not tell as left out."""
    done = export_rows(ROWS, PAIR, format_)
    back = import_rows(done.data, PAIR, format_)
    assert back.refused == ()
    assert done.written + len(done.left_out) == len(ROWS)
    left = {"xliff": {"forbidden"}, "tmx": {"forbidden", "candidate"}}.get(format_, set())
    assert bare(back.rows) == [replace(row, facts=dict(row.facts)) for row in ROWS if row.state not in left]


@pytest.mark.parametrize(
    ("tool", "format_"), [(tool, f) for tool in ("deepl", "google", "azure") for f in ("csv", "tsv")]
)
def test_services_get_two_bare_columns(tool: str, format_: str) -> None:
    """No header, source first, approved entries alone; each other one is told with its reason."""
    rows = (*ROWS, Row("=cmd()", "x"), Row("Georgia", "Geórgia"), Row("long", "ä" * 600))
    done = export_rows(rows, PAIR, format_, tool)
    lines = done.data.decode().splitlines()
    assert lines[0] == ("Supreme Court,Supremo Tribunal" if format_ == "csv" else "Supreme Court\tSupremo Tribunal")
    assert len(lines) == done.written == 4
    assert len(done.left_out) == 5


def test_weblate_reads_its_own_column_names() -> None:
    """The header has the names that Weblate looks for, and a candidate is fuzzy."""
    table = list(csv.DictReader(io.StringIO(export_rows(ROWS, PAIR, "csv", "weblate").data.decode())))
    assert table[1]["fuzzy"] == "True"
    assert table[0]["translator_comments"].startswith("type: institution\nforms: STF | Supremo")
    assert {"source", "target", "context", "fuzzy", "translator_comments"} <= set(table[0])


def test_weblate_sees_what_is_forbidden_and_kept_in_tbx() -> None:
    """The marks of docs.weblate.org stand in a TBX for it."""
    root = etree.fromstring(export_rows(ROWS, PAIR, "tbx", "weblate").data)
    assert root.xpath("//termNote[@type='administrativeStatus']/text()") == ["forbidden"]
    assert root.xpath("//termEntry[descrip[@type='Translation needed']='No']//term[1]/text()") == ["Cabello", "Cabello"]


def test_omegat_gets_three_columns() -> None:
    """Source, target, comment, divided by tabs, with no quoting."""
    lines = export_rows(ROWS, PAIR, "tsv", "omegat").data.decode().splitlines()
    assert lines[3] == "Cabello\tCabello\ttype: person"
    assert all(line.count("\t") == 2 for line in lines)
    assert bare(import_rows("\n".join(lines).encode(), PAIR, "tsv").rows)[2] == ROWS[2]


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool])
def test_a_format_that_a_tool_does_not_read_is_refused(tool: str) -> None:
    """A file that the tool would not take is never written."""
    for format_ in set(FORMATS) - set(TOOLS[tool]):
        with pytest.raises(UsageError, match="does not read"):
            export_rows(ROWS, PAIR, format_, tool)


@given(st.text(st.sampled_from("=+-@\t\r'a"), max_size=5))
def test_safe_cells_come_back(text: str) -> None:
    """No written cell begins like a formula, and every cell is restored exactly."""
    assert make_safe(text)[:1] not in tuple("=+-@\t\r") or not text
    assert restore(make_safe(text)) == text


def test_deepl_export_with_languages_is_read() -> None:
    """Language columns are checked: a line of another pair is refused, not taken for this one."""
    back = import_rows(b"court,tribunal,EN,PT-BR\ncourt,Gericht,EN,DE\n", PAIR, "csv")
    assert [(row.source, row.target) for row in back.rows] == [("court", "tribunal")]
    assert back.refused == ("line 2: of en to de, not en to pt",)


@pytest.mark.parametrize(
    ("format_", "data", "rows"),
    [
        ("tbx", TBX_3, [("court", "tribunal", "forbidden")]),
        ("xliff", XLIFF_2, [("court", "tribunal", "candidate")]),
        ("tmx", TMX_REGIONS, [("court", "tribunal", "approved")]),
    ],
)
def test_other_versions_are_read(format_: str, data: str, rows: list[tuple[str, str, str]]) -> None:
    """TBX 3, XLIFF 2 and region codes of other tools."""
    assert [(row.source, row.target, row.state) for row in import_rows(data.encode(), PAIR, format_).rows] == rows


@pytest.mark.parametrize("format_", ["tbx", "xliff", "tmx"])
@pytest.mark.parametrize(
    "data",
    [
        b"", b"no xml", b"<a/>", b"\xff\xfe\x00",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><tmx><body><tu><tuv xml:lang="en"><seg>&x;</seg></tuv>'
        b'<tuv xml:lang="pt"><seg>&x;</seg></tuv></tu></body></tmx>',
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused(format_: str, data: bytes) -> None:
    """Damaged, empty and hostile files raise in one line; no entity is ever read."""
    with pytest.raises(GlossaryError):
        import_rows(data, PAIR, format_)


def test_entry_without_the_pair_is_told() -> None:
    """A unit in other languages is no row, and is not dropped unsaid."""
    data = export_rows(ROWS[:1], ("en", "de"), "tmx").data
    back = import_rows(data, PAIR, "tmx")
    assert (back.rows, len(back.refused)) == ((), 1)


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c", "", "x\x07"]), st.sampled_from(["1", "2", "", " "])), max_size=8)
)
def test_every_row_is_accounted_for(pairs: list[tuple[str, str]]) -> None:
    """Changed, the same, conflict or refused: an import loses no row, and what it plans can be written."""
    data = apply_changes(HEADER, [Change("a", target="1", state="approved"), Change("b", state="candidate")], "x").data
    records = read_records(data, "x")
    rows = [Row(source, target.strip(), place=f"line {at}") for at, (source, target) in enumerate(pairs)]
    merged = merge_rows(rows, records, Terms())
    assert len(merged.changes) + len(merged.same) + len(merged.conflicts) + len(merged.refused) == len(rows)
    done = apply_changes(data, merged.changes, "x")
    assert done.conflicts == ()
    assert {each.source: each.target for each in read_records(done.data, "x")}["a"] == "1"


def test_rows_come_in_as_candidates_unless_approved() -> None:
    """What another tool calls approved is fuzzy here, until somebody answers for it; what is forbidden stays so."""
    planned = [change.state for change in merge_rows(ROWS[:3], (), Terms()).changes]
    assert planned == ["candidate"] * 3
    assert merge_rows(ROWS[2:3], (), Terms()).changes[0].facts["status"] == "forbidden"
    approved = merge_rows(ROWS[:3], (), Terms(approved=True, by="ana", when="2026-01-02T10:00Z")).changes
    assert [(change.state, change.by) for change in approved] == [
        ("approved", "ana"),
        ("candidate", ""),
        ("forbidden", ""),
    ]


def test_conflict_is_left_alone_or_overwritten() -> None:
    """The file wins unless the user says otherwise; either way the conflict is the user's to see."""
    records = read_records(apply_changes(HEADER, [Change("mayor", target="prefeito", state="approved")], "x").data, "x")
    row = Row("mayor", "alcaide", place="line 1")
    assert merge_rows([row], records, Terms()).conflicts == (
        "line 1: 'mayor' is 'alcaide' here and 'prefeito' in the glossary",
    )
    assert [change.target for change in merge_rows([row], records, Terms(overwrite=True)).changes] == ["alcaide"]
