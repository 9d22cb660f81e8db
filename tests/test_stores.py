"""Storage at addresses: what is asked of it, what is believed of its answers, in which order files are put."""

import importlib.util
import sys
from pathlib import Path

import pytest

pytest.importorskip("fsspec")

import fsspec
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from pipeline import stores
from pipeline.errors import StoreError, UsageError
from pipeline.stores import NEVER_NS, fetch, is_address, open_store, show_address


class Tried(MemoryFileSystem):
    """A store in memory, of a protocol of its own."""

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.removeprefix(f"{cls.protocol}://")))


class Listed(Tried):
    """A store whose listings say what a test has them say."""

    protocol = "listed"
    entries: tuple[dict[str, object], ...] = ()

    def ls(self, path: str, detail: bool = True, **_options: object) -> list[dict[str, object]]:
        """Say it."""
        return [{"size": 1, "type": "file", **each} for each in self.entries]

    def find(self, path: str, **_options: object) -> dict[str, dict[str, object]]:
        """Say it."""
        return {str(each["name"]): each for each in self.ls(path)}

    def info(self, path: str, **_options: object) -> dict[str, object]:
        """Be a folder."""
        return {"name": path, "type": "directory", "size": 0}


class Noted(Tried):
    """A store that notes what it is asked to do, and refuses what a test has it refuse."""

    protocol = "noted"
    store: dict[str, object] = {}  # noqa: RUF012
    pseudo_dirs: list[str] = [""]  # noqa: RUF012
    notes: list[tuple[str, str]] = []  # noqa: RUF012
    refuse: Exception | None = None

    def pipe_file(self, path: str, value: bytes, **_options: object) -> None:
        """Write."""
        if self.refuse:
            raise self.refuse
        self.notes.append(("put", path.rpartition("/")[2].partition("tmp-")[0]))
        super().pipe_file(path, value)

    def rm_file(self, path: str) -> None:
        """Remove."""
        self.notes.append(("remove", path.rpartition("/")[2].partition("tmp-")[0]))
        super().rm_file(path)


for kind in (Listed, Noted):
    fsspec.register_implementation(kind.protocol, kind, clobber=True)


def test_names_of_a_listing_are_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What leads out of the folder, is elsewhere, or can be no file, is not there."""
    names = ("a.txt", "..", "../b.txt", "x/../../c.txt", "d//e.txt", "./f.txt", "g\0.txt", "", "h/i.txt", "j?*[1].txt")
    entries = [{"name": f"/news/{name}"} for name in names] + [{"name": "/etc/passwd"}, {"name": "/news2/k.txt"}]
    entries.append({"name": "/news/folder", "type": "directory"})
    monkeypatch.setattr(Listed, "entries", entries)
    store = open_store("listed://news")
    assert list(store.list_tree()) == ["a.txt", "h/i.txt", "j?*[1].txt"]
    assert list(store.list_folder()) == ["a.txt", "j?*[1].txt"]
    assert list(store.list_folder("h")) == ["h/i.txt"]


@pytest.mark.parametrize(
    ("entry", "other", "changed_ns"),
    [
        ({"ETag": '"1"'}, {"ETag": '"2"'}, 0),
        ({"ETag": '"1"', "LastModified": "1"}, {"ETag": '"1"', "LastModified": "2"}, 0),
        ({"mtime": 2.5}, {"mtime": 3.5}, 2_500_000_000),
        ({"mtime": 2.5, "ino": 1}, {"mtime": 2.5, "ino": 2}, 2_500_000_000),
        ({"modify": "20260101"}, None, NEVER_NS),
    ],
)
def test_mark_tells_one_content_from_another(
    entry: dict[str, object], other: dict[str, object] | None, changed_ns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By digest, version and time; where there are times only, they tell nothing of what is written at this moment."""
    monkeypatch.setattr(Listed, "entries", [{"name": "/news/a", **entry}])
    found = open_store("listed://news").list_tree()["a"]
    assert found.changed_ns == changed_ns
    monkeypatch.setattr(Listed, "entries", [{"name": "/news/a", **(other or {})}])
    assert (open_store("listed://news").list_tree()["a"].mark != found.mark) == (other is not None)


