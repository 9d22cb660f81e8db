"""Words, what masks them, and letters that look alike."""

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fragments.homoglyphs import cross_over, home_script, repair_lookalikes, settle_script
from pipeline.fragments.labels import label_languages
from pipeline.fragments.silent import find_silent
from pipeline.fragments.words import Gap, Shape, split_words
from pipeline.languages import LANGUAGES


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/la/casa", "www.example.org/de", "name.other@de-la-mar.es", "@el_pais", "#VamosJuntos",
        "news.bg", "`rm de la`", '<a href="la">', "snake_case_de", "de\\la\\casa", "A4", "3km", "print()",
    ],
)  # fmt: skip
def test_what_is_no_word_is_masked(text: str) -> None:
    """Addresses, handles, tags, code and numbers give no word."""
    words = split_words(f"see {text} now")
    assert [form for form in words.forms if form] == ["see", "now"]
    assert Shape.MASKED in words.shapes


@pytest.mark.parametrize("text", ["and/or", "и/или", "е-мейл", "rock-and-roll", "end.Then"])
def test_what_is_a_word_is_not_masked(text: str) -> None:
    """A slash or a hyphen between words masks nothing."""
    assert Shape.MASKED not in split_words(text).shapes


def test_gaps_tell_where_a_fragment_may_begin() -> None:
    """A line end, a full stop, a bracket or quotation mark, a comma, a space, a hyphen: each is told apart."""
    words = split_words("a\nb. c “d” e, f g-h")
    assert words.gaps == [
        Gap.LINE, Gap.LINE, Gap.SENTENCE, Gap.BRACKET, Gap.BRACKET, Gap.MARK, Gap.SPACE, Gap.JOINED, Gap.LINE,
    ]  # fmt: skip


@given(st.text(alphabet=st.sampled_from("aé Жя中あ한.,«»\"'’-\n@#/1`<>_\u0301"), max_size=200))
def test_words_lie_in_order_and_apart(text: str) -> None:
    """Whatever the text, words have their places in it, one behind the other, and one gap more than words."""
    words = split_words(text)
    spans = list(zip(words.starts, words.ends, strict=True))
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert len(words.gaps) == len(words) + 1
    assert not spans or spans[-1][1] <= len(text)


LATIN_A, CYRILLIC_A = "a", "а"


@pytest.mark.parametrize(
    ("text", "home", "repaired"),
    [
        ("Sh\u0430re it", "Latn", "Share it"),
        ("Снимк" + LATIN_A, "Cyrl", "Снимка"),
        ("Εικόνα: ΕΡT", "Grek", "Εικόνα: ΕΡΤ"),
        ("the “Sh\u0430re” button", "Cyrl", "the “Share” button"),
        ("Mислим дa je тo", "Cyrl", "Мислим да је то"),
    ],
)
def test_lookalikes_are_repaired(text: str, home: str, repaired: str) -> None:
    """A letter of another script inside a word becomes the word's own; in a text full of them, whole words too."""
    assert repair_lookalikes(text, home)[0] == repaired


@pytest.mark.parametrize("text", ["Компанията Apple и BMW", "Αθήνα: Reuters", "ОК", "日本のニュース", "Łódź cop"])
def test_a_name_in_another_script_is_no_fault(text: str) -> None:
    """A whole Latin word in a Cyrillic or Greek text stays, look-alikes or not."""
    assert repair_lookalikes(text, home_script(text)) == (text, [])


@given(st.text(alphabet=st.sampled_from("aсeоxЖлmb αορ ."), max_size=60), st.sampled_from(["Latn", "Cyrl", "Grek"]))
def test_a_repair_keeps_every_place(text: str, home: str) -> None:
    """Letters are exchanged one for one, and a second repair with the same home finds nothing in a word of its own."""
    repaired, changes = repair_lookalikes(text, home)
    assert len(repaired) == len(text)
    assert (repaired != text) == bool(changes)


def test_scripts_are_settled_by_the_majority_and_by_the_text() -> None:
    """Three Latin letters and two Cyrillic ones that all look alike: the text decides."""
    word = "\u0441o\u0440ae"
    assert settle_script(word) == ("Latn", "copae")
    assert settle_script(word, "Cyrl") == ("Cyrl", "сорае")
    assert cross_over("Lu", "Cyrl") == ""


def test_particles_of_names_and_loan_phrases_are_silent() -> None:
    """In a name a particle says nothing; in a quotation it may be all that speaks."""
    words = split_words("Ursula von der Leyen met him in de facto control")
    assert [words.forms[i] for i in sorted(find_silent(words))] == ["von", "der", "de", "facto"]
    assert find_silent(split_words("the so-called “Cartel de los Soles“ again")) == frozenset()


def test_money_behind_a_figure_is_silent() -> None:
    """What a currency is called says nothing behind a figure; the same word elsewhere does."""
    words = split_words("It costs 1.60 leva or 3 lei, 25 koruna in Prague; a lei não leva nada")
    assert [(words.starts[i], words.forms[i]) for i in sorted(find_silent(words))] == [
        (14, "leva"), (24, "lei"), (32, "koruna"),
    ]  # fmt: skip


def test_labels_name_languages_that_we_have() -> None:
    """Each label stands with languages of our table, and the commonest ones stand with several."""
    assert {lang for langs in label_languages().values() for lang in langs} <= LANGUAGES.keys()
    assert label_languages()["captură",] == {"ro"}
    assert {"es", "pt", "de", "cs"} <= label_languages()["foto",]


def test_memory_of_words_is_bounded() -> None:
    """Twenty thousand further words take no more memory than the first twenty thousand did."""
    letters = "abcdefghij"

    def read(first: int, last: int) -> int:
        for at in range(first, last, 1_000):
            words = ("".join(letters[int(digit)] for digit in str(one)) for one in range(at, at + 1_000))
            split_words(" ".join(words))
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = read(0, 20_000)
        assert read(20_000, 40_000) - before < 1_000_000
    finally:
        tracemalloc.stop()
