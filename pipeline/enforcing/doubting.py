"""Say why a translation cannot be one: nothing there, a loop, a runaway, another language.

The limits are wide on purpose, as a doubt costs the sentence its translation: none is reached by the human translations
of NTREX-128 nor by what the engines here write for its lines (tests/test_doubting.py holds the table of examples).
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import eq

from pipeline.engines.base import Aligned
from pipeline.engines.splitting import split_long
from pipeline.languages import base_language, function_words, script_of_char, uses_script
from pipeline.model import MARK_CLOSE
from pipeline.protecting import read_marks

# A phrase of up to eight words that comes so often in a row, and more often than in the source.
MAX_REPEATS, MAX_PHRASE = 4, 8
MAX_SAME_CHARS = 16  # the same for one character: "aaaa"
# Characters of a translation against its source: 1,007 lines of NTREX-128 from and into English, 21 languages, lie
# between 0.32 and 2.84, for sources of 40 characters and more. Chinese and Japanese are denser: hence 0.12.
MAX_LENGTH_FACTOR, MAX_LENGTH_EXTRA = 4, 60
MIN_LENGTH_FACTOR, MIN_LENGTH_FROM = 0.12, 100
# What settles another language: so many different function words of it, and so many times those of the target.
MIN_FUNCTION_WORDS, FUNCTION_WORD_RATIO = 4, 3
MIN_COPIED_WORDS = 5  # lower-case words of a text that came back as it was
MIN_FOREIGN_WORDS = 5  # lower-case words in a script that the target does not use

_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(r"([^\W_])\1+")


def find_doubt(source: str, answer: str, source_lang: str, target_lang: str) -> str:
    """Return why `answer` cannot be a translation of `source`, "" where it may be one. Both may be marked text."""
    source, answer = read_marks(source)[0], read_marks(answer)[0]
    if not any(char.isalpha() for char in source):
        return ""
    if not any(char.isalnum() for char in answer):
        return "is empty"
    counts = _count_function_words(answer)
    return (
        _find_wrong_length(source, answer)
        or _find_loop(source, answer)
        or _find_other_script(answer, target_lang)
        or _find_other_language(counts, base_language(target_lang))
        or (
            _find_copy(answer, counts, base_language(source_lang), base_language(target_lang))
            if answer == source
            else ""
        )
    )


def _find_wrong_length(source: str, answer: str) -> str:
    if len(answer) > MAX_LENGTH_FACTOR * len(source) + MAX_LENGTH_EXTRA:
        return "runs away"
    if len(source) >= MIN_LENGTH_FROM and len(answer) < MIN_LENGTH_FACTOR * len(source):
        return "leaves most of it out"
    return ""


def _find_loop(source: str, answer: str) -> str:
    # Of the source no more than the answer asks for: hardly a text repeats itself.
    is_loop = (loop := count_repeats(answer)) >= MAX_REPEATS and loop > count_repeats(source)
    is_run = (run := longest_run(answer)) >= MAX_SAME_CHARS and run > longest_run(source)
    return "repeats itself" if is_loop or is_run else ""


def count_repeats(text: str) -> int:
    """Return how often the most repeated phrase of up to eight words stands, time after time.

    >>> count_repeats("the new the new the new bridge"), count_repeats("the bridge"), count_repeats("")
    (3, 1, 0)
    """
    words = [word.lower() for word in _WORD.findall(text)]
    most = min(1, len(words))
    for size in range(1, MAX_PHRASE + 1):
        if not any(map(eq, words, words[size:])):
            continue
        same = 0
        for one, other in zip(words, words[size:], strict=False):
            same = same + 1 if one == other else 0
            most = max(most, 1 + same // size)
    return most


def longest_run(text: str) -> int:
    """Return the length of the longest run of one letter or digit."""
    return max((len(run[0]) for run in _RUN.finditer(text)), default=int(bool(_WORD.search(text))))


def _lower_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word[0].islower()]


def _find_other_script(answer: str, target_lang: str) -> str:
    words = _lower_words(answer)
    foreign = [word for word in words if not uses_script(target_lang, script_of_char(word[0]) or "Latn")]
    is_other = len(foreign) >= MIN_FOREIGN_WORDS and 2 * len(foreign) > len(words)
    return "is in another script" if is_other else ""


def _count_function_words(text: str) -> dict[str, int]:
    """Count the different function words of each language, 0 for those that have no list."""
    words = set(_lower_words(text))
    return Counter({lang: len(words & known) for lang, known in function_words().items()})


def _find_other_language(counts: Mapping[str, int], target_lang: str) -> str:
    other, most = max(counts.items(), key=lambda row: (row[1], row[0]))
    is_other = most >= MIN_FUNCTION_WORDS and most > FUNCTION_WORD_RATIO * counts[target_lang]
    return f"is in another language ({other})" if is_other and target_lang in counts else ""


def _find_copy(answer: str, counts: Mapping[str, int], source_lang: str, target_lang: str) -> str:
    is_copy = len(_lower_words(answer)) >= MIN_COPIED_WORDS and counts[source_lang] >= 2
    return "is the source" if is_copy and counts[source_lang] > 2 * counts[target_lang] else ""


def cut_in_pieces(text: str) -> list[str]:
    """Cut a text in two or more at its best boundaries; one piece where it has none, or only inside a mark."""
    words = len(text.split())
    pieces = split_long(text, max(1, (words + 1) // 2), lambda piece: len(piece.split()))
    is_safe = all(piece.count(MARK_CLOSE) == len(read_marks(piece)[1]) for piece in pieces)
    return pieces if is_safe and " ".join(pieces).split() == text.split() else [text]


def join_pieces(text: str, answers: Sequence[Aligned]) -> Aligned:
    """Put the translations of the pieces of a text together; failed if one of them is."""
    failed = next((each for each in answers if each.failed), None)
    if failed:
        return Aligned(text, "", (), failed.doubt, failed=True)
    return Aligned(text, " ".join(each.text for each in answers), (), next((a.doubt for a in answers if a.doubt), ""))
