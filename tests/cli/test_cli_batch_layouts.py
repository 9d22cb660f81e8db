"""`batch --layout`: what is current, edited, reviewed and another's, in each way of naming versions."""

from pathlib import Path

import pytest
from cli_calls import ARTICLE, Call

# Layout -> where the Portuguese and the English version of market.en.txt stand, and all its other files.
PLACES = {
    "folder": ("market/market.pt.txt", "market/market.en.txt", "market"),
    "suffix": ("market.pt.txt", "market.en.txt", ".parallel/market"),
    "tree": ("pt/market.txt", "en/market.txt", ".parallel/market"),
}
SITES = ("suffix", "tree")
each_layout = pytest.mark.parametrize("layout", PLACES)
each_site = pytest.mark.parametrize("layout", SITES)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder `in` with two articles and a glossary of two entries, and work beside it."""
    (tmp_path / "in").mkdir()
    for name in ("harbour", "market"):
        (tmp_path / f"in/{name}.en.txt").write_text(ARTICLE.replace("Lisbon", name.title()), encoding="utf-8")
    (tmp_path / "terms/en").mkdir(parents=True)
    write_terms(tmp_path, "alcaide", "cais")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_terms(work: Path, mayor: str, quay: str) -> None:
    """Write the glossary: one entry that the articles use, one that they do not."""
    entries = "".join(f'msgid "{a}"\nmsgstr "{b}"\n\n' for a, b in (("mayor", mayor), ("quay", quay)))
    (work / "terms/en/pt.po").write_text(f'msgid ""\nmsgstr ""\n\n{entries}', "utf-8")


def run(layout: str, *args: str, folder: str = "in", output: str = "out") -> tuple[str, ...]:
    """Return the arguments of a run."""
    fixed = ("batch", folder, "--to", "pt", "-o", output, "--layout", layout, "--glossaries", "terms")
    return (*fixed, *(args or ("-q",)))


def told(call: Call, *args: str) -> str:
    """Return what a dry run says of articles, without their segments."""
    lines = call(*args, "--dry-run").out.splitlines(keepends=True)
    return "".join(line.rpartition(" (")[0] + "\n" for line in lines if line[0] != " ")


def files(folder: Path) -> dict[str, bytes]:
    """Return all files under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@each_layout
def test_files_are_those_of_translate(call: Call, work: Path, layout: str) -> None:
    """Byte for byte, with the report beside what is no article."""
    target, own, side = PLACES[layout]
    assert call(*run(layout)).code == 0
    call("in/harbour.en.txt", "in/market.en.txt", *run(layout, output="single")[2:])
    report = (Path(side).parent / "batch.json", Path(side).parent / "batch.txt")
    written = files(work / "out")
    assert files(work / "single") == {name: data for name, data in written.items() if Path(name) not in report}
    assert {target, own, f"{side}/manifest.json", *map(str, report)} <= set(written)
    assert f'"output": "{side}"' in (work / "out" / report[0]).read_text("utf-8")


@each_layout
def test_only_what_changed_is_done_again(call: Call, work: Path, layout: str) -> None:
    """An article, an entry that is used, a version or a side file that is gone; an entry that nothing uses is none."""
    target, _, side = PLACES[layout]
    call(*run(layout))
    undisturbed = files(work / "out")
    assert told(call, *run(layout)) == ""
    article = work / "in/market.en.txt"
    article.write_text(article.read_text("utf-8").replace("Monday", "Friday"), "utf-8")
    assert told(call, *run(layout)) == "localise in/market.en.txt: the article changed\n"
    assert "1 localised, 1 unchanged" in call(*run(layout, "-v")).err
    assert "sexta" in (work / "out" / target).read_text("utf-8")
    article.write_text(article.read_text("utf-8").replace("Friday", "Monday"), "utf-8")
    call(*run(layout))
    assert files(work / "out") == undisturbed
    write_terms(work, "alcaide", "doca")
    assert told(call, *run(layout)) == ""
    write_terms(work, "edil", "doca")
    assert told(call, *run(layout)).count("the glossary changed: mayor (en-pt)\n") == 2
    call(*run(layout))
    assert "edil" in (work / "out" / target).read_text("utf-8").lower()
    for name in (target, f"{side}/market.tmx"):
        (work / "out" / name).unlink()
        shown = name if name == target and layout != "folder" else Path(name).name
        assert told(call, *run(layout)) == f"localise in/market.en.txt: {shown} is missing\n"
        call(*run(layout))
        assert (work / "out" / name).is_file()


@each_layout
def test_what_a_person_edited_or_reviewed_stands(call: Call, work: Path, layout: str) -> None:
    """An edited version is left alone, an edited XLIFF that was imported is written anew with the person's words."""
    target, _, side = PLACES[layout]
    call(*run(layout))
    mine = work / "out" / target
    before = mine.read_bytes()
    mine.write_text("mine", "utf-8")
    shown = target if layout != "folder" else "market.pt.txt"
    result = call(*run(layout, "-v"))
    assert f"warning: in/market.en.txt: {shown} edited since it was written; undo that" in result.err
    assert mine.read_text("utf-8") == "mine"
    mine.write_bytes(before)
    xliff = work / "out" / side / "market.en-pt.xlf"
    xliff.write_text(xliff.read_text("utf-8").replace("segunda-feira", "próxima segunda"), "utf-8")
    assert call("memory", "import", str(xliff)).code == 0
    changed = [f"localise in/{name}.en.txt: the reviews changed\n" for name in ("harbour", "market")]
    assert told(call, *run(layout)) == "".join(changed)  # the other has a sentence that is like it
    call(*run(layout))
    assert "próxima segunda" in mine.read_text("utf-8")
    assert told(call, *run(layout)) == ""


