"""Sentences: where a cut belongs, where it does not, and that nothing is lost."""

import itertools
import json
import tomllib
from importlib import resources
from pathlib import Path

import pytest
import sentencex
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.text import parse_text, render_text
from pipeline.model import Article, Block, Role, Segment
from pipeline.segmenting import WINDOW, segment_article, split_sentences

CASES = tomllib.loads((Path(__file__).parent / "cases/segmentation/sentences.toml").read_text("utf-8"))
SHARED = Path(__file__).parents[2] / "shared"


def _cut(text: str, lang: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, lang)]


@pytest.mark.parametrize(("lang", "marked"), [(lang, text) for lang, texts in CASES.items() for text in texts])
def test_sentences_end_where_the_bars_are(lang: str, marked: str) -> None:
    """Each bar is a cut and every other place is none."""
    wanted = [part.strip() for part in marked.split("|")]
    text = marked.replace("| ", "").replace("|", "")
    got = _cut(text, lang)
    if wanted[-1] == "🎉":  # what has no word joins the sentence before
        wanted[-2:] = [" ".join(wanted[-2:])]
    assert got == wanted


WORDS = st.sampled_from([
    "Mr.", "U.S.", "г.", "1962", "He", "„No", "no“", "“Yes.", "Never.”", "(so", "so)", "«", "»", "end.", "What?", "...",
    "…", "https://a.bg/?x=1.", "a@b.bg", "😀", "3.5", "\n", "\r\n", "Той", "。", "完。", "'", "\"", "-", "J.", "\u00a0",
])  # fmt: skip
TEXTS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=25).map(" ".join),
    st.lists(WORDS, min_size=1, max_size=25).map("".join),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80),
)
LANGS = st.sampled_from([*CASES, "en-GB", "th", "", "xx"])


@settings(deadline=None)
@given(TEXTS, LANGS)
def test_spans_cover_all_but_white_space(text: str, lang: str) -> None:
    """Spans are in order, not empty, without outer white space, and only white space lies outside them."""
    end = 0
    for start, stop in split_sentences(text, lang):
        assert text[end:start].strip() == ""
        assert text[start:stop] == text[start:stop].strip() != ""
        end = stop
    assert text[end:].strip() == ""


@settings(deadline=None)
@given(TEXTS, LANGS)
def test_line_breaks_are_spaces(text: str, lang: str) -> None:
    """Wrapping a text changes no cut."""
    assert split_sentences(text.replace("\n", " ").replace("\r", " "), lang) == split_sentences(text, lang)


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=6).map("\n\n".join), LANGS)
def test_segmenting_keeps_the_text_of_every_block(text: str, lang: str) -> None:
    """Block texts, leads and roles stay; offsets are right; the rendered file is the input."""
    parsed = parse_text(text, name="a", suffix=".txt")
    article = segment_article(Article("a", ".txt", lang, parsed.blocks, parsed.tail))
    for before, after in zip(parsed.blocks, article.blocks, strict=True):
        assert (after.id, after.role, after.lead, after.text) == (before.id, before.role, before.lead, before.text)
        for number, segment in enumerate(after.segments, start=1):
            assert segment.id == f"{after.id}s{number}"
            assert text[segment.start : segment.start + len(segment.source)] == segment.source
            assert segment.source == segment.source.strip() != ""
            assert segment.tail.strip() in ("", "|", "•", "·")
        assert after.segments[-1].tail == ""
    sources = {segment.id: segment.source for block in article.blocks for segment in block.segments}
    assert render_text(article, sources, ()) == (text if article.blocks else "")
    assert segment_article(article) == article


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("text", ["One is here. Two is there.", "One is here. Two is there"])
def test_labels_stay_whole(role: Role, text: str) -> None:
    """Running text is cut; headlines, credits and other labels are not, nor are captions that end openly."""
    block = Block("b1", role, (Segment("b1s1", text, 7),), "")
    (result,) = segment_article(Article("a", ".txt", "en", (block,))).blocks
    is_cut = role in (Role.BODY, Role.QUOTE, Role.LIST_ITEM) or (role is Role.CAPTION and text.endswith("."))
    assert [segment.start for segment in result.segments] == ([7, 20] if is_cut else [7])


