"""Which capitalised words are names, and where they are put back."""

from dataclasses import replace

import pytest

from pipeline.enforcing.items import Demand, Item, open_item
from pipeline.enforcing.names import names_copied, respell, settle_copied
from pipeline.protecting import mark_spans, read_marks


def item(text: str, missing: tuple[str, ...] = ()) -> Item:
    """Make an item of which every capitalised word is "copied"; those in `missing` were not found in the target."""
    demands, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        if word[0].isupper():
            demands.append(Demand(start, at, word, "copied", {"pt": (word,)}))
    made = open_item(text, demands)
    lost = frozenset(i for i, demand in enumerate(demands) if demand.source in missing)
    return Item(made.marked, made.demands, missing=lost)


def test_a_word_that_is_mostly_copied_is_a_name() -> None:
    """In half of its places, or more."""
    lost = [item("but Hazard rose", missing=("Hazard",)), item("and Hazard fell", missing=("Hazard",))]
    assert names_copied([item("then Hazard ran"), lost[0]], "en") == {"Hazard"}
    assert names_copied([item("then Hazard ran"), *lost], "en") == frozenset()


@pytest.mark.parametrize(
    ("text", "missing", "wanted"),
    [
        ("the City manager", ("City",), {"City"}),
        ("the Microsoft Research branch", ("Research",), {"Research"}),
        ("the Defense Research Agency", ("Defense", "Research", "Agency"), set()),
        ("the Next Generation plan", ("Next", "Generation"), set()),
    ],
)
def test_a_part_of_a_longer_name_is_put_back_only_among_copied_words(
    text: str, missing: tuple[str, ...], wanted: set[str]
) -> None:
    """Words beside it that the engine translated show that it translated the whole name."""
    done = settle_copied(item(text, missing), {"City", "Microsoft", "Research"})
    assert {done.demands[i].source for i in done.missing} == wanted


def test_a_person_gets_the_spelling_of_the_source_back_once() -> None:
    """ "Hugo Chávez" becomes "Hugo Chavez"; a word that was copied is not written twice."""
    found = item("but Hugo Chavez spoke", missing=("Chavez",))
    lost = Item(found.marked.replace("Chavez", "Chávez"), found.demands, missing=found.missing)
    unmarked = lost.marked.replace(chr(0xE101), "").replace("Chávez\ue000", "Chávez")
    done = respell(settle_copied(Item(unmarked, lost.demands, missing=lost.missing), {"Hugo"}), "en", "pt")
    assert read_marks(done.marked)[0] == "but Hugo Chavez spoke"
    kept = respell(settle_copied(item("the Carnegie Mellon University"), {"Carnegie", "Mellon"}), "en", "pt")
    assert read_marks(kept.marked)[0] == "the Carnegie Mellon University"


@pytest.mark.parametrize(
    ("source", "written", "name", "wanted"),
    [
        ("then Aryna Sabalenka came", "então Ahna Sabalenka veio", "Aryna", "então Aryna Sabalenka veio"),
        ("then Lai Ching-te came", "então Lai Ching veio", "Ching-te", "então Lai Ching-te veio"),
        ("the Reverend Sabalenka", "o Reverendo Sabalenka", "Reverend", "o Reverendo Sabalenka"),  # a word
        ("then Aryna Sabalenka came", "então Arina disse a Sabalenka", "Aryna", "então Arina disse a Sabalenka"),
        ("then Aryna Sabalenka came", "então ahna Sabalenka veio", "Aryna", "então ahna Sabalenka veio"),
        ("a Frenchman Arthur Fils", "um francês Arthur Fils", "Frenchman", "um francês Arthur Fils"),
        ("then Aryna Sabalenka came", "então Mahna Sabalenka veio", "Aryna", "então Mahna Sabalenka veio"),
    ],
)
def test_a_name_that_the_engine_misspelt_beside_one_that_it_copied(
    source: str, written: str, name: str, wanted: str
) -> None:
    """It begins with the same letter, and is a word of neither language; or it lost what stood behind a hyphen."""
    made = item(source, missing=(name,))
    kept = {i: d.source for i, d in enumerate(made.demands) if d.source != name}
    spans = [(written.index(word), written.index(word) + len(word), i, word) for i, word in kept.items()]
    lost = replace(made, marked=mark_spans(written, sorted(spans)))
    done = respell(settle_copied(lost, set(kept.values())), "en", "pt")
    assert read_marks(done.marked)[0] == wanted


@pytest.mark.parametrize(
    ("text", "alone", "is_name"),
    [
        ("officer Benjamin Monk left", "Monk", True),
        ("for Sheffield Wednesday now", "Wednesday", False),  # a day
        ("at Microsoft Research now", "Research", False),  # a common word
        ("of Scottish Athletics now", "Scottish", False),  # not the last word of the name
    ],
)
def test_a_surname_that_the_engine_translated_where_it_stands_alone(text: str, alone: str, is_name: bool) -> None:
    """Once copied behind another name, twice lost on its own."""
    lost = [item(f"now {alone} went", missing=(alone,)), item(f"then {alone} came", missing=(alone,))]
    assert (alone in names_copied([item(text), *lost], "en")) == is_name


def test_a_name_of_the_glossary_tells_of_its_words() -> None:
    """Where the engine kept it: the rest of the article has the one that it lost put back, as without the glossary."""
    whole = Demand(5, 19, "Johnny English", "name", {"pt": ("Johnny English",)})
    kept = open_item("then Johnny English ran", [whole])
    lost = item("and English fell", missing=("English",))
    assert names_copied([lost], "en") == frozenset()
    assert names_copied([lost, kept], "en") >= {"English"}
    assert "English" not in names_copied([lost, replace(kept, missing=frozenset({0}))], "en")
