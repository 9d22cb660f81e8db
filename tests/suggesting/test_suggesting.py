"""Candidates: what is proposed and what is not, with what evidence, and what becomes of a file that has entries."""

import json
import tomllib
from pathlib import Path
from typing import Any

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cli import run
from pipeline.glossary import Glossary, load_glossary
from pipeline.localise import Detected, detect_article
from pipeline.review.articles import Segment
from pipeline.suggesting import Finding, find_names, gather, propose, watch, write_candidates
from pipeline.suggesting.names import read_evidence
from pipeline.suggesting.proposing import _tidy

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/suggesting/names.toml").read_text("utf-8"))["case"]
NEWS = """Skopje renames its main boulevard

Фотографија: МИАхх

The council of Oakham voted to rename the boulevard. Mayor Zelensky said it would cost nothing.

They heard that Zelenskyy and the town of Oakham would pay for it, and the people of Oakham were glad.

A note on the door said “возот повеќе не доаѓа“ and nothing more.
"""
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: pt\\n"\n\n'


def detected(text: str, lang: str = "en") -> Detected:
    """Read a text as an article."""
    return detect_article(text.encode(), "news", ".txt", lang)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_names(case: dict[str, Any]) -> None:
    """The names of a text are those of the table."""
    article = detected(case["text"], case["lang"])
    evidence = read_evidence([article]).get(case["lang"])
    found = [use.text for use in find_names(article, evidence)] if evidence else []
    assert found == case["names"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("Aa bБи.,:'’\"“(-—0\n@#"), max_size=80))
def test_any_text_gives_names_of_its_own(text: str) -> None:
    """On any text a name is where it says it is, and has a capital."""
    if not text.strip():
        return
    article = detected(text)
    for evidence in read_evidence([article]).values():
        for use in find_names(article, evidence):
            assert use.segment.source[use.start :].startswith(use.text)
            assert any(char.isupper() for char in use.text)


def test_gathered_candidates() -> None:
    """Fragments, both parts of a credit line, names and their spellings are candidates of the right pairs."""
    found = {item.source: item for item in gather([("news", detected(NEWS))], Glossary.empty(), ["pt"])}
    name = found["Oakham"]
    assert (name.source_lang, name.target_lang, name.count, name.articles) == ("en", "pt", 3, ("news",))
    assert any("boulevard" in sentence for _, sentence in name.examples)
    assert found["возот повеќе не доаѓа"].finding is Finding.FRAGMENT
    assert found["возот повеќе не доаѓа"].target_lang == "en"
    assert (found["Фотографија"].type, found["МИАхх"].type) == ("label", "agency")
    spelled = next(item for item in found.values() if item.finding is Finding.SPELLINGS)
    assert {spelled.source, *(text for text, _ in spelled.spellings)} == {"Zelensky", "Zelenskyy"}
    assert next(iter(found)) == "Oakham"  # the most frequent first


def test_what_a_glossary_has_is_no_candidate(tmp_path: Path) -> None:
    """An entry, a candidate and another spelling of an entry are not proposed again."""
    path = tmp_path / "en/pt.po"
    path.parent.mkdir()
    entries = '# source-forms: Zelenskyy\nmsgid "Zelensky"\nmsgstr "Zelensky"\n\n'
    path.write_text(HEADER + entries + '#, fuzzy\nmsgid "Oakham"\nmsgstr ""\n', encoding="utf-8")
    found = {item.source for item in gather([("news", detected(NEWS))], load_glossary([tmp_path]), ["pt"])}
    assert not found & {"Oakham", "Zelensky", "Zelenskyy"}
    assert "возот повеќе не доаѓа" in found


def test_names_are_proposed_for_each_target_but_their_own() -> None:
    """A name gets a candidate for each target; none into the article's own language."""
    found = gather([("news", detected(NEWS))], Glossary.empty(), ["pt", "es", "en"])
    assert {item.target_lang for item in found if item.source == "Oakham"} == {"pt", "es"}


def test_alphabet_proposals() -> None:
    """A name keeps its spelling in its own script, and is written by the declared scheme in another."""
    text = "Областният управител Еудженио Джани говори в четвъртък пред хората в града."
    found = propose(gather([("x", detected(text, "bg"))], Glossary.empty(), ["en", "mk"]), None)
    said = {item.target_lang: item.proposals[0] for item in found if item.source == "Еудженио Джани"}
    assert (said["en"].text, said["en"].origin) == ("Eudzhenio Dzhani", "Streamlined System, 2009")
    assert said["mk"].text == "Еудженио Джани"
    fragment = propose(gather([("news", detected(NEWS))], Glossary.empty(), []), None)
    assert [item.proposals for item in fragment if item.source == "возот повеќе не доаѓа"] == [()]


