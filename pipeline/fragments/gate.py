"""The gate for what is written in a language: runs of another language that should not stand there."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.fragments.deciding import Found, decide, sum_odds
from pipeline.fragments.evidence import ESTIMATED, Evidence, measure, weigh
from pipeline.fragments.lexicon import table_tag
from pipeline.fragments.path import Stretch, find_stretches
from pipeline.fragments.words import Shape, split_words
from pipeline.languages import LANGUAGES, uses_script

# A title or a loanword that a good translation keeps is no fault: a run counts that has so many small words, or this
# share of its segment's and two at least. Measured on NTREX, human translations as targets: docs/benchmarks.md.
MIN_WORDS, MIN_SHARE = 4, 0.6
MIN_SCORE, MIN_SCORE_ESTIMATED = 0.9, 0.985
# A copy of the source was not translated if it has so many small words, whatever they say (sisters share whole
# sentences, but none of 7,000 human translations was a copy of such a one), or if what they say is so much (log odds).
MIN_COPY_WORDS, MIN_COPY = 3, 1.0


@dataclass(frozen=True, slots=True)
class ForeignRun:
    """Words of another language in a text that should have none."""

    text: str
    lang: str
    reason: str


def find_foreign_runs(
    texts: Sequence[str], lang: str, source_lang: str = "", sources: Sequence[str] = ()
) -> list[tuple[ForeignRun, ...]]:
    """Find what is not in `lang` in each of many texts. Line ends inside a text do not count as borders.

    Where `sources` has what each text was translated from, a text that is its source is found, however short it is
    and however much the two languages share.
    """
    parts = [text.replace("\n", " ").replace("\r", " ") for text in texts]
    words = split_words("\n\n".join(parts))
    evidence = weigh(measure(words), lang)
    found = decide(evidence, find_stretches(evidence))
    runs: list[tuple[ForeignRun, ...]] = []
    start = word = at = 0
    for number, text in enumerate(texts):
        first, end = word, start + len(text)
        while word < len(words) and words.starts[word] < end:
            word += 1
        inside = []
        while at < len(found) and found[at].first < word:
            if _is_serious(found[at], evidence, first, word):
                item = found[at]
                span = text[words.starts[item.first] - start : words.ends[item.last] - start]
                inside.append(ForeignRun(span, item.lang, item.reason))
            at += 1
        if not inside and number < len(sources) and text == sources[number]:
            inside = _judge_copy(text, evidence, source_lang, (first, word))
        runs.append(tuple(inside))
        start = end + 2
    return runs


def _is_serious(item: Found, evidence: Evidence, first: int, end: int) -> bool:
    if item.script != "Latn" and not uses_script(evidence.main, item.script):
        return True
    estimated = table_tag(evidence.main) in ESTIMATED or item.lang in ESTIMATED
    run = _count_small(evidence, item.first, item.last + 1)
    many = run >= MIN_WORDS or (run >= 2 and run >= MIN_SHARE * _count_small(evidence, first, end))
    return many and item.score >= (MIN_SCORE_ESTIMATED if estimated else MIN_SCORE)


def _count_small(evidence: Evidence, first: int, end: int) -> int:
    words = evidence.measured.words
    return sum(words.shapes[i] is Shape.LOWER and len(words.forms[i]) > 1 for i in range(first, end))


def _judge_copy(text: str, evidence: Evidence, source_lang: str, span: tuple[int, int]) -> list[ForeignRun]:
    """Judge a text that is the same as its source. Names alone are the same in both, and say nothing."""
    first, end = span
    if not _count_small(evidence, first, end):
        return []
    small = sum(evidence.measured.words.shapes[i] is Shape.LOWER for i in range(first, end))
    odds = sum_odds(evidence, Stretch(first, end - 1, source_lang, 0.0)).get(table_tag(source_lang), 0.0)
    if small < MIN_COPY_WORDS and odds < MIN_COPY:
        return []
    return [ForeignRun(text, source_lang, f"as in the source, {LANGUAGES[source_lang].name}")]
