"""What `translate` gives back: files, standard output, one JSON document, exit codes."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cli_calls import ARTICLE, Call

from pipeline.batch import making, worker
from pipeline.errors import EngineMissing
from pipeline.localise import Localised, localise_article
from pipeline.naming import article_path

UNKNOWN_WORDS = "The show is called “Вратени дома” and opens on Monday.\n"  # no glossary has it, no engine reads it


def test_one_file_one_target_goes_to_standard_output(call: Call, tree: Path) -> None:
    """The localised article alone, so that it can be piped; words for people are on standard error."""
    result = call("article.txt", "--to", "pt")
    assert result.code == 0
    assert "Foto: BGNES" in result.out
    assert "Link" not in result.out
    assert result.out.endswith(".\n")
    assert "article.txt: localised" in result.err


def test_standard_input_is_the_same_as_the_file(call: Call, tree: Path) -> None:
    """`-` reads standard input, as plain text."""
    assert call("-", "--to", "pt", stdin=ARTICLE.encode()).out == call("article.txt", "--to", "pt").out


def test_default_command_may_be_named(call: Call, tree: Path) -> None:
    """`translate-article translate FILE` is `translate-article FILE`, options before or after the file."""
    plain = call("article.txt", "--to", "pt").out
    assert call("translate", "article.txt", "--to", "pt").out == plain
    assert call("--to", "pt", "article.txt").out == plain
    assert call("-q", "--to=pt", "article.txt").out == plain


def test_folder_gets_all_files(call: Call, tree: Path) -> None:
    """With -o nothing goes to standard output; every file stands in OUT/NAME, the language off the name."""
    result = call("article.en.txt", "--to", "pt", "-o", "out", "-v")
    assert (result.code, result.out) == (0, "")
    names = {path.name for path in (tree / "out/article").iterdir()}
    assert {"article.en.txt", "article.pt.txt", "article.tmx", "article.html", "manifest.json"} <= names
    assert all(f"out/article/{name}" in result.err for name in names)


def test_quiet_says_nothing(call: Call, tree: Path) -> None:
    """-q leaves standard error empty when all is well."""
    assert call("article.txt", "--to", "pt", "-o", "out", "-q").err == ""


def test_kept_roles_come_back(call: Call, tree: Path) -> None:
    """--keep brings back a role that is left out."""
    kept = call("article.txt", "--to", "pt", "--keep", "boilerplate").out
    assert len(kept.split("\n\n")) == len(call("article.txt", "--to", "pt").out.split("\n\n")) + 1


def test_repairs_can_be_left_out(call: Call, tree: Path) -> None:
    """--no-typography leaves what the engine wrote; every repair that is made is told with its name."""
    (tree / "said.txt").write_text("The city\n\nThe mayor said “the city has no money”.\n", "utf-8")
    repaired = call("said.txt", "--to", "pt", "--json", "--explain").document["articles"][0]
    assert "“" in repaired["text"]
    assert "quotation_marks" in [row["reason"] for row in repaired["decisions"] if row["stage"] == "repair"]
    left = call("said.txt", "--to", "pt", "--json", "--explain", "--no-typography", "quotation-marks").document
    assert '"' in left["articles"][0]["text"] and "“" not in left["articles"][0]["text"]
    bare = call("said.txt", "--to", "pt", "--json", "--explain", "--no-typography", "all").document["articles"][0]
    assert not [row for row in bare["decisions"] if row["stage"] == "repair"]


def test_json_is_one_document(call: Call, tree: Path) -> None:
    """Success and failure stand side by side in one document; its keys are stable."""
    result = call("article.txt", "empty.txt", "--to", "pt", "-o", "out", "--json")
    assert result.code == 1
    good, bad = result.document["articles"]
    assert result.document["schema"] == 1
    assert (good["path"], good["language"], good["targets"]) == ("article.txt", "en", ["pt"])
    assert good["segments"] == 4
    assert good["fragments"] == 1
    assert good["routes"]["pt"].startswith("en-pt:")
    assert all(Path(path).is_file() for path in good["output"])
    assert bad == {"path": "empty.txt", "error": {"code": "document", **_message("the file is empty", bad)}}


def _message(begins: str, entry: dict[str, Any]) -> dict[str, str]:
    """Return the message and hint of an error entry, once the message was seen to begin as it should."""
    error = entry["error"]
    assert error["message"].startswith(begins)
    return {"message": error["message"], "hint": error["hint"]}


def test_json_without_folder_carries_the_text(call: Call, tree: Path) -> None:
    """A program that wants no files finds the localised article in the document."""
    entry = call("article.txt", "--to", "pt", "--json").document["articles"][0]
    assert entry["text"] == call("article.txt", "--to", "pt").out
    assert entry["output"] == []


def test_strict_exits_3_on_a_finding(call: Call, tree: Path) -> None:
    """A finding is told either way; with --strict it is the exit code as well, and the files are there."""
    (tree / "unknown.txt").write_text(UNKNOWN_WORDS, encoding="utf-8")
    loose = call("unknown.txt", "--to", "pt", "-o", "out")
    strict = call("unknown.txt", "--to", "pt", "-o", "out", "--strict", "-v")
    assert (loose.code, strict.code) == (0, 3)
    assert "out/unknown/unknown.html" in loose.err
    assert "[fragment_unresolved]" in strict.err
    assert call("article.txt", "--to", "pt", "--strict").code == 0


def test_explain_tells_each_decision(call: Call, tree: Path) -> None:
    """--explain replays the decisions with the glossary line on standard error, or in the JSON document."""
    plain = call("article.txt", "--to", "pt", "--explain")
    assert "Foto: BGNES" in plain.out
    assert '"Снимка: БГНЕС" -> "Foto: BGNES"' in plain.err
    assert "bg/en.po:" in plain.err
    result = call("article.txt", "--to", "pt", "--explain", "--json", "-q")
    assert result.err == ""
    rows = result.document["articles"][0]["decisions"]
    assert any(row["lang"] == "pt" and row["after"] == "Foto: BGNES" and "bg/en.po:" in row["origin"] for row in rows)


def test_failing_file_does_not_stop_the_others(call: Call, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a fault of our own does; the summary counts, the exit code is 1, no traceback is shown."""

    def fail_on_twin(data: bytes, name: str, *rest: Any) -> Localised:
        if name == "broken":
            raise ZeroDivisionError("division\nby zero")
        return localise_article(data, name, *rest)

    monkeypatch.setattr(worker, "localise_article", fail_on_twin)
    (tree / "broken.txt").write_text(ARTICLE, encoding="utf-8")
    result = call("empty.txt", "broken.txt", "article.txt", "--to", "pt", "-o", "out")
    assert result.code == 1
    assert "error: broken.txt: internal: ZeroDivisionError: division by zero; run again with --debug" in result.err
    assert "1 of 3 articles localised, 2 failed, 0 findings" in result.err
    assert "Traceback" not in result.err
    assert sorted(path.name for path in (tree / "out").iterdir()) == ["article"]
    assert "Traceback" in call("broken.txt", "--to", "pt", "--debug").err


