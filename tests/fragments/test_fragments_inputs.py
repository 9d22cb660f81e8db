"""Any text at all: nothing raises, offsets hold, the answer is the same every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DocumentError
from pipeline.fragments import detecting, find_foreign_runs
from pipeline.localise import detect_article, explain_detected

SENTENCE = "The mayor said that la ciudad no puede esperar más tiempo, and left. "
ODD = {
    "one long line": SENTENCE * 300,
    "no spaces": "abcdefghij" * 3000,
    "no spaces in Cyrillic": "абвгдежзик" * 3000,
    "Chinese": "这是一个测试文本我们在这里" * 500,
    "Thai": "ติดตามเราบนโซเชียลมีเดีย" * 300,
    "right to left": "اقرأ المزيد من الأخبار " * 300,
    "marks of direction": "The \u202eاقرأ المزيد\u202c of news. " * 100,
    "emoji": "😀🎉👨\u200d👩\u200d👧 " * 500,
    "digits": "1234567890 " * 500,
    "marks": "!?.,;:«»\"'()[]“”" * 500,
    "one mark": "“" * 5000 + "a",
    "addresses": "https://a.b/c?d=e_f@g.h#i " * 300,
    "half an address": "https://" + "a/b_c.d@e-" * 500,
    "hyphens": "a-" * 3000,
    "accents": "e" + "\u0301" * 3000,
    "two scripts in a word": "аaбbвc " * 500,
    "particles": "de la " * 500,
    "names": "Getty Images " * 500,
    "loan phrases": "déjà vu " * 500,
    "short lines": "a\n\n" * 1000,
    "surrogates of other planes": "𝐀𝐛𐐷𐐸 " * 300,
    "nulls of width": "a\u200bb\ufeffc " * 300,
}
MIXTURE = (
    "the of la ciudad не може Снимка: “ ” ( ) « » , . ! : — Δήμος 東京 ご עיר مدينة déjà vu von der Leyen iPhone "
    "https://a.b @c #d `e` 12 a o y ħ ә 😀 \u200d Sharе"
)
WORDS = st.sampled_from([*MIXTURE.split(), "\n", "\n\n"])


def spans_of(text: str) -> list[tuple[int, int, str, str, float]]:
    """Return where the fragments of a text are, with their languages."""
    found = detect_article(text.encode(), "a", ".txt")
    return [
        (segment.start + each.start, segment.start + each.end, each.lang, each.kind, each.score)
        for segment, each in found.fragments
    ]


def check(text: str) -> None:
    """Hold what holds for every text."""
    try:
        found = detect_article(text.encode(), "a", ".txt")
    except DocumentError:  # an empty text, control characters
        return
    last = 0
    for segment, each in found.fragments:
        start, end = segment.start + each.start, segment.start + each.end
        assert last <= start < end <= len(found.text)
        assert found.text[start:end] == each.text
        assert any(char.isalpha() for char in each.text)
        assert 0 < each.score <= 1
        last = end
    told = [(segment.id, each.fragment) for segment, each in explain_detected(found) if each.is_fragment]
    assert told == [(segment.id, each) for segment, each in found.fragments]


@pytest.mark.parametrize("name", ODD)
def test_odd_texts(name: str) -> None:
    """Long lines, no spaces, one sign over and over: found or not, nothing breaks and nothing changes."""
    check(ODD[name])
    assert spans_of(ODD[name]) == spans_of(ODD[name])


@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_any_mixture_of_words(text: str) -> None:
    """Words of many scripts, marks and line ends in any order."""
    check(text)


@given(st.text(max_size=200))
def test_any_characters(text: str) -> None:
    """Whatever Unicode has."""
    check(text)


@given(st.lists(WORDS, min_size=1, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map(" ".join))
def test_what_was_read_before_changes_nothing(text: str, other: str) -> None:
    """The memo of words is no memory of texts."""
    try:
        first = spans_of(text)
    except DocumentError:
        return
    find_foreign_runs([other], "en")
    assert spans_of(text) == first


def test_the_marks_of_a_segment_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many fragments it has: a text without full stops is one segment, with thousands of them."""
    calls = []
    find = detecting.find_quotes
    monkeypatch.setattr(detecting, "find_quotes", lambda text, lang: calls.append(text) or find(text, lang))
    clause = (
        "The mayor said “todos somos Venezuela hoy” and that la ciudad no puede esperar más tiempo, and left the room, "
    )
    found = detect_article((clause * 9).encode(), "a", ".txt", source="en")
    assert [fragment.kind for _, fragment in found.fragments] == ["quoted", "run"] * 9
    assert len(calls) == 1