@each_layout
def test_killed_before_the_last_file_is_done_again(call: Call, work: Path, layout: str) -> None:
    """The manifest comes last: without it the article is not done, and what stands of it is ours to write over."""
    side = work / "out" / PLACES[layout][2]
    call(*run(layout))
    undisturbed = files(work / "out")
    (side / "manifest.json").rename(side / ".manifest.json.tmp-4711-9")
    assert told(call, *run(layout)) == "localise in/market.en.txt: new\n"
    call(*run(layout))
    assert files(work / "out") == undisturbed


@each_site
def test_another_layout_is_another_place(call: Call, work: Path, layout: str) -> None:
    """From one site layout to the other the manifest is known, and the option is named."""
    call(*run(layout))
    other = next(name for name in SITES if name != layout)
    dry = told(call, *run(other))
    assert f"localise in/market.en.txt: option layout changed from {layout} to {other}" in dry
    assert told(call, *run("folder")).count(": new\n") == 2


@each_site
def test_file_of_another_is_never_overwritten(call: Call, work: Path, layout: str) -> None:
    """A translation that a person put where ours would go stays, for a new article and for a new language."""
    target, own, _ = PLACES[layout]
    for name in (target, own):
        path = work / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", "utf-8")
        result = call(*run(layout, "-v"))
        assert f"warning: in/market.en.txt: {name} there before, of no run; move it away" in result.err
        assert "1 localised, 0 unchanged, 1 left as edited" in result.err or "0 localised, 1 unchanged" in result.err
        assert path.read_text("utf-8") == "mine"
        path.unlink()
    call(*run(layout))
    spanish = work / "out" / target.replace("pt", "es")
    spanish.parent.mkdir(exist_ok=True)
    spanish.write_text("mine", "utf-8")
    more = run(layout, "--to", "pt,es", "--dry-run")
    assert f"leave in/market.en.txt: {spanish.relative_to(work / 'out')} there before" in call(*more).out
    assert "localise in/market.en.txt: asked for" in call(*more, "--redo").out


def test_output_in_the_folder_of_the_articles(call: Call, work: Path) -> None:
    """Translations stand beside their source, which stays; a second run takes none of them for an article."""
    again = run("suffix", "-v", output="in")
    sources = files(work / "in")
    assert "2 articles: 2 localised" in call(*again).err
    undisturbed = files(work / "in")
    assert sources.items() < undisturbed.items()
    assert {name for name in undisturbed if "/" not in name} == {*sources, "harbour.pt.txt", "market.pt.txt"}
    assert "2 articles: 0 localised, 2 unchanged" in call(*again).err
    side = work / "in/.parallel/market"
    (side / "manifest.json").rename(side / ".manifest.json.tmp-4711-9")  # as if killed before the last file
    assert "2 articles: 1 localised, 1 unchanged" in call(*again).err
    assert files(work / "in") == undisturbed
    (work / "in/quay.pt.txt").write_text("Feito à mão, por uma pessoa que vive em Lisboa.\n", "utf-8")
    (work / "in/quay.en.txt").write_text(ARTICLE, "utf-8")
    result = call(*again)
    assert result.code == 1
    assert "in/quay.pt.txt: would be written to in/.parallel/quay, as in/quay.en.txt is; rename one" in result.err
    assert (work / "in/quay.pt.txt").read_text("utf-8").startswith("Feito à mão")


def test_versions_of_another_language_are_no_articles(call: Call, work: Path) -> None:
    """In a tree of languages too: what stands in in/pt was written, but for what a person put there."""
    (work / "site").mkdir()
    (work / "in").rename(work / "site/en")
    call(*run("tree", folder="site/en", output="site"))
    (work / "site/pt/mine.txt").write_text("O presidente visita a cidade de Lisboa na segunda-feira.\n", "utf-8")
    fixed = ("--to", "es", "-o", "site", "--layout", "tree", "--from", "pt")
    assert told(call, "batch", "site/pt", *fixed) == "localise site/pt/mine.txt: new\n"


def test_article_called_as_the_report_is_not_overwritten(call: Call, work: Path) -> None:
    """One clear error; and the report of a run is no article of the next."""
    assert "2 articles: 2 localised" in call(*run("folder", "-v", output="in")).err
    assert "2 articles: 0 localised, 2 unchanged" in call(*run("folder", "-v", output="in")).err
    for name in ("in/batch.json", "in/batch.txt"):
        (work / name).unlink()
    (work / "in/batch.txt").write_text(ARTICLE, "utf-8")
    result = call(*run("folder", "-v", output="in"))
    assert "in/batch.txt is the input in/batch.txt itself; name another folder" in result.err
    assert (work / "in/batch.txt").read_text("utf-8") == ARTICLE