def test_one_reason_for_all_keeps_its_exit_code(call: Call, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When no file could be done for want of a route, the exit code says so, as it does for one file."""

    def fail(*_: Any) -> Localised:
        raise EngineMissing("no route; try: apt-get install apertium-es-pt")

    monkeypatch.setattr(worker, "localise_article", fail)
    (tree / "other.txt").write_text(ARTICLE, encoding="utf-8")
    assert call("article.txt", "other.txt", "--to", "pt", "-o", "out").code == 4
    assert call("article.txt", "empty.txt", "other.txt", "--to", "pt", "-o", "out", "--json").code == 4
    monkeypatch.undo()


def test_input_is_never_overwritten(call: Call, tree: Path) -> None:
    """An input that stands where an output would go is refused, and keeps its bytes."""
    target = tree / "out/article/article.pt.txt"
    target.parent.mkdir(parents=True)
    target.write_text("mine", encoding="utf-8")
    result = call("article.txt", str(target), "--to", "pt", "-o", "out", "--from", "en")
    assert result.code == 1
    assert "is the input" in result.err
    assert target.read_text(encoding="utf-8") == "mine"


def test_a_term_left_to_the_engine_is_told_and_is_no_fault(call: Call, tree: Path) -> None:
    """A verb where the glossary has a noun is a remark: shown, counted apart, and 0 under --strict, batches too."""
    folder = tree / "team/en"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    (folder / "pt.po").write_text(f'{header}\nmsgid "deal"\nmsgstr "pacto"\n', encoding="utf-8")
    (tree / "in").mkdir()
    (tree / "in/a.en.txt").write_text("They will deal with the city after the deal.\n", encoding="utf-8")
    options = ("--to", "pt", "-o", "out", "--glossaries", "team", "--no-builtin-glossaries", "--strict")
    told = call("in/a.en.txt", *options, "-v")
    message = "info: term 'deal' is left to the engine: used as a verb [term_left]"
    assert (told.code, told.err.count(message)) == (0, 1)
    assert "0 findings" in told.err
    listed = json.loads(call("in/a.en.txt", *options, "--json").out)["articles"][0]["findings"]
    assert [(one["rule"], one["severity"]) for one in listed] == [("term_left", "info")]
    batch = call("batch", "in", "--output", "out", *options[:2], *options[4:])
    assert (batch.code, "0 findings" in batch.err) == (0, True)
    assert "Remarks by rule\n       1  term_left" in (tree / "out/batch.txt").read_text("utf-8")


def test_team_glossary_wins_over_the_builtin(call: Call, tree: Path) -> None:
    """A team's folder comes on top of the built-in entries; --no-builtin-glossaries leaves it alone."""
    folder = tree / "team/bg"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    entry = '\n# type: agency\nmsgid "БГНЕС"\nmsgstr "Agency BGNES"\n'
    (folder / "en.po").write_text(header + entry, encoding="utf-8")
    text = {"--glossaries": call("article.txt", "--to", "pt", "--glossaries", "team", "--json", "--explain").out}
    assert "Photo: Agency BGNES" in text["--glossaries"]
    alone = call("article.txt", "--to", "pt", "--glossaries", "team", "--no-builtin-glossaries", "--json")
    assert json.loads(alone.out)["articles"][0]["findings"]


def test_standard_input_in_a_format_of_its_own(call: Call, tree: Path) -> None:
    """`--format` says what `-` is, and what a file is, whatever it is called."""
    page = b"<p>The city has <b>no money</b>.</p>\n"
    result = call("-", "--format", "html", "--to", "pt", "--from", "en", stdin=page)
    assert result.out.startswith("<p>")
    assert result.out.count("<b>") == 1
    (tree / "page.out").write_bytes(page)
    assert call("page.out", "--format", "html", "--to", "pt", "--from", "en").out == result.out
    wrong = call("-", "--format", "htlm", "--to", "pt", stdin=page)
    assert wrong.code == 2
    assert "did you mean 'html'?" in wrong.err


@pytest.mark.parametrize(
    ("layout", "names"),
    [
        ("folder", {"a/a.en.md", "a/a.pt.md", "a/manifest.json"}),
        ("suffix", {"a.en.md", "a.pt.md", ".parallel/a/manifest.json"}),
        ("tree", {"en/a.md", "pt/a.md", ".parallel/a/manifest.json"}),
    ],
)
def test_layouts(call: Call, tree: Path, layout: str, names: set[str]) -> None:
    """Versions stand where a site generator looks for them, everything else out of its way; digests hold."""
    (tree / "a.en.md").write_text("---\ntitle: The city\n---\nThe city has no money.\n", "utf-8")
    assert call("a.en.md", "--to", "pt", "-o", "out", "--layout", layout).code == 0
    written = {str(path.relative_to(tree / "out")) for path in (tree / "out").rglob("*") if path.is_file()}
    assert names <= written
    assert {name for name in written if name.endswith(".md")} == {name for name in names if name.endswith(".md")}
    manifest = next((tree / "out").rglob("manifest.json"))
    for name, digest in json.loads(manifest.read_text("utf-8"))["files"].items():
        assert hashlib.sha256((manifest.parent / name).read_bytes()).hexdigest() == digest


def test_translations_beside_their_source(call: Call, tree: Path) -> None:
    """In the layout of a site generator the output folder may be the article's own; the source is not written."""
    source = tree / "a.en.md"
    source.write_text("The city “has“ no money.\n", "utf-8")
    assert call("a.en.md", "--to", "pt", "-o", ".", "--layout", "suffix").code == 0
    assert source.read_text("utf-8") == "The city “has“ no money.\n"
    assert (tree / "a.pt.md").is_file()


def test_pages_link_to_their_versions(call: Call, tree: Path) -> None:
    """By address, relative or below --base-url; an address that is none is refused."""
    (tree / "a.html").write_text("<html><head><title>A city</title></head><p>The city has no money.</html>", "utf-8")
    assert call("a.html", "--to", "pt", "-o", "out", "--layout", "tree", "--from", "en").code == 0
    assert '<link rel="alternate" hreflang="pt" href="../pt/a.html">' in (tree / "out/en/a.html").read_text("utf-8")
    call("a.html", "--to", "pt", "-o", "out", "--from", "en", "--base-url", "https://example.org/news")
    page = (tree / "out/a/a.pt.html").read_text("utf-8")
    assert 'hreflang="x-default" href="https://example.org/news/a/a.en.html">' in page
    assert call("a.html", "--to", "pt", "--base-url", "example.org").code == 2


def test_workers_are_told_of_as_one_process_is(call: Call, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words, order and JSON do not tell who made the articles: each is told in its turn, whenever it was done."""
    for at in range(6):
        (tree / f"visit{at}.txt").write_text(f"The mayor will visit market {at + 100}.\n" * (20 - 3 * at), "utf-8")
    names = ["empty.txt", "article.txt", *(f"visit{at}.txt" for at in range(6))]
    args = (*names, "--to", "pt", "--from", "en", "-o", "out", "-v")
    here, document = call(*args), call(*args, "--json").document
    monkeypatch.setattr(making, "BYTES_A_WORKER", 1)
    monkeypatch.setattr(making, "count_workers", lambda _: 2)
    monkeypatch.setattr(making, "_make_here", None)
    assert call(*args) == here
    assert call(*args, "--json").document == document
    assert [row["path"] for row in document["articles"]] == names


@pytest.mark.parametrize("layout", ["folder", "suffix", "tree"])
def test_what_a_person_wrote_is_never_overwritten(call: Call, tree: Path, layout: str) -> None:
    """A translation made by hand and an edited one stand; --overwrite writes over them, and any run over a run's."""
    run = ("article.txt", "--to", "pt", "-o", "out", "--layout", layout)
    target = tree / "out" / article_path("article", "pt", ".txt", layout)
    target.parent.mkdir(parents=True)
    target.write_text("feito à mão", "utf-8")
    result = call(*run)
    assert result.code == 1
    assert result.err.startswith(
        f"error: article.txt: {target.relative_to(tree)} there before, of no run; move it away"
    )
    assert result.err.count("\n") == 1 and "--overwrite" in result.err
    assert [path for path in (tree / "out").rglob("*") if path.is_file()] == [target]
    assert call(*run, "--json").document["articles"][0]["error"]["code"] == "edited_output"
    assert call(*run, "--overwrite").code == 0
    made = target.read_bytes()
    assert b"Lisboa" in made and call(*run).code == 0
    target.write_text("feito à mão", "utf-8")
    assert "edited since it was written; undo that, or write over it with --overwrite" in call(*run).err
    assert target.read_text("utf-8") == "feito à mão"


def test_path_that_looks_like_an_address_is_a_path(call: Call, tree: Path) -> None:
    """What is there under that name is read; only what would be made by mistake is refused."""
    (tree / "s3:/bucket").mkdir(parents=True)
    (tree / "s3:/bucket/article.txt").write_text(ARTICLE, "utf-8")
    result = call("s3://bucket/article.txt", "--to", "pt")
    assert (result.code, "Lisboa" in result.out) == (0, True), result.err
