"""Decide which stretches are fragments, in what language, and say why."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.fragments.evidence import LATIN_TONGUE, OF_ONE_SCRIPT, RARE, TWINS, Evidence
from pipeline.fragments.lexicon import is_unheard, lexicons
from pipeline.fragments.path import Stretch
from pipeline.fragments.words import Gap, Shape, Words
from pipeline.languages import LANGUAGES, uses_script

# Least that the small words of a stretch must say, by the gap before it. Tuned as the weights of evidence.py are.
LEAST = {Gap.LINE: 2.0, Gap.SENTENCE: 3.0, Gap.BRACKET: 2.0, Gap.MARK: 3.5, Gap.SPACE: 4.0, Gap.JOINED: 99.0}
LEAST_ALONE = 5.0  # ... where it has one small word
MIN_ALONE = 4  # letters of that word
LITTLE = 1.5  # log odds that do not make words a part of a quotation beside them
EVEN = 2.0  # languages this close to the best are alternatives: the text does not decide


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch that is a fragment."""

    first: int  # word numbers, both in it
    last: int
    lang: str
    script: str
    score: float
    reason: str
    alternatives: tuple[str, ...]
    against: str = ""  # why the stretch is no fragment after all; "" for a fragment


def decide(evidence: Evidence, stretches: Sequence[Stretch]) -> list[Found]:
    """Return the stretches that are fragments."""
    return [item for item in judge(evidence, stretches) if not item.against]


def judge(evidence: Evidence, stretches: Sequence[Stretch]) -> list[Found]:
    """Judge each stretch; those of one language with only names between them become one first."""
    return [_judge(evidence, _trim(evidence, stretch)) for stretch in _join(evidence, stretches)]