def test_manifest_is_put_last_and_announced_first() -> None:
    """The announcement is under a name that exports/writing.py knows for unfinished; it goes at the end."""
    Noted.notes.clear()
    files = {"a/a.pt.txt": b"1", "a/a.tmx": b"2", "a/manifest.json": b"3"}
    open_store("noted://out").put(files, "a", [".a.tmx.tmp-1-1"])
    assert Noted.notes == [
        ("put", ".manifest.json."), ("put", "a.pt.txt"), ("put", "a.tmx"), ("put", "manifest.json"),
        ("remove", ".manifest.json."), ("remove", ".a.tmx."),
    ]  # fmt: skip
    assert list(open_store("noted://out").list_tree()) == list(files)


def test_file_is_never_half_there_where_folders_are_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written under a temporary name in the article's own folder; folders are made."""
    written: list[str] = []
    real = LocalFileSystem.pipe_file

    def pipe_file(self: LocalFileSystem, path: str, value: bytes, **options: object) -> None:
        written.append(str(Path(path).relative_to(tmp_path)).partition("tmp-")[0])
        real(self, path, value, **options)

    monkeypatch.setattr(LocalFileSystem, "pipe_file", pipe_file)
    for data in (b"1", b"2"):
        open_store(f"file://{tmp_path}").put({"pt/a.txt": data, "side/manifest.json": b"{}"}, "side")
    assert written == ["side/.manifest.json.", "side/.a.txt.", "side/.manifest.json."] * 2
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["a.txt", "manifest.json"]
    assert (tmp_path / "pt/a.txt").read_bytes() == b"2"


def test_copies_are_whole_or_not_there(tmp_path: Path) -> None:
    """Names are names, not patterns; what is missing is told by its copy."""
    store = open_store("noted://in")
    for name in ("a*.txt", "ab.txt"):
        store.put_alone(name, name.encode())
    failed = fetch({tmp_path / name: (store, store.at(name)) for name in ("a*.txt", "none.txt")})
    assert {path.name: type(error) for path, error in failed.items()} == {"none.txt": FileNotFoundError}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a*.txt": b"a*.txt"}


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(13, "Access\nDenied"), "cannot write noted://out/a: Access Denied; check the address"),
        (NotImplementedError(), "this kind of storage cannot do that"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_refusal_is_one_line(error: Exception, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the package raises."""
    monkeypatch.setattr(Noted, "refuse", error)
    with pytest.raises(StoreError) as told:
        open_store("noted://out").put_alone("a", b"")
    assert says in str(told.value)
    assert "\n" not in str(told.value)


def test_missing_fsspec_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named."""
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    stores._open.cache_clear()
    with pytest.raises(UsageError, match=r"pip install 'translate-article\[remote\]'"):
        open_store("file:///articles")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nobody://news", "nobody://news: Protocol not known: nobody"),
        ("gs://news", "gs://news needs a package more: please install gcsfs to access Google Storage"),
    ],
)
def test_missing_package_is_named(address: str, says: str) -> None:
    """One line, before any work."""
    if address.startswith("gs:") and importlib.util.find_spec("gcsfs"):
        pytest.skip("gcsfs is installed")
    with pytest.raises(UsageError) as told:
        open_store(address)
    assert says in str(told.value)


@pytest.mark.parametrize(
    ("named", "expected"),
    [("s3://a/b", True), ("S3://a", True), ("C:/a", False), ("a", False), ("://a", False), ("", False), (None, False)],
)
def test_address_is_told_from_a_path(named: str | None, expected: bool) -> None:
    """RFC 3986."""
    assert is_address(named) == expected


def test_password_is_not_shown() -> None:
    """Nor is the name before it; what looks like one in a path stays."""
    assert show_address("sftp://desk:se/cret@host/a") == "sftp://desk:se/cret@host/a"
    assert show_address("sftp://desk:secret@host/a@b") == "sftp://host/a@b"
