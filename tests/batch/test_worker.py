"""A worker goes on with the next article while the files of one are written."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.batch import worker
from pipeline.batch.tasks import Result, Setup, Task
from pipeline.exports import prepare_article
from pipeline.glossary import Glossary
from pipeline.localise import Options, Tools

PATIENCE_S = 20  # for what takes milliseconds, or would never come

Writes = Callable[[], list[Path]]


def handle(folder: Path, *, is_ours: Callable[[], bool] = lambda: True) -> list[Result]:
    """Localise and write three short articles together."""
    tasks = []
    for number, place in enumerate(("Lisbon", "Varna", "Madrid")):
        path = folder / f"{place}.txt"
        path.write_text(f"The mayor visits {place}\n\nThe mayor will visit {place} on Monday.\n", "utf-8")
        tasks.append(Task(number, path.name, path, path.stem, path.suffix))
    first = Task(0, tasks[0].label, tasks[0].path, tasks[0].name, tasks[0].suffix, beside=tuple(tasks[1:]))
    options = Options(("pt",), source="en")
    setup = Setup(options, (), folder / "out", overwrite_with="--overwrite")
    with Tools.open(Glossary.empty(), options) as tools:
        result = worker.handle(first, setup, tools, is_ours)
    return [result, *result.beside]


def test_next_article_is_made_while_one_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one's files are not waited for before those of the last are built."""
    last_is_built = threading.Event()
    in_time = []
    built = 0

    def prepare(*args: object, **options: object) -> Writes:
        nonlocal built
        write: Writes = prepare_article(*args, **options)  # type: ignore[arg-type]
        built += 1
        if built == 3:
            last_is_built.set()

        def wait_and_write() -> list[Path]:
            in_time.append(last_is_built.wait(PATIENCE_S))
            return write()

        return wait_and_write

    monkeypatch.setattr(worker, "prepare_article", prepare)
    results = handle(tmp_path)
    assert in_time == [True] * 3
    assert all(path.is_file() for result in results for path in result.written)
    assert [len(result.written) for result in results] == [7, 7, 7]


def test_article_that_cannot_be_written_fails_alone(tmp_path: Path) -> None:
    """What goes wrong in the thread that writes is told of that article, and costs no other."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out/Varna").write_text("a file is in the way", "utf-8")
    first, second, third = handle(tmp_path)
    assert second.fault
    assert "Varna" in str(second.fault.error)
    assert first.written
    assert third.written
    assert not first.fault
    assert not third.fault


def test_nothing_is_written_once_the_run_is_gone(tmp_path: Path) -> None:
    """An article that waits for its turn to be written looks again whether the folder is still ours."""
    asked = []

    def is_ours() -> bool:
        asked.append(threading.current_thread() is threading.main_thread())
        return asked[-1]  # gone by the time that the writing begins

    with pytest.raises(BrokenPipeError):
        handle(tmp_path, is_ours=is_ours)
    assert False in asked
    assert not list((tmp_path / "out").rglob("*.*"))
