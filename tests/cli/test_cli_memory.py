"""The memory in use: an editor's work stands, whatever the machine says later."""

import json
from pathlib import Path
from typing import Any

import pytest
from cli_calls import Call
from translate.storage import po, tmx, xliff

from pipeline.engines.base import Aligned
from pipeline.engines.firefox import FirefoxEngine

PLACES = (
    "Lisbon", "Varna", "Madrid", "Porto", "Sofia", "Vienna", "Athens", "Rome", "Paris", "Berlin",
    "Prague", "Warsaw", "Dublin", "Oslo", "Helsinki", "Riga", "Vilnius", "Tallinn", "Zagreb", "Bucharest",
)  # fmt: skip
TEXT = "Market day\n\n" + "\n\n".join(f"The market of {place} opens on Monday." for place in PLACES) + "\n"
RUN = ("batch", "in", "--to", "pt", "-o", "out", "-q")
XLIFF = "out/market/market.en-pt.xlf"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> Path:
    """Localise one article of 21 sentences, and work beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/market.en.txt").write_text(TEXT, "utf-8")
    assert call(*RUN).code == 0
    return tmp_path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the sentences that the engine is asked for; batch works in this process meanwhile."""
    texts: list[str] = []
    translate = FirefoxEngine.translate_aligned

    def count(engine: FirefoxEngine, given: list[str]) -> list[Aligned]:
        texts.extend(text for text in given if text)
        return translate(engine, given)

    monkeypatch.setattr(FirefoxEngine, "translate_aligned", count)
    return texts


def targets(work: Path) -> dict[str, dict[str, Any]]:
    """Return the Portuguese target of each segment, by id."""
    lines = (work / "out/market/market.parallel.jsonl").read_text("utf-8").splitlines()
    return {row["id"]: row["targets"]["pt"] for row in map(json.loads, lines)}


def edit_xliff(path: Path) -> dict[str, str]:
    """Edit the first 20 targets with translate-toolkit and leave the file's marks alone; return them by id."""
    store = xliff.xlifffile.parsefile(str(path))
    edited = {}
    for unit in store.units[:20]:
        unit.target = f"Editado: {unit.target}"
        edited[unit.getid().rpartition("\x04")[2]] = unit.target
    store.save()
    return edited


def forbid(work: Path, source: str, target: str) -> None:
    """Write a glossary of one forbidden entry into the folder team."""
    (work / "team/en").mkdir(parents=True)
    entry = f'msgid ""\nmsgstr ""\n\n# status: forbidden\nmsgid "{source}"\nmsgstr "{target}"\n'
    (work / "team/en/pt.po").write_text(entry, "utf-8")


def test_edited_xliff_stands(call: Call, work: Path) -> None:
    """Imported, the edits stand as reviewed in text, TMX, JSON lines and report, and alone those."""
    before = targets(work)
    edited = edit_xliff(work / XLIFF)
    assert len(edited) == 20
    again = call(*RUN)
    assert "market.en-pt.xlf edited since it was written" in again.err  # a run before the import takes nothing away
    result = call("memory", "import", XLIFF)
    assert result.code == 0
    assert f"{len(before)} segments: {len(edited)} taken, {len(before) - len(edited)} unchanged" in result.err
    assert call(*RUN, "--dry-run").out.splitlines()[:2] == [
        "localise in/market.en.txt: the reviews changed (20 of 21 segments)",
        "  b1s1 pt: it was reviewed: 'Market day'",
    ]
    assert call(*RUN).code == 0
    after = targets(work)
    assert {key: row["text"] for key, row in after.items() if row["state"] == "reviewed"} == edited
    assert {key: row["text"] for key, row in after.items() if key not in edited} == {
        key: row["text"] for key, row in before.items() if key not in edited
    }
    for name in ("market.pt.txt", "market.tmx", "market.html", "market.en-pt.xlf"):
        text = (work / "out/market" / name).read_text("utf-8")
        assert all(target in text for target in edited.values()), name
    assert call(*RUN, "--dry-run").out == ""
    assert "known" in call("memory", "import", XLIFF).err
    assert call(*RUN, "--dry-run").out == ""


