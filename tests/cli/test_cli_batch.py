"""What `batch` does with a folder: once, again, interrupted, killed, and beside another run."""

import contextlib
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli_calls import ARTICLE, Call

import pipeline
from pipeline.batch import outputs, reporting
from pipeline.batch.locking import lock_folder
from pipeline.batch.processes import ProcessCrew
from pipeline.batch.tasks import Setup
from pipeline.cli import batch_job
from pipeline.errors import OutputError
from pipeline.memory import Memory

# A shell's background job ignores SIGINT, and hands that down. A limit on a file's size stands in for a full disk.
PROGRAM = """
import os, resource, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
limit = int(os.environ["LIMIT"] or 0)
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
if __name__ == "__main__":
    from pipeline.cli import main
    main()
"""
ROOT = Path(pipeline.__file__).parents[1]
RUN = ("batch", "in", "--to", "pt", "-o", "out")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder `in` with two articles, an empty file, a hidden one and a folder, and work beside it."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("harbour.en.txt", "market.txt", ".hidden.txt"):
        (folder / name).write_text(ARTICLE.replace("Lisbon", name[:6].title()), encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / "inner").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    """Return all files under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def times(folder: Path) -> dict[str, int]:
    """Return when each manifest under a folder was written."""
    return {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("*/manifest.json")}


def test_folder_is_localised_and_a_bad_article_set_aside(call: Call, work: Path) -> None:
    """The files are those of `translate`; the bad one stands in the report with its reason; nothing else is left."""
    result = call(*RUN)
    assert (result.code, result.out) == (1, "")
    assert "error: in/empty.txt: the file is empty" in result.err
    assert "3 articles: 2 localised, 0 unchanged, 1 failed, 0 findings (see out/batch.txt)" in result.err
    assert "harbour" not in result.err
    assert sorted(path.name for path in (work / "out").iterdir()) == ["batch.json", "batch.txt", "harbour", "market"]
    report = json.loads((work / "out/batch.json").read_text("utf-8"))
    assert [(row["path"], row["status"]) for row in report["articles"]] == [
        ("in/empty.txt", "failed"), ("in/harbour.en.txt", "done"), ("in/market.txt", "done"),
    ]  # fmt: skip
    assert report["articles"][0]["reason"].startswith("the file is empty")
    call("in/harbour.en.txt", "in/market.txt", "--to", "pt", "-o", "single", "-q")
    assert files(work / "single").items() <= files(work / "out").items()


def test_second_run_does_only_what_changed(call: Call, work: Path) -> None:
    """Unchanged articles keep their files; the bad one, once corrected, and the edited one are done."""
    (work / "in/empty.txt").unlink()
    assert call(*RUN).code == 0
    before = times(work / "out")
    result = call(*RUN, "-v")
    assert result.code == 0
    assert "2 articles: 0 localised, 2 unchanged, 0 failed" in result.err
    assert "in/market.txt: skipped, 0 findings in out/market" in result.err
    assert times(work / "out") == before
    text = (work / "in/market.txt").read_text("utf-8")
    (work / "in/market.txt").write_text(text.replace("Monday", "Friday"), encoding="utf-8")
    dry = call(*RUN, "--dry-run")
    assert dry.out == (
        "localise in/market.txt: the article changed (1 of 4 segments)\n"
        "  b4s1 pt: the source changed: 'The mayor will visit Market on Friday.'\n"
    )
    assert "1 of 2 articles would be localised, 1 of 8 segments done again" in dry.err
    assert times(work / "out") == before
    assert "1 localised, 1 unchanged" in call(*RUN).err
    assert [name for name, at in times(work / "out").items() if at != before[name]] == ["market"]


def test_json_tells_what_this_run_did(call: Call, work: Path) -> None:
    """The report is about the articles; what was done now stands on standard output, one document."""
    call(*RUN, "-q")
    document = call(*RUN, "--json", "-q").document
    assert [(row["status"], row["action"]) for row in document["articles"]] == [
        ("failed", "failed"), ("done", "skipped"), ("done", "skipped"),
    ]  # fmt: skip
    assert document["totals"]["done"] == 2
    dry = call(*RUN, "--json", "-q", "--dry-run", "--keep", "counter").document
    assert dry["articles"][1]["action"] == "localise"
    assert dry["articles"][1]["reasons"] == ["option keep changed from  to counter"]
    assert (dry["segments"], dry["articles"][1]["redone"]) == ({"total": 8, "redone": 0}, [])
    more = call(*RUN[:2], "--to", "pt,pt-BR", "-o", "out", "--json", "-q", "--dry-run").document
    assert (more["segments"], more["articles"][0]["action"]) == ({"total": 8, "redone": 8}, "fail")
    assert more["articles"][0]["reasons"] == ["the file is empty: there is nothing to translate"]
    assert more["articles"][2]["segments"] == {"total": 4, "redone": 4}
    assert more["articles"][2]["redone"][0] == {
        "segment": "b1s1", "source": "Link to main version", "langs": ["pt-BR"], "reason": "the language is new",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("batch", "in", "--to", "pt"), 2, "no output folder given; name it with -o"),
        (("batch", "in", "-o", "out"), 2, "no target language given"),
        (("batch", "-", "--to", "pt", "-o", "out"), 2, "not standard input"),
        (("batch", "--to", "pt", "-o", "out"), 2, "no FILE given"),
        ((*RUN, "-q", "-v"), 2, "contradict"),
        ((*RUN, "--jobs", "0"), 2, "--jobs"),
        (("batch", "none", "--to", "pt", "-o", "out"), 1, "error: none: no such file"),
        (("batch", "in/inner", "--to", "pt", "-o", "out"), 1, "in/inner: not a regular file but a folder"),
        (("batch", "in/harbour.en.txt", "--to", "ja", "-o", "out"), 4, "no route from English to Japanese"),
        (("batch", "in", "--to", "pt", "-o", "in/market.txt"), 1, "is not a folder"),
    ],
)
def test_wrong_use_is_told_in_one_line(args: tuple[str, ...], code: int, says: str, call: Call, work: Path) -> None:
    """Exit codes are those of `translate`."""
    result = call(*args)
    assert (result.code, says in result.err) == (code, True), result.err
    assert "Traceback" not in result.err


def test_two_articles_for_one_folder_cost_only_the_second(call: Call, work: Path) -> None:
    """The first has the place, the second is set aside with what to do, the others go on."""
    (work / "in/market.text").write_text(ARTICLE, encoding="utf-8")
    result = call(*RUN)
    assert "in/market.txt: would be written to out/market, as in/market.text is; rename one" in result.err
    assert {"harbour", "market"} <= {path.name for path in (work / "out").iterdir()}


def test_format_and_address_are_those_of_translate(call: Call, work: Path) -> None:
    """`--format` holds whatever the files are called, `--base-url` for their links; without them all is done again."""
    for name in ("harbour.en.txt", "market.txt", "empty.txt"):
        (work / "in" / name).write_text(
            "<html lang='en'><body><p>The mayor will visit Lisbon.</p></body></html>", "utf-8"
        )
    args = ("in", "--to", "pt", "--format", "html", "--base-url", "https://example.org/n", "-q", "-o")
    assert call("batch", *args, "out").code == 0
    page = (work / "out/market/market.pt.html").read_text("utf-8")
    assert "<p>O " in page
    call("in/market.txt", *args[1:], "single")
    assert page == (work / "single/market/market.pt.html").read_text("utf-8")
    dry = call("batch", *args, "out", "--dry-run")
    assert dry.out == ""
    other = call("batch", *args[:5], "--base-url", "https://example.org/m", "-o", "out", "--dry-run")
    assert "localise in/market.txt: option base_url changed from https://example.org/n" in other.out


def test_strict_exits_3_on_a_finding_of_an_earlier_run_too(call: Call, work: Path) -> None:
    """Whether the article was done now or before does not matter to --strict."""
    (work / "unknown.txt").write_text("The show is called “Вратени дома” and opens on Monday.\n", encoding="utf-8")
    run = ("batch", "unknown.txt", "--to", "pt", "-o", "out")
    assert [call(*run).code, call(*run, "--strict").code] == [0, 3]


def test_edited_files_are_left_alone(call: Call, work: Path) -> None:
    """A warning, a line in the report, and the person's words still there; --redo writes them again."""
    call(*RUN)
    edited = work / "out/market/market.pt.txt"
    edited.write_text("mine", encoding="utf-8")
    (work / "in/market.txt").write_text(ARTICLE.replace("Monday", "Friday"), encoding="utf-8")
    result = call(*RUN)
    assert "warning: in/market.txt: market.pt.txt edited since it was written" in result.err
    assert "1 left as edited" in result.err
    assert edited.read_text(encoding="utf-8") == "mine"
    assert '"status": "left"' in (work / "out/batch.json").read_text("utf-8")
    call(*RUN, "--redo")
    assert "sexta" in edited.read_text(encoding="utf-8")


