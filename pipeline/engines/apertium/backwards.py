"""Words that the pairs into Portuguese do not know: the rows of the dictionary, read from the other side.

Apertium leaves such a word as it is in the source ("a empresa keniana"). Its row says what it is in Portuguese.
"""

import re
from functools import cache

from pipeline.engines.apertium.words import read_rows, spell_forms

_KINDS = frozenset({"noun_m", "noun_f", "noun_mf", "person", "adjective", "land_m", "land_f", "city"})
# How the noun before a word ends where it is a feminine: "empresas", "nação", "cidade", "viagens".
_FEMININE = re.compile(r"(?:a|ã|ção|ções|são|sões|dade|dades|gem|gens)s?\W*\Z")
_OPENING = re.compile(r"(?:^|[.!?:] )[\"'“‘«(—–-]*\Z")


def write_unknown(word: str, before: str, lang: str) -> str:
    """Write a word of a source language in Portuguese, `before` being what stands before it; "" where no row has it.

    A form of both genders takes that of the noun before it. A capital is that of a name, but where a sentence begins.
    """
    words = _load(lang)
    if forms := words.get(word):
        return _choose(forms, before)
    if word[:1].isupper() and _OPENING.search(before) and (forms := words.get(word[:1].lower() + word[1:])):
        written = _choose(forms, before)
        return written[:1].upper() + written[1:]
    return ""


def _choose(forms: tuple[str, ...], before: str) -> str:
    return forms[1] if len(forms) > 1 and _FEMININE.search(before) else forms[0]


@cache
def _load(lang: str) -> dict[str, tuple[str, ...]]:
    """Return what each word form of a language is in Portuguese: one form, or the masculine and the feminine."""
    found: dict[str, tuple[str, ...]] = {}
    for table in ("words", "back"):
        for kind, key, text in read_rows(table, lang):
            theirs = spell_forms(text, kind, lang)
            if kind not in _KINDS or theirs.flag in ("m", "f"):  # what stands around it has another gender
                continue
            row: dict[str, tuple[str, ...]] = {}
            for form, own in zip(theirs.forms, spell_forms(key, kind, "pt").forms, strict=False):
                row[form] = tuple(dict.fromkeys((*row.get(form, ()), own)))
            found = row | found
    return found
