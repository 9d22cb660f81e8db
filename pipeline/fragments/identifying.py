"""Say which language a text is in: scripts first, then function words and letters, then langdetect."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any

from pipeline.languages import languages_of_script, script_of_char, uses_script

_WORD = re.compile(r"[^\W\d_]+(?:['’·][^\W\d_]+)*")

# Letters that settle a language among those of its script, and those that it never has. Source: the alphabets in
# CLDR 48 (exemplarCharacters).
DISTINCTIVE = {
    "bg": "ъ", "mk": "ѓќѕ", "sr": "ђћ", "ru": "ыэё", "uk": "іїєґ", "be": "ў", "es": "ñ¿¡", "pt": "ãõ",
    "ca": "·", "de": "ß", "pl": "łąęśźż", "cs": "ěřů", "sk": "ľĺŕ", "ro": "țșă", "hu": "őű", "tr": "ğı",
    "sv": "", "is": "þð", "lv": "ģķļņ", "lt": "ųėį", "fr": "œ",
}  # fmt: skip
FOREIGN_LETTERS = {
    "bg": "ыэёіїєґўѓќѕђћљњџј", "mk": "ыэёіїєґўђћъьщюяй", "sr": "ыэёіїєґўѓќѕъьщюяй", "ru": "іїєґўѓќѕђћљњџј",
    "uk": "ыэёъўѓќѕђћљњџј", "be": "иїєґщъѓќѕђћљњџј", "en": "ñãõßłąęśěřůľțșăőűğı",
}  # fmt: skip

# langdetect's own codes where they are not ours.
_LANGDETECT = {"zh-Hans": "zh-cn", "zh-Hant": "zh-tw", "nb": "no"}


@cache
def function_words() -> dict[str, frozenset[str]]:
    """Return the function words of each language (pipeline/data/function_words.toml)."""
    text = resources.files("pipeline").joinpath("data/function_words.toml").read_text("utf-8")
    return {lang: frozenset(words.split()) for lang, words in tomllib.loads(text).items()}


def words_of(text: str) -> list[str]:
    """Return the words of a text: runs of letters, apostrophes inside."""
    return _WORD.findall(text)


def main_script(text: str) -> str:
    """Return the script of most letters; "" for a text without letters.

    >>> main_script("Снимка: AP"), main_script("12")
    ('Cyrl', '')
    """
    counts = Counter(script for char in text if (script := script_of_char(char)))
    return min(counts, key=lambda script: (-counts[script], script)) if counts else ""


def count_function_words(words: Iterable[str], lang: str) -> int:
    """Count the words that are function words of a language."""
    known = function_words().get(lang, frozenset())
    return sum(word.lower() in known for word in words)


def identify(text: str, allowed: Sequence[str] = ()) -> list[tuple[str, float]]:
    """Rank the languages that a text may be in, with a share each (they sum to 1); [] without letters.

    `allowed` limits the answer; without it, all languages of the text's main script take part. Three kinds of
    evidence add up: langdetect's probability, function words, and letters that only one alphabet has.
    """
    script = main_script(text)
    if not script:
        return []
    candidates = list(allowed) or list(languages_of_script(script))
    candidates = [lang for lang in candidates if uses_script(lang, script)]
    if len(candidates) <= 1:
        return [(lang, 1.0) for lang in candidates]
    words = [word.lower() for word in words_of(text)]
    letters = set(text.lower())
    guess = _langdetect(text, tuple(candidates))
    weights = {lang: _weigh(lang, words, letters, guess) for lang in candidates}
    total = sum(weights.values()) or 1.0
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return [(lang, weight / total) for lang, weight in ranked if weight / total >= 0.01]


def _weigh(lang: str, words: Sequence[str], letters: set[str], guess: dict[str, float]) -> float:
    # Each function word triples the odds; a long text counts as 60 words, or the numbers overflow. Languages that
    # langdetect lacks (be, gl, sr) get the odds of a fair guess.
    hits = count_function_words(words, lang) * min(1.0, 60 / max(1, len(words)))
    weight = (0.1 if _missing(lang) else guess.get(lang, 0.0)) + 0.005
    weight *= 3.0**hits
    weight *= 20.0 ** min(2, sum(letter in letters for letter in DISTINCTIVE.get(lang, "")))
    weight *= 0.02 ** min(3, sum(letter in letters for letter in FOREIGN_LETTERS.get(lang, "")))
    return float(weight)


@cache
def _missing(lang: str) -> bool:
    return not _profile(lang).is_file()


def _profile(lang: str) -> Any:
    return resources.files("langdetect").joinpath("profiles", _LANGDETECT.get(lang, lang))


@cache
def _detector_factory(candidates: tuple[str, ...]) -> Any:
    # Only the profiles asked for: 5 load in 40 ms, all 55 in 800 ms, and the answer cannot leave the list.
    from langdetect.detector_factory import DetectorFactory

    factory = DetectorFactory()
    factory.load_json_profile([_profile(lang).read_text("utf-8") for lang in candidates])
    factory.set_seed(0)  # it samples n-grams: without a seed its answers wander
    return factory


def _langdetect(text: str, candidates: tuple[str, ...]) -> dict[str, float]:
    known = tuple(lang for lang in candidates if not _missing(lang))
    if len(known) < 2:
        return dict.fromkeys(known, 1.0)
    from langdetect.lang_detect_exception import LangDetectException

    detector = _detector_factory(known).create()
    try:
        detector.append(text[:5000])
        answer = detector.get_probabilities()
    except LangDetectException:
        return {}
    ours = {theirs: lang for lang, theirs in _LANGDETECT.items()}
    return {ours.get(guess.lang, guess.lang): guess.prob for guess in answer}


def find_language(text: str) -> str:
    """Return the language of most of a text; "en" for a text without letters.

    The first 20,000 characters decide. Paragraphs vote by length, so that a foreign credit line cannot win.
    """
    votes: Counter[str] = Counter()
    by_script: Counter[str] = Counter()
    paragraphs = [part for part in re.split(r"\n\s*\n", text[:20000]) if part.strip()]
    for paragraph in paragraphs:
        by_script[main_script(paragraph)] += len(paragraph)
    script = by_script.most_common(1)[0][0] if by_script else ""
    body = " ".join(part for part in paragraphs if main_script(part) == script)
    ranked = identify(body) if script else []
    votes.update({lang: int(share * 1000) for lang, share in ranked})
    return ranked[0][0] if ranked else "en"
