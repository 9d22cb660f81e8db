"""Say which language an article is in: its sentences vote."""

from collections import Counter, defaultdict
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from pipeline.fragments.evidence import LATIN_TONGUE, OF_ONE_SCRIPT, RARE, Measured, measure
from pipeline.fragments.lexicon import lexicons
from pipeline.fragments.path import parts_of
from pipeline.fragments.words import Shape, split_words

ENOUGH = 40_000  # characters; the rest of a long article does not change the answer
# A character of these writes what takes two or three letters elsewhere.
_DENSE = {"Hani": 2.5, "Kana": 2.5, "Hira": 2.5, "Hang": 2.0}


def find_language(text: str) -> str:
    """Return the language of most of a text; "en" for a text without words.

    The script that most of it is written in comes first; names in Latin letters count little there. Then each
    sentence votes with its words, so that a foreign one cannot win.
    """
    return language_of(measure(split_words(text[:ENOUGH])))


def language_of(measured: Measured) -> str:
    """Return the language of words that are measured already."""
    script = _main_script(measured)
    if script == "Hani":
        return _chinese(measured.words.text)
    if script not in lexicons():
        return OF_ONE_SCRIPT.get(script, "en")
    at, scores = measured.tables[script].at, measured.tables[script].scores
    languages = lexicons()[script].languages
    words = measured.words
    shares = np.array([1.0 if words.shapes[i] is Shape.LOWER else 0.3 for i in at])
    odds = np.maximum(scores - scores.max(axis=1, keepdims=True), -6.0) * shares[:, None]
    rare = np.array([RARE.get(lang, 0.0) for lang in languages])
    parts = np.searchsorted(at, [first for first, _ in parts_of(words.gaps)])
    parts = parts[np.diff(parts, append=len(at)) > 0]  # those that have words of the script
    said = np.add.reduceat(odds, parts, axis=0) + rare
    chances = np.exp(said - said.max(axis=1, keepdims=True))
    chances *= (np.add.reduceat(shares, parts) / chances.sum(axis=1))[:, None]
    votes = chances.sum(axis=0)
    votes[[lang == LATIN_TONGUE for lang in languages]] = -1.0  # no article is in Latin
    return languages[int(votes.argmax())]


def _main_script(measured: Measured) -> str:
    words = measured.words
    letters: defaultdict[tuple[str, bool], int] = defaultdict(int)
    for script, form, shape in zip(words.scripts, words.forms, words.shapes, strict=True):
        letters[script, shape is Shape.LOWER] += len(form)
    counts: Counter[str] = Counter()
    for (script, is_small), many in letters.items():
        share = 1.0 if is_small or script != "Latn" else 0.3
        counts[script] += round(10 * many * _DENSE.get(script, 1.0) * share)
    counts.pop("", None)
    kana = counts.pop("Kana", 0) + counts.pop("Hira", 0)
    # Japanese is written with Chinese characters and kana: a few kana quotes do not make a Chinese text Japanese.
    if kana and kana > 0.3 * counts["Hani"]:
        kana += counts.pop("Hani", 0)
    counts["Kana"] = kana
    return min(counts, key=lambda script: (-counts[script], script)) if counts.total() else ""


def _chinese(text: str) -> str:
    """Tell traditional from simplified characters; langdetect knows both. Rare ones alone do not tell."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _chinese_factory().create()
    detector.append(text[:2000])
    try:
        return "zh-Hant" if detector.detect() == "zh-tw" else "zh-Hans"
    except LangDetectException:
        return "zh-Hans"


@cache
def _chinese_factory() -> Any:
    from langdetect.detector_factory import DetectorFactory

    factory = DetectorFactory()
    folder = resources.files("langdetect").joinpath("profiles")
    factory.load_json_profile([folder.joinpath(name).read_text("utf-8") for name in ("zh-cn", "zh-tw")])
    factory.set_seed(0)  # it samples: without a seed its answers wander
    return factory
