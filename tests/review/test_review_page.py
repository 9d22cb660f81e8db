"""The review page: what it shows, what it writes, and that nobody's work is lost."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from review_samples import ENTRIES, HEADER, Reviewer, open_page, read_forms, write_article

from pipeline.glossary import approval_hash, load_glossary
from pipeline.glossary.editing import Record, read_records
from pipeline.languages import LANGUAGES
from pipeline.review.querying import PAGE_SIZE


@pytest.fixture
def page(tmp_path: Path) -> Reviewer:
    """A page over one small glossary."""
    return open_page(tmp_path)


def record(page: Reviewer, source: str) -> Record:
    """Find an entry in the file on disk."""
    return next(each for each in read_records(page.path.read_bytes(), "x.po") if each.source == source)


def without(page: Reviewer, source: str) -> list[str]:
    """Return the lines of the file but those of one entry."""
    found = record(page, source)
    lines = page.path.read_text(encoding="utf-8").split("\n")
    return [*lines[: found.first], *lines[found.end :]]


@pytest.mark.parametrize(
    ("action", "status"),
    [("approve", "approved"), ("reject", "rejected"), ("forbid", "forbidden"), ("candidate", "candidate")],
)
def test_decision_is_written_and_all_else_stays(page: Reviewer, action: str, status: str) -> None:
    """A form without scripts writes its entry; every other line of the file is as it was."""
    before = without(page, "Hanoi")
    answer = page.decide(page.form("Hanoi"), action)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?status=all")
    row = page.desk.row(page.id_of("Hanoi"))
    assert row is not None
    assert row.status == status
    assert without(page, "Hanoi") == before
    assert record(page, "Hanoi").tool_notes == ("seen: 3", "proposal: en-pt:firefox = Hanoi, a cidade")


def test_approval_says_who_when_and_what(page: Reviewer) -> None:
    """An approval carries name, time and the hash of the text."""
    page.decide(page.form("Hanoi"), "approve", target="Hanói (Vietname)")
    words = record(page, "Hanoi").facts["approved"].split()
    assert words[:2] == ["Ana", "Silva"]
    assert words[2].endswith("Z")
    assert words[3] == approval_hash("Hanoi", "Hanói (Vietname)")
    assert "Ana Silva" in page.get()


def test_fields_of_the_form_are_written(page: Reviewer) -> None:
    """Type, forms and note are saved without a decision; the entry stays a candidate."""
    page.decide(page.form("council"), "save", type="institution", forms=" a |b||", note="x: y", target="câmara")
    found = record(page, "council")
    assert (found.target, found.is_fuzzy) == ("câmara", True)
    assert found.facts == {"type": "institution", "forms": "a | b", "note": "x: y"}
    assert "no-wrap" in page.path.read_text(encoding="utf-8")


def test_form_sent_as_it_is_changes_nothing(page: Reviewer) -> None:
    """Saving without a change leaves the bytes of the file, and nothing to undo."""
    before = page.path.read_bytes()
    for source in ("Hanoi", "mayor", "council", "Lisbon", "Photo", "old"):
        assert page.decide(page.form(source), "save").status_code == 303
    assert page.path.read_bytes() == before
    assert page.desk.last is None


def test_edit_by_other_hands_is_kept_and_shown(page: Reviewer) -> None:
    """Of an entry that changed on disk both versions are shown; nothing is written until one is chosen."""
    form = page.form("Hanoi")
    text = page.path.read_text(encoding="utf-8").replace("Hanói", "Hanoi <b>deles</b>").replace("Lisboa", "Lisbonne")
    page.path.write_text(text, encoding="utf-8")
    answer = page.decide(form, "approve", target="a minha")
    assert answer.status_code == 409
    assert "Hanoi &lt;b&gt;deles&lt;/b&gt;" in answer.text
    assert "a minha" in answer.text
    assert page.path.read_text(encoding="utf-8") == text
    again = next(form for form in read_forms(answer.text) if form.get("target") == "a minha")
    assert page.decide(again, "approve").status_code == 303
    assert record(page, "Hanoi").target == "a minha"
    assert record(page, "Lisbon").target == "Lisbonne"


def test_edit_of_another_entry_is_no_conflict(page: Reviewer) -> None:
    """What others did to other entries stays, and the page shows it."""
    form = page.form("Hanoi")
    page.path.write_text(page.path.read_text(encoding="utf-8").replace("Lisboa", "Lisbonne"), encoding="utf-8")
    assert page.decide(form, "approve").status_code == 303
    assert record(page, "Lisbon").target == "Lisbonne"
    assert "Lisbonne" in page.get()


def test_only_what_changed_on_disk_is_made_anew(page: Reviewer) -> None:
    """After another program saved, rows of entries that are as they were are the same; the others say what is new."""
    before = {row.source: row for row in page.desk.rows()}
    text = page.path.read_text(encoding="utf-8").replace("Lisboa", "Lisbonne")
    page.path.write_text("# a new line\n" + text, encoding="utf-8")
    after = {row.source: row for row in page.desk.rows()}
    assert after["Lisbon"].target == "Lisbonne"
    assert [source for source, row in after.items() if row is not before[source]] == ["Lisbon"]
    assert page.decide(page.form("Hanoi"), "approve").status_code == 303
    assert "Lisbonne" in page.path.read_text(encoding="utf-8")


def test_entry_that_is_gone_is_told(page: Reviewer) -> None:
    """An entry that others deleted is not brought back in silence."""
    form = page.form("council")
    start = ENTRIES.index("#, fuzzy, no-wrap")
    page.path.write_text(HEADER + ENTRIES[:start] + ENTRIES[start:].split("\n\n", 1)[1], encoding="utf-8")
    answer = page.decide(form, "approve")
    assert answer.status_code == 409
    assert "Gone from the files: 1 entry" in answer.text
    assert "council" not in page.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("action", ["approve", "reject", "forbid"])
def test_undo_gives_the_bytes_back(page: Reviewer, action: str) -> None:
    """After an undo the file is byte for byte what it was: order of comments, flags and line breaks too."""
    before = page.path.read_bytes()
    for source in ("mayor", "council"):
        page.decide(page.form(source), action, note="new")
    assert page.path.read_bytes() != before
    for _ in range(2):
        assert page.post("/undo").status_code == 303
    assert page.path.read_bytes() == before
    assert page.desk.last is None
    assert page.post("/undo").status_code == 303


def test_undo_takes_nothing_from_others(page: Reviewer) -> None:
    """What others changed after the decision is not undone."""
    page.decide(page.form("Hanoi"), "approve")
    text = page.path.read_text(encoding="utf-8").replace("Hanói", "Ha Noi")
    page.path.write_text(text, encoding="utf-8")
    answer = page.post("/undo")
    assert answer.status_code == 409
    assert "changed on disk meanwhile" in answer.text
    assert page.path.read_text(encoding="utf-8") == text


def test_many_at_once(page: Reviewer) -> None:
    """Ticked entries get one decision, with a count and one undo for all."""
    before = page.path.read_bytes()
    assert page.post("/decide-many", action="approve", pick=page.pick("Hanoi", "council")).status_code == 303
    assert "Last: 2 entries approved" in page.get()
    assert not record(page, "Hanoi").is_fuzzy
    assert not record(page, "council").is_fuzzy
    page.post("/undo")
    assert page.path.read_bytes() == before


def test_conflict_among_many_keeps_the_others(page: Reviewer) -> None:
    """Of many, those that changed meanwhile are shown; the others are written."""
    pick = page.pick("Hanoi", "council")
    page.path.write_text(page.path.read_text(encoding="utf-8").replace("Hanói", "Ha Noi"), encoding="utf-8")
    answer = page.post("/decide-many", action="approve", pick=pick)
    assert answer.status_code == 409
    assert "Ha Noi" in answer.text
    assert record(page, "Hanoi").is_fuzzy
    assert not record(page, "council").is_fuzzy


def test_empty_entries_among_many_stay(page: Reviewer) -> None:
    """What has no translation cannot be approved; of many, the others are, and the page says so."""
    answer = page.post("/decide-many", action="approve", pick=page.pick("Hanoi", "Photo"))
    assert "Without a translation, and left as they are: 1 entry" in answer.text
    assert record(page, "Photo").facts == {"type": "label"}
    assert not record(page, "Hanoi").is_fuzzy


@pytest.mark.parametrize(
    ("source", "changes", "says"),
    [
        ("Photo", {}, "nothing to make approved"),
        ("Hanoi", {"type": "no-type"}, "no type"),
        ("Hanoi", {"target": "x" * 501}, "longer than 500"),
        ("Hanoi", {"target": "a\x07b"}, "line break"),
        ("Hanoi", {"version": "0" * 12}, "changed on disk meanwhile"),
    ],
)
def test_what_no_glossary_may_hold_is_refused(page: Reviewer, source: str, changes: dict[str, str], says: str) -> None:
    """A refusal says why in one line, and the file is as it was."""
    before = page.path.read_bytes()
    answer = page.decide(page.form(source), "approve", **changes)
    assert answer.status_code in (409, 422)
    assert says in answer.text
    assert page.path.read_bytes() == before


def test_approved_text_that_changed_shows(page: Reviewer) -> None:
    """A text that is no longer what was approved waits for a review."""
    opened = page.get("/?status=changed")
    assert "presidente da câmara" in opened
    assert "Hanói" not in opened
    assert "mayor" in page.get("/")
    assert "Lisboa" not in page.get("/")


@pytest.mark.parametrize(
    ("address", "sources"),
    [
        ("/", {"Hanoi", "mayor", "council", "Photo"}),
        ("/?status=all", {"Hanoi", "mayor", "council", "Photo", "Lisbon", "old"}),
        ("/?status=rejected", {"old"}),
        ("/?status=all&type=label", {"Photo"}),
        ("/?status=all&text=HANÓI", {"Hanoi"}),
        ("/?status=all&text=free+words", {"mayor"}),
        ("/?pair=en-pt&status=approved", {"Lisbon"}),
        ("/?pair=en-es&status=all", set()),
        ("/?status=all&finding=no_such_rule", set()),
        ("/?status=nonsense&text=%00", set()),
    ],
)
def test_filters(page: Reviewer, address: str, sources: set[str]) -> None:
    """Each filter leaves the entries that it names."""
    labels = [form["_label"] for form in read_forms(page.get(address)) if "id" in form]
    assert {label.removeprefix("Approve ") for label in labels} == sources


AGED = """\
# approved: Ana Silva {new}T10:00Z 000000000000
msgid "decided lately"
msgstr "x"

