"""Patterns: phrases with slots, "{n}-годишният" -> "{n}-year-old", so that one entry serves every number or name.

`{n}` is a number in figures, `{name}` is one to five capitalised words. A slot stands in the translation as it stands
in the text; a name in other letters is transliterated. Each slot stands once on each side.
"""

import re
from functools import lru_cache

from pipeline.errors import GlossaryError
from pipeline.glossary.transliteration import transliterate
from pipeline.glossary.words import plain
from pipeline.languages import LANGUAGES, script_of_char
from pipeline.model import Entry

TYPE = "pattern"

_SLOT = re.compile(r"\{([^{}]*)\}")
_WORD = r"[^\W\d_a-zа-я][\w'-]*"
# Bounded, so that no text makes the search slow.
_SLOTS = {
    "n": r"\d{1,15}(?:[.,]\d{1,15})?",
    "name": rf"{_WORD}(?: {_WORD}){{0,4}}",
}


def check_pattern(source: str, target: str, where: str) -> None:
    """Raise GlossaryError, `where` in front, for an unknown slot, one twice, or one that a side lacks."""
    slots = _SLOT.findall(source)
    if not slots or set(slots) - set(_SLOTS):
        raise GlossaryError(f"{where}: a pattern needs slots: try {', '.join(f'{{{name}}}' for name in _SLOTS)}")
    if len(set(slots)) < len(slots) or (target and sorted(_SLOT.findall(target)) != sorted(slots)):
        raise GlossaryError(f"{where}: each slot of a pattern stands once on each side; try {source!r} with its slots")


def fill_pattern(entry: Entry, text: str) -> str | None:
    """Write a whole phrase by a pattern; None where it is not of the pattern.

    A first capital of the phrase is kept where the pattern begins with a small letter.
    """
    found = plain(text)
    match = _compile(entry.source, is_free=entry.case == "any").fullmatch(found)
    lowered = found[:1].lower() + found[1:]
    is_raised = match is None and found != lowered and entry.case != "exact"
    if is_raised:
        match = _compile(entry.source, is_free=False).fullmatch(lowered)
    if match is None:
        return None
    written = {name: _write(value, entry) for name, value in match.groupdict().items()}
    if any(value is None for value in written.values()):
        return None
    done = _SLOT.sub(lambda slot: written[slot[1]] or "", entry.target)
    return done[:1].upper() + done[1:] if is_raised else done


def _write(value: str, entry: Entry) -> str | None:
    script = LANGUAGES[entry.target_lang].script
    if all(script_of_char(char) in ("", "Latn", script) for char in value):
        return value
    return transliterate(value, entry.source_lang) if script == "Latn" else None


@lru_cache(maxsize=4096)
def _compile(source: str, *, is_free: bool) -> re.Pattern[str]:
    parts = _SLOT.split(plain(source))
    pattern = "".join(f"(?P<{part}>{_SLOTS[part]})" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(pattern, re.IGNORECASE if is_free else 0)
