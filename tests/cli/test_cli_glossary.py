"""`glossary check` and `glossary stats` as a user calls them."""

import sys
from pathlib import Path

import pytest
from cli_calls import Call

GOOD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n# type: name\nmsgid "NATO"\nmsgstr "OTAN"\n'
)
OWN = ("--glossaries", "team", "--no-builtin-glossaries")


@pytest.fixture
def team(tree: Path) -> Path:
    """Write a team's glossary of one entry."""
    path = tree / "team/en/pt.po"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("more", "args", "code"),
    [
        ("", (), 0),
        ("", ("--strict",), 0),
        ('\nmsgid "UN"\nmsgstr "<b>ONU</b>"\n', (), 0),
        ('\nmsgid "UN"\nmsgstr "<b>ONU</b>"\n', ("--strict",), 3),
        ('\nmsgid "UN\nmsgstr "ONU"\n', (), 1),
    ],
)
def test_check_says_by_its_exit_code(more: str, args: tuple[str, ...], code: int, call: Call, team: Path) -> None:
    """0 for a sound glossary, 3 for a warning under --strict, 1 for an error."""
    team.write_text(GOOD + more, encoding="utf-8")
    assert call("glossary", "check", *OWN, *args).code == code


def test_check_names_file_and_line(call: Call, team: Path) -> None:
    """Each line is a place that an editor can jump to, a level, a message and the rule."""
    team.write_text(GOOD + '\nmsgid "UN"\nmsgstr "<b>ONU</b>"\n', encoding="utf-8")
    result = call("glossary", "check", *OWN)
    assert result.out == "team/en/pt.po:9: warning: '<b>ONU</b>' has '<b>' in it: write the words alone [markup]\n"
    assert result.err == "1 glossary: 0 errors, 1 warning, 1 note\n"
    (problem,) = call("glossary", "check", *OWN, "--json").document["problems"]
    assert (problem["rule"], problem["level"], problem["origin"]) == ("markup", "warning", "team/en/pt.po:9")


def test_check_with_articles_lists_unused_entries(call: Call, team: Path) -> None:
    """With an article, --level note tells of entries that it does not use."""
    result = call("glossary", "check", "article.txt", *OWN, "--level", "note")
    assert "[never_seen]" in result.out
    assert "[never_seen]" not in call("glossary", "check", *OWN, "--level", "note").out


def test_missing_folder_is_a_usage_error(call: Call, tree: Path) -> None:
    """A glossary folder that is not there is told in one line."""
    result = call("glossary", "check", "--glossaries", "none")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: none: no such folder")


def test_stats_counts_without_articles(call: Call, team: Path) -> None:
    """Without articles the pairs are counted, and nothing is said of use."""
    result = call("glossary", "stats", *OWN)
    assert result.code == 0
    assert result.out.splitlines()[-1].split() == ["en-pt", "1", "0", "0"]


def test_stats_of_articles(call: Call, team: Path) -> None:
    """With articles: what is used, what is not, what no entry resolves; JSON has all of it."""
    document = call("glossary", "stats", "article.txt", *OWN, "--from", "en", "--json").document
    assert document["articles"] == 1
    assert [row["source"] for row in document["pairs"][0]["never_used"]] == ["NATO"]
    assert [row["text"] for row in document["unresolved"]] == ["Снимка: БГНЕС"]
    assert "Снимка: БГНЕС" in call("glossary", "stats", "article.txt", *OWN).out


def test_one_bad_article_does_not_stop_the_rest(call: Call, team: Path) -> None:
    """An article that cannot be read is told and counts as a failure; the others are counted."""
    result = call("glossary", "stats", "empty.txt", "article.txt", *OWN, "--json")
    assert result.code == 1
    assert result.document["articles"] == 1
    assert "empty.txt" in result.err


def test_export_and_import_round_trip(call: Call, team: Path, tree: Path) -> None:
    """What is exported and imported into an empty folder says the same, as candidates; a second time nothing is new."""
    assert call("glossary", "export", "en", "pt", *OWN, "-o", "terms.tbx").err == "1 entries written, 0 left out\n"
    first = call("glossary", "import", "terms.tbx", "en", "pt", "--glossaries", "other")
    assert (first.code, first.err) == (0, "other/en/pt.po: 1 entries changed, 0 the same, 0 conflicts, 0 refused\n")
    text = (tree / "other/en/pt.po").read_text(encoding="utf-8")
    assert '# type: name\n#, fuzzy\nmsgid "NATO"\nmsgstr "OTAN"\n' in text
    again = call("glossary", "import", "terms.tbx", "en", "pt", "--glossaries", "other", "--json")
    assert (again.document["same"], again.document["changed"]) == (1, [])


def test_import_tells_conflicts_and_refusals(call: Call, team: Path, tree: Path) -> None:
    """A conflict leaves the file as it is, and is 3 under --strict; a row that no glossary may hold is 1."""
    before = team.read_bytes()
    (tree / "a.csv").write_text("NATO,Nato\n", encoding="utf-8")
    args = ("glossary", "import", "a.csv", "en", "pt", "--glossaries", "team")
    assert call(*args).code == 0
    strict = call(*args, "--strict")
    assert (strict.code, team.read_bytes()) == (3, before)
    assert "conflict: line 1: 'NATO' is 'Nato' here and 'OTAN' in the glossary\n" in strict.err
    (tree / "a.csv").write_text("NATO\n", encoding="utf-8")
    assert call(*args).code == 1


def test_dry_run_writes_nothing(call: Call, team: Path, tree: Path) -> None:
    """--dry-run says what would be done."""
    (tree / "a.csv").write_text("UN,ONU\n", encoding="utf-8")
    result = call("glossary", "import", "a.csv", "en", "pt", "--glossaries", "none", "--dry-run")
    assert "1 entries would be changed" in result.err
    assert not (tree / "none").exists()


def test_export_of_a_pair_that_is_not_there(call: Call, team: Path) -> None:
    """The error names the pairs that there are."""
    result = call("glossary", "export", "en", "de", *OWN)
    assert (result.code, result.err) == (2, "error: no glossary from en into de; there are en pt\n")


def test_missing_packages_of_the_page_are_named(call: Call, team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the page's packages are missing, the message names them as pip does, not a module inside one."""
    for module in [name for name in sys.modules if name.startswith("pipeline.review")]:
        monkeypatch.delitem(sys.modules, module)
    for module in ("starlette", "starlette.applications"):
        monkeypatch.setitem(sys.modules, module, None)
    result = call("glossary", "review", "--glossaries", "team", "--no-open")
    assert (result.code, result.out) == (2, "")
    assert (
        result.err == "error: the page needs starlette, which is missing; try: pip install jinja2 starlette uvicorn\n"
    )


@pytest.mark.parametrize("name", ["team", "team/en/pt.po"])
def test_check_takes_a_glossary_or_a_folder_by_its_name(name: str, call: Call, team: Path) -> None:
    """As every tool for PO files does; an article beside it is an article."""
    team.write_text(GOOD + '\nmsgid "UN"\nmsgstr "<b>ONU</b>"\n', encoding="utf-8")
    Path("a.txt").write_text("NATO met on Monday and said so again.\n", encoding="utf-8")
    result = call("glossary", "check", name, "a.txt", "--no-builtin-glossaries", "--level", "note")
    assert "en/pt.po:9: warning:" in result.out and "[never_seen]" in result.out and "'NATO'" not in result.out
    refused = call("glossary", "check", "team", "--glossaries", "team")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