# banned: Ana 2020-01-02T10:00Z
# status: forbidden
msgid "decided long ago"
msgstr "x"

#. proposed: {new}
#, fuzzy
msgid "proposed lately"
msgstr "x"

#, fuzzy
msgid "no date"
msgstr "x"
"""


@pytest.mark.parametrize(
    ("age", "sources"),
    [
        ("week", {"decided lately", "proposed lately"}),
        ("month", {"decided lately", "proposed lately"}),
        ("year", {"decided lately", "proposed lately"}),
        ("older", {"decided long ago"}),
        ("unknown", {"no date"}),
        ("nonsense", {"decided lately", "proposed lately", "decided long ago", "no date"}),
    ],
)
def test_filter_by_age(tmp_path: Path, age: str, sources: set[str]) -> None:
    """The age counts from the last decision, else from the day of the proposal."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    page = open_page(tmp_path, AGED.format(new=yesterday))
    assert shown(page, f"/?status=all&age={age}") == sorted(sources)


def shown(page: Reviewer, address: str, *, ordered: bool = False) -> list[str]:
    """Return the terms of a list."""
    labels = [form["_label"].removeprefix("Approve ") for form in read_forms(page.get(address)) if "id" in form]
    return labels if ordered else sorted(labels)


def test_order(tmp_path: Path) -> None:
    """Often seen first, of those names before others, never seen last; or as the files have it."""
    seen = [("rare", "", 1), ("new", "", 0), ("Bo", "name", 1), ("often", "", 12), ("also new", "name", 0)]
    page = open_page(
        tmp_path,
        "\n".join(
            (f"#. seen: {count} in 1 article\n" if count else "")
            + (f"# type: {type_}\n" if type_ else "")
            + f'#, fuzzy\nmsgid "{source}"\nmsgstr "x"\n'
            for source, type_, count in seen
        ),
    )
    assert shown(page, "/", ordered=True) == ["often", "Bo", "rare", "also new", "new"]
    assert shown(page, "/?order=file", ordered=True) == [source for source, _, _ in seen]
    page.decide(page.form("rare"), "save", type="name")
    assert shown(page, "/", ordered=True) == ["often", "Bo", "rare", "also new", "new"]