def test_written_as_fuzzy_beside_what_is_there(tmp_path: Path) -> None:
    """Candidates are fuzzy entries with evidence; entries that stand there, rejected ones too, stay as they are."""
    path = tmp_path / "en/pt.po"
    path.parent.mkdir()
    kept = '# note: own\nmsgid "abbey"\nmsgstr "abadia"\n\n#~ msgid "Oakham"\n#~ msgstr "nunca"\n'
    path.write_text(HEADER + kept, encoding="utf-8")
    found = propose(gather([("news", detected(NEWS))], Glossary.empty(), ["pt"]), None)
    done = {written.path: written for written in write_candidates(tmp_path, found)}
    assert done[path].there == 1
    text = path.read_text(encoding="utf-8")
    assert text.startswith(HEADER + '# note: own\nmsgid "abbey"\nmsgstr "abadia"\n')
    assert text.endswith('#~ msgid "Oakham"\n#~ msgstr "nunca"\n')
    new = [entry for entry in polib.pofile(str(path)) if "fuzzy" in entry.flags]
    assert len(new) == done[path].added > 0
    assert all(entry.comment.startswith("seen: ") and "example: en: " in entry.comment for entry in new)
    load_glossary([tmp_path]).all_entries("en", "pt")
    again = path.read_bytes()
    assert all(written.added == 0 for written in write_candidates(tmp_path, found))
    assert path.read_bytes() == again


def test_command_lists_and_writes(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """The command gives JSON, and with --write adds to the files; a bad article costs the others nothing."""
    news = tmp_path / "news.txt"
    news.write_text(NEWS, encoding="utf-8")
    folder = tmp_path / "glossaries"
    folder.mkdir()
    options = ["--no-builtin-glossaries", "--no-engines", "--to", "pt", "--from", "en", "--json"]
    assert run(["glossary", "suggest", str(news), *options, "--write", str(folder)]) == 0
    rows = json.loads(capfdbinary.readouterr().out)["candidates"]
    assert rows[0]["source"] == "Oakham"
    assert (folder / "en/pt.po").is_file()
    assert (folder / "mk/en.po").is_file()
    assert run(["glossary", "suggest", str(news), str(tmp_path / "none.txt"), *options, "--top", "2"]) == 1
    assert len(json.loads(capfdbinary.readouterr().out)["candidates"]) == 2


@pytest.mark.parametrize(("said", "source", "tidy"), [
    ("Ann Leaf (em", "Ann Leaf", "Ann Leaf"), ("Câmara.", "council", "Câmara"), ("Quem?", "Who?", "Quem?"),
    ("Folha (PT)", "Leaf", "Folha (PT)"), ("  duas   palavras ", "two", "duas palavras"), ("(", "x", ""),
])  # fmt: skip
def test_what_an_engine_adds_is_taken_away(said: str, source: str, tidy: str) -> None:
    """A bracket that stays open, and a stop that the term does not have, are no part of a proposal."""
    assert _tidy(said, source) == tidy


def test_what_translations_show() -> None:
    """A name kept in some segments only is told so; a small word that came back is a candidate, one of both is not."""
    texts = [
        ("Oakham slept while a hospital waited.", "Oakham dormiu; um hospital while."),
        ("In Oakham.", "Em Carvalho."),
    ]
    segments = [
        Segment("news", f"b1s{at}", "en", (), source, {"pt": target}, frozenset(), ())
        for at, (source, target) in enumerate([*texts, texts[0]], 1)
    ]
    found = {
        item.source: item for item in watch(gather([("news", detected(NEWS))], Glossary.empty(), ["pt"]), segments)
    }
    assert found["Oakham"].finding is Finding.DIFFERENT
    assert propose([found["Oakham"]], None)[0].proposals[0].origin == "kept in 2 of 3"
    assert (found["while"].finding, found["while"].count) == (Finding.UNTRANSLATED, 2)
    assert ("pt", "Oakham dormiu; um hospital while.") in found["while"].examples
    assert "hospital" not in found