@pytest.mark.parametrize(
    ("text", "role", "parts"),
    [
        ("Shares fall | Daily Post", Role.HEADLINE, ["Shares fall", "Daily Post"]),
        ("Home • World news · About", Role.BOILERPLATE, ["Home", "World news", "About"]),
        ("It rained. It snowed | Read on", Role.BODY, ["It rained.", "It snowed", "Read on"]),
        ("By Ana Gil | Lisbon", Role.BYLINE, ["By Ana Gil | Lisbon"]),  # written from its label and names
        ("Photo: Ana Gil | Reuters", Role.CREDIT, ["Photo: Ana Gil | Reuters"]),
        ("a|b and c·d", Role.BODY, ["a|b and c·d"]),  # no spaces
        ("Total | 12 | 13", Role.BODY, ["Total | 12 | 13"]),  # figures are no text of their own
        ("| Home", Role.BODY, ["| Home"]),
    ],
)
def test_bars_part_what_is_not_one_text(text: str, role: Role, parts: list[str]) -> None:
    """Titles from their outlet, links of a menu from each other; nothing is lost between."""
    article = Article("a", ".txt", "en", (Block("b1", role, (Segment("b1s1", text, 0),), ""),))
    (block,) = segment_article(article).blocks
    assert [segment.source for segment in block.segments] == parts
    assert block.text == text


def test_long_texts_are_cut_to_the_end() -> None:
    """Nothing depends on the length of a block."""
    text = "The vote was over at last. " * 40_000
    assert len(split_sentences(text, "en")) == 40_000


@pytest.mark.parametrize(
    "text",
    ["x" * 30_000, "word.Word" * 4_000, "今日は天気が良い。" * 4_000, "One. " * 7_000, "a?!" * 11_000, "今" * 30_000],
    ids=lambda text: text[:9],
)
def test_sentencex_gets_bounded_windows(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time grows with the square of a text: it sees every character once, in windows of a bounded length."""
    windows: list[str] = []
    ask = sentencex.get_sentence_boundaries

    def listen(lang: str, window: str) -> list[dict[str, int]]:
        windows.append(window)
        return ask(lang, window)

    monkeypatch.setattr(sentencex, "get_sentence_boundaries", listen)
    split_sentences(text, "en")
    assert max(map(len, windows)) <= WINDOW
    assert sum(map(len, windows)) == len(text)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="no shared data beside the project")
@pytest.mark.parametrize(
    ("lang", "precision", "recall"),
    [
        ("en", 0.99, 0.99), ("bg", 0.99, 0.98), ("mk", 0.99, 0.98), ("sr", 0.99, 0.98), ("es", 0.96, 0.99),
        ("pt-BR", 0.95, 0.99), ("ca", 0.96, 0.98), ("gl", 0.98, 0.99), ("ru", 0.95, 0.99), ("uk", 0.91, 0.99),
    ],
)  # fmt: skip
def test_boundaries_in_translated_news(lang: str, precision: float, recall: float) -> None:
    """NTREX documents, joined and cut again, keep the measured quality.

    Lines that end without a full stop are left out of the count. Precision is a lower bound: most of the
    cuts that count as false divide two sentences that a translator made of one.
    """
    lines = (SHARED / "data" / "ntrex" / f"{lang}.jsonl").read_text("utf-8").splitlines()
    right = wrong = missed = 0
    for _, rows in itertools.groupby(map(json.loads, lines), key=lambda row: row["doc"]):
        sentences = [row["text"].strip() for row in rows]
        ends = list(itertools.accumulate((len(line) + 1 for line in sentences[:-1]), initial=-1))[1:]
        closed = {end for end, line in zip(ends, sentences, strict=False) if line.rstrip("\"'”’“»)]")[-1:] in ".!?…"}
        got = {end for _, end in split_sentences(" ".join(sentences), lang)[:-1]} - (set(ends) - closed)
        right, wrong, missed = right + len(got & closed), wrong + len(got - closed), missed + len(closed - got)
    assert right / (right + wrong) >= precision
    assert right / (right + missed) >= recall


LISTS = resources.files("pipeline.data") / "segmentation"


@pytest.mark.parametrize("name", sorted(entry.name for entry in LISTS.iterdir()))
def test_the_lists_do_not_contradict_themselves(name: str) -> None:
    """Four sections in one order, no word twice in one, none that both never and sometimes ends a sentence."""
    head, *parts = (LISTS / name).read_text("utf-8").split("\n[")
    sections = {part.partition("]")[0]: part.partition("]")[2].split() for part in parts}
    assert all(line.startswith("#") for line in head.splitlines() if line)
    assert list(sections) == ["never-end", "may-end", "before-number", "starters"][: len(sections)]
    for words in sections.values():
        assert len(set(words)) == len(words)
    assert not set(sections["never-end"]) & set(sections["may-end"])