def test_edited_po_stands(call: Call, work: Path) -> None:
    """What is no longer fuzzy or has another text, and nothing else; the next run writes it everywhere."""
    assert call(*RUN, "--export", "po", "--dry-run").out.endswith("from none to po (0 of 21 segments)\n")
    assert call(*RUN, "--export", "po").code == 0
    path = work / "out/market/market.en-pt.po"
    store = po.pofile.parsefile(str(path))
    units = [unit for unit in store.units if not unit.isheader()]
    assert len(units) == len(targets(work))
    units[0].target = "Dia de feira"
    units[1].markfuzzy(False)
    approved = str(units[1].target)
    store.save()
    assert "2 taken" in call("memory", "import", str(path)).err
    assert call(*RUN, "--export", "po").code == 0
    reviewed = {key: row["text"] for key, row in targets(work).items() if row["state"] == "reviewed"}
    assert reviewed == {"b1s1": "Dia de feira", "b2s1": approved}
    again = [unit for unit in po.pofile.parsefile(str(path)).units if not unit.isheader()]
    assert [unit.isfuzzy() for unit in again] == [False, False, *[True] * (len(again) - 2)]


def test_reviews_outlive_engine_and_glossary(call: Call, work: Path) -> None:
    """Another glossary, everything done again: the reviewed texts stand. `translate` keeps to them too."""
    edited = edit_xliff(work / XLIFF)
    call("memory", "import", XLIFF)
    (work / "terms.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "market"\nmsgstr "feira"\n', "utf-8")
    (work / "terms.po").rename(work / "en-pt.po")
    folder = work / "team/en"
    folder.mkdir(parents=True)
    (work / "en-pt.po").rename(folder / "pt.po")
    call(*RUN, "--glossaries", "team", "--redo")
    after = targets(work)
    assert {key: row["text"] for key, row in after.items() if row["state"] == "reviewed"} == edited
    assert any("feira" in row["text"] for row in after.values())
    text = call("in/market.en.txt", "--to", "pt").out
    assert all(target in text for target in edited.values())
    assert not any(target in call("in/market.en.txt", "--to", "pt", "--no-memory").out for target in edited.values())


def test_changed_source_makes_a_review_stale(call: Call, work: Path) -> None:
    """The new sentence is translated, with a warning that shows what was reviewed; the review waits."""
    edited = edit_xliff(work / XLIFF)
    call("memory", "import", XLIFF)
    call(*RUN)
    path = work / "in/market.en.txt"
    path.write_text(path.read_text("utf-8").replace("Market day", "Market night"), "utf-8")
    call(*RUN)
    row = targets(work)["b1s1"]
    assert row["state"] == "machine"
    assert [finding["rule"] for finding in row["findings"]] == ["review_stale"]
    assert edited["b1s1"] in row["findings"][0]["message"]
    assert [(one["text"], one["origin"], one["source"]) for one in row["alternatives"]] == [
        (edited["b1s1"], XLIFF, "Market day")
    ]
    unit = xliff.xlifffile.parsefile(str(work / XLIFF)).units[0]
    assert [str(each.target) for each in unit.getalttrans()] == [edited["b1s1"]]
    assert call("memory", "stats", "--json").document["pairs"][0]["stale"] == 1
    path.write_text(path.read_text("utf-8").replace("Market night", "Market day"), "utf-8")
    call(*RUN)
    assert targets(work)["b1s1"]["text"] == edited["b1s1"]


def test_conflicts_are_listed_and_nothing_is_dropped(call: Call, work: Path) -> None:
    """A second, different review is kept aside and told; --replace lets it win."""
    store = xliff.xlifffile.parsefile(str(work / XLIFF))
    other = work / "other.xlf"
    for path, text in ((work / XLIFF, "Dia de feira"), (other, "Dia de mercado")):
        store.units[0].target = text
        store.savefile(str(path))
    call("memory", "import", XLIFF)
    result = call("memory", "import", "other.xlf")
    assert result.code == 0
    assert (
        "conflict: other.xlf: market.en.txt b1s1 pt: 'Dia de mercado' is kept aside, 'Dia de feira' stays" in result.err
    )
    call(*RUN)
    assert targets(work)["b1s1"]["text"] == "Dia de feira"
    assert "replaced: other.xlf: market.en.txt b1s1 pt" in call("memory", "import", "other.xlf", "--replace").err
    call(*RUN)
    assert targets(work)["b1s1"]["text"] == "Dia de mercado"


@pytest.mark.parametrize("name", ["memory.po", "memory.tmx", "memory.xlf"])
def test_round_trip_through_the_memorys_own_files(name: str, call: Call, work: Path) -> None:
    """Export, edit with translate-toolkit, import: the edit stands as reviewed, what was not touched does not.

    A glossary that forbids a word of it comes later: the edit stands, and is an error in the report.
    """
    assert call("memory", "export", name, "--to", "pt", "--all").code == 0
    reader = {"po": po.pofile, "tmx": tmx.tmxfile, "xlf": xliff.xlifffile}[name[-3:].strip(".")]
    store = reader.parsefile(str(work / name))
    unit = next(unit for unit in store.units if unit.source == "Market day")
    unit.target = "Dia de feira"
    if name.endswith("po"):
        unit.markfuzzy(False)
    store.save()
    assert "1 taken" in call("memory", "import", name).err
    call(*RUN)
    assert [row["text"] for row in targets(work).values() if row["state"] == "reviewed"] == ["Dia de feira"]
    forbid(work, "market", "feira")
    call(*RUN, "--glossaries", "team")
    row = targets(work)["b1s1"]
    assert (row["text"], row["state"]) == ("Dia de feira", "reviewed")
    assert [(one["rule"], one["severity"]) for one in row["findings"]] == [("forbidden_term", "error")]


def test_edited_sentence_alone_is_translated_again(call: Call, work: Path, asked: list[str]) -> None:
    """Of 21 sentences the engine is asked for one: `translate` uses the memory that batch made."""
    path = work / "in/market.en.txt"
    path.write_text(path.read_text("utf-8").replace("of Porto opens", "of Porto closes"), "utf-8")
    call("in/market.en.txt", "--to", "pt", "-o", "out2", "-q")
    assert asked
    assert all("Porto" in text for text in asked)
    asked.clear()
    call("in/market.en.txt", "--to", "pt", "-o", "out2", "-q")
    assert asked == []


def test_memory_changes_no_byte(call: Call, work: Path) -> None:
    """With what engines said before, with an empty memory, without one: the same files."""
    made = {}
    for name, args in {"used": [], "empty": ["--memory", "new.sqlite"], "none": ["--no-memory"]}.items():
        assert call("batch", "in", "--to", "pt", "-o", name, "-q", *args).code == 0
        made[name] = {str(p.relative_to(work / name)): p.read_bytes() for p in (work / name).rglob("*") if p.is_file()}
    assert made["used"] == made["empty"] == made["none"]


def test_stats_and_prune(call: Call, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts by pair; what an engine said that is gone is forgotten when asked, not before."""
    assert call("memory", "stats").out.splitlines()[1].split()[0] == "en-pt"
    assert call("memory", "prune").err.startswith("0 results")
    monkeypatch.setattr(FirefoxEngine, "version", "2")
    assert int(call("memory", "prune").err.split()[0]) >= len(PLACES)


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("memory", "import"), 2, "no FILE given"),
        (("memory", "import", "none.xlf"), 1, "error: none.xlf: cannot be read: no such file or directory"),
        (("memory", "import", "in/market.en.txt"), 1, "in/market.en.txt: not well-formed XML"),
        (("memory", "export", "x.docx"), 2, "cannot write .docx; name a .tmx, .po or .xlf file"),
        (("memory", "export", "x.tmx"), 1, "nothing to export"),
        (("memory", "stats", "--memory", "none.sqlite"), 1, "no translation memory none.sqlite"),
        ((*RUN, "--memory", "in/market.en.txt"), 1, "in/market.en.txt cannot be used"),
        ((*RUN, "--memory", "a", "--no-memory"), 2, "contradict"),
    ],
)
def test_wrong_use_is_told_in_one_line(args: tuple[str, ...], code: int, says: str, call: Call, work: Path) -> None:
    """And nothing is written in place of what was there."""
    result = call(*args)
    assert (result.code, says in result.err) == (code, True), result.err
    assert (work / "in/market.en.txt").read_text("utf-8") == TEXT


def test_settings_name_the_memory(call: Call, work: Path) -> None:
    """A team's shared memory stands in translate-article.toml, relative to it, for every command."""
    (work / "translate-article.toml").write_text('memory = "shared/team.sqlite"\n', "utf-8")
    call(*RUN, "--redo")
    assert (work / "shared/team.sqlite").is_file()
    assert call("memory", "stats", "--json").document["path"] == str(work / "shared/team.sqlite")


def write_article(work: Path, name: str, text: str) -> None:
    """Put another article beside the first."""
    (work / f"in/{name}.en.txt").write_text(text, "utf-8")


def test_near_hits_are_offered_and_never_applied(call: Call, work: Path) -> None:
    """A reviewed sentence is offered for one that is like it, in XLIFF, PO and report; the text is the engine's."""
    write_article(work, "fair", "Fair day\n\nThe market of Lisbon opens on Tuesday.\n\nNothing is like this one.\n")
    more = (*RUN, "--export", "po")
    call(*more)
    before = (work / "out/fair/fair.pt.txt").read_bytes()
    edit_xliff(work / XLIFF)
    call("memory", "import", XLIFF)
    dry = call(*more, "--dry-run").out
    assert "localise in/fair.en.txt: the reviews changed (0 of 3 segments)" in dry
    call(*more)
    assert (work / "out/fair/fair.pt.txt").read_bytes() == before
    for name in ("fair.en-pt.xlf", "fair.en-pt.po", "fair.html"):
        text = (work / "out/fair" / name).read_text("utf-8")
        assert "Editado: O mercado de Lisboa" in text, name
        assert "The market of Lisbon opens on Monday." in text, name
    units = xliff.xlifffile.parsefile(str(work / "out/fair/fair.en-pt.xlf")).units
    offered = [[(str(one.source), one.xmlelement.get("match-quality")) for one in unit.getalttrans()] for unit in units]
    assert offered[0] == offered[2] == []
    assert offered[1][0] == ("The market of Lisbon opens on Monday.", "87")
    assert call(*more, "--dry-run").out == ""
    off = call(*more, "--near-hits", "0", "--dry-run").out
    assert "localise in/fair.en.txt: option near_hits changed from none to 0 (0 of 3 segments)" in off
    call(*more, "--near-hits", "0")
    assert "Editado" not in (work / "out/fair/fair.en-pt.xlf").read_text("utf-8")
    assert call(*RUN, "--near-hits", "100").code == 2


def test_review_of_nothing_alike_leaves_the_other_articles(call: Call, work: Path) -> None:
    """They are not written again; their manifests know of it, and the next run need not look."""
    write_article(work, "fair", "Nothing is like this one at all.\n")
    call(*RUN)
    before = {path.name: path.read_bytes() for path in (work / "out/fair").iterdir()}
    edit_xliff(work / XLIFF)
    call("memory", "import", XLIFF)
    assert call(*RUN[:-1]).err.splitlines()[-1].startswith("2 articles: 1 localised, 1 unchanged")
    after = {path.name: path.read_bytes() for path in (work / "out/fair").iterdir()}
    assert [name for name in before if before[name] != after[name]] == ["manifest.json"]
    fresh = call(*RUN[:4], "-o", "fresh", "-q")
    assert fresh.code == 0
    assert {path.name: path.read_bytes() for path in (work / "fresh/fair").iterdir()} == after
