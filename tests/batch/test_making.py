"""Articles made here or by workers: the same results; and which of them go together."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.batch import making
from pipeline.batch.bundling import put_together
from pipeline.batch.processes import ProcessCrew
from pipeline.batch.running import Worker
from pipeline.batch.tasks import Result, Setup, Task
from pipeline.engines.gathering import WINDOW_ARTICLES, WINDOW_BYTES
from pipeline.localise import Options

OPTIONS = Options(("pt",), source="en")


@pytest.fixture
def tasks(tmp_path: Path) -> list[Task]:
    """Make three short articles, one of them no text."""
    made = []
    for number, place in enumerate(("Lisbon", "Varna", "Madrid")):
        path = tmp_path / f"{place}.txt"
        path.write_text(f"The mayor visits {place}\n\nThe mayor will visit {place} on Monday.\n", "utf-8")
        made.append(Task(number, path.name, path, path.stem, path.suffix))
    made[1].path.write_bytes(b"\x7fELF\0\1")
    return made


def with_workers(monkeypatch: pytest.MonkeyPatch, number: int = 2) -> list[Worker]:
    """Have every run done by workers, and return those that it starts."""
    hired: list[Worker] = []
    hire = ProcessCrew.hire

    def note(crew: ProcessCrew) -> Worker:
        hired.append(hire(crew))
        return hired[-1]

    monkeypatch.setattr(making, "BYTES_A_WORKER", 1)
    monkeypatch.setattr(making, "count_workers", lambda articles: min(number, articles))
    monkeypatch.setattr(ProcessCrew, "hire", note)
    return hired


def make(tasks: list[Task], setup: Setup) -> list[Result]:
    """Make articles; return their results by number, without traces, which name lines."""
    results = sorted(making.make_articles(tasks, setup), key=lambda result: result.task.number)
    return [replace(one, fault=one.fault and replace(one.fault, error=None, trace="")) for one in results]


def files(folder: Path) -> dict[str, bytes]:
    """Return all files under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_workers_give_what_one_process_gives(tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same articles, files and bytes; a bad article fails in both ways alone."""
    output = tasks[0].path.parent / "out"
    here = make(tasks, Setup(OPTIONS, (), output, hands_back=True))
    written = files(output)
    hired = with_workers(monkeypatch)
    elsewhere = make(tasks, Setup(OPTIONS, (), output, hands_back=True))
    assert len(hired) == 2
    assert elsewhere == here
    assert files(output) == written
    assert [bool(result.parallel) for result in here] == [True, False, True]
    assert here[1].fault


def test_text_comes_back_where_nothing_is_written(tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of what no file holds: standard input."""
    given_text = Task(
        3, "standard input", Path("-"), "article", ".txt", data=b"The mayor will visit Varna on Monday.\n"
    )
    setup = Setup(OPTIONS, (), Path("nowhere"), writes=False)
    here = make([*tasks, given_text], setup)
    with_workers(monkeypatch)
    assert make([*tasks, given_text], setup) == here
    assert "Varna" in (here[3].text or "")
    assert not any(result.folder or result.written for result in here)
    assert not Path("nowhere").exists()


def test_little_work_is_done_here(tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker takes longer to start than three short articles take."""
    hired = with_workers(monkeypatch)
    monkeypatch.setattr(making, "BYTES_A_WORKER", 30_000)
    make(tasks, Setup(OPTIONS, (), tasks[0].path.parent / "out"))
    assert hired == []


def test_workers_are_made_before_a_progress_bar_begins(tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar has a thread, and only a process with one thread is forked; so they do not wait for the first result."""
    made: list[int] = []

    class Noted(ProcessCrew):
        def __init__(self, setup: Setup, size: int) -> None:
            made.append(size)
            super().__init__(setup, size)

    with_workers(monkeypatch)
    monkeypatch.setattr(making, "ProcessCrew", Noted)
    results = making.make_articles(tasks, Setup(OPTIONS, (), tasks[0].path.parent / "out"))
    assert made == [2]
    assert len(list(results)) == 3


@given(st.lists(st.integers(0, 100_000), max_size=200), st.integers(1, 16))
def test_bundles_hold_every_article_once_and_get_smaller(sizes: list[int], workers: int) -> None:
    """In order; none but a single large article is over the limit of a batch, or over half of a share of the rest."""
    tasks = [Task(at, "", Path(), "", "", data=bytes(size)) for at, size in enumerate(sizes)]
    bundles = list(put_together(tasks, workers))
    numbers = [one.number for bundle in bundles for one in (bundle, *bundle.beside)]
    assert numbers == list(range(len(tasks)))
    left, least = sum(sizes), min(6_000, sum(sizes) // (4 * workers))
    for bundle in bundles:
        inside = [sizes[one.number] for one in (bundle, *bundle.beside)]
        assert len(inside) <= WINDOW_ARTICLES
        assert len(inside) == 1 or sum(inside) <= min(WINDOW_BYTES, max(least, left // (2 * workers)))
        left -= sum(inside)
