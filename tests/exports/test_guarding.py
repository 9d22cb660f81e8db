"""What a person wrote where an output goes stands, and what a run wrote does not stand in its own way."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import parallel_samples as samples
import pytest

from pipeline.errors import EditedOutput
from pipeline.exports import Guard, write_article

GUARD = Guard("--redo", lambda _digest: False)


def write(folder: Path, *langs: str, text: str = "text", guard: Guard | None = GUARD) -> list[Path]:
    """Write an article with these targets."""
    parallel = samples.make_parallel([], langs)
    return write_article(parallel, dict.fromkeys(("en", *langs), text), folder, guard=guard)


def read_files(folder: Path) -> dict[str, bytes]:
    """Return all files under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def pt(tmp_path: Path) -> Path:
    """Write an article, and return its Portuguese version."""
    return next(path for path in write(tmp_path, "pt") if path.name.endswith(".pt.txt"))


def test_what_a_run_wrote_is_written_over(tmp_path: Path, pt: Path) -> None:
    """Other words of the same article."""
    write(tmp_path, "pt", text="other")
    assert pt.read_text("utf-8") == "other"


def spoil(name: str, data: bytes) -> Callable[[Path], object]:
    """Return a change of one file of an article's folder."""
    return lambda folder: (folder / name).write_bytes(data)


def make_old(folder: Path) -> None:
    """Turn a manifest into one of another version."""
    record = json.loads((folder / "manifest.json").read_bytes())
    record["signature"]["gone"] = ""
    (folder / "manifest.json").write_text(json.dumps(record))


MINE = "é meu".encode()
# What happened before -> what is told of it.
HAPPENED: dict[str, tuple[list[Callable[[Path], object]], str]] = {
    "edited": ([spoil("maduro.pt.txt", MINE)], r"\.pt\.txt edited since it was written; undo that, .* with --redo"),
    "XLIFF edited": ([spoil("maduro.en-pt.xlf", MINE)], r"edited since .*; take the edits in with .*memory import"),
    "edited, of another version": ([make_old, spoil("maduro.pt.txt", MINE)], r"\.pt\.txt edited since"),
    "new language": ([spoil("maduro.es.txt", MINE)], r"\.es\.txt there before, of no run; move it away, .* --redo"),
    "manifest gone": (
        [spoil("maduro.pt.txt", MINE), lambda folder: (folder / "manifest.json").unlink()],
        r"\.pt\.txt.* there before, of no run",
    ),
    "manifest damaged": (
        [spoil("maduro.pt.txt", MINE), spoil("manifest.json", b"{")],
        r"\.pt\.txt.* there before, of no run",
    ),
    "two of them": (
        [spoil("maduro.pt.txt", MINE), spoil("maduro.tmx", MINE)],
        r"\.pt\.txt, .*\.tmx edited since it was written; undo that",
    ),
}


@pytest.mark.parametrize("case", HAPPENED)
def test_what_a_person_wrote_stands(case: str, tmp_path: Path, pt: Path) -> None:
    """One line, nothing is written, and the option writes over it."""
    acts, told = HAPPENED[case]
    for act in acts:
        act(pt.parent)
    before = read_files(tmp_path)
    with pytest.raises(EditedOutput, match=told):
        write(tmp_path, "pt", "es", text="other")
    assert read_files(tmp_path) == before
    write(tmp_path, "pt", "es", text="other", guard=None)
    assert pt.read_text("utf-8") == "other"


def test_what_loses_nothing_is_written_over(tmp_path: Path, pt: Path) -> None:
    """Files without their manifest that are those to be written, and edits that the memory took in."""
    undisturbed = read_files(tmp_path)
    (pt.parent / "manifest.json").unlink()
    write(tmp_path, "pt")
    assert read_files(tmp_path) == undisturbed
    xliff = pt.with_name(pt.name.replace(".pt.txt", ".en-pt.xlf"))
    xliff.write_bytes(MINE)
    imported = hashlib.sha256(MINE).hexdigest()
    write(tmp_path, "pt", guard=Guard("--redo", lambda digest: digest == imported))
    assert read_files(tmp_path) == undisturbed


def test_languages_one_after_the_other(tmp_path: Path, pt: Path) -> None:
    """What an earlier run wrote in a language that the next was not asked for is no person's, unless it is edited."""
    first = read_files(tmp_path)
    write(tmp_path, "es")
    record = json.loads((pt.parent / "manifest.json").read_bytes())
    assert set(record["earlier"]) == {pt.name, pt.name.replace(".pt.txt", ".en-pt.xlf")}
    write(tmp_path, "pt", text="other")
    write(tmp_path, "pt", "es")
    assert "earlier" not in json.loads((pt.parent / "manifest.json").read_bytes())
    write(tmp_path, "es")
    pt.write_bytes(MINE)
    write(tmp_path, "es", text="other")
    with pytest.raises(EditedOutput, match=r"pt\.txt there before"):
        write(tmp_path, "pt")
    assert pt.read_bytes() == MINE and set(first) <= set(read_files(tmp_path))