def test_input_in_the_output_folder_is_never_overwritten(call: Call, work: Path) -> None:
    """An input that stands where an output would go is refused, and keeps its bytes."""
    target = work / "out/market/market.pt.txt"
    target.parent.mkdir(parents=True)
    target.write_text("mine", encoding="utf-8")
    result = call("batch", "in/market.txt", str(target), "--to", "pt", "-o", "out", "--from", "en")
    assert "is the input" in result.err
    assert target.read_text(encoding="utf-8") == "mine"


def test_second_run_on_the_folder_says_so(call: Call, work: Path) -> None:
    """And touches nothing."""
    (work / "out").mkdir()
    with lock_folder(work / "out"):
        result = call(*RUN)
        assert f"error: another run (process {os.getpid()}) is writing to out; wait" in result.err
        assert result.code == 1
        assert not (work / "out/market").exists()


def start(work: Path, *args: str, limit: int | None = None) -> subprocess.Popen[str]:
    """Start the program in a process group of its own. A `limit` is the size in bytes that no file may exceed."""

    env = {**os.environ, "PYTHONPATH": str(ROOT), "LIMIT": str(limit or "")}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *args],
        cwd=work, env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def wait_for(process: subprocess.Popen[str], folder: Path, articles: int) -> None:
    """Wait until so many articles are finished."""
    deadline = time.monotonic() + 120
    while len(times(folder)) < articles and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def many(folder: Path, number: int) -> None:
    """Write so many articles, no two alike."""
    folder.mkdir()
    for at in range(number):
        text = f"Market day {at}\n\nThe mayor of Varna will visit market number {at + 100} on Monday.\n"
        (folder / f"market{at}.txt").write_text(text, encoding="utf-8")


