"""Apertium as a standing pipeline: the stream, marks, and a pipeline that dies or hangs."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.apertium import MODES_FOLDER, ApertiumEngine, installed_modes
from pipeline.engines.apertium.repairs import Repairs, apply_rules, compile_rule, read_repairs
from pipeline.engines.apertium.stream import escape, unescape
from pipeline.errors import EngineFailed, EngineMissing
from pipeline.model import MARK_CLOSE, MARK_FIRST

ECHO = """
import sys
while (char := sys.stdin.buffer.read(1)):
    sys.stdout.buffer.write(b"e" if char == b"a" else char)
    if char == bytes(1):
        sys.stdout.flush()
"""


FRUGAL = pytest.mark.parametrize("frugal", [False, True], ids=["standing", "frugal"])


def mark(number: int, text: str) -> str:
    """Fence a text."""
    return chr(MARK_FIRST + number) + text + MARK_CLOSE


def fake(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str, *, frugal: bool = False) -> ApertiumEngine:
    """Make an engine whose pipeline is one Python program."""
    (folder / "prog.py").write_text(program, "utf-8")
    (folder / "pt-es.mode").write_text("", "utf-8")
    engine = ApertiumEngine("pt", "es", folder / "pt-es.mode", timeout_s=5, frugal=frugal)
    monkeypatch.setattr(engine, "_commands", lambda: [[sys.executable, str(folder / "prog.py")]])
    return engine


@given(st.text(alphabet="ab [](){}^$/\\@*#<>é日\ue000", max_size=30))
def test_the_stream_gives_back_what_went_in(text: str) -> None:
    """Every special character survives."""
    plain = text.replace(MARK_CLOSE, "")
    assert unescape(escape(plain)) == plain


def test_marks_pass_and_split_marks_are_joined() -> None:
    """One span on several words comes back as one."""
    assert unescape(escape(f"a {mark(3, 'b')} c")) == f"a {mark(3, 'b')} c"
    assert unescape("[[t:g1]]US[[/]]$ [[t:g1]]10[[/]] x") == f"{mark(1, 'US$ 10')} x"


REPAIRS = [row for when in ("before", "after") for row in read_repairs()[when]]


@pytest.mark.parametrize("row", REPAIRS, ids=lambda row: f"{row['pair']}: {row['example'][0]}")
def test_each_repair_does_what_its_example_says(row: dict[str, Any]) -> None:
    """A rule turns its example's first text into the second, and keeps what it must not touch."""
    rule = compile_rule(row)
    before, after = row["example"]
    assert before != after
    assert apply_rules([rule], before) == after
    for text in row.get("kept", ()):
        assert apply_rules([rule], text) == text


@pytest.mark.parametrize("row", REPAIRS, ids=lambda row: f"{row['pair']}: {row['example'][0]}")
def test_a_repair_once_done_stays(row: dict[str, Any]) -> None:
    """A rule finds nothing in what it wrote: no rule feeds itself."""
    rule = compile_rule(row)
    assert apply_rules([rule], row["example"][1]) == row["example"][1]


@FRUGAL
def test_a_batch_is_answered_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frugal: bool) -> None:
    """Same length and order; text without letters does not go through."""
    engine = fake(tmp_path, monkeypatch, ECHO, frugal=frugal)
    assert engine.translate(["banana", "", "56", "[la]"]) == ["benene", "", "56", "[le]"]
    engine.close()


@pytest.mark.parametrize(
    ("program", "frugal", "message"),
    [
        ("import time; time.sleep(60)", False, "gave no answer"),
        ("import time; time.sleep(60)", True, "fails"),
        ("pass", False, "ended"),
        ("pass", True, "lost a part"),
        ("raise SystemExit(1)", True, "fails"),
    ],
)
def test_a_dead_or_hung_pipeline_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, frugal: bool, message: str
) -> None:
    """It is tried twice, then said in one line."""
    engine = fake(tmp_path, monkeypatch, program, frugal=frugal)
    engine._timeout_s = 0.3
    with pytest.raises(EngineFailed, match=message):
        engine.translate(["uma frase"])
    engine.close()


