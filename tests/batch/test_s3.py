"""Articles and outputs in S3: a real client against a server on this machine, where both are installed.

`make test-stores` installs them. The server keeps its objects in this process, and the program runs in others.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import pipeline

if not (find_spec("moto") and find_spec("s3fs") and find_spec("flask")):
    pytest.skip("moto[server] and s3fs are not installed", allow_module_level=True)

ROOT = Path(pipeline.__file__).parents[1]
PROGRAM = """
if __name__ == "__main__":
    from pipeline.cli import main
    main()
"""
RUN = ("batch", "s3://news/articles", "--to", "pt", "--jobs", "2", "--no-memory")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Run a server for as long as this module's tests do."""
    from moto.server import ThreadedMotoServer

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give a client, with a bucket of 24 articles; no two alike, one with an odd name."""
    import s3fs

    for name in [name for name in os.environ if name.startswith(("AWS_", "RAY_"))]:
        monkeypatch.delenv(name)
    known = {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "us-east-1"}
    for name, value in {**known, "ENDPOINT_URL": endpoint, "EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    client = s3fs.S3FileSystem(use_listings_cache=False, skip_instance_cache=True)
    client.mkdir("news")
    (tmp_path / "in").mkdir()
    for at in range(24):
        text = f"Market day {at}\n\nThe mayor of Varna will visit market number {at + 100} on Monday.\n"
        name = f"market{at}.txt" if at else "m [0]*?#&é.txt"
        (tmp_path / "in" / name).write_text(text, encoding="utf-8")
        client.pipe_file(f"news/articles/{name}", text.encode())
    yield client
    client.rm("news", recursive=True)


def start(work: Path, *args: str) -> "subprocess.Popen[str]":
    """Start the program in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *args], cwd=work, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def finish(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Wait for the program; give its exit code and what it said."""
    _, err = process.communicate(timeout=300)
    return process.returncode, err


def objects(client: Any, root: str = "news/out") -> dict[str, bytes]:
    """Return all objects below a key, but for the report, and for what announces a manifest (`Store.put`)."""
    names = [name for name in client.find(root) if not name.startswith(f"{root}/batch.") and ".tmp-" not in name]
    return {name.removeprefix(f"{root}/"): client.cat_file(name) for name in names}


def local(work: Path) -> dict[str, bytes]:
    """Return what a local run makes of the same articles."""
    assert finish(start(work, "batch", "in", *RUN[2:], "-o", "out"))[0] == 0
    found = (path for path in (work / "out").rglob("*") if path.is_file() and path.parent != work / "out")
    return {str(path.relative_to(work / "out")): path.read_bytes() for path in found}


def wait_for(client: Any, process: "subprocess.Popen[str]", articles: int) -> None:
    """Wait until so many articles are finished."""
    deadline = time.monotonic() + 200
    while len(finished(client)) < articles and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def finished(client: Any) -> dict[str, Any]:
    """Return when each article's manifest was put."""
    found: dict[str, dict[str, Any]] = client.find("news/out", detail=True)
    return {name: each["LastModified"] for name, each in found.items() if name.endswith("/manifest.json")}


def unchanged(err: str) -> int:
    """Return how many articles a run did not do again, of 24; the server may finish a request of who is gone."""
    found = re.search(r"24 articles: (\d+) localised, (\d+) unchanged, 0 failed", err)
    assert found, err
    assert int(found[1]) + int(found[2]) == 24
    return int(found[2])


def test_run_is_killed_and_resumed(bucket: Any, tmp_path: Path) -> None:
    """SIGKILL to all of it: what was finished is not done again, and the bytes are those of a local run."""
    process = start(tmp_path, *RUN, "-o", "s3://news/out")
    wait_for(bucket, process, 5)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = finished(bucket)
    assert 5 <= len(before) < 24
    code, err = finish(start(tmp_path, *RUN, "-o", "s3://news/out"))
    assert (code, unchanged(err) >= len(before)) == (0, True), err
    assert finished(bucket).items() >= before.items()
    assert objects(bucket) == local(tmp_path)
    assert not list((tmp_path / "cache/translate-article/stages").glob("*/*"))
    code, err = finish(start(tmp_path, *RUN, "-o", "s3://news/out"))
    assert (code, "0 localised, 24 unchanged" in err) == (0, True), err


def test_bucket_that_is_not_there_ends_the_run(bucket: Any, tmp_path: Path) -> None:
    """Told once; a bucket is never made."""
    code, err = finish(start(tmp_path, *RUN, "-o", "s3://none/out"))
    assert (code, err.count("error: "), "The specified bucket does not exist" in err) == (1, 1, True), err
    assert "none" not in bucket.ls("")


def test_server_that_is_not_there_is_told_in_one_line(
    bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any work."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    code, err = finish(start(tmp_path, *RUN, "-o", "out"))
    assert (code, err.startswith("error: cannot read s3://news/articles: "), err.count("\n")) == (1, True, 1), err


@pytest.mark.ray
def test_ray_resumes_with_the_same_bytes(bucket: Any, tmp_path: Path) -> None:
    """Two workers of a cluster of this machine, killed with all of it; then one is killed as soon as it is there."""
    if not find_spec("ray"):
        pytest.skip("Ray is not installed (make test-ray)")
    run = (*RUN, "-o", "s3://news/out", "--runner", "ray")
    process = start(tmp_path, *run)
    wait_for(bucket, process, 3)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = finished(bucket)
    process = start(tmp_path, *run)
    while not (stations := [pid for pid in below(process.pid) if is_station(pid)]):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    os.kill(stations[0], signal.SIGKILL)
    code, err = finish(process)
    assert (code, unchanged(err) >= len(before)) == (0, True), err
    assert finished(bucket).items() >= before.items()
    assert objects(bucket) == local(tmp_path)


def below(pid: int) -> list[int]:
    """Return all processes below one."""
    with contextlib.suppress(OSError):
        children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
        return [each for child in children for each in (child, *below(child))]
    return []


def is_station(pid: int) -> bool:
    """Whether a worker of a cluster lives there."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"ray::Station")
    return False
