"""The word tables, the language of an article, and what holds for any text."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.fragments import find_fragments, find_language
from pipeline.fragments.lexicon import GRAM_SIZES, hash_grams, lexicons
from pipeline.languages import LANGUAGES, languages_of_script
from pipeline.localise import detect_article
from pipeline.model import Block, Role, Segment

SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.parametrize(
    ("word", "lang"),
    [("the", "en"), ("und", "de"), ("dhe", "sq"), ("dereito", "gl"), ("што", "mk"), ("ў", "be"), ("kochať", "sk")],
)
def test_a_word_is_likeliest_in_its_own_language(word: str, lang: str) -> None:
    """Listed words by their frequency; an unlisted one by its letters."""
    lexicon = next(each for each in lexicons().values() if lang in each.languages)
    scores, _ = lexicon.score([word])
    assert lexicon.languages[scores[0].argmax()] == lang


def test_tables_have_the_languages_that_share_a_script() -> None:
    """Every language of a shared script is in its table, but those without a source (words.md)."""
    without = {"oc"}
    for script, lexicon in lexicons().items():
        assert set(languages_of_script(script)) - without == set(lexicon.languages) - {"la"}
    assert set(lexicons()["Latn"].languages) - {"la"} <= LANGUAGES.keys()


def test_words_seen_before_score_the_same() -> None:
    """The memo changes nothing, in whatever company a word comes."""
    lexicon = lexicons()["Latn"]
    lexicon.memo.clear()
    alone = lexicon.score(["colectivos"])[0]
    assert (lexicon.score(["the", "colectivos", "wxyzzy"])[0][1] == alone[0]).all()


@given(st.lists(st.text(alphabet="abcé'ж", min_size=1, max_size=9), min_size=1, max_size=5))
def test_letter_groups_are_those_of_the_word_alone(words: list[str]) -> None:
    """Groups of one to four characters, edges included, none across words: the same bucket for the same group."""
    together = collect(words)
    assert together == [collect([word])[0] for word in words]
    for word, groups in zip(words, together, strict=True):
        edged = f"^{word}^"
        expected = sum(max(0, len(edged) - size + 1) for size in GRAM_SIZES)
        # An edge alone is no group, nor is a whole word with both.
        assert len(groups) == expected - 2 - (len(edged) in GRAM_SIZES)


def collect(words: list[str]) -> list[list[int]]:
    """Return the sorted buckets of each word."""
    buckets, owners = hash_grams(words, 1 << 16)
    return [sorted(buckets[owners == i].tolist()) for i in range(len(words))]


LETTERS = st.sampled_from(list("abcdeñéç жщїѓ 中の한 .,“”(:\n"))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=LETTERS, max_size=160), st.sampled_from(["en", "bg", "pt-BR", "zh-Hans", "ja", "sr-Latn"]))
def test_fragments_lie_in_order_and_apart(text: str, lang: str) -> None:
    """Whatever the text: offsets point into it, fragments do not overlap, and a second look gives the same."""
    segments = tuple(make_segments(text))
    if not segments:
        return
    blocks = [Block("b1", Role.BODY, segments, "")]
    found = find_fragments(blocks, lang)
    assert found == find_fragments(blocks, lang)
    for segment in segments:
        end = 0
        for each in found.get(segment.id, ()):
            assert end <= each.start < each.end <= len(segment.source)
            assert each.text == segment.source[each.start : each.end]
            assert each.lang in LANGUAGES
            end = each.end


def make_segments(text: str) -> Iterator[Segment]:
    """Cut a text at full stops."""
    at = 0
    for number, part in enumerate(text.split(".")):
        source = part.strip()
        if source:
            yield Segment(f"b1s{number}", source, at + part.index(source), ". ")
        at += len(part) + 1


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("", "en"),
        ("12 % — 3", "en"),
        ("Η κυβέρνηση ανακοίνωσε χθες νέα μέτρα.", "el"),
        ("政府昨天宣布了新的措施，并表示将继续努力。", "zh-Hans"),
        ("政府昨天宣布了新的措施，並表示將繼續努力。", "zh-Hant"),
        ("政府は昨日、新しい措置を発表した。", "ja"),
        ("정부는 어제 새로운 조치를 발표했다.", "ko"),
        ("Компанията Apple представи нов iPhone в Сан Франциско, пише The Verge.", "bg"),
        ("Vlada je jučer objavila nove mjere i rekla da će se nastaviti.", "hr"),
        ("O Goberno anunciou onte novas medidas para as persoas que viven na cidade.", "gl"),
    ],
)
def test_language_is_found(text: str, lang: str) -> None:
    """By script where it decides, by words where not; names in Latin letters do not make a text Latin."""
    assert find_language(text) == lang


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "ntrex").exists(), reason="no shared data beside the project")
@pytest.mark.parametrize("lang", ["en", "es", "gl", "pt-PT", "sr", "mk", "da", "el"])
def test_clean_news_stays_clean(lang: str) -> None:
    """In human news without a fragment, fewer than 2 false spans in 1,000 words, in the hardest language as well."""
    lines = (SHARED / "ntrex" / f"{lang}.jsonl").read_text("utf-8").splitlines()[:250]
    text = "\n\n".join(json.loads(line)["text"] for line in lines)
    found = detect_article(text.encode(), "article", ".txt")
    assert found.language.partition("-")[0] == lang.partition("-")[0]
    assert len(found.fragments) < 2 * len(text.split()) / 1000


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "fragments_dev").exists(), reason="no shared data beside the project")
def test_scores_on_the_development_set() -> None:
    """Span F1 with the right language, close pairs, unmarked runs, false spans, main language: the goals are held."""
    folder = SHARED / "fragments_dev"
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec and spec.loader
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    rows = {}
    for name in ("inserted", "natural", "clean"):
        articles = [json.loads(line) for line in (folder / f"{name}.jsonl").open(encoding="utf-8")]
        found = {}
        for article in articles:
            detected = detect_article(article["text"].encode(), "article", ".txt")
            assert scorer.code(detected.language) == article["main"]
            found[article["id"]] = [
                {"start": segment.start + each.start, "end": segment.start + each.end, "lang": each.lang}
                for segment, each in detected.fragments
            ]
        rows[name] = scorer.score(articles, found, ["pos"])
    assert rows["inserted"]["span_lang"]["f1"] >= 0.94
    assert rows["natural"]["span_lang"]["f1"] >= 0.96
    assert rows["inserted"]["by_pos"]["mid"]["recall"] >= 0.8
    assert rows["inserted"]["lang_acc"]["close"]["recall"] >= 0.83
    assert rows["clean"]["fp_per_1000_words"] <= 0.3
