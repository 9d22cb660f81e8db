"""One run an output folder."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.batch.locking import LOCK, lock_folder, read_lock
from pipeline.errors import OutputError

HOLD = (
    "import sys, pathlib; from pipeline.batch.locking import lock_folder\nwith lock_folder(pathlib.Path(sys.argv[1])):"
)


def hold(folder: Path, rest: str) -> subprocess.Popen[str]:
    """Start a process that holds the folder, says so, and goes on with `rest`."""
    code = f"{HOLD}\n    print('held', flush=True)\n    {rest}"
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


def test_second_run_is_told_which_process_holds_the_folder(tmp_path: Path) -> None:
    """It is refused with the number of the first; once that is done, the folder is free and no lock file is left."""
    holder = hold(tmp_path, "sys.stdin.read()")
    assert holder.stdout
    holder.stdout.readline()
    with (
        pytest.raises(OutputError, match=rf"another run \(process {holder.pid}\) is writing to"),
        lock_folder(tmp_path),
    ):
        pass
    holder.communicate("", timeout=20)
    with lock_folder(tmp_path):
        assert read_lock(tmp_path).decode() == f"{os.getpid()}\n{socket.gethostname()}\n"
    assert list(tmp_path.iterdir()) == []
    assert read_lock(tmp_path) == b""


def test_holder_on_another_machine_is_named_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On storage that several machines share, the number of a process alone would not say where to look."""
    with lock_folder(tmp_path):
        monkeypatch.setattr(socket, "gethostname", lambda: "elsewhere")
        with pytest.raises(OutputError, match=rf"\(process {os.getpid()} on [^)]+\) is writing"), lock_folder(tmp_path):
            pass


def test_lock_of_a_killed_run_holds_nothing(tmp_path: Path) -> None:
    """After kill -9 the file is still there, with a number in it; the next run takes the folder all the same."""
    holder = hold(tmp_path, "sys.stdin.read()")
    assert holder.stdout
    holder.stdout.readline()
    holder.kill()
    holder.communicate()
    assert read_lock(tmp_path).startswith(f"{holder.pid}\n".encode())
    with lock_folder(tmp_path):
        pass


def test_fork_of_a_killed_run_holds_nothing(tmp_path: Path) -> None:
    """A worker that is a fork may outlive the run by an article; the next run does not wait for it."""
    in_fork = "(print('forked', flush=True), sys.stdin.read(), os._exit(0))"
    holder = hold(tmp_path, f"import os, signal; os.fork() or {in_fork}\n    signal.pause()")
    assert holder.stdout
    assert [holder.stdout.readline() for _ in range(2)] == ["held\n", "forked\n"]
    holder.kill()
    holder.wait()
    with lock_folder(tmp_path):  # the fork lives: it waits for its input
        pass
    holder.communicate("", timeout=20)


def test_lock_is_not_written_through_a_link(tmp_path: Path) -> None:
    """A link in place of the lock file is refused, and what it points at keeps its bytes."""
    other = tmp_path / "other"
    other.write_text("mine")
    (tmp_path / LOCK).symlink_to(other)
    with pytest.raises(OutputError, match="cannot write"), lock_folder(tmp_path):
        pass
    assert other.read_text() == "mine"
