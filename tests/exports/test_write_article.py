"""All files of an article together: names, order, digests, names that could lead astray."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import parallel_samples as samples
import pytest

from pipeline.errors import OutputError
from pipeline.exports import ON_DEMAND, Inputs, build_files, output_stem, write_article
from pipeline.naming import EXTRA_EXPORTS

NAMES = [
    "maduro.en.txt",
    "maduro.pt.txt",
    "maduro.ar.txt",
    "maduro.zh-Hans.txt",
    "maduro.parallel.jsonl",
    "maduro.tmx",
    "maduro.html",
    "maduro.en-pt.xlf",
    "maduro.en-ar.xlf",
    "maduro.en-zh-Hans.xlf",
    "manifest.json",
]


@pytest.mark.parametrize(
    ("name", "language", "stem"),
    [
        ("maduro.en", "en", "maduro"),
        ("maduro.EN", "en", "maduro"),
        ("budget.pt_BR", "pt-BR", "budget"),
        ("maduro", "en", "maduro"),
        ("maduro.en", "bg", "maduro.en"),
        ("maduro.pt", "pt-BR", "maduro.pt"),
        ("2026.01.03.en", "en", "2026.01.03"),
        (".en", "en", ".en"),
        ("en", "en", "en"),
        ("", "en", ""),
    ],
)
def test_output_stem(name: str, language: str, stem: str) -> None:
    """A language suffix goes only when it is the article's own language, and never takes the whole name."""
    assert output_stem(name, language) == stem


def test_files_and_their_order(tmp_path: Path) -> None:
    """The files are those that the documentation lists, in one order, in a folder of the article's name."""
    parallel = samples.everyday()
    written = write_article(parallel, samples.rendered_texts(parallel), tmp_path)
    assert written == [tmp_path / "maduro" / name for name in NAMES]
    assert sorted(path.name for path in (tmp_path / "maduro").iterdir()) == sorted(NAMES)
    assert (tmp_path / "maduro" / "maduro.pt.txt").read_bytes() == b"text in pt\r\nlast line\n"


def test_manifest_has_the_digest_of_every_other_file(tmp_path: Path) -> None:
    """What the manifest says of a file is true of the file on the disk."""
    parallel = samples.everyday()
    *others, manifest = write_article(parallel, samples.rendered_texts(parallel), tmp_path)
    digests = json.loads(manifest.read_bytes())["files"]
    assert digests == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in others}
    assert str(tmp_path).encode() not in manifest.read_bytes()


def test_a_target_in_the_source_language_is_the_source_file() -> None:
    """Asking for the article's own language gives one file of it and no XLIFF."""
    parallel = samples.make_parallel([], ("en", "pt"))
    names = list(build_files(parallel, samples.rendered_texts(parallel), "a"))
    assert names == ["a.en.txt", "a.pt.txt", "a.parallel.jsonl", "a.tmx", "a.html", "a.en-pt.xlf", "manifest.json"]


def test_what_is_written_on_demand() -> None:
    """PO stands beside the XLIFF of its pair where it is asked for, and nothing of it elsewhere."""
    parallel = samples.everyday()
    asked = replace(parallel, signature=replace(parallel.signature, options={"export": "po"}))
    names = list(build_files(asked, samples.rendered_texts(parallel), "maduro"))
    pairs = [f"maduro.en-{lang}.po" for lang in ("pt", "ar", "zh-Hans")]
    assert names == [*NAMES[:-1], *pairs, "manifest.json"]


def test_every_name_on_demand_is_known() -> None:
    """The command line offers what there is."""
    assert tuple(ON_DEMAND) == EXTRA_EXPORTS


@pytest.mark.parametrize("stem", ["..", ".", "../up", "a/b", "nul\0"])
def test_stems_that_are_no_names(tmp_path: Path, stem: str) -> None:
    """A stem is one plain name; nothing is written otherwise."""
    parallel = samples.everyday()
    parallel = replace(parallel, article=replace(parallel.article, name=stem))
    with pytest.raises(OutputError, match="cannot name a folder"):
        write_article(parallel, samples.rendered_texts(parallel), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_input_in_the_output_folder_is_refused(tmp_path: Path) -> None:
    """`translate-article out/maduro/maduro.en.txt -o out` would overwrite its own input."""
    parallel = samples.everyday()
    given = tmp_path / "maduro" / "maduro.en.txt"
    given.parent.mkdir()
    given.write_bytes(b"the article")
    with pytest.raises(OutputError, match="is the input"):
        write_article(parallel, samples.rendered_texts(parallel), tmp_path, inputs=Inputs([given]))
    assert [path.read_bytes() for path in given.parent.iterdir()] == [b"the article"]


def test_text_that_has_no_bytes(tmp_path: Path) -> None:
    """Half a surrogate pair in a localised text is one line that names the file, and nothing is written."""
    parallel = samples.everyday()
    texts = samples.rendered_texts(parallel) | {"ar": "ab\ud83d"}
    with pytest.raises(OutputError, match=r"maduro\.ar\.txt: character 3 is half of a surrogate pair"):
        write_article(parallel, texts, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_hostile_articles_are_written(tmp_path: Path) -> None:
    """Controls, markup and lone surrogates in every text and in the name stop no export."""
    parallel = samples.hostile()
    assert len(write_article(parallel, samples.rendered_texts(parallel), tmp_path)) == 7


def test_same_bytes_whatever_the_hash_seed() -> None:
    """The bytes of all files are equal for any hash seed, locale and time zone."""
    code = (
        "import hashlib, parallel_samples as s; from pipeline.exports import build_files; p = s.everyday();"
        "print(hashlib.sha256(repr(build_files(p, s.rendered_texts(p), 'a')).encode()).hexdigest())"
    )
    settings = [("0", "C", "UTC"), ("1", "C.UTF-8", "Asia/Tokyo"), ("77", "POSIX", "America/Lima")]
    digests = set()
    for seed, locale, zone in settings:
        changed = {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone, "PYTHONPATH": str(Path(__file__).parent)}
        done = subprocess.run(
            [sys.executable, "-c", code], env=os.environ | changed, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout)
    assert len(digests) == 1


def test_lxml_loads_only_when_it_is_needed() -> None:
    """Importing the room is quick: the XML library comes with the first XML file."""
    code = "import pipeline.exports, sys; print('lxml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