@FRUGAL
def test_a_pipeline_that_dies_once_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frugal: bool
) -> None:
    """The batch is repeated on a fresh pipeline, with the same answers."""
    flag = tmp_path / "died"
    dying = f"import os, sys\nif not os.path.exists({str(flag)!r}):\n    open({str(flag)!r}, 'w')\n    sys.exit(1)\n"
    engine = fake(tmp_path, monkeypatch, dying + ECHO, frugal=frugal)
    assert engine.translate(["banana"]) == ["benene"]
    assert flag.exists()
    engine.close()


def test_modes_prefer_the_new_names(tmp_path: Path) -> None:
    """por-cat before pt-ca; the Brazilian mode before the European one, no other variant."""
    names = ("por-cat", "pt-ca", "pt-gl", "pt-gl-latin1", "cat-por_BR", "cat-por", "gl-pt", "por-cat_pre2017")
    for name in (*names, "cat-por_PTpre1990", "es-pt_BR"):
        (tmp_path / f"{name}.mode").write_text("")
    assert {pair: path.stem for pair, path in installed_modes(tmp_path).items()} == {
        ("pt", "ca"): "por-cat", ("pt", "gl"): "pt-gl", ("ca", "pt"): "cat-por_BR", ("gl", "pt"): "gl-pt",
        ("es", "pt"): "es-pt_BR",
    }  # fmt: skip


def test_what_is_written_is_the_variety_of_the_house() -> None:
    """The spelling before the reform of 1990 is mended, not in a span, an unknown word or another language."""
    repairs = Repairs("es", "pt")
    assert repairs.after("a Assembléia européia") == "a Assembleia europeia"
    kept = f"a {mark(3, 'Assembléia')} \uf8ffidéia"
    assert repairs.after(f"{kept} idéia") == f"{kept} ideia"
    assert Repairs("pt", "gl").after("económica") == "económica"


def test_a_missing_mode_says_so(tmp_path: Path) -> None:
    """No mode, no process."""
    with pytest.raises(EngineMissing, match="no mode pt-es"):
        ApertiumEngine("pt", "es", tmp_path / "pt-es.mode").load()


needs_apertium = pytest.mark.skipif(
    not shutil.which("apertium-wblank-mode") or ("pt", "es") not in installed_modes(MODES_FOLDER),
    reason="Apertium is not installed",
)


@pytest.mark.apertium
@needs_apertium
def test_no_text_changes_what_is_said_of_a_later_one() -> None:
    """Apertium's tagger changes its mind on "desses" after "Mas": it meets such words before the first text."""
    texts = [
        "Um desses dias chegou.",
        "Mas ele veio.",
        "Um desses dias chegou.",
        "Nós somos dois.",
        "Isso significa a paz.",
    ]
    orders = [texts, texts[::-1]]
    found = []
    for frugal, ahead in ((False, False), (False, True), (True, False)):
        for order in orders:
            engine = ApertiumEngine("pt", "es", installed_modes(MODES_FOLDER)["pt", "es"], frugal=frugal)
            if ahead:
                engine.load()
            answers = dict(zip(order, engine.translate(order), strict=True))
            found.append([answers[text] for text in texts])
            engine.close()
    assert found == found[:1] * len(found)


@pytest.mark.apertium
@needs_apertium
def test_apertium_translates_and_brings_spans_to_their_place() -> None:
    """Real Apertium: marks on one and on several words come back whole, special characters survive."""
    engine = ApertiumEngine("pt", "es", MODES_FOLDER / "pt-es.mode")
    texts = [f"O {mark(0, 'primeiro-ministro')} de {mark(1, 'Nova Zorvane')} saiu [ontem] @x.", "", "A casa é nova."]
    together = engine.translate(texts)
    assert [engine.translate([text])[0] for text in texts] == together
    assert re.findall(f"[{chr(MARK_FIRST)}-{chr(MARK_FIRST + 9)}]([^{MARK_CLOSE}]*)", together[0])[1].endswith(
        "Zorvane"
    )
    assert "[ayer] @x." in together[0]
    assert together[2] == "La casa es nueva."
    engine.close()
    assert ApertiumEngine("pt", "es", MODES_FOLDER / "pt-es.mode", frugal=True).translate(texts) == together
