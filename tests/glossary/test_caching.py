"""What a PO file says is kept from run to run, and no state of the cache changes what a glossary says."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from glossary_samples import CASES, HEADER, entry

from pipeline import keeping
from pipeline.errors import GlossaryError
from pipeline.glossary import caching
from pipeline.glossary.caching import KIND, read_content
from pipeline.glossary.parsing import Content, parse_file
from pipeline.glossary.pofiles import PoFile
from pipeline.keeping import kept_path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a cache of its own, which small files go into too."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(caching, "WORTH_BYTES", 0)
    return tmp_path


def po_file(data: bytes, label: str = "team/en/pt.po") -> PoFile:
    """Return a file of a pair."""
    return PoFile(f"/somewhere/{label}", label, ("en", "pt"), 0, data)


FULL = po_file((CASES / "full/en/pt.po").read_bytes())  # every kind of entry


def write_file(*lines: str) -> PoFile:
    """Return a file of these lines."""
    return po_file((HEADER + "\n".join(lines)).encode())


def no_parser(_file: PoFile) -> Content:
    """Stand in for the parser where it must not be asked."""
    raise AssertionError("parsed again")


def kept() -> list[Path]:
    """Return what is in the cache."""
    path = kept_path(KIND, "any")
    return sorted(path.parent.iterdir()) if path and path.parent.is_dir() else []


def test_second_reading_is_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache gives all that the parser gives: every field, the retired and the outdated entries."""
    first = read_content(FULL)
    monkeypatch.setattr(caching, "parse_file", no_parser)
    assert read_content(FULL) == first == parse_file(FULL)
    assert first.retired and first.outdated


def test_same_bytes_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The path and the pair are those of the file that is read, not of the one that was kept."""
    read_content(FULL)
    other = PoFile("en/es.po", "desk/en/es.po", ("en", "es"), 1, FULL.data)
    expected = parse_file(other)
    monkeypatch.setattr(caching, "parse_file", no_parser)
    assert read_content(other) == expected


@pytest.mark.parametrize("attribute", ["program_digest", "data"])
def test_another_program_or_file_is_read_anew(attribute: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another state of the program or other bytes left is not used."""
    read_content(FULL)
    if attribute == "program_digest":
        monkeypatch.setattr(caching, "program_digest", lambda: "other")
        monkeypatch.setattr(caching, "_reader", caching._reader.__wrapped__)
        read_content(FULL)
    else:
        changed = po_file(FULL.data.replace(b"primeiro-ministro", b"premier"))
        assert "premier" in {item.target for item in read_content(changed).entries}
    assert len(kept()) == 2


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda data: data[:-40],
    "changed": lambda data: data.replace(b"primeiro-ministro", b"primeira-ministra"),
    "not text": lambda data: data[:65] + bytes(range(256)),
    "something else": lambda _: b"[]\n[]",
}


@pytest.mark.parametrize("harm", DAMAGE.values(), ids=DAMAGE)
def test_damaged_cache_is_mended(harm: Callable[[bytes], bytes]) -> None:
    """A file that is not as it was written is as if it were not there, and is written again."""
    read_content(FULL)
    (path,) = kept()
    whole = path.read_bytes()
    path.write_bytes(harm(whole))
    assert read_content(FULL) == parse_file(FULL)
    assert path.read_bytes() == whole


def test_unusable_folder_costs_nothing_but_time(home: Path) -> None:
    """Where the cache cannot be, the files are parsed, and nobody is bothered."""
    (home / "cache").write_text("a file where the folder should be")
    assert read_content(FULL) == parse_file(FULL)


def test_full_disk_leaves_nothing_half_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be put in its place is taken away."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    assert read_content(FULL) == parse_file(FULL)
    assert kept() == []


def test_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without a home has no cache."""

    def fail() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # by the XDG specification such a path is to be ignored
    monkeypatch.setattr(Path, "home", fail)
    assert read_content(FULL) == parse_file(FULL)


def test_damaged_glossary_is_refused_each_time() -> None:
    """An error is not kept, and says the line each time."""
    twice = write_file(*entry("deal", "acordo"), *entry("deal", "pacto"))
    for _ in range(2):
        with pytest.raises(GlossaryError, match="stands twice"):
            read_content(twice)
    assert kept() == []


def test_small_files_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is parsed in no time does not fill the folder."""
    monkeypatch.setattr(caching, "WORTH_BYTES", len(FULL.data) + 1)
    read_content(FULL)
    assert kept() == []


def test_what_was_not_used_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its size the cache loses what was used longest ago."""
    files = [write_file(*entry(f"deal{at}", "acordo")) for at in range(3)]
    for at, file in enumerate(files[:2]):
        read_content(file)
        for path in set(kept()):
            os.utime(path, (path.stat().st_atime, at))
    first_used_again = files[0]
    read_content(first_used_again)
    monkeypatch.setattr(keeping, "MAX_BYTES", 2 * max(path.stat().st_size for path in kept()) + 10)
    read_content(files[2])
    left = len(kept())
    monkeypatch.setattr(caching, "parse_file", no_parser)
    read_content(first_used_again)
    read_content(files[2])
    assert left == 2
