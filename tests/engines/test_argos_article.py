"""A whole article through the command line, with the tiny Argos package as the only engine."""

import json
from pathlib import Path

import pytest

from pipeline.cli import run

CASES = Path(__file__).parents[1] / "cases/engines"
ARTICLE, WANTED = CASES / "bridge.en.txt", CASES / "bridge.es.txt"


@pytest.mark.usefixtures("tiny")
def test_article_is_localised(capsys: pytest.CaptureFixture[str]) -> None:
    """Headline, credit, body and quotation come out as a Spanish reader wants them.

    417 is a number that the model does not know: it goes behind a token and comes back.
    """
    assert run([str(ARTICLE), "--to", "es", "--engine", "argos"]) == 0
    out, err = capsys.readouterr()
    assert out == WANTED.read_text("utf-8")
    assert "0 findings" in err


@pytest.mark.usefixtures("tiny")
def test_signature_names_the_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The manifest says which package wrote the text, and two runs give the same bytes."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        assert run([str(ARTICLE), "--to", "es", "--engine", "argos", "-o", str(folder), "-q"]) == 0
    one, two = ({path.name: path.read_bytes() for path in sorted((folder / "bridge").iterdir())} for folder in folders)
    assert one == two
    manifest = json.loads(one["manifest.json"])
    assert "ctranslate2" in json.dumps(manifest)
    assert "en-es:argos" in json.dumps(manifest)


def test_damaged_package_is_one_error(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A damaged package ends the article in one line, with the exit code for a missing engine."""
    (tiny / "sentencepiece.model").write_bytes(b"noise")
    assert run([str(ARTICLE), "--to", "es", "--engine", "argos"]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("error: ")
    assert "package translate-en_es-1_0 cannot be used" in line
    assert line.endswith("; try: translate-article engines install en es --force")


@pytest.mark.usefixtures("packages")
def test_missing_package_is_one_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a package there is no route, and the error says so."""
    assert run([str(ARTICLE), "--to", "es", "--engine", "argos"]) == 4
    assert "no route from English to Spanish (en-es) with engine argos alone" in capsys.readouterr().err