def new_entry(page: Reviewer, **changes: str) -> Any:
    """Fill in the form of a new entry and send it."""
    form = next(form for form in read_forms(page.get("/new")) if form["_action"] == "/add")
    fields = {key: value for key, value in form.items() if not key.startswith("_")}
    names = {tag: LANGUAGES[tag].name for tag in ("en", "pt")}
    assert (fields.pop("from"), fields.pop("to")) == (names["en"], names["pt"])
    return page.client.post("/add", data={**fields, "from": "en", "to": "pt", **changes}, follow_redirects=False)


@pytest.mark.parametrize("action", ["approve", "add"])
def test_new_entry_and_its_undo(page: Reviewer, action: str) -> None:
    """A new entry is signed and in its place; all else stays, and an undo takes it away with every byte."""
    before = page.path.read_bytes()
    answer = new_entry(page, source=" Porto  Velho", target="Porto Velho", type="place", note="<b>", action=action)
    assert (answer.status_code, answer.headers["location"]) == (303, "/new?pair=en-pt")
    found = record(page, "Porto Velho")
    assert (found.target, found.is_fuzzy, found.facts["type"]) == ("Porto Velho", action == "add", "place")
    assert ("approved" in found.facts) == (action == "approve")
    assert without(page, "Porto Velho")[: before.count(b"\n")] != []
    assert "Last: 1 entry added" in page.get()
    assert "Porto Velho" in page.get()
    assert page.post("/undo").status_code == 303
    assert page.path.read_bytes() == before
    assert "Porto Velho" not in page.get()


