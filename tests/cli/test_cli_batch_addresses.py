"""`batch` with articles and outputs at addresses: the bytes of a local run, and the same care for what is there.

file:// goes through fsspec as any other address does. Real S3 is in tests/batch/test_s3.py.
"""

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("fsspec")

from cli_calls import ARTICLE, Call
from fsspec.implementations.local import LocalFileSystem

from pipeline.batch import outputs
from pipeline.batch.running import Worker
from pipeline.batch.staging import Stage
from pipeline.batch.tasks import Result, Setup, Task
from pipeline.batch.worker import handle
from pipeline.cli import batch_job
from pipeline.errors import StoreError
from pipeline.glossary import Glossary
from pipeline.localise import Tools
from pipeline.stores import Store


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder `in` with two articles, an empty file, a hidden one and a folder, and work beside it."""
    (tmp_path / "in/inner").mkdir(parents=True)
    for name in ("harbour.en.txt", "market.txt", ".hidden.txt"):
        (tmp_path / "in" / name).write_text(ARTICLE.replace("Lisbon", name[:6].title()), encoding="utf-8")
    (tmp_path / "in/empty.txt").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    """Return all files under a folder, but for the report, which names the articles as the user did."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name not in ("batch.json", "batch.txt"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.parametrize("layout", ["folder", "suffix", "tree"])
def test_bytes_are_those_of_a_local_run(layout: str, call: Call, work: Path) -> None:
    """In each layout, articles and outputs at an address or one of both; the bad article is set aside."""
    options = ("--to", "pt", "--layout", layout, "--no-memory")
    assert call("batch", "in", *options, "-o", "local").code == 1
    for at, (source, output) in enumerate([("file://{}/in", "file://{}/out0"), ("in", "file://{}/out1"),
                                           ("file://{}/in", "out2")]):  # fmt: skip
        result = call("batch", source.format(work), *options, "-o", output.format(work))
        assert f"error: {source.format(work)}/empty.txt: the file is empty" in result.err
        assert "3 articles: 2 localised, 0 unchanged, 1 failed, 0 findings" in result.err
        assert files(work / f"out{at}") == files(work / "local")
        again = call("batch", source.format(work), *options, "-o", output.format(work))
        assert "3 articles: 0 localised, 2 unchanged, 1 failed" in again.err
    report = json.loads((work / "out0" / (".parallel" if layout != "folder" else "") / "batch.json").read_bytes())
    assert [row["path"] for row in report["articles"]][1] == f"file://{work}/in/harbour.en.txt"


