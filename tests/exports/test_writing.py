"""All or none: what stands in the folder after every way in which writing can fail."""

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import OutputError
from pipeline.exports.writing import Inputs, write_files

NAMES = ("maduro.en.txt", "maduro.pt.txt", "manifest.json")


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, temporary ones included."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def new_files(folder: Path) -> dict[Path, bytes]:
    """Return what a run would write: two files that are there, and one that is not."""
    return {folder / name: f"new {name}\n".encode() for name in NAMES}


def fail_at(number: int, code: int, real: Callable[..., object]) -> Callable[..., object]:
    """Return `real`, but raising at one call, counted from 1."""
    calls = 0

    def step(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(code, os.strerror(code))
        return real(*arguments, **named)

    return step


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make an output folder with two files of an earlier run."""
    made = tmp_path / "out" / "maduro"
    made.mkdir(parents=True)
    for name in NAMES[:2]:
        (made / name).write_bytes(b"old " + name.encode())
    return made


def test_bytes_are_written_as_given(tmp_path: Path) -> None:
    """Content is not touched: line ends, byte order mark and empty files come out as they went in."""
    files = {tmp_path / "a" / "x": b"\xef\xbb\xbfone\r\ntwo\n", tmp_path / "a" / "empty": b""}
    assert write_files(files, tmp_path) == list(files)
    assert contents(tmp_path / "a") == {"x": b"\xef\xbb\xbfone\r\ntwo\n", "empty": b""}


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may write less than asked; nothing is lost then."""
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:3]))
    write_files({tmp_path / "x": b"0123456789"}, tmp_path)
    assert (tmp_path / "x").read_bytes() == b"0123456789"


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "open", "close"])
@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_failure_at_any_step_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, code: int
) -> None:
    """Whichever call fails, the folder is as it was: old files whole, no new ones, no temporary ones."""
    before = contents(folder)
    real = getattr(os, call)
    step = fail_at(number, code, real)
    monkeypatch.setattr(os, call, step)
    try:
        write_files(new_files(folder), folder.parent)
    except OutputError as error:
        monkeypatch.undo()
        assert contents(folder) == before
        assert os.strerror(code).lower() in str(error) and "\n" not in str(error) and ".tmp-" not in str(error)
    else:
        monkeypatch.undo()  # fewer calls than `number`, or a failure after which everything was in place
        assert contents(folder) == {path.name: data for path, data in new_files(folder).items()}


def shared_files(root: Path) -> dict[Path, bytes]:
    """Return what a run would write for site generators: articles in folders of all, the manifest in one of its own."""
    places = (root / "en" / NAMES[0], root / "pt" / NAMES[1], root / "side" / "maduro" / NAMES[2])
    return {path: f"new {path.name}\n".encode() for path in places}


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "open", "close"])
@pytest.mark.parametrize("number", range(1, 8))
def test_failure_in_shared_folders_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    """As in one folder: old files whole in all of them, no new ones, no temporary ones."""
    (tmp_path / "pt").mkdir()
    (tmp_path / "pt" / NAMES[1]).write_bytes(b"old")
    files = shared_files(tmp_path)
    monkeypatch.setattr(os, call, fail_at(number, errno.ENOSPC, getattr(os, call)))
    try:
        write_files(files, tmp_path, home=tmp_path / "side/maduro")
    except OutputError:
        wanted = {tmp_path / "pt" / NAMES[1]: b"old"}
    else:
        wanted = files
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == wanted


def test_shared_folders_are_neither_locked_nor_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the article's own folder is: nobody waits, and a folder of any size costs nothing."""
    real, seen = os.replace, []
    files, home = shared_files(tmp_path), tmp_path / "side/maduro"
    write_files(files, tmp_path, home=home)
    (tmp_path / "pt/.other.tmp-1-1").write_bytes(b"another article's")
    searched: list[Path] = []
    monkeypatch.setattr(Path, "iterdir", lambda path: searched.append(path) or iter(map(Path, os.scandir(path))))

    def replace(*paths: Path) -> None:
        seen.append((can_lock(tmp_path / "en"), can_lock(tmp_path / "pt"), can_lock(home), paths[0].parent))
        real(*paths)

    monkeypatch.setattr(os, "replace", replace)
    write_files(files, tmp_path, home=home)
    assert seen == [(True, True, False, home)] * 3
    assert set(searched) == {home}
    assert (tmp_path / "pt/.other.tmp-1-1").is_file()