def test_new_entry_that_is_there_is_a_conflict(page: Reviewer) -> None:
    """An entry in force is shown beside what was filled in, and nothing is written; a rejected one comes back."""
    before = page.path.read_bytes()
    answer = new_entry(page, source="Lisbon", target="outra", action="approve")
    assert answer.status_code == 409
    assert "Lisboa" in answer.text
    assert "outra" in answer.text
    assert page.path.read_bytes() == before
    assert new_entry(page, source="old", target="antigo", action="approve").status_code == 303
    assert (record(page, "old").is_retired, record(page, "old").target) == (False, "antigo")


def test_new_entry_of_a_new_pair(page: Reviewer) -> None:
    """The file of a pair that had none is begun, as every glossary is."""
    assert new_entry(page, to="es", source="council", target="concejo", action="approve").status_code == 303
    glossary = load_glossary([page.desk.folder])
    assert [entry.target for entry in glossary.entries("en", "es")] == ["concejo"]
    assert "English to Spanish" in page.get()


@pytest.mark.parametrize(
    "changes", [{"source": " "}, {"to": "en"}, {"to": "../x"}, {"type": "x"}, {"target": ""}, {"source": "a\x07"}]
)
def test_new_entry_that_no_glossary_may_hold(page: Reviewer, changes: dict[str, str]) -> None:
    """A refusal says why, and no file is begun or changed."""
    files = {path: path.read_bytes() for path in page.desk.folder.rglob("*") if path.is_file()}
    answer = new_entry(page, **{"source": "town", "target": "vila", "action": "approve", **changes})
    assert answer.status_code == 422
    assert "; try " in answer.text
    assert {path: path.read_bytes() for path in page.desk.folder.rglob("*") if path.is_file()} == files


def test_help_names_every_key(page: Reviewer) -> None:
    """What the script does on a key stands on the page of help."""
    script, said = page.get("/review.js"), page.get("/help")
    acts = script.split("const ACTS = {")[1].split("\n  };")[0]
    keys = {match[0].strip('"') for match in re.findall(r'((?:"."|\b\w+)): (\w|\()', acts)}
    assert {"j", "a", "A", "/", "?", "n"} <= keys
    named = set(re.findall(r"<kbd>(.+?)</kbd>", said)) | {"ArrowDown", "ArrowUp"}
    assert keys - named == set()
    assert {"1", "9", "↓", "↑", "Escape"} <= named


