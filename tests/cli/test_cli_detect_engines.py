"""What `detect` and `engines` show, for people and for programs."""

from pathlib import Path

import pytest
from cli_calls import ARTICLE, Call

from pipeline.engines.routes import EngineInfo, Router


def test_offsets_are_code_points_into_the_file(call: Call, tree: Path) -> None:
    """text[start:end] of the decoded file is the fragment, also behind letters beyond the basic plane."""
    text = "😀 Opening night\n\n" + ARTICLE
    (tree / "article.txt").write_text(text, encoding="utf-8")
    document = call("detect", "article.txt", "--json").document
    assert (document["path"], document["language"]) == ("article.txt", "en")
    (fragment,) = document["fragments"]
    assert set(fragment) == {"start", "end", "lang", "script", "score", "kind", "reason", "text"}
    assert text[fragment["start"] : fragment["end"]] == fragment["text"] == "Снимка: БГНЕС"
    assert (fragment["lang"], fragment["script"]) == ("bg", "Cyrl")
    assert 0 < fragment["score"] <= 1


def test_several_files_give_a_list(call: Call, tree: Path) -> None:
    """One file gives an object, several a list in their order; a file that fails has its error in its place."""
    result = call("detect", "article.txt", "empty.txt", "-", "--json", stdin=ARTICLE.encode())
    assert result.code == 1
    good, bad, piped = result.document
    assert good["fragments"] == piped["fragments"]
    assert (bad["path"], bad["error"]["code"]) == ("empty.txt", "document")


def test_table_names_line_and_column(call: Call, tree: Path) -> None:
    """A person gets line and column, as an editor counts them."""
    result = call("detect", "article.txt", "--from", "en")
    assert result.out.startswith("article.txt: en, 1 fragment\n")
    assert "5:1 " in result.out
    assert '"Снимка: БГНЕС"' in result.out


def test_explain_says_what_was_weighed(call: Call, tree: Path) -> None:
    """With --explain a person sees what each word said, and what looked foreign but is no fragment, and why."""
    text = "Someone had painted no pasarán on the wall of the hall.\n\nIt shows the tabla periódica of the elements.\n"
    (tree / "article.txt").write_text(text, encoding="utf-8")
    told = call("detect", "article.txt", "--explain").out
    assert "no pasarán" not in call("detect", "article.txt").out
    assert '"no pasarán"  no fragment: its words say' in told
    assert '"tabla periódica"  a fragment' in told
    document = call("detect", "article.txt", "--explain", "--json").document
    missed, found = document["explained"]
    assert (missed["is_fragment"], found["is_fragment"]) == (False, True)
    assert sum(word["odds"] for word in missed["words"]) < missed["price"]
    assert sum(word["odds"] for word in found["words"]) > found["price"]
    assert [word["word"] for word in found["words"]] == ["tabla", "periódica"]
    assert text[found["start"] : found["end"]] == found["text"] == document["fragments"][0]["text"]


def test_folder_gives_a_table(call: Call, tree: Path) -> None:
    """Of a folder, fragments are counted by language and kind; what stands most often is shown."""
    folder = tree / "month"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "notes.docx").write_bytes(b"no article")
    head, columns, row = call("detect", "month").out.splitlines()
    assert head == "3 articles (en 3), 3 fragments"
    assert columns.split() == ["lang", "block", "all", "most", "often"]
    assert row.split() == ["bg", "3", "3", '"Снимка:', 'БГНЕС"', "(3", "times)"]


def test_encoding_is_heeded(call: Call, tree: Path) -> None:
    """A file in an older encoding is read when its name is given."""
    assert call("detect", "cyrillic.txt").code == 1
    assert call("detect", "cyrillic.txt", "--encoding", "windows-1251", "--json").document["language"] == "bg"


@pytest.fixture
def one_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the router have one pair, whatever is installed here."""
    row = EngineInfo("firefox", "en", "pt", "1.0", 36.7, "chrF 63.3")
    monkeypatch.setattr(Router, "available", lambda _self: [row])
    monkeypatch.setattr("pipeline.engines.routes.collect_offers", lambda _chosen, *, frugal: [])


@pytest.mark.usefixtures("one_engine")
def test_engines_tells_what_is_here_and_what_is_not(call: Call) -> None:
    """A row for each pair, and the command that brings each language that is missing."""
    out = call("engines").out
    row = next(line for line in out.splitlines() if line.startswith("firefox"))
    assert row.split() == ["firefox", "en-pt", "36.7", "1.0", "chrF", "63.3"]
    assert "es         apt-get install apertium " in out
    assert "translate-article engines install en " in out


@pytest.mark.usefixtures("one_engine")
def test_engines_json_has_the_same(call: Call) -> None:
    """The document has the rows, and the missing languages with their commands."""
    document = call("engines", "--json").document
    assert document["engines"] == [
        {
            "name": "firefox",
            "source_lang": "en",
            "target_lang": "pt",
            "version": "1.0",
            "cost": 36.7,
            "note": "chrF 63.3",
        }
    ]
    assert document["missing"]["es"].startswith("apt-get install apertium ")


def test_shipped_engine_is_listed(call: Call) -> None:
    """English to Portuguese works in every installation, and is in the list."""
    assert ("firefox", "en", "pt") in {
        (row["name"], row["source_lang"], row["target_lang"]) for row in call("engines", "--json").document["engines"]
    }
