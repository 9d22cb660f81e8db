"""The gate: what is written in a language has no run of another that nobody kept on purpose."""

import json
from pathlib import Path

import pytest

from pipeline.checks import Pair, check_target
from pipeline.fragments import find_foreign_runs
from pipeline.glossary import Glossary
from pipeline.localise import Options, Tools, localise_article
from pipeline.model import LocalisedSegment, Role, Segment, State, Target
from pipeline.sourcing import normalise_segment
from pipeline.targeting import Work, _search_targets

NTREX = Path(__file__).parents[3] / "shared" / "data" / "ntrex"
GOOD = "O ministro disse que as obras começam em maio."
LEFT = "The minister said that the works begin in May."


def test_a_sentence_left_in_the_source_language_is_found() -> None:
    """Whole, and where it is a part of a segment; the good neighbours are left alone."""
    runs = find_foreign_runs([GOOD, LEFT, f"{GOOD} {LEFT}"], "pt")
    assert [[run.lang for run in each] for each in runs] == [[], ["en"], ["en"]]
    assert runs[2][0].text == LEFT.rstrip(".")


def test_a_copy_of_the_source_is_found_however_short() -> None:
    """Two small words are too few for a run; in a copy they say enough. Names alone are the same in both."""
    short = "Hace 36 años."
    assert find_foreign_runs([short], "pt") == [()]
    assert find_foreign_runs([short], "pt", "es", [short])[0][0].lang == "es"
    assert find_foreign_runs(["Diosdado Cabello"], "pt", "es", ["Diosdado Cabello"]) == [()]


def test_a_copy_of_some_words_is_found_whatever_they_say() -> None:
    """Good Spanish and good Galician at once: who wrote it did not translate."""
    same = "Trump celebra un mitin no porto"
    assert find_foreign_runs([same], "es") == [()]
    assert find_foreign_runs([same], "es", "gl", [same])[0][0].lang == "gl"
    assert find_foreign_runs([same], "es", "gl", ["Trump fala no porto"]) == [()]


def test_a_title_or_a_loanword_in_a_good_translation_is_no_fault() -> None:
    """Names, a quoted title of capitals, a phrase at home everywhere."""
    texts = [
        "Bernie Sanders falou à CNN em Washington.", "A série “Designated Survivor” volta em maio.",
        "Foi um caso de déjà vu para o clube.",
    ]  # fmt: skip
    assert find_foreign_runs(texts, "pt") == [(), (), ()]


def test_another_script_is_always_found() -> None:
    """Cyrillic words in a Portuguese text need not be many."""
    assert [run.text for run in find_foreign_runs(["A agência Държавна агенция disse não."], "pt")[0]] == [
        "Държавна агенция"
    ]


def test_a_run_is_an_error() -> None:
    """The check reports it with its language, so that --strict fails."""
    pair = Pair("b1s1", "x", GOOD, "en", "pt", foreign=(("the works begin", "en", "words"),))
    (finding,) = check_target(pair)
    assert (finding.rule, finding.severity, finding.lang) == ("foreign_run", "error", "pt")
    assert "'the works begin' is in en, not in pt" in finding.message


def make_work(text: str, target: str, state: State = State.MACHINE) -> Work:
    """Make a finished work."""
    item = LocalisedSegment(Segment("b1s1", text, 0), "b1", Role.BODY, text)
    return Work(item, text, "en", target=Target(target, state))


def test_what_was_kept_on_purpose_is_hidden_from_the_gate() -> None:
    """A segment that was kept, and a kept span inside one, are no finding; the same words by chance are."""
    kept = make_work(LEFT, LEFT, State.KEPT)
    slipped = make_work(LEFT, LEFT)
    assert [len(runs) for runs in _search_targets([kept, slipped], "en", "pt")] == [0, 1]


def test_mixed_letters_are_repaired_and_told() -> None:
    """The normalised source has the right letter, a decision and a warning say so; the source itself stays."""
    source = "The m\u0430yor spoke."
    item = LocalisedSegment(Segment("b1s1", source, 0), "b1", Role.BODY, source)
    done = normalise_segment(item, "en", Glossary.empty(), lambda _source, _target: False)
    assert done.normalised == "The mayor spoke."
    assert done.segment.source == source
    assert [(finding.rule, finding.severity) for finding in done.findings] == [("mixed_script", "warning")]
    assert ("repaired", "m\u0430yor", "mayor") in [(each.action, each.before, each.after) for each in done.decisions]


def test_an_unmarked_run_is_kept_and_told() -> None:
    """Words of another language inside a sentence reach no engine; they stand as they are, with a finding."""
    text = "Everyone has the right to persona tiene derecho a participar in the cultural life of the community."
    with Tools.open(Glossary.empty()) as tools:
        done = localise_article(text.encode(), "test", ".txt", Options(("pt",), source="en"), tools)
    assert "persona tiene derecho a participar" in done.rendered["pt"]
    assert [f.rule for f in done.parallel.findings if f.lang == "pt"] == ["fragment_unresolved"]


@pytest.mark.shared
@pytest.mark.skipif(not NTREX.exists(), reason="no shared data beside the project")
@pytest.mark.parametrize("target", ["pt-PT", "es", "ca", "gl"])
def test_the_gate_on_human_translations(target: str) -> None:
    """Of 400 segments in the source language 99 % are found, and in 1,000 good ones at most 2 are not clean."""
    good, source = ([json.loads(line)["text"] for line in (NTREX / f"{lang}.jsonl").open()] for lang in (target, "en"))
    assert sum(bool(runs) for runs in find_foreign_runs(good, target)) <= 2
    mixed = [s if i % 5 == 0 else g for i, (g, s) in enumerate(zip(good, source, strict=True))][:1000]
    runs = find_foreign_runs(mixed, target, "en", source[:1000])
    assert sum(bool(each) for each in runs[::5]) >= 0.985 * len(runs[::5])
