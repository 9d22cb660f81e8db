"""Firefox models from a mirror, a folder or fxtranslate's cache: checked, whole or not at all, and used at once."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from marian_models import Recipe, save
from package_server import Mirror, serve

from pipeline.cli import run
from pipeline.engines.modelfiles import installed_models, read_pair
from pipeline.engines.modelindex import read_models
from pipeline.engines.modelinstall import content_size
from pipeline.engines.routes import Router

KINDS = {"model": "model", "vocab": "vocab", "lex": "lex", "srcvocab": "srcvocab", "trgvocab": "trgvocab"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep models in the test's folder alone."""
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("FIREFOX_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compress(data: bytes) -> bytes:
    """Write a zstd frame of raw blocks (RFC 8878, 3.1.1), with its content size of four bytes."""
    step = 100_000
    blocks = [data[at : at + step] for at in range(0, len(data), step)] or [b""]
    out = b"\x28\xb5\x2f\xfd" + bytes([0xA0]) + len(data).to_bytes(4, "little")
    for number, block in enumerate(blocks):
        out += ((len(block) << 3) | (number == len(blocks) - 1)).to_bytes(3, "little") + block
    return out


def make_mirror(folder: Path, pair: tuple[str, str] = ("en", "bg"), *, packed: bool = True, **facts: Any) -> Path:
    """Write a mirror: the files of a small model, and the list of them."""
    source = save(folder / "plain", Recipe(seed=int(facts.pop("seed", 2))))
    rows = []
    for path in sorted(source.iterdir()):
        data = compress(path.read_bytes()) if packed else path.read_bytes()
        (folder / "files").mkdir(exist_ok=True)
        (folder / "files" / f"{path.name}.zst").write_bytes(data)
        rows.append({
            "name": path.name, "fileType": path.name.partition(".")[0], "sourceLanguage": pair[0],
            "targetLanguage": pair[1], "version": "2.1", "architecture": "tiny",
            "decompressedHash": hashlib.sha256(path.read_bytes()).hexdigest(),
            "attachment": {"location": f"files/{path.name}.zst", "size": len(data), "hash": "0" * 64}, **facts,
        })  # fmt: skip
    shutil.rmtree(source)
    (folder / "records.json").write_text(json.dumps({"data": rows}), "utf-8")
    return folder


def change(mirror: Path, at: int = 0, **facts: Any) -> None:
    """Change a row of the list."""
    listed = json.loads((mirror / "records.json").read_text("utf-8"))
    listed["data"][at] |= facts
    (mirror / "records.json").write_text(json.dumps(listed), "utf-8")


def install(address: object, *more: str) -> int:
    """Install the model for English to Bulgarian."""
    return run(["engines", "install", "en", "bg", "--engine", "firefox", "--model-index", str(address), *more])


def left(home: Path) -> list[str]:
    """Return what lies in the folder of models."""
    return sorted(path.name for path in (home / "models").glob("*"))


@pytest.fixture
def served(home: Path) -> Iterator[str]:
    """Serve a mirror over HTTP and give its address."""
    mirror = make_mirror(home / "mirror")
    handler = partial(SimpleHTTPRequestHandler, directory=str(mirror))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_model_of_a_mirror_is_installed_and_used(served: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Fetched, unpacked, tried out; the route is there at once, and gone when it is removed."""
    assert not Router("firefox").has_route("en", "bg")
    assert install(served) == 0
    assert left(home) == ["en-bg"]
    router = Router("firefox")
    route = router.find_route("pt", "bg")
    assert route.text == "pt-en:firefox > en-bg:firefox"
    assert router.engine(route.hops[1]).translate(["ba du."])[0]
    assert "int8 en-bg" in router.engine(route.hops[1]).version
    capsys.readouterr()
    assert install(served) == 0
    assert "already there" in capsys.readouterr().out
    assert run(["engines", "available", "--engine", "firefox", "--model-index", served]) == 0
    assert "en-bg      2.1     tiny" in capsys.readouterr().out
    assert run(["engines", "list"]) == 0
    assert "3 Firefox models" in capsys.readouterr().out
    assert run(["engines", "remove", "en", "bg", "--engine", "firefox"]) == 0
    assert left(home) == []


CUT = 1_000  # bytes of a file that come before a connection breaks off


@pytest.fixture
def mirror(home: Path) -> Iterator[Mirror]:
    """Serve a mirror that cuts connections, miscounts, or whatever a test wants."""
    folder = make_mirror(home / "mirror")
    files = {f"/files/{path.name}": path.read_bytes() for path in (folder / "files").iterdir()}
    assert min(len(data) for data in files.values()) > CUT
    with serve(Mirror(index=(folder / "records.json").read_bytes(), files=files)) as running:
        yield running


def installed_files(home: Path) -> dict[str, bytes]:
    """Return the files of the model that is installed."""
    return {path.name: path.read_bytes() for path in (home / "models/en-bg").iterdir()}


def test_a_cut_download_goes_on_in_one_call(mirror: Mirror, home: Path) -> None:
    """A connection that breaks off is taken up again with a range, and the model is the one of the mirror."""
    mirror.cuts = [CUT, CUT]
    assert install(mirror.address) == 0
    assert [ranges for _, ranges in mirror.asked[1:4]] == ["", f"bytes={CUT}-", f"bytes={2 * CUT}-"]
    names = {Path(path).name.removesuffix(".zst"): data for path, data in mirror.files.items()}
    assert {name: compress(data) for name, data in installed_files(home).items()} == names


def test_a_cut_download_goes_on_in_the_next_call(
    mirror: Mirror, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is whole is not asked for again, of the other only the rest; the model from before works on."""
    assert install("", "--file", str(save(home / "plain", Recipe(seed=9)))) == 0
    before = installed_files(home)
    mirror.cuts = [10**9, CUT, 0]
    capsys.readouterr()
    assert install(mirror.address) == 1
    assert "the connection broke off; try again, it goes on where it stopped" in capsys.readouterr().err
    assert (left(home), installed_files(home)) == ([".en-bg", "en-bg"], before)
    (_, _), (first, _), (second, _), *_ = mirror.asked
    mirror.asked.clear()
    assert install(mirror.address) == 0
    assert mirror.asked[1] == (second, f"bytes={CUT}-")
    assert first not in [path for path, _ in mirror.asked]
    assert left(home) == ["en-bg"]
    assert set(installed_files(home)) == {Path(path).name.removesuffix(".zst") for path in mirror.files}


def other_file(mirror: Mirror) -> None:
    """Have other files at the same addresses."""
    mirror.validators = {"ETag": '"two"'}


def no_ranges(mirror: Mirror) -> None:
    """Know no ranges."""
    mirror.ranges = False


def wrong_range(mirror: Mirror) -> None:
    """Send another part than was asked for."""
    mirror.shift = 7


@pytest.mark.parametrize("become", [other_file, no_ranges, wrong_range])
def test_a_part_that_may_not_fit_is_fetched_again(mirror: Mirror, home: Path, become: Callable[[Mirror], None]) -> None:
    """Where the server has another file by now, knows no ranges or counts wrongly, the download starts anew."""
    mirror.cuts = [CUT, 0]
    assert install(mirror.address) == 1
    become(mirror)
    assert install(mirror.address) == 0
    assert left(home) == ["en-bg"]


@pytest.mark.parametrize("validators", [{}, {"ETag": 'W/"weak"'}])
def test_without_a_strong_validator_nothing_is_kept(mirror: Mirror, home: Path, validators: dict[str, str]) -> None:
    """Who cannot tell whether it is still the same file starts again."""
    mirror.validators = validators
    mirror.cuts = [CUT, 0]
    assert install(mirror.address) == 1
    assert left(home) == []
    assert install(mirror.address) == 0
    assert all(ranges == "" for _, ranges in mirror.asked)


def test_a_damaged_part_is_found_by_its_digest(mirror: Mirror, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What lay on the disk meanwhile is not trusted: nothing is installed, and the next call starts anew."""
    mirror.cuts = [CUT, 0]
    assert install(mirror.address) == 1
    (part,) = (path for path in (home / "models/.en-bg").iterdir() if path.suffix != ".json")
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    capsys.readouterr()
    assert install(mirror.address) == 1
    assert "not the file that the index tells of (digest); try again" in capsys.readouterr().err
    assert left(home) == []
    mirror.asked.clear()
    assert install(mirror.address) == 0
    assert all(ranges == "" for _, ranges in mirror.asked)


def test_a_wrong_file_ends_the_download_at_once(mirror: Mirror, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each file is held against its digest as it comes: nothing is fetched behind one that is wrong."""
    listed = json.loads(mirror.index)
    listed["data"][1]["decompressedHash"] = "a" * 64
    mirror.index = json.dumps(listed).encode()
    assert install(mirror.address) == 1
    err = capsys.readouterr().err
    assert "not the file that the index tells of (digest)" in err and len(err.splitlines()) == 1
    asked = [path for path, _ in mirror.asked]
    assert len(listed["data"]) > 2
    assert asked[-1].endswith(listed["data"][1]["attachment"]["location"]) and len(asked) == 3  # with the list
    assert left(home) == []


@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_is_a_mirror_too(home: Path, packed: bool) -> None:
    """With files that are compressed or not."""
    assert install(make_mirror(home / "mirror", packed=packed)) == 0
    assert left(home) == ["en-bg"]


def test_files_of_a_folder_are_installed(home: Path) -> None:
    """Without a list: they are tried out."""
    save(home / "plain", Recipe(split=True))
    assert install("", "--file", str(home / "plain")) == 0
    assert ("en", "bg") in installed_models()


BROKEN = [
    ({"decompressedHash": "a" * 64}, "not the file that the index tells of (digest)"),
    ({"attachment": {"location": "files/none", "size": 3, "hash": ""}}, "no such file"),
    ({"attachment": {"location": "records.json", "size": 3, "hash": ""}}, "bytes came, 3 were promised"),
    ({"name": "../evil.bin"}, "no model for en-bg"),
    ({"name": "/etc/evil"}, "no model for en-bg"),
    ({"version": "3.0a1"}, "no model for en-bg"),
    ({"sourceLanguage": 7}, "no model for en-bg"),
    ({"attachment": None}, "no model for en-bg"),
    ({"fileType": "lex"}, "no model for en-bg"),
]


@pytest.mark.parametrize(("facts", "message"), BROKEN, ids=[f"{facts}"[:40] for facts, _ in BROKEN])
def test_what_is_wrong_is_one_error_and_nothing_is_installed(
    home: Path, facts: dict[str, Any], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong digest, size, name or place; what was installed before works as before."""
    assert install(make_mirror(home / "first", seed=3)) == 0
    before = Router("firefox").engine(Router("firefox").find_route("en", "bg").hops[0])
    mirror = make_mirror(home / "mirror")
    change(mirror, 1, **facts)
    capsys.readouterr()
    assert install(mirror) != 0
    err = capsys.readouterr().err
    assert message in err
    assert len(err.splitlines()) == 1
    assert left(home) == ["en-bg"]
    assert not (home / "evil.bin").exists()
    after = Router("firefox")
    assert after.engine(after.find_route("en", "bg").hops[0]).version == before.version


def test_a_model_that_does_not_work_is_not_installed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files that are what the list says, but make no model."""
    mirror = make_mirror(home / "mirror", packed=False)
    data = b"no weights"
    (mirror / "files/model.xxyy.intgemm.alphas.bin.zst").write_bytes(data)
    place = {"location": "files/model.xxyy.intgemm.alphas.bin.zst", "size": len(data), "hash": ""}
    at = [row["fileType"] for row in json.loads((mirror / "records.json").read_text())["data"]].index("model")
    change(mirror, at, decompressedHash=hashlib.sha256(data).hexdigest(), attachment=place)
    assert install(mirror) == 1
    assert "the model does not work" in capsys.readouterr().err
    assert left(home) == []


@pytest.mark.parametrize("text", ["{}", "[]", "<html>", '{"data": 7}', "[" * 50_000])
def test_what_is_no_list_is_one_error(home: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever it is."""
    (home / "records.json").write_text(text, "utf-8")
    assert install(home) == 1
    assert "is no list of models; name another with --model-index" in capsys.readouterr().err


def test_a_bomb_is_not_unpacked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A frame that tells of more than may come."""
    assert [content_size(compress(bytes(size))) for size in (0, 300, 200_000)] == [0, 300, 200_000]
    mirror = make_mirror(home / "mirror")
    bomb = b"\x28\xb5\x2f\xfd" + bytes([0xA0]) + (2**32 - 1).to_bytes(4, "little") + bytes(20)
    (mirror / "files/bomb").write_bytes(bomb)
    change(mirror, 0, attachment={"location": "files/bomb", "size": len(bomb), "hash": ""})
    assert install(mirror) == 1
    assert "more than the" in capsys.readouterr().err
    assert left(home) == []


def test_the_newest_and_best_of_a_pair_is_taken(home: Path) -> None:
    """By version, then by architecture; older lists name the languages otherwise."""
    mirror = make_mirror(home / "mirror", ("en", "zh"))
    rows = json.loads((mirror / "records.json").read_text("utf-8"))["data"]
    newer = [row | {"version": "10.0", "architecture": name} for row in rows for name in ("base-memory", "tiny")]
    old = [row | {"fromLang": "bg", "toLang": "en"} for row in rows]
    for row in old:
        del row["sourceLanguage"], row["targetLanguage"]
    (mirror / "records.json").write_text(json.dumps({"data": [*newer, *rows, *old]}), "utf-8")
    models = {model.pair: model for model in read_models(str(mirror / "records.json"), 1)}
    best = models["en", "zh-Hans"]
    assert (best.version, best.architecture, len(best.files)) == ("10.0", "base-memory", 3)
    assert models["bg", "en"].version == "2.1"


def test_what_fxtranslate_fetched_is_used_but_never_in_place_of_ours(home: Path) -> None:
    """Its cache has a folder a pair."""
    save(home / "home/fxtranslate/models/en-mk", Recipe())
    save(home / "home/fxtranslate/models/en-pt", Recipe())
    save(home / "home/fxtranslate/models/en-xx", Recipe())
    models = installed_models()
    assert models["en", "mk"].parent == home / "home/fxtranslate/models"
    assert models["en", "pt"].name.startswith("enpt-")
    assert install("", "--file", str(home / "home/fxtranslate/models/en-mk")) == 0
    assert read_pair("en-xx") is None
    assert installed_models()["en", "bg"] == home / "models/en-bg"


def test_telling_the_version_builds_no_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """`engines` lists fifty models in a second or two."""
    monkeypatch.setattr("pipeline.engines.marian.decoding.Network.__init__", lambda *_: pytest.fail("a graph is built"))
    assert all(row.version for row in Router("firefox").available())