def test_second_run_does_only_what_changed(call: Call, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of an article that nobody touched is even read, the third time at the latest."""
    run = ("batch", f"file://{work}/in", "--to", "pt", "-o", f"file://{work}/out")
    (work / "in/empty.txt").unlink()
    assert "2 localised, 0 unchanged" in call(*run).err
    assert "0 localised, 2 unchanged" in call(*run).err
    copied: list[str] = []
    real = Stage.fetch

    def fetch(self: Stage, wanted):  # type: ignore[no-untyped-def]
        copied.extend(task.name for task, _ in wanted)
        return real(self, wanted)

    monkeypatch.setattr(Stage, "fetch", fetch)
    assert "0 localised, 2 unchanged" in call(*run).err
    assert copied == []
    text = (work / "in/market.txt").read_text("utf-8")
    (work / "in/market.txt").write_text(text.replace("Monday", "Friday"), encoding="utf-8")
    dry = call(*run, "--dry-run")
    assert dry.out == (
        f"localise file://{work}/in/market.txt: the article changed (1 of 4 segments)\n"
        "  b4s1 pt: the source changed: 'The mayor will visit Market on Friday.'\n"
    )
    assert "1 localised, 1 unchanged" in call(*run).err
    assert copied == ["market", "market"]


@pytest.mark.parametrize("layout", ["folder", "tree"])
def test_what_a_person_wrote_stands(layout: str, call: Call, work: Path) -> None:
    """An edited output, and a file that was there before any run, are named by their address and left."""
    run = ("batch", f"file://{work}/in", "--to", "pt", "--layout", layout, "-o", f"file://{work}/out")
    (work / "in/empty.txt").unlink()
    place = {"folder": "{0}/{0}.pt.txt", "tree": "pt/{0}.txt"}[layout]
    strange, edited = (work / "out" / place.format(name) for name in ("harbour", "market"))
    strange.parent.mkdir(parents=True)
    strange.write_bytes(b"mine")
    first = call(*run)
    what = f"file://{work}/out/{place.format('harbour')}" if layout == "folder" else place.format("harbour")
    assert f"warning: file://{work}/in/harbour.en.txt: {what} there before, of no run; move it away" in first.err
    assert "1 localised, 0 unchanged, 1 left as edited" in first.err
    edited.write_bytes(b"mine too")
    second = call(*run)
    assert f"{place.format('market').removeprefix('market/')} edited since it was written; undo that" in second.err
    assert (strange.read_bytes(), edited.read_bytes()) == (b"mine", b"mine too")
    assert "2 localised" in call(*run, "--redo").err
    assert b"mine" not in edited.read_bytes() + strange.read_bytes()


class Here(Worker):
    """A worker in this process, so that a test reaches what it uses."""

    def __init__(self, setup: Setup) -> None:
        self.tools = Tools.open(Glossary(setup.glossary, setup.scope), setup.options)
        self.setup = setup

    def send(self, task: Task) -> None:
        """Do it."""
        self.result = handle(task, self.setup, self.tools, lambda: True)

    def receive(self) -> Result:
        """Give what came of it."""
        self.task = None
        return self.result

    def finish(self) -> None:
        """End the engines."""
        self.tools.close()

    def kill(self) -> str:
        """Do nothing."""
        return ""


class HereCrew:
    """One worker in this process."""

    size = 1

    def __init__(self, setup: Setup, _size: int) -> None:
        self.setup = setup

    def hire(self) -> Worker:
        """Give it."""
        return Here(self.setup)

    def wait(self, pool: Sequence[Worker], _seconds: float) -> list[Worker]:
        """Give those that are done."""
        return [worker for worker in pool if worker.task]

    def close(self) -> None:
        """Do nothing."""


class Cut(BaseException):
    """The power went."""


@pytest.mark.parametrize("cut", range(1, 9))
def test_article_that_was_cut_off_is_done_again(
    cut: int, call: Call, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After any number of files, in a first run and in one with other options: no file is taken for a person's.

    An article whose manifest is in place is not done again, though what announced it is still there.
    """
    (work / "in/empty.txt").unlink()
    (work / "in/harbour.en.txt").unlink()
    run = ("batch", f"file://{work}/in", "-o", f"file://{work}/out", "--no-memory")
    real = Store._put
    left = cut

    def put(self: Store, *args: str) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Cut
        real(self, *args)

    def cut_off(*_args: object) -> None:
        raise Cut

    monkeypatch.setattr(batch_job, "ProcessCrew", HereCrew)
    for options in (("--to", "pt"), ("--to", "pt", "--keep", "counter")):
        left = cut
        with monkeypatch.context() as patch, contextlib.suppress(Cut):
            patch.setattr(Store, "_put", put)
            patch.setattr(LocalFileSystem, "rm_file", cut_off)
            call(*run, *options)
        assert (work / "out/market/manifest.json").exists() == (cut == 8 or "--keep" in options)
        result = call(*run, *options)
        assert (result.code, "0 failed" in result.err) == (0, True), result.err
        assert ("1 localised" in result.err) == (cut < 8), result.err
        call("batch", "in", *options, "-o", "whole", "--no-memory")
        made = {name: data for name, data in files(work / "out").items() if "/.manifest.json.tmp-" not in name}
        assert made == files(work / "whole")


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (True, ["error: in/harbour.en.txt: cannot write", "1 localised, 0 unchanged, 1 failed"]),
        (False, ["error: in/harbour.en.txt: cannot write", "0 localised, 0 unchanged, 1 not begun, 1 failed"]),
    ],
)
def test_store_that_fails_costs_no_more_than_it_must(
    answers: bool, says: list[str], call: Call, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One article where the store still answers; else the run ends, told once. The next run does the rest."""
    (work / "in/empty.txt").unlink()
    real = Store._put

    def put(self: Store, name: str, *args: str) -> None:
        if name == "harbour/harbour.tmx":
            raise StoreError(f"cannot write {self.shown}/{name}: slow down; check the network")
        real(self, name, *args)

    monkeypatch.setattr(batch_job, "ProcessCrew", HereCrew)
    monkeypatch.setattr(batch_job, "put_together", lambda tasks, _workers: iter(tasks))
    run = ("batch", "in", "--to", "pt", "-o", f"file://{work}/out")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "_put", put)
        patch.setattr(Store, "answers", lambda _self: answers)
        result = call(*run)
    assert result.code == 1
    assert all(each in result.err for each in says), result.err
    assert result.err.count("error: ") == 1
    assert "0 failed" in call(*run).err
    call("batch", "in", "--to", "pt", "-o", "whole")
    assert files(work / "out") == files(work / "whole")


def test_articles_among_the_outputs_are_no_outputs(call: Call, work: Path) -> None:
    """In place, for a site generator: what runs wrote is no article, and no article is written over."""
    (work / "in/empty.txt").unlink()
    before = files(work / "in")
    run = ("batch", f"file://{work}/in", "--to", "pt", "-o", f"file://{work}/in", "--layout", "suffix")
    assert "2 articles: 2 localised" in call(*run).err
    assert files(work / "in").items() >= before.items()
    assert (work / "in/market.pt.txt").exists()
    assert "2 articles: 0 localised, 2 unchanged" in call(*run).err


def test_second_run_to_an_address_says_who_holds_it(call: Call, work: Path) -> None:
    """By its address; and it is free afterwards."""
    output = outputs.Output(f"file://{work}/out")
    run = ("batch", "in/market.txt", "--to", "pt", "-o", f"file://{work}/out/")
    with output.hold():
        result = call(*run)
        assert result.code == 1
        assert f") is writing to file://{work}/out; wait until it is done" in result.err
    assert call(*run).code == 0


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("file:///none/articles", "-o", "out"), 1, "error: file:///none/articles: no such file"),
        (("in/market.txt", "-o", "memory://out"), 2, "error: memory://out would be gone with each worker"),
        (("in/market.txt", "-o", "nobody://out"), 2, "error: nobody://out: Protocol not known: nobody"),
        (("in/market.txt", "-o", "out", "--memory", "s3://a/b"), 2, "error: s3://a/b is an address, which only"),
    ],
)
def test_address_that_cannot_do_is_told(args: tuple[str, ...], code: int, says: str, call: Call, work: Path) -> None:
    """In one line."""
    result = call("batch", *args, "--to", "pt")
    assert (result.code, says in result.err, result.err.count("error: ")) == (code, True, 1), result.err
