"""A Ray cluster does the same job: the same bytes, whatever happens to a worker. Real ones, where Ray is installed."""

import contextlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import pipeline
from pipeline.batch import cluster, running
from pipeline.batch.locking import lock_folder, read_lock
from pipeline.batch.running import Worker, run_tasks
from pipeline.batch.station import Keeper, Order, RemoteMemory, Station, list_engines
from pipeline.batch.tasks import Result, Setup, Task
from pipeline.engines.routes import Router
from pipeline.errors import ClusterError, MemoryUnusable, UsageError
from pipeline.localise import Options
from pipeline.memory import Memory, Written, count
from pipeline.program import program_digest

needs_ray = pytest.mark.ray
ROOT = Path(pipeline.__file__).parents[1]
# A shell's background job ignores SIGINT, and hands that down.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
if __name__ == "__main__":
    from pipeline.cli import main
    main()
"""
RUN = ("batch", "in", "--to", "pt", "--jobs", "2")
RAY = ("--runner", "ray")
OPTIONS = Options(("pt",), source="en")


@pytest.fixture(autouse=True)
def skip_without_ray(request: pytest.FixtureRequest) -> None:
    """Leave out what is marked, where Ray is not installed."""
    if request.node.get_closest_marker("ray") and importlib.util.find_spec("ray") is None:
        pytest.skip("Ray is not installed (make test-ray)")


def make_articles(work: Path, number: int) -> None:
    """Write so many articles, no two alike, into `in`."""
    (work / "in").mkdir()
    for at in range(number):
        text = f"Market day {at}\n\nThe mayor of Varna will visit market number {at + 100} on Monday.\n"
        (work / f"in/market{at}.txt").write_text(text, encoding="utf-8")


def start(work: Path, *args: str) -> "subprocess.Popen[str]":
    """Start the program in a process group of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "TRANSLATE_ARTICLE_"))}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *args],
        cwd=work, env={**env, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


def finish(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Wait for the program; give its exit code and what it said."""
    _, err = process.communicate(timeout=300)
    return process.returncode, err


def files(folder: Path) -> dict[str, bytes]:
    """Return all files under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def wait_for(process: "subprocess.Popen[str]", folder: Path, articles: int) -> None:
    """Wait until so many articles are finished."""
    deadline = time.monotonic() + 200
    while len(list(folder.glob("*/manifest.json"))) < articles and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def stations(pid: int) -> list[int]:
    """Return the processes below `pid` in which a station lives."""
    found, todo = [], [pid]
    while todo:
        here = todo.pop()
        with contextlib.suppress(OSError):
            todo += map(int, Path(f"/proc/{here}/task/{here}/children").read_text("ascii").split())
            if Path(f"/proc/{here}/cmdline").read_bytes().startswith(b"ray::Station"):
                found.append(here)
    return found


@needs_ray
def test_ray_gives_the_bytes_and_the_memory_of_the_local_runner(tmp_path: Path) -> None:
    """Files and remembered answers are the same; a second run finds all done, starts no cluster; Ray is not heard."""
    made = {}
    for runner in ("local", "ray"):
        work = tmp_path / runner
        work.mkdir()
        make_articles(work, 8)
        code, err = finish(start(work, *RUN, "-o", "out", "--runner", runner))
        assert (code, err) == (0, "8 articles: 8 localised, 0 unchanged, 0 failed, 0 findings (see out/batch.txt)\n")
        memory = Memory(work / ".translate-article/memory.sqlite")
        made[runner] = (files(work / "out"), count(memory), sorted(memory.rows("SELECT key, target FROM machine")))
        memory.close()
    assert made["ray"] == made["local"]
    again = start(tmp_path / "ray", *RUN, *RAY, "-o", "out", "--ray-address", "127.0.0.1:1")
    assert "0 localised, 8 unchanged" in finish(again)[1]


@needs_ray
def test_killed_worker_costs_nothing(tmp_path: Path) -> None:
    """SIGKILL in the middle: another worker takes its place and its article; the bytes are those of a local run."""
    make_articles(tmp_path, 40)
    process = start(tmp_path, *RUN, *RAY, "-o", "out")
    wait_for(process, tmp_path / "out", 5)
    alive = stations(process.pid)
    os.kill(alive[0], signal.SIGKILL)
    code, err = finish(process)
    assert (code, "40 localised, 0 unchanged, 0 failed" in err) == (0, True), err
    assert finish(start(tmp_path, *RUN, "-o", "whole", "--no-memory"))[0] == 0
    assert files(tmp_path / "out") == files(tmp_path / "whole")


@needs_ray
def test_ctrl_c_finishes_the_articles_in_hand(tmp_path: Path) -> None:
    """Exit code 130, the last line says so, what is there is whole, and no process is left."""
    make_articles(tmp_path, 60)
    process = start(tmp_path, *RUN, *RAY, "-o", "out")
    wait_for(process, tmp_path / "out", 2)
    alive = stations(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    code, err = finish(process)
    assert (code, err.splitlines()[-1]) == (130, "error: interrupted"), err
    assert "Traceback" not in err
    done = [path.parent for path in (tmp_path / "out").glob("*/manifest.json")]
    assert 2 <= len(done) < 60
    assert all(len(list(folder.iterdir())) == 7 for folder in done)
    deadline = time.monotonic() + 20  # who adopted them buries them when it comes to it
    while (left := [pid for pid in alive if Path(f"/proc/{pid}").exists()]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left


@needs_ray
def test_cluster_that_is_there_is_used(tmp_path: Path) -> None:
    """`--ray-address` names it; afterwards it is still up. Its workers have another folder to work in."""
    make_articles(tmp_path, 4)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ray = Path(sys.executable).parent / "ray"
    env = {**os.environ, "RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": str(ROOT)}
    head = subprocess.Popen(
        [ray, "start", "--head", "--block", f"--port={port}", "--num-cpus=2", "--include-dashboard=false",
         "--object-store-memory=100000000", "--node-ip-address=127.0.0.1", "--disable-usage-stats"],
        env=env, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.2)
        for _ in range(2):
            code, err = finish(start(tmp_path, *RUN, *RAY, "-o", "out", "--redo", "--ray-address", f"127.0.0.1:{port}"))
            assert (code, "4 localised" in err) == (0, True), err
        assert head.poll() is None
    finally:
        os.killpg(head.pid, signal.SIGTERM)
        head.wait(60)


@needs_ray
@pytest.mark.parametrize(
    ("address", "code", "says"),
    [
        ("127.0.0.1:1", 1, "error: no Ray cluster at 127.0.0.1:1: "),
        ("nobody.invalid:6379", 1, "error: no Ray cluster at nobody.invalid:6379: "),
        ("somewhere", 2, "error: somewhere is no address of a cluster; write host:port, or auto"),
        ("ray://head:10001", 2, "error: ray://head:10001: a run cannot be started from outside of the cluster"),
    ],
)
def test_address_without_a_cluster_is_told_in_one_line(address: str, code: int, says: str, tmp_path: Path) -> None:
    """Before any work; nothing is written."""
    make_articles(tmp_path, 1)
    found, err = finish(start(tmp_path, *RUN, *RAY, "-o", "out", "--ray-address", address))
    assert (found, err.startswith(says), err.count("\n")) == (code, True, 1), err
    assert files(tmp_path / "out") == {}


def test_missing_ray_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named."""
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setattr(cluster, "_set", lambda _variables: None)
    with pytest.raises(UsageError, match=r"pip install 'translate-article\[ray\]'"):
        cluster.check_ray("")


# What stations and keepers do, without a cluster.


@pytest.fixture
def setup(tmp_path: Path) -> Iterator[Setup]:
    """Give a setup whose output folder is held."""
    make_articles(tmp_path, 1)
    (tmp_path / "out").mkdir()
    with lock_folder(tmp_path / "out"):
        yield Setup(OPTIONS, (), tmp_path / "out")


def order(setup: Setup, *, lock: bytes = b"", program: str = "", engines: Sequence[str] = ()) -> Order:
    """Return what the machine that starts a run has, some of it changed."""
    here = list_engines(Router())
    return Order(lock or read_lock(setup.output), program or program_digest(), tuple(engines) or here)


def result_of(setup: Setup, given: Order) -> Result:
    """Let a station make ready and localise the article."""
    station = Station()
    station.open(setup, given, None)
    path = setup.output.parent / "in/market0.txt"
    result = station.localise(Task(0, "market0.txt", path, "market0", ".txt"))
    station.close()
    return result


def test_machine_like_the_first_does_the_work(setup: Setup) -> None:
    """The same program, engines and folder: the article is written."""
    assert result_of(setup, order(setup)).folder == setup.output / "market0"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"lock": b"4711\nelsewhere\n"}, "does not see .*/out; put articles and output on storage"),
        ({"program": "other"}, "has another state of translate-article; install the same one"),
        ({"engines": ("en-pt:other 1",)}, "lacks en-pt:other 1 and has .*en-pt:firefox"),
    ],
)
def test_machine_unlike_the_first_says_so(changes: dict[str, object], says: str, setup: Setup) -> None:
    """Its first result is an error that concerns all, and nothing is written: its bytes would not be the same."""
    fault = result_of(setup, order(setup, **changes)).fault  # type: ignore[arg-type]
    assert fault
    assert fault.concerns_all
    with pytest.raises(ClusterError, match=says):
        raise fault.error or AssertionError
    assert not (setup.output / "market0").exists()


def test_worker_of_a_run_that_is_gone_writes_nothing(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once another run holds the output folder, what is still in hand is thrown away."""
    station = Station()
    station.open(setup, order(setup), None)
    monkeypatch.setattr("pipeline.batch.station.read_lock", lambda _folder: b"4711\nelsewhere\n")
    with pytest.raises(BrokenPipeError):
        station.localise(Task(0, "m", setup.output.parent / "in/market0.txt", "market0", ".txt"))
    station.close()
    assert not (setup.output / "market0").exists()


def test_memory_through_a_keeper_is_the_same_memory(tmp_path: Path) -> None:
    """What is written through it is read through it and by others; an error of the file comes back as one."""
    keeper = Keeper(tmp_path / "memory.sqlite")

    def ask(method: str, *args: object) -> object:
        answer = getattr(keeper, method)(*args)
        if isinstance(answer, MemoryUnusable):
            raise answer
        return answer

    far = RemoteMemory(tmp_path / "memory.sqlite", ask)
    hop = ("firefox", "1", "en", "pt")
    far.note(hop, {("Hello.",): ("Olá.", b"")})
    far.commit()
    near = Memory(tmp_path / "memory.sqlite")
    assert far.recall(hop, [("Hello.",)]) == near.recall(hop, [("Hello.",)]) == {("Hello.",): ("Olá.", b"")}
    near.close()
    (tmp_path / "none.sqlite").write_bytes(b"no database at all" * 100)
    broken = Keeper(tmp_path / "none.sqlite")
    assert isinstance(broken.write(Written()), MemoryUnusable)


class FakeWorker(Worker):
    """A worker that is ready from its second look on, or never, and knows one answer."""

    def __init__(self, *, dies: bool) -> None:
        self.is_ready = False
        self.dies = dies

    def send(self, task: Task) -> None:
        """Take it."""
        assert self.is_ready

    def receive(self) -> Result | None:
        """Answer."""
        assert self.task
        result, self.task = Result(self.task, Path("x")), None
        return result

    def finish(self) -> None:
        """End."""

    def kill(self) -> str:
        """End."""
        return ""


class FakeCrew:
    """A cluster with room for one worker, or whose workers die at their start."""

    def __init__(self, *, room: int, dies: bool = False) -> None:
        self.size = 3
        self.room = room
        self.dies = dies
        self.hired: list[FakeWorker] = []

    def hire(self) -> Worker:
        """Start one."""
        self.hired.append(FakeWorker(dies=self.dies))
        return self.hired[-1]

    def wait(self, pool: Sequence[Worker], seconds: float) -> list[Worker]:
        """Make those ready that have room."""
        if self.dies:
            return list(pool)
        for worker in self.hired[: self.room]:
            worker.is_ready = True
        return [worker for worker in pool if worker.task]


TASKS = [Task(number, str(number), Path("none"), "none", "") for number in range(5)]


def test_worker_without_a_place_gets_no_article() -> None:
    """A full cluster: the worker that runs does all, those that wait hold nothing back."""
    results = list(run_tasks(TASKS, FakeCrew(room=1), lambda: False))
    assert [result.task.number for result in results] == [0, 1, 2, 3, 4]
    assert all(result.folder for result in results)


@pytest.mark.parametrize(
    ("crew", "says"),
    [
        (FakeCrew(room=0, dies=True), "3 workers died at their start"),
        (FakeCrew(room=0), "no worker could start in 0 s"),
    ],
)
def test_crew_that_cannot_begin_ends_the_run(crew: FakeCrew, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told once, as what concerns every article."""
    if not crew.dies:
        monkeypatch.setattr(running, "PATIENCE_S", 0.0)
    (result,) = run_tasks(TASKS, crew, lambda: False)
    assert result.fault
    assert result.fault.concerns_all
    assert says in str(result.fault.error)
