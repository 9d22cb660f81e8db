"""Worker processes: all results, whatever happens to a worker."""

import os
import signal
import threading
import time
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest

from pipeline.batch import processes, running
from pipeline.batch.processes import ProcessCrew, ProcessWorker
from pipeline.batch.running import Worker, run_tasks
from pipeline.batch.tasks import Setup, Task
from pipeline.errors import DocumentError, EngineFailed
from pipeline.glossary.pofiles import PoFile
from pipeline.localise import Options

WAIT = ProcessCrew.wait


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Make a folder with three short English articles, and give it."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for number, place in enumerate(("Lisbon", "Varna", "Madrid")):
        text = f"The mayor visits {place}\n\nThe mayor will visit {place} on Monday with {number + 2} guests.\n"
        (folder / f"{place.lower()}.en.txt").write_text(text, "utf-8")
    return folder


def tasks_of(folder: Path) -> list[Task]:
    """Make a task of each file."""
    return [
        Task(number, path.name, path, path.stem, path.suffix) for number, path in enumerate(sorted(folder.iterdir()))
    ]


def setup(folder: Path) -> Setup:
    """Make a setup without a glossary."""
    return Setup(Options(("pt",), source="en"), (), folder.parent / "out")


def never() -> bool:
    """Say that the run goes on."""
    return False


def files(folder: Path) -> dict[str, bytes]:
    """Return all files under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_number_of_workers_changes_no_byte(articles: Path) -> None:
    """One worker or three, in whatever order they finish: the same files."""
    made = []
    for workers in (1, 3):
        results = list(run_tasks(tasks_of(articles), ProcessCrew(setup(articles), workers), never))
        assert sorted(result.task.number for result in results) == [0, 1, 2]
        assert all(result.folder and not result.fault for result in results)
        made.append(files(articles.parent / "out"))
        (articles.parent / "out").rename(articles.parent / f"out{workers}")
    assert made[0] == made[1]
    assert len(made[0]) == 3 * 7
    assert active_children() == []


def test_bad_article_is_a_result_like_any_other(articles: Path) -> None:
    """It comes back with its error, whole across the process boundary, and the others are done."""
    (articles / "bad.txt").write_bytes(b"\x7fELF\0\1")
    results = {r.task.label: r for r in run_tasks(tasks_of(articles), ProcessCrew(setup(articles), 2), never)}
    fault = results.pop("bad.txt").fault
    assert fault
    assert isinstance(fault.error, DocumentError)
    assert "no text file" in str(fault.error)
    assert "Traceback" in fault.trace
    assert all(result.folder for result in results.values())


def test_a_worker_that_dies_costs_nothing_the_first_time(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its article is tried again by a new worker; the second time it fails with the signal, and the others go on."""
    killed: list[str] = []
    begin = ProcessWorker.begin

    def begin_and_kill(worker: ProcessWorker, task: Task, tries: int) -> None:
        begin(worker, task, tries)
        if task.number == 1 and (tries == 1 or "always" in killed):
            killed.append(task.label)
            assert worker.pid
            os.kill(worker.pid, signal.SIGSEGV)

    monkeypatch.setattr(ProcessWorker, "begin", begin_and_kill)
    results = list(run_tasks(tasks_of(articles), ProcessCrew(setup(articles), 1), never))
    assert len(killed) == 1
    assert [bool(result.folder) for result in results] == [True, True, True]

    killed.append("always")
    results = list(run_tasks(tasks_of(articles), ProcessCrew(setup(articles), 1), never))
    faults = {result.task.number: result.fault for result in results}
    assert faults[0] is faults[2] is None
    fault = faults[1]
    assert fault
    assert isinstance(fault.error, EngineFailed)
    assert f"(signal {signal.SIGSEGV.value})" in str(fault.error)


def together(tasks: list[Task]) -> list[Task]:
    """Make one task of several."""
    return [replace(tasks[0], beside=tuple(tasks[1:]))]


