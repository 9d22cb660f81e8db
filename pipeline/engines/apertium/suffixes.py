"""Words that the dictionaries do not know but whose ending tells what they become: desnuclearização."""

import re
from functools import cache

from pipeline.engines.apertium.words import Entry, make_entries, read_rows

_MIN_STEM = 3
# How a stem is spelled in the target, in order. A stem with other signs that Portuguese alone has is left alone.
_RESPELL: dict[str, tuple[tuple[str, str], ...]] = {
    "es": (("nh", "ñ"), ("lh", "ll"), ("ss", "s"), ("ç", "z")),
    "ca": (("nh", "ny"), ("lh", "ll")),
    "gl": (("nh", "ñ"), ("lh", "ll"), ("ss", "s"), ("ç", "z"), ("j", "x"), ("ge", "xe"), ("gi", "xi")),
}
_PORTUGUESE = re.compile("[ãõâêôàáéíóúçü]|y|w|k")


@cache
def load_suffixes(lang: str) -> dict[str, tuple[str, str, str]]:
    """Return the suffixes of one target: form of the suffix -> kind, its first form, what that becomes."""
    found: dict[str, tuple[str, str, str]] = {}
    for kind, key, text in read_rows("suffixes", lang):
        for form, _ in make_entries(key, text, kind, lang):
            found.setdefault(form, (kind, key, text))
    return found


def derive_entry(word: str, lang: str) -> Entry | None:
    """Return what a word with a known ending becomes; None for all others.

    >>> derive_entry("desnuclearização", "es").forms["mesa"]
    'desnuclearización'
    """
    suffixes = load_suffixes(lang)
    for at in range(_MIN_STEM, len(word)):
        if word[at:] in suffixes:
            kind, key, text = suffixes[word[at:]]
            stem = word[:at]
            for old, new in _RESPELL[lang]:
                stem = stem.replace(old, new)
            if _PORTUGUESE.search(stem):
                return None
            return dict(make_entries(word[:at] + key, stem + text, kind, lang))[word]
    return None