def test_ctrl_c_finishes_the_articles_in_hand(work: Path) -> None:
    """Exit code 130; what is there is whole; the report says what is waiting; the next run does the rest."""
    many(work / "many", 30)
    process = start(work, "batch", "many", "--to", "pt", "-o", "out", "--jobs", "1")
    wait_for(process, work / "out", 2)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[0].startswith("finishing the articles in hand")
    assert err.splitlines()[-1] == "error: interrupted"
    assert "Traceback" not in err
    done = times(work / "out")
    assert 2 <= len(done) < 30
    assert all(len(list((work / "out" / name).iterdir())) == 7 for name in done)
    totals = json.loads((work / "out/batch.json").read_text("utf-8"))["totals"]
    assert (totals["done"], totals["waiting"]) == (len(done), 30 - len(done))
    again = start(work, "batch", "many", "--to", "pt", "-o", "out")
    assert again.communicate(timeout=120)
    assert len(times(work / "out")) == 30
    assert {name: times(work / "out")[name] for name in done} == done


def test_killed_at_three_moments_and_resumed_gives_the_same_bytes(work: Path) -> None:
    """SIGKILL at random: finished articles are not done again, and the end is that of an undisturbed run."""
    many(work / "many", 60)
    run = ("batch", "many", "--to", "pt", "--jobs", "2", "-o")
    moments = sorted(random.Random(6).sample(range(1, 55), 3))
    for moment in moments:
        process = start(work, *run, "out")
        before = times(work / "out")
        wait_for(process, work / "out", moment)
        process.kill()  # the workers see it by themselves
        process.communicate(timeout=60)
        after = times(work / "out")
        assert {name: after[name] for name in before} == before
        assert len(after) < 60
    undisturbed = start(work, *run, "whole")
    resumed = start(work, *run, "out")
    assert [undisturbed.wait(120), resumed.wait(120)] == [0, 0]
    assert files(work / "out") == files(work / "whole")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--no-memory"], r"cannot write out/.*: file too large; make room"),
        ([], r"the translation memory .* cannot be used: .*; make room, or go on without a memory"),
    ],
)
def test_full_disk_is_one_clear_error(args: list[str], says: str, work: Path) -> None:
    """The run stops at the first article that finds no room; what is there is whole."""
    many(work / "many", 20)
    process = start(work, "batch", "many", "--to", "pt", "-o", "out", "--jobs", "2", *args, limit=1500)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 1
    errors = [line for line in err.splitlines() if line.startswith("error:")]
    assert len(errors) == 1, err
    assert re.search(says, errors[0])
    assert not any(path.is_file() for path in (work / "out").rglob("*"))


def test_no_memory_is_open_where_workers_are_made(call: Call, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork must not bear an open SQLite file; what the run planned with is closed by then."""
    opened: list[Memory] = []
    were_open: list[bool] = []

    class Noted(Memory):
        def __init__(self, path: Path) -> None:
            super().__init__(path)
            opened.append(self)

    def is_open(memory: Memory) -> bool:
        with contextlib.suppress(sqlite3.ProgrammingError):
            return bool(memory.db.execute("SELECT 1").fetchone())
        return False

    def make(setup: Setup, size: int) -> ProcessCrew:
        were_open.extend(map(is_open, opened))
        return ProcessCrew(setup, size)

    monkeypatch.setattr(batch_job, "Memory", Noted)
    monkeypatch.setattr(batch_job, "ProcessCrew", make)
    many(work / "many", 2)
    assert call("batch", "many", "--to", "pt", "-o", "out").code == 0
    assert were_open == [False]


def test_report_that_cannot_be_written_is_told(call: Call, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The articles are there, the report is not: an error, in one line."""

    def fail(*_: object, **__: object) -> None:
        raise OutputError("cannot write out/batch.json: no space left on device; make room")

    monkeypatch.setattr(outputs, "write_report", fail)
    assert reporting.write_report
    result = call(*RUN)
    assert result.code == 1
    assert "error: cannot write out/batch.json: no space left on device; make room" in result.err