def test_replacement_that_keeps_failing_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way back does not need the call that failed: the second replacement and all after it are refused."""
    before, real, done = contents(folder), os.replace, []

    def replace(*paths: Path) -> None:
        if done:
            raise OSError(errno.EIO, "fault")
        done.append(paths)
        real(*paths)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OutputError):
        write_files(new_files(folder), folder.parent)
    assert done and contents(folder) == before


def test_interrupt_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C between two replacements is a failure as any other, and stays an interrupt."""
    before, real, done = contents(folder), os.replace, []

    def replace(*paths: Path) -> None:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(paths)
        real(*paths)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_files(new_files(folder), folder.parent)
    assert len(done) == 2 and contents(folder) == before


def test_folders_made_for_a_failed_run_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that could write nothing leaves no empty folder behind."""
    monkeypatch.setattr(os, "write", fail_at(1, errno.ENOSPC, os.write))
    with pytest.raises(OutputError, match="make room"):
        write_files(new_files(tmp_path / "out" / "maduro"), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_replaced_before_all_is_synced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash never leaves an empty file under an output's name: sync all, then replace, then sync the folder."""
    order: list[str] = []
    for call in ("fsync", "replace"):
        real = getattr(os, call)
        monkeypatch.setattr(os, call, lambda *given, call=call, real=real: (order.append(call), real(*given)))
    write_files(new_files(folder), folder.parent)
    assert order == ["fsync"] * 3 + ["replace"] * 3 + ["fsync"]


def test_a_folder_that_cannot_be_synced_is_no_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems have no sync for folders and say EINVAL; the files themselves are safe."""
    monkeypatch.setattr(os, "fsync", fail_at(4, errno.EINVAL, os.fsync))
    write_files(new_files(folder), folder.parent)
    assert set(contents(folder)) == set(NAMES)


def test_stale_temporary_files_go(folder: Path) -> None:
    """What a killed run left is removed by the next; a file of a similar name that is not ours stays."""
    (folder / ".maduro.pt.txt.tmp-4711-3").write_bytes(b"half")
    (folder / ".notes.tmp-x").write_bytes(b"mine")
    write_files(new_files(folder), folder.parent)
    assert set(contents(folder)) == {*NAMES, ".notes.tmp-x"}


def test_link_at_an_output_is_replaced_not_followed(folder: Path, tmp_path: Path) -> None:
    """What a link of an output's name points to is not written."""
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_bytes(b"precious")
    (folder / NAMES[2]).symlink_to(elsewhere)
    write_files(new_files(folder), folder.parent)
    assert elsewhere.read_bytes() == b"precious"
    assert not (folder / NAMES[2]).is_symlink() and (folder / NAMES[2]).read_bytes() == b"new manifest.json\n"