def _join(evidence: Evidence, stretches: Sequence[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for stretch in stretches:
        before = joined[-1] if joined else None
        if before and before.lang == stretch.lang and _only_names(evidence, before.last + 1, stretch.first):
            joined[-1] = Stretch(before.first, stretch.last, before.lang, before.odds + stretch.odds)
        else:
            joined.append(stretch)
    return joined


def _trim(evidence: Evidence, stretch: Stretch) -> Stretch:
    """Cut off what stands before or behind a mark and says little: a quotation begins at its mark."""
    words = evidence.measured.words
    odds = evidence.weighed[:, evidence.languages.index(stretch.lang)]
    first, last = stretch.first, stretch.last
    for i in range(first + 1, last + 1):
        if words.gaps[i] is Gap.BRACKET and odds[first:i].sum() < LITTLE and odds[i : last + 1].sum() > LITTLE:
            first = i
    for i in range(last, first, -1):
        if words.gaps[i] is Gap.BRACKET and odds[i : last + 1].sum() < LITTLE and odds[first:i].sum() > LITTLE:
            last = i - 1
    # "700,000 fibres" are three words here, and no fragment begins inside a number.
    while first < last and words.shapes[first] is Shape.MASKED and _is_in_number(words.text, words.starts[first] - 1):
        first += 1
    while first < last and words.shapes[last] is Shape.MASKED and _is_in_number(words.text, words.ends[last]):
        last -= 1
    return Stretch(first, last, stretch.lang, float(odds[first : last + 1].sum()))


def _is_in_number(text: str, at: int) -> bool:
    """Whether the mark at a place parts the figures of one number."""
    return at > 0 and text[at - 1].isdigit() and text[at : at + 1] in (".", ",") and text[at + 1 : at + 2].isdigit()


def _only_names(evidence: Evidence, first: int, end: int) -> bool:
    words = evidence.measured.words
    if any(words.gaps[i] in (Gap.LINE, Gap.SENTENCE) for i in range(first, end + 1)):
        return False
    return all(words.shapes[i] is not Shape.LOWER for i in range(first, end))


def _judge(evidence: Evidence, stretch: Stretch) -> Found:
    words = evidence.measured.words
    script = _script_of(evidence, stretch)
    small = [i for i in range(stretch.first, stretch.last + 1) if i in evidence.labels or is_small(evidence, i)]
    lang, others = name_language(evidence, stretch)
    if uses_script(evidence.main, script):
        odds, reason = stretch.odds, _explain(evidence, small, lang)
        against = _doubt_words(evidence, stretch, small)
    else:
        odds = stretch.odds + 6
        reason = f"{LANGUAGES[lang].name}: {script} letters in a text in {LANGUAGES[evidence.main].name}"
        letters = sum(len(form) for form, own in _forms_of(words, stretch) if own == script)
        against = "a single letter" if letters < 2 else ""
        if not against and script == "Latn":
            against = _doubt_latin(evidence, stretch, small, (lang, *others))
    if others:
        reason += f"; or {', '.join(LANGUAGES[other].name for other in others)}, nearly as likely"
    return Found(stretch.first, stretch.last, lang, script, _score(odds), reason, others, against)


def _forms_of(words: Words, stretch: Stretch) -> Iterator[tuple[str, str]]:
    span = slice(stretch.first, stretch.last + 1)
    yield from zip(words.forms[span], words.scripts[span], strict=True)


def _doubt_words(evidence: Evidence, stretch: Stretch, small: Sequence[int]) -> str:
    """Say why words in a script of the article's language are no fragment; "" where they are one."""
    column = evidence.languages.index(stretch.lang)
    speaking = range(stretch.first, stretch.last + 1) if small and _is_whole(evidence, stretch) else small
    said = sum(float(evidence.weighed[i, column]) for i in speaking)
    least = LEAST[evidence.measured.words.gaps[stretch.first]]
    if not small:
        return "names and capitalised words alone"
    if said < least:
        return f"its small words say {said:+.1f}, less than {least:.1f}"
    if _is_slight(evidence, stretch, small):
        return "a single word inside a sentence that does not say enough"
    if stretch.lang == LATIN_TONGUE and not _names_other(evidence, stretch):
        return "Latin is at home everywhere"
    return ""


def _doubt_latin(evidence: Evidence, stretch: Stretch, small: Sequence[int], languages: Sequence[str]) -> str:
    """Say why Latin words in a text of another script are no fragment; "" where they are one."""
    if not small:
        return "names in Latin letters are at home in every script"
    return "a loanword in Latin letters" if _is_loanword(evidence, stretch, languages) else ""


def _is_whole(evidence: Evidence, stretch: Stretch) -> bool:
    """Whether a stretch is a line or a sentence; then its first word counts, capital or not."""
    gaps = evidence.measured.words.gaps
    return gaps[stretch.first] <= Gap.SENTENCE and gaps[stretch.last + 1] <= Gap.SENTENCE


def is_small(evidence: Evidence, i: int) -> bool:
    """Whether a word is written small, has two letters at least and is no part of a name."""
    words = evidence.measured.words
    return words.shapes[i] is Shape.LOWER and len(words.forms[i]) > 1 and i not in evidence.silent


def _is_slight(evidence: Evidence, stretch: Stretch, small: Sequence[int]) -> bool:
    """Whether all that speaks inside a sentence is one small word: "sa Lee", "like a katalysator"."""
    words = evidence.measured.words
    if len(small) != 1 or small[0] in evidence.labels:
        return False
    if _is_whole(evidence, stretch):
        return False
    said = float(evidence.weighed[small[0], evidence.languages.index(stretch.lang)])
    form = words.forms[small[0]]
    return said < LEAST_ALONE or len(form) < MIN_ALONE or _is_plural(form, evidence.main)


def _is_plural(form: str, lang: str) -> bool:
    """Whether a word is the plural of one that its readers know: English has "litre", and few "litres" in its table."""
    return lang.partition("-")[0] == "en" and form.endswith("s") and not is_unheard(form[:-1], lang)


def _is_loanword(evidence: Evidence, stretch: Stretch, languages: Sequence[str]) -> bool:
    """Whether a stretch is one Latin word inside a clause of another script, English or short: "franchise", "ye"."""
    words = evidence.measured.words
    if stretch.first != stretch.last or min(words.gaps[stretch.first], words.gaps[stretch.last + 1]) < Gap.MARK:
        return False
    return "en" in languages or len(words.forms[stretch.first]) < MIN_ALONE


def _names_other(evidence: Evidence, stretch: Stretch) -> bool:
    """Whether a stretch that reads as Latin reads nearly as well in a living language."""
    sums = sum_odds(evidence, stretch)
    best = max(sums, key=lambda lang: (sums[lang], lang))
    return best != LATIN_TONGUE


def _script_of(evidence: Evidence, stretch: Stretch) -> str:
    """Return the script of most of a stretch, of those that its language is written in."""
    counts: dict[str, int] = {}
    words = evidence.measured.words
    for i in range(stretch.first, stretch.last + 1):
        if words.scripts[i]:
            small = words.shapes[i] is Shape.LOWER
            counts[words.scripts[i]] = counts.get(words.scripts[i], 0) + len(words.forms[i]) * (3 if small else 1)
    lang = "it" if stretch.lang == LATIN_TONGUE else stretch.lang  # Latin has no row among the languages
    own = [script for script in counts if uses_script(lang, script)]
    return min(own or counts, key=lambda script: (-counts[script], script))


def name_language(evidence: Evidence, stretch: Stretch) -> tuple[str, tuple[str, ...]]:
    """Return the language that the words of a stretch speak for together, and those that are as good or nearly so."""
    sums = sum_odds(evidence, stretch)
    sums.pop(LATIN_TONGUE, None)
    if not sums:
        return stretch.lang, ()
    ranked = sorted(sums, key=lambda lang: (-sums[lang], lang))
    even = [lang for lang in ranked[1:4] if sums[ranked[0]] - sums[lang] < EVEN]
    return ranked[0], tuple(dict.fromkeys([*even, *sorted(TWINS.get(ranked[0], set()) - {ranked[0]})]))


def sum_odds(evidence: Evidence, stretch: Stretch) -> dict[str, float]:
    """Return what the words of a stretch say together for each language of its script, against the article's."""
    script = _script_of(evidence, stretch)
    if script not in lexicons():
        return {OF_ONE_SCRIPT.get(script, stretch.lang): 0.0}
    words = evidence.measured.words
    rows = [i for i in range(stretch.first, stretch.last + 1) if words.scripts[i] == script]
    shares = np.array([_share(words.shapes[i], words.forms[i]) for i in rows], dtype=np.float32)
    columns = [i for i, lang in enumerate(evidence.languages) if lang in lexicons()[script].languages]
    sums = (evidence.plain[np.ix_(rows, columns)] * shares[:, None]).sum(axis=0).tolist()
    names = [evidence.languages[i] for i in columns]
    return {lang: said + RARE.get(lang, 0.0) for lang, said in zip(names, sums, strict=True)}


def _share(shape: Shape, form: str) -> float:
    if len(form) == 1:
        return 0.6
    return 1.0 if shape is Shape.LOWER else 0.4


def _score(odds: float) -> float:
    return round(1 / (1 + math.exp(-(odds - 1.5) / 2.5)), 4)


def _explain(evidence: Evidence, small: Sequence[int], lang: str) -> str:
    words = evidence.measured.words
    column = evidence.languages.index(lang)
    telling = sorted(small, key=lambda i: (-float(evidence.weighed[i, column]), i))[:3]
    shown = ", ".join(dict.fromkeys(words.forms[i] for i in sorted(telling)))
    return f"{LANGUAGES[lang].name} rather than {LANGUAGES[evidence.main].name}: {shown}"
