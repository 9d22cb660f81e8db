"""PO files of whole segments: units into a file, edited, and back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DocumentError, GlossaryError, UsageError
from pipeline.glossary.bitexts import only_pair, read_po_units, render_po_units
from pipeline.model import Unit

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp", "Cf"]), min_size=1)


def unit(source: str, target: str, *, approved: bool = True, place: str = "a.txt b1s1") -> Unit:
    """Make a unit of `place`."""
    article, _, segment = place.partition(" ")
    return Unit(article, segment, "en", "pt-BR", source, target, approved)


@given(pairs=st.lists(st.tuples(TEXT, TEXT, st.booleans()), min_size=1, max_size=5))
def test_units_come_back(pairs: list[tuple[str, str, bool]]) -> None:
    """Any text, with its place and whether it is approved."""
    units = [unit(*pair, approved=ok, place=f"a#b.txt b{n}s1") for n, (*pair, ok) in enumerate(pairs)]
    assert read_po_units(render_po_units(units, ("en", "pt-BR")), Path("f.po")) == units


def test_fuzzy_empty_and_retired_are_not_approved() -> None:
    """As everywhere in PO; a retired entry is none."""
    head = 'msgid ""\nmsgstr "Language: pt_BR\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
    body = 'msgid "a"\nmsgstr "A"\n\n#, fuzzy\nmsgid "b"\nmsgstr "B"\n\nmsgid "c"\nmsgstr ""\n\n'
    body += '#~ msgid "d"\n#~ msgstr "D"\n'
    units = read_po_units((head + body).encode(), Path("f.po"), "en")
    assert [(u.source, u.is_approved, u.article, u.target_lang) for u in units] == [
        ("a", True, "", "pt-BR"), ("b", False, "", "pt-BR"), ("c", False, "", "pt-BR"),
    ]  # fmt: skip


def test_a_file_holds_one_pair() -> None:
    """Two targets are refused with the way out."""
    with pytest.raises(UsageError, match="--to"):
        only_pair([unit("a", "b"), Unit("", "", "en", "es", "a", "c", True)])


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b'msgid "a"\nmsgstr "b"\n', DocumentError, "no Language and no X-Source-Language"),
        (b'msgid "a\nmsgstr "b"\n', GlossaryError, "f.po:1: "),
        (b"\xff\xfe", GlossaryError, "f.po"),
    ],
)
def test_a_damaged_file_is_told(data: bytes, error: type[Exception], says: str) -> None:
    """With the line, or what is missing."""
    with pytest.raises(error, match=says):
        read_po_units(data, Path("f.po"))