def test_link_comes_back_after_a_failure(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that stood at an output's name is an old output too."""
    (folder / NAMES[0]).unlink()
    (folder / NAMES[0]).symlink_to(tmp_path / "nowhere")
    monkeypatch.setattr(os, "replace", fail_at(2, errno.EIO, os.replace))
    with pytest.raises(OutputError):
        write_files(new_files(folder), folder.parent)
    assert (folder / NAMES[0]).readlink() == tmp_path / "nowhere"


@pytest.mark.parametrize("path", ["../escaped.txt", "link/escaped.txt", "maduro/../../escaped.txt"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, path: str) -> None:
    """Neither dots nor a linked folder take an output out of its folder; a sibling of a like name is out too."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out-side").mkdir()
    (tmp_path / "out" / "link").symlink_to(tmp_path / "out-side")
    with pytest.raises(OutputError, match="leads out of"):
        write_files({tmp_path / "out" / path: b"x"}, tmp_path / "out")
    assert not list(tmp_path.rglob("escaped.txt"))


@pytest.mark.parametrize("alias", ["same", "link", "dots"])
def test_input_is_never_overwritten(folder: Path, alias: str) -> None:
    """An output that is an input, under whatever name, is refused, and nothing else is written."""
    given = folder / NAMES[0]
    if alias == "link":
        given = folder.parent / "article.txt"
        given.symlink_to(folder / NAMES[0])
    elif alias == "dots":
        given = folder / ".." / folder.name / NAMES[0]
    before = contents(folder)
    with pytest.raises(OutputError, match="is the input"):
        write_files(new_files(folder), folder.parent, inputs=Inputs([folder / "absent", given]))
    assert contents(folder) == before


def test_input_that_an_editor_saved_meanwhile_is_never_overwritten(folder: Path, tmp_path: Path) -> None:
    """Another file stands in its place by then, and its old number may be that of another file."""
    inputs = Inputs([folder / NAMES[0]])
    with pytest.raises(OutputError, match="is the input"):
        write_files(new_files(folder), folder.parent, inputs=inputs)
    (tmp_path / "new").write_bytes(b"saved again")
    (tmp_path / "new").replace(folder / NAMES[0])
    with pytest.raises(OutputError, match="is the input"):
        write_files(new_files(folder), folder.parent, inputs=inputs)


def test_other_inputs_are_no_matter(folder: Path, tmp_path: Path) -> None:
    """An input of the same name in another folder, or of the same content, is not the output."""
    given = tmp_path / NAMES[0]
    given.write_bytes(b"old " + NAMES[0].encode())
    assert write_files(new_files(folder), folder.parent, inputs=Inputs([given]))


def test_file_where_a_folder_should_be(tmp_path: Path) -> None:
    """A file in the way is named, with what to do, and stays."""
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(OutputError, match=r"cannot write .*out.*not a directory; a file is in the way"):
        write_files(new_files(tmp_path / "out" / "maduro"), tmp_path / "out")
    with pytest.raises(OutputError, match="a file is in the way"):
        write_files(new_files(tmp_path / "out"), tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"a file"


def test_folder_where_a_file_should_be(folder: Path) -> None:
    """A folder of an output's name is not removed, and the other outputs stay as they were."""
    (folder / NAMES[2]).mkdir()
    with pytest.raises(OutputError, match="a folder of this name is in the way"):
        write_files(new_files(folder), folder.parent)
    assert (folder / NAMES[0]).read_bytes() == b"old maduro.en.txt" and (folder / NAMES[2]).is_dir()
    assert {path.name for path in folder.iterdir()} == set(NAMES)


def test_name_that_is_too_long(tmp_path: Path) -> None:
    """A name beyond the file system's 255 bytes is refused in words, whether of folder or file."""
    with pytest.raises(OutputError, match="shorter name"):
        write_files({tmp_path / ("ж" * 130): b""}, tmp_path)
    with pytest.raises(OutputError, match="shorter name"):
        write_files({tmp_path / ("a" * 300) / "x": b""}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_longest_name_works(tmp_path: Path) -> None:
    """The temporary name is no longer than the longest name that is allowed."""
    write_files({tmp_path / ("ж" * 125): b"x"}, tmp_path)
    assert (tmp_path / ("ж" * 125)).read_bytes() == b"x"


def test_file_system_without_links_or_locks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are neither hard links nor locks, writing works, and foreign temporary files are left alone."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    (folder / ".other.tmp-1-1").write_bytes(b"a living run's")
    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(fcntl, "flock", refuse)
    write_files(new_files(folder), folder.parent)
    assert {path.name: data for path, data in new_files(folder).items()}.items() <= contents(folder).items()


def test_hostile_names_are_escaped_in_messages(tmp_path: Path) -> None:
    """A name cannot turn the terminal's line round or break it in two."""
    with pytest.raises(OutputError) as caught:
        write_files({tmp_path / "a\u202e\nb" / ("x" * 300): b""}, tmp_path)
    assert str(caught.value).isprintable()


def test_folder_is_locked_while_it_is_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers to one folder wait for each other, so that its files are all of one run; after it, the lock is free."""
    real, refused = os.replace, []

    def replace(*paths: Path) -> None:
        refused.append(not can_lock(folder))
        real(*paths)

    monkeypatch.setattr(os, "replace", replace)
    write_files(new_files(folder), folder.parent)
    assert refused == [True] * 3 and can_lock(folder)


def can_lock(folder: Path) -> bool:
    """Whether another writer would get the folder now."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
