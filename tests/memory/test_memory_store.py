"""The file of the memory: what engines said comes back, and nothing but a memory is taken for one."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import MemoryUnusable
from pipeline.memory import Memory

HOP = ("firefox", "1", "en", "pt")


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """Open a new memory."""
    return Memory(tmp_path / "project/memory.sqlite")


def test_what_an_engine_said_comes_back_from_the_file(memory: Memory) -> None:
    """After it was committed, in another process or this one; what was not committed is lost."""
    said = {("a",): ("A", b""), ("b", "a translation"): ("B", b"\0links")}
    memory.note(HOP, said)
    memory.commit()
    memory.note(HOP, {("c",): ("C", b"")})
    memory.close()
    assert Memory(memory.path).recall(HOP, [*said, ("c",), ("d",)]) == said


@pytest.mark.parametrize("at", range(4))
def test_another_engine_version_or_pair_is_another_key(memory: Memory, at: int) -> None:
    """Name, version, source and target language: each alone makes a miss."""
    memory.note(HOP, {("a",): ("A", b"")})
    memory.commit()
    assert memory.recall((*HOP[:at], "x", *HOP[at + 1 :]), [("a",)]) == {}  # type: ignore[arg-type]


def test_the_first_answer_stays(memory: Memory) -> None:
    """Two workers may ask the same at one time: whoever writes second changes nothing."""
    for target in ("A", "other"):
        memory.note(HOP, {("a",): (target, b"")})
        memory.commit()
    assert memory.recall(HOP, [("a",)]) == {("a",): ("A", b"")}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(said=st.dictionaries(st.tuples(st.text()), st.tuples(st.text(), st.binary()), max_size=8))
def test_any_text_survives_or_is_left_out(memory: Memory, said: dict[tuple[str, ...], tuple[str, bytes]]) -> None:
    """NUL, marks, emoji come back as they were; half a surrogate pair is not remembered, and no error."""
    hop = ("engine", str(sorted(said.items())), "en", "pt")
    memory.note(hop, said)
    memory.note(hop, {("half \ud83d pair",): ("x", b"")})
    memory.commit()
    assert memory.recall(hop, [*said, ("half \ud83d pair",)]) == said


def test_more_texts_than_a_query_takes(memory: Memory) -> None:
    """Thousands of sentences at once."""
    said = {(str(number),): (f"{number}x", b"") for number in range(2500)}
    memory.note(HOP, said)
    memory.commit()
    assert memory.recall(HOP, said) == said


def test_several_processes_write_to_one_memory(memory: Memory) -> None:
    """No `database is locked`, nothing lost."""
    code = (
        "import sys; from pathlib import Path; from pipeline.memory import Memory\n"
        "memory = Memory(Path(sys.argv[1]))\n"
        "for number in range(20):\n"
        "    memory.note(('e', '1', 'en', 'pt'), {(f'{sys.argv[2]} {number}',): ('x', b'')}); memory.commit()\n"
    )
    memory.path.unlink()  # so that they make it as well
    for path in memory.path.parent.iterdir():
        path.unlink()
    memory.close()
    started = [subprocess.Popen([sys.executable, "-c", code, str(memory.path), str(who)]) for who in range(4)]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]
    texts = [(f"{who} {number}",) for who in range(4) for number in range(20)]
    assert len(Memory(memory.path).recall(("e", "1", "en", "pt"), texts)) == 80


def make_other_database(path: Path) -> None:
    """Write an SQLite file of somebody else's."""
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE mine (a)")


def make_newer(path: Path) -> None:
    """Write a memory of a later version."""
    Memory(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (make_other_database, "is not a translation memory; name another file"),
        (make_newer, "is of a later version of this program; update it"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"damaged" * 200), "cannot be used: "),
        (lambda path: path.write_text("notes"), "cannot be used: "),
        (lambda path: path.mkdir(), "cannot be used: "),
    ],
)
def test_what_is_no_memory_is_refused_and_stays(make: object, says: str, tmp_path: Path) -> None:
    """One line that names the file; its bytes are untouched."""
    path = tmp_path / "memory.sqlite"
    make(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(MemoryUnusable, match=says):
        Memory(path)
    assert before == (path.read_bytes() if path.is_file() else None)


def test_a_memory_to_read_must_be_there(tmp_path: Path) -> None:
    """Asked not to make one, nothing is made."""
    with pytest.raises(MemoryUnusable, match="no translation memory"):
        Memory(tmp_path / "memory.sqlite", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """With the way on without a memory."""
    tmp_path.chmod(0o500)
    with pytest.raises(MemoryUnusable, match="--no-memory"):
        Memory(tmp_path / "memory.sqlite")
