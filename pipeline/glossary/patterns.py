"""Patterns: phrases with slots, "{n}-годишният" -> "{n}-year-old", so that one entry serves every number or name.

`{n}` is a number in figures, `{name}` is one to five capitalised words. A slot stands in the translation as it stands
in the text; a name in other letters is transliterated. Each slot stands once on each side, and in each of `forms`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.errors import GlossaryError
from pipeline.glossary.transliteration import transliterate
from pipeline.glossary.words import plain, stands_alone
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

# What `words.plain` makes equal.
_SHAPES = {"-": "[-‐‑]", "'": "['’‘ʼ＇]", '"': '["“”„‟«»″]', " ": r"\s+"}
_NEAR = 12  # characters around a match that are looked at
_RANGE_BEFORE = re.compile(r"\d(?:[-‐‑–—]| ?[-‐‑–—]? ?[^\W\d_]{1,3}[ -])\Z")  # "18-" and "18- to " before "24-year-old"
_RANGE_AFTER = re.compile(r"(?:[-‐‑–—]| [^\W\d_]{1,3} )\d")  # "-24" and " to 24" after "aged 18"


def check_pattern(source: str, target: str, where: str) -> None:
    """Raise GlossaryError, `where` in front, for an unknown slot, one twice, or one that a side lacks."""
    slots = _SLOT.findall(source)
    if not slots or set(slots) - set(_SLOTS):
        raise GlossaryError(f"{where}: a pattern needs slots: try {', '.join(f'{{{name}}}' for name in _SLOTS)}")
    if len(set(slots)) < len(slots) or (target and sorted(_SLOT.findall(target)) != sorted(slots)):
        raise GlossaryError(f"{where}: each slot of a pattern stands once on each side; try {source!r} with its slots")


def fixed_parts(source: str) -> list[str]:
    """Return what a pattern has between its slots; the whole of what is no pattern."""
    return _SLOT.split(source)[::2]


def is_pattern(source: str) -> bool:
    """Whether a source has slots."""
    return bool(_SLOT.search(source))


def fill_pattern(entry: Entry, text: str) -> str | None:
    """Write a whole phrase by a pattern; None where it is not of the pattern.

    A first capital of the phrase is kept where the pattern begins with a small letter.
    """
    for found in find_patterns([entry], text):
        if (found.start, found.end) == (0, len(text)):
            return found.forms[0]
    return None


@dataclass(frozen=True, slots=True)
class Filled:
    """A pattern found in a text."""

    start: int
    end: int
    entry: Entry
    forms: tuple[str, ...]  # the target and the other forms of the entry, with the slots filled


def find_patterns(entries: Iterable[Entry], text: str) -> list[Filled]:
    """Find what fills a pattern inside a text, at word edges: sorted, not overlapping; of two the earlier entry wins.

    A number that is one end of a range ("aged 18 to 24") fills none: the range is said in another way elsewhere.
    """
    found: list[Filled] = []
    for entry in entries:
        pattern = _compile(entry.source, entry.case)
        if pattern.rarest.casefold() not in text.casefold():
            continue
        for match in pattern.compiled.finditer(text):
            filled = _fill(match, entry)
            if filled and all(filled.end <= other.start or other.end <= filled.start for other in found):
                found.append(filled)
    return sorted(found, key=lambda one: one.start)


def _fill(match: re.Match[str], entry: Entry) -> Filled | None:
    start, end = match.span()
    text = match.string
    is_part = _inside_word(text, start) or _inside_word(text, end)
    if is_part or not stands_alone(text, start, end, entry.source_lang) or _is_range(match):
        return None
    written = {name: _write(value, entry) for name, value in match.groupdict().items()}
    if any(value is None for value in written.values()):
        return None
    is_raised = text[start] != entry.source[0] and text[start].isupper() and entry.case == "auto"
    forms = (_SLOT.sub(lambda slot: written[slot[1]] or "", form) for form in (entry.target, *entry.forms))
    return Filled(start, end, entry, tuple(form[:1].upper() + form[1:] if is_raised else form for form in forms))


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _is_range(match: re.Match[str]) -> bool:
    text, (start, end) = match.string, match.span()
    before = text[start].isdigit() and _RANGE_BEFORE.search(text[max(start - _NEAR, 0) : start])
    return bool(before or (text[end - 1].isdigit() and _RANGE_AFTER.match(text, end)))


def _write(value: str, entry: Entry) -> str | None:
    script = LANGUAGES[entry.target_lang].script
    if all(script_of_char(char) in ("", "Latn", script) for char in value):
        return value
    return transliterate(value, entry.source_lang) if script == "Latn" else None


@dataclass(frozen=True, slots=True)
class _Pattern:
    compiled: re.Pattern[str]
    rarest: str  # the longest piece between slots, which a text must have


@lru_cache(maxsize=4096)
def _compile(source: str, case: str) -> _Pattern:
    parts = _SLOT.split(plain(source))
    pieces = [f"(?P<{part}>{_SLOTS[part]})" if at % 2 else _literal(part) for at, part in enumerate(parts)]
    if case == "auto" and parts[0][:1].islower():
        pieces[0] = f"(?i:{_literal(parts[0][0])}){_literal(parts[0][1:])}"
    longest = max(parts[::2], key=len)
    # Marks have several shapes, so what is looked for in the text first are letters alone.
    words = max(re.findall(r"[^\W\d_]+", longest), key=len, default="")
    return _Pattern(re.compile("".join(pieces), re.IGNORECASE if case == "any" else 0), words)


def _literal(part: str) -> str:
    return "".join(_SHAPES.get(char) or re.escape(char) for char in part)