def test_articles_that_go_together_come_out_as_if_alone(articles: Path) -> None:
    """A batch of three is three results and the same files; a bad article among them fails alone."""
    list(run_tasks(tasks_of(articles), ProcessCrew(setup(articles), 1), never))
    alone = files(articles.parent / "out")
    (articles.parent / "out").rename(articles.parent / "alone")
    (articles / "bad.txt").write_bytes(b"\x7fELF\0\1")
    results = list(run_tasks(together(tasks_of(articles)), ProcessCrew(setup(articles), 1), never))
    assert [(result.task.label, bool(result.fault)) for result in results] == [
        ("bad.txt", True), ("lisbon.en.txt", False), ("madrid.en.txt", False), ("varna.en.txt", False),
    ]  # fmt: skip
    assert not any(result.beside or result.task.beside for result in results)
    assert files(articles.parent / "out") == alone


def test_articles_that_cost_a_worker_its_life_together_are_tried_alone(
    articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that kills every worker fails, and takes none of those beside it along."""
    begin = ProcessWorker.begin

    def begin_and_kill(worker: ProcessWorker, task: Task, tries: int) -> None:
        begin(worker, task, tries)
        if any(one.number == 1 for one in (task, *task.beside)):
            assert worker.pid
            os.kill(worker.pid, signal.SIGSEGV)

    monkeypatch.setattr(ProcessWorker, "begin", begin_and_kill)
    results = list(run_tasks(together(tasks_of(articles)), ProcessCrew(setup(articles), 1), never))
    assert {result.task.number: bool(result.fault) for result in results} == {0: False, 1: True, 2: False}


def test_articles_that_hang_together_are_tried_alone(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is late with several loses none of them: each gets a time of its own."""
    hangs = property(lambda worker: worker.task is not None and bool(worker.task.beside))
    monkeypatch.setattr(running.Worker, "is_late", hangs)
    monkeypatch.setattr(ProcessCrew, "wait", lambda crew, pool, _: [w for w in WAIT(crew, pool, 0.1) if not w.is_late])
    results = list(run_tasks(together(tasks_of(articles)), ProcessCrew(setup(articles), 1), never))
    assert [(result.task.number, bool(result.folder)) for result in results] == [(0, True), (1, True), (2, True)]


def test_a_worker_that_hangs_is_ended(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past its time the article fails, and says after how long."""
    monkeypatch.setattr(running, "PATIENCE_S", 0.0)
    monkeypatch.setattr(running, "PATIENCE_S_PER_BYTE", 0.0)
    results = list(run_tasks(tasks_of(articles)[:1], ProcessCrew(setup(articles), 1), never))
    assert [str(result.fault.error)[:21] for result in results if result.fault] == ["gave no result in 0 s"]
    assert active_children() == []


def test_a_worker_that_is_ended_may_tidy_up(articles: Path) -> None:
    """It is told to end first, and ends by itself: what it has half-written, it takes back."""
    worker = ProcessCrew(setup(articles), 1).hire()
    assert isinstance(worker, ProcessWorker)
    worker.begin(tasks_of(articles)[0], 1)
    while not worker.pipe.poll(0.01):  # it works
        pass
    assert worker.kill() == f" (exit code {128 + signal.SIGTERM})"


def test_stopping_finishes_what_is_in_hand(articles: Path) -> None:
    """Once asked to stop, no further article is begun; the one in hand is done and reported."""
    asked = iter([False])
    results = list(run_tasks(tasks_of(articles), ProcessCrew(setup(articles), 1), lambda: next(asked, True)))
    assert len(results) == 1
    assert results[0].folder


def test_workers_end_with_the_one_who_feeds_them(articles: Path) -> None:
    """A closed generator leaves no process behind."""
    results = run_tasks(tasks_of(articles), ProcessCrew(setup(articles), 2), never)
    next(results)
    results.close()  # type: ignore[attr-defined]
    deadline = time.monotonic() + 10
    while active_children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert active_children() == []


def never_reads(_pipe: object, _parent: int) -> None:
    """A worker that takes nothing out of its pipe."""
    signal.pause()


def test_hiring_does_not_wait_for_the_one_that_was_hired(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen workers would start one behind the other: the glossaries are more than a pipe holds."""
    monkeypatch.setattr(processes, "work", never_reads)
    glossary = PoFile("a.po", "en/pt.po", ("en", "pt"), 0, b"#" * 4_000_000)
    crew = ProcessCrew(replace(setup(articles), glossary=(glossary,)), 2)
    hired: list[Worker] = []
    thread = threading.Thread(target=lambda: hired.extend(crew.hire() for _ in range(2)), daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    for worker in hired:
        worker.begin(tasks_of(articles)[0], 1)
        worker.kill()
    assert not active_children()
