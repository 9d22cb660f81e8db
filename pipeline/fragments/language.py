"""Say which language an article is in: its sentences vote."""

from collections import Counter
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
    votes = np.zeros(len(languages))
    for first, end in parts_of(words.gaps):
        rows = slice(*np.searchsorted(at, [first, end]))
        said = odds[rows].sum(axis=0) + rare
        share = np.exp(said - said.max())
        votes += share / share.sum() * shares[rows].sum()
    votes[[lang == LATIN_TONGUE for lang in languages]] = -1.0  # no article is in Latin
    return languages[int(votes.argmax())]


def _main_script(measured: Measured) -> str:
    words = measured.words
    counts: Counter[str] = Counter()
    for script, form, shape in zip(words.scripts, words.forms, words.shapes, strict=True):
        small = script != "Latn" or shape is Shape.LOWER
        counts[script] += round(10 * len(form) * _DENSE.get(script, 1.0) * (1.0 if small else 0.3))
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
