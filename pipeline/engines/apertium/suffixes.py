"""Words that the dictionaries do not know but whose ending tells what they become: desnuclearização."""

import re
from functools import cache
from typing import Any

from pipeline.engines.apertium.words import LANGUAGES, Entry, make_entries, read_data

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
    column = LANGUAGES.index(lang)
    found: dict[str, tuple[str, str, str]] = {}
    data: dict[str, Any] = read_data()["suffixes"]
    for kind, rows in data.items():
        for key, cells in rows.items():
            text = cells.split("|")[column].strip()
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
