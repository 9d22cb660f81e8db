"""Letters of another script that look like the right ones: "Sharе" with a Cyrillic е is an English word."""

import re
from collections import Counter

from pipeline.languages import script_of_char

# Pairs that look alike in print, Latin first. Source: Unicode confusables.txt (UTS 39), single letters only.
_CYRILLIC = dict(zip("aceopxyijshABCEHIJKMOPSTXYëïÈ", "асеорхуіјѕһАВСЕНІЈКМОРЅТХУёїЀ", strict=True))
_GREEK = dict(zip("oviABEZHIKMNOPTYX", "ονιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", strict=True))
_TO_LATIN = {other: latin for table in (_CYRILLIC, _GREEK) for latin, other in table.items()}
_TABLES = {
    ("Cyrl", "Latn"): _CYRILLIC,
    ("Grek", "Latn"): _GREEK,
    ("Latn", "Cyrl"): _TO_LATIN,
    ("Latn", "Grek"): _TO_LATIN,
    ("Cyrl", "Grek"): {g: _CYRILLIC[c] for c, g in _GREEK.items() if c in _CYRILLIC},
    ("Grek", "Cyrl"): {c: _GREEK[latin] for latin, c in _CYRILLIC.items() if latin in _GREEK},
}


_LETTERS = re.compile(r"[^\W\d_]+")
ALIKE = frozenset({"Latn", "Cyrl", "Grek"})
MANY = 2  # mixed words in a text from which on a whole word of look-alikes is taken for one as well


def settle_script(word: str, home: str = "") -> tuple[str, str]:
    """Return the script of a word and the word with its stray letters repaired.

    A stray letter is one of another script that looks like a letter of the word's own. The word's own script is
    `home`, the text's, where all others of its letters look like letters of that; else that which most of its
    letters have. A word of one script comes back as it is.

    >>> settle_script("Shar\N{CYRILLIC SMALL LETTER IE}"), settle_script("Снимка")
    (('Latn', 'Share'), ('Cyrl', 'Снимка'))
    """
    if word.isascii():
        return "Latn", word
    present = {script_of_char(char) for char in word} - {""}
    if len(present) < 2:
        return next(iter(present), ""), word
    scripts = [script_of_char(char) for char in word]
    counts = Counter(script for script in scripts if script)
    if counts.keys() <= {"Hani", "Hira", "Kana"}:
        return "Kana", word
    own = min(
        counts, key=lambda script: (script != home or _strays(word, scripts, script) > 0, -counts[script], script)
    )
    if _strays(word, scripts, own):
        return own, word
    return own, "".join(_TABLES[own, s][c] if s and s != own else c for c, s in zip(word, scripts, strict=True))


def _strays(word: str, scripts: list[str], own: str) -> int:
    """Count the letters of another script that have no look-alike in `own`."""
    others = [(char, script) for char, script in zip(word, scripts, strict=True) if script and script != own]
    return sum(char not in _TABLES.get((own, script), {}) for char, script in others)


def cross_over(word: str, script: str) -> str:
    """Write a word wholly in look-alikes of another script; "" where a letter has none.

    >>> cross_over("je", "Cyrl"), cross_over("Lu", "Cyrl")
    ('је', '')
    """
    table = _TABLES.get((script, script_of_char(word[0])), {})
    return "".join(table[char] for char in word) if all(char in table for char in word) else ""


def home_script(text: str) -> str:
    """Return the script that most letters of a text have; "" for a text without letters."""
    counts = Counter(text)
    scripts: Counter[str] = Counter()
    for char, many in counts.items():
        scripts[script_of_char(char)] += many
    scripts.pop("", None)
    return min(scripts, key=lambda script: (-scripts[script], script)) if scripts else ""


def is_mixed(word: str) -> bool:
    """Whether a word has letters of several scripts that look alike; Japanese mixes scripts by nature."""
    return settle_script(word)[1] != word


def repair_lookalikes(text: str, home: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a text with its mixed words repaired, as long as before, and the words changed (before, after).

    `home` is the script of the text's language.

    >>> repair_lookalikes("Sh\N{CYRILLIC SMALL LETTER A}re it", "Latn")[0]
    'Share it'
    """
    if text.isascii() or len({script_of_char(char) for char in set(text)} & ALIKE) < 2:
        return text, []
    words = [(match.start(), match[0]) for match in _LETTERS.finditer(text)]
    many = home != "Latn" and sum(is_mixed(word) for _, word in words) >= MANY
    changes: list[tuple[str, str]] = []
    parts: list[str] = []
    at = 0
    for start, word in words:
        repaired = settle_script(word, home)[1]
        if many and repaired == word and word.isascii() and len(word) > 1 and word.islower():
            repaired = cross_over(word, home) or word
        if repaired != word:
            changes.append((word, repaired))
            parts += [text[at:start], repaired]
            at = start + len(word)
    return "".join([*parts, text[at:]]), changes
