"""What translation tools hand back: XLIFF and TMX into units and out again."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parallel_samples import everyday

from pipeline.errors import DocumentError, UnknownLanguage
from pipeline.exports.bitexts import read_bitext, render_tmx_units, render_xliff_units
from pipeline.exports.tmx import render_tmx
from pipeline.exports.xliff import render_xliff
from pipeline.model import State, Unit

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1)
UNITS = st.lists(
    st.builds(
        Unit, st.just("a.txt"), st.just("b1s1"), st.just("en"), st.sampled_from(["pt", "es"]), TEXT, TEXT, st.booleans()
    ),
    min_size=1, max_size=4,
)  # fmt: skip


def read(data: bytes) -> list[Unit]:
    """Read a file that is called f."""
    return read_bitext(data, Path("f"))


def test_our_own_xliff_comes_back() -> None:
    """Each unit with its article, id, normalised source and target; approved where a person reviewed it."""
    parallel = everyday()
    units = read(render_xliff(parallel, "zh-Hans"))
    assert [unit.segment for unit in units] == [item.segment.id for item in parallel.segments]
    assert [unit.source for unit in units] == [item.normalised for item in parallel.segments]
    targets = [item.targets.get("zh-Hans") for item in parallel.segments]
    assert [unit.target for unit in units] == [target.text if target else "" for target in targets]
    assert [unit.is_approved for unit in units] == [bool(t) and t.state is State.REVIEWED for t in targets]
    assert {(unit.article, unit.source_lang, unit.target_lang) for unit in units} == {
        ("maduro.en.txt", "en", "zh-Hans")
    }


def test_our_own_tmx_comes_back() -> None:
    """A unit for each target of each segment, with the article's name and the segment's id."""
    parallel = everyday()
    units = read(render_tmx(parallel))
    wanted = {
        ("maduro.en.txt", item.segment.id, lang, target.text, target.state is State.REVIEWED)
        for item in parallel.segments
        for lang, target in item.targets.items()
        if target.state is not State.UNTRANSLATED
    }
    assert {(u.article, u.segment, u.target_lang, u.target, u.is_approved) for u in units} == wanted


@given(units=UNITS)
def test_what_is_exported_can_be_imported(units: list[Unit]) -> None:
    """Any text, in both formats."""
    assert sorted(read(render_xliff_units(units)), key=repr) == sorted(units, key=repr)
    assert read(render_tmx_units(units)) == units


@pytest.mark.parametrize(
    ("attributes", "state", "approved"),
    [
        ('approved="yes"', "", True),
        ("", 'state="final"', True),
        ("", 'state="signed-off"', True),
        ("", 'state="translated"', False),
        ('approved="no"', 'state="needs-review-translation"', False),
        ("", "", False),
    ],
)
def test_approval_in_xliff(attributes: str, state: str, approved: bool) -> None:
    """By the unit's own mark or by a final state."""
    unit = f'<trans-unit id="1" {attributes}><source>a</source><target {state}>b <g id="1">c</g></target></trans-unit>'
    body = f'<file original="o" source-language="en" target-language="pt-br"><body>{unit}</body></file>'
    data = f'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">{body}</xliff>'
    assert read(data.encode()) == [Unit("o", "1", "en", "pt-BR", "a", "b c", approved)]


def test_another_tools_tmx_is_a_memory_of_reviewed_texts() -> None:
    """No article, no mark of ours: approved, of no place."""
    variants = '<tuv xml:lang="EN-US"><seg>a</seg></tuv><tuv xml:lang="pt"><seg>b</seg></tuv>'
    data = f'<tmx version="1.4"><header srclang="EN-US"/><body><tu tuid="7">{variants}</tu></body></tmx>'
    assert [(u.article, u.segment, u.target, u.is_approved) for u in read(data.encode())] == [("", "", "b", True)]


BOMB = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("k"))
)


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", DocumentError, "f: not well-formed XML"),
        (b"<xliff", DocumentError, "not well-formed XML: "),
        (b"<html/>", DocumentError, "this is html; XLIFF 1.2, TMX 1.4 and PO can be read"),
        (b'<xliff version="2.1"/>', DocumentError, "this is xliff 2.1"),
        (b'<xliff version="1.2"><file source-language="en" target-language="xx-none"/></xliff>', UnknownLanguage, "xx"),
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, error: type[Exception], says: str) -> None:
    """In one line, with the formats that can be."""
    with pytest.raises(error, match=says):
        read(data)


def test_no_entity_is_resolved() -> None:
    """No file of the machine gets into a text, and a bomb is refused."""
    unit = b'<tu><tuv lang="en"><seg>a</seg></tuv><tuv lang="pt"><seg>x&k;y</seg></tuv></tu>'
    rest = b'<tmx version="1.4"><header srclang="en"/><body>' + unit + b"</body></tmx>"
    assert read(b'<!DOCTYPE tmx [<!ENTITY k SYSTEM "file:///etc/passwd">]>' + rest)[0].target == "x&k;y"
    with pytest.raises(DocumentError, match="not well-formed XML"):
        read(BOMB + b"]>" + rest.replace(b'srclang="en"', b'srclang="&j;"'))