def test_paging_jumps_over_nothing(tmp_path: Path) -> None:
    """The next page begins behind the last entry, also when those before it were decided meanwhile."""
    entries = "\n".join(f'#, fuzzy\nmsgid "t{number:03}"\nmsgstr "x"\n' for number in range(2 * PAGE_SIZE + 10))
    page = open_page(tmp_path, entries)
    first = page.get("/")
    assert f"1–{PAGE_SIZE} of {2 * PAGE_SIZE + 10}" in first
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    page.post("/decide-many", action="approve", pick=page.pick(*(f"t{number:03}" for number in range(PAGE_SIZE))))
    second = page.get(link)
    assert f"1–{PAGE_SIZE} of {PAGE_SIZE + 10}" in second
    assert f"Approve t{PAGE_SIZE:03}" in second
    third = second.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert f"t{2 * PAGE_SIZE:03}" in page.get(third)
    back = page.get(third).split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert f"t{PAGE_SIZE:03}" in page.get(back)


def test_sentences_impact_and_findings(tmp_path: Path) -> None:
    """A term is shown where it stands, in both languages, with what a decision would redo."""
    out = write_article(tmp_path / "out", "a", ("The council met.", "O conselho reuniu-se."), ("No term.", "Nada."))
    write_article(
        out, "b", ("Councils and a council.", "Conselhos."), ("THE COUNCIL", "O CONSELHO"), finding="term_lost"
    )
    write_article(out, "c", ("council", "mlčky"), lang="cs")
    page = open_page(tmp_path, articles=out)
    opened = page.get()
    assert "3 segments in 2 articles will be redone" in opened
    assert "The <mark>council</mark> met." in opened
    assert "O conselho reuniu-se." in opened
    labels = [form["_label"] for form in read_forms(page.get("/?status=all&finding=term_lost")) if "id" in form]
    assert labels == ["Approve council"]
    assert "THE <mark>COUNCIL</mark>" in page.get(f"/term/{page.id_of('council')}")


def test_damaged_files_do_not_take_the_page_down(tmp_path: Path) -> None:
    """A damaged glossary or article is told by its name; the others can be worked on."""
    out = tmp_path / "out"
    (out / "a").mkdir(parents=True)
    (out / "a/a.parallel.jsonl").write_text('{"id": 1}\nnull', encoding="utf-8")
    page = open_page(tmp_path, articles=out)
    (page.path.parent / "es.po").write_text('msgid "unclosed\n', encoding="utf-8")
    opened = page.get()
    assert "es.po:1:" in opened
    assert "a.parallel.jsonl: not a parallel file" in opened
    assert page.decide(page.form("Hanoi"), "approve").status_code == 303


def git(folder: Path, *args: str) -> None:
    """Run git in a folder, apart from the settings of this machine."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    who = ["-c", "user.name=Rui Costa", "-c", "user.email=rui@example.org"]
    subprocess.run(["git", *who, *args], cwd=folder, env=env, check=True, capture_output=True)


def test_history_out_of_git(tmp_path: Path) -> None:
    """A term's page tells its versions and who made them; what was approved is shown beside what stands there now."""
    text = ENTRIES.replace("000000000000", approval_hash("mayor", "presidente da municipalidade"))
    page = open_page(tmp_path, text.replace('"presi"\n"dente da câmara"', '"presidente da municipalidade"'))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "First words")
    page.path.write_text(HEADER + text, encoding="utf-8")
    git(tmp_path, "commit", "-qam", "A <better> word")
    opened = page.get(f"/term/{page.id_of('mayor')}")
    assert "A &lt;better&gt; word" in opened
    assert "First words" in opened
    assert "Rui Costa" in opened
    assert "<del>municipalidade</del><ins>câmara</ins>" in page.get("/?status=changed")
    assert "A &lt;better&gt; word" not in page.get(f"/term/{page.id_of('Lisbon')}")


def test_proposals_are_shown_and_offered(page: Reviewer) -> None:
    """What an engine would say stands beside the entry with its name, and is offered in the form."""
    opened = page.get()
    assert "<dt><kbd>1</kbd> en-pt:firefox says</dt>" in opened
    assert '<option value="Hanoi, a cidade">en-pt:firefox</option>' in opened
    assert "<dt>Seen</dt>" in opened


def test_statistics(page: Reviewer) -> None:
    """Each pair is counted by status."""
    opened = page.get("/stats")
    assert "English to Portuguese" in opened
    assert '<a href="/?pair=en-pt&amp;status=candidate">3<' in opened
