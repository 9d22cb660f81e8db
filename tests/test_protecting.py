"""Protecting: marked text, tokens, and back."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.protecting import (
    choose_style,
    decode_tokens,
    drop_marks,
    encode_tokens,
    mark_spans,
    read_marks,
    replace_marks,
)

TEXT = st.text(alphabet="ab XQ0Zy1_[]é", max_size=30)


@given(TEXT, st.data())
def test_marks_come_off_without_a_trace(text: str, data: st.DataObject) -> None:
    """Fencing and reading give the text and the spans back."""
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = [(a, b, n, text[a:b]) for n, (a, b) in enumerate(zip(cuts[::2], cuts[1::2], strict=False))]
    plain, marks = read_marks(mark_spans(text, spans))
    assert plain == text
    assert [(m.start, m.end, m.number, m.text) for m in marks] == spans


@given(st.lists(TEXT, min_size=1, max_size=3), st.integers(0, 5))
def test_a_style_is_never_one_that_stands_in_the_text(texts: list[str], attempt: int) -> None:
    """An article about XQ0 keeps its XQ0."""
    style = choose_style(texts, attempt)
    assert not any(style.format(n) in text for text in texts for n in range(12))


def test_tokens_come_back_with_case_and_space_changed() -> None:
    """Engines capitalise a token, and put a space before its digit; both are read."""
    marked = mark_spans("see Ana and Bo", [(4, 7, 3, "Ana"), (12, 14, 5, "Bo")])
    text, order = encode_tokens(marked, "XQ{}")
    assert (text, order) == ("see XQ0 and XQ1", [3, 5])
    assert read_marks(decode_tokens("Xq 0 e XQ1", "XQ{}", order, {3: "Ana", 5: "Bo"}))[0] == "Ana e Bo"


def test_a_token_said_twice_is_restored_once_and_a_lost_one_is_missing() -> None:
    """A doubled token leaves one span; a lost one leaves none, so the caller can tell."""
    decoded = decode_tokens("XQ0 XQ0", "XQ{}", [0, 1], {0: "a", 1: "b"})
    plain, marks = read_marks(decoded)
    assert plain.split() == ["a"]
    assert [mark.number for mark in marks] == [0]


def test_marks_can_be_replaced_and_dropped() -> None:
    """Another text goes inside a span; a span can lose its fence."""
    marked = mark_spans("a b c", [(0, 1, 0, "a"), (4, 5, 1, "c")])
    assert read_marks(replace_marks(marked, {1: "z"}))[0] == "a b z"
    assert [mark.number for mark in read_marks(drop_marks(marked, [1]))[1]] == [1]
