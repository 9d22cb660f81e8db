"""Credits and label lines, composed of a label entry and name entries: "Снимка: БГНЕС" -> "Photo: BGNES".

A new agency needs one entry, not one for every label.
"""

import re
from dataclasses import dataclass

from pipeline.glossary.store import Glossary
from pipeline.glossary.transliteration import transliterate
from pipeline.model import Entry

NAME_TYPES = frozenset({"agency", "person", "name", "institution", "place"})

_LINE = re.compile(r"(?P<label>[^:–—|©\n]{2,40}?)(?P<mark>\s*:\s*|\s+[–—|-]\s+)(?P<names>\S.*)", re.DOTALL)
_SEPARATOR = re.compile(r"(\s*[/,;|&+]\s*|\s+[–—-]\s+|\s*[()\[\]©]\s*|\s+и\s+|\s+і\s+|\s+та\s+)")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_OUTER = "\"'“”„‘’«»‹› \t\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a composed line."""

    source: str
    target: str
    origin: str  # the entry; "" for a name that was transliterated or stays


@dataclass(frozen=True, slots=True)
class Composed:
    """A line that glossary entries wrote."""

    text: str
    parts: tuple[Part, ...]
    transliterated: tuple[str, ...]  # names without an entry, in Latin letters; for the reviewers


@dataclass(frozen=True, slots=True)
class Phrase:
    """A whole phrase that the glossary has."""

    text: str
    origin: str


def compose_line(
    text: str, source_lang: str, target_lang: str, glossary: Glossary, *, bridge: str = "en"
) -> Composed | None:
    """Compose LABEL: NAME[/NAME...] in the target language, or a known agency alone; None where a part is unknown.

    Where the pair lacks an entry, the way is through `bridge`. A Latin name stays; a Cyrillic name without an entry
    is transliterated when it has a capital.
    """
    line = _LINE.fullmatch(text.strip())
    if not line:
        alone = _name(text.strip(), source_lang, target_lang, glossary, bridge)
        return Composed(alone.target, (alone,), ()) if alone and alone.origin else None
    label = _label(line["label"].strip(), source_lang, target_lang, glossary, bridge)
    if label is None:
        return None
    names, parts, strange = [], [label], []
    for piece in _SEPARATOR.split(line["names"]):
        if not piece or _SEPARATOR.fullmatch(piece) or not any(char.isalpha() for char in piece):
            names.append(piece)
            continue
        part = _name(piece, source_lang, target_lang, glossary, bridge)
        if part is None:
            return None
        names.append(part.target)
        parts.append(part)
        if not part.origin and part.target != part.source:
            strange.append(part.target)
    mark = ": " if ":" in line["mark"] else line["mark"]
    return Composed(label.target + mark + "".join(names), tuple(parts), tuple(strange))


def lookup_phrase(
    text: str, source_lang: str, target_lang: str, glossary: Glossary, *, bridge: str = "en"
) -> Phrase | None:
    """Look a whole phrase up, quotation marks around it aside, directly or through `bridge`."""
    inner = text.strip(_OUTER)
    entry = _entry(inner, source_lang, target_lang, glossary, bridge)
    if entry is None:
        return None
    at = text.find(inner)
    return Phrase(text[:at] + entry.target + text[at + len(inner) :], entry.origin)


def _entry(source: str, source_lang: str, target_lang: str, glossary: Glossary, bridge: str) -> Entry | None:
    direct = glossary.find(source, source_lang, target_lang)
    if direct or bridge in (source_lang, target_lang):
        return direct
    first = glossary.find(source, source_lang, bridge)
    second = first and glossary.find(first.target, bridge, target_lang)
    if first is None or second is None:
        return None
    joined = f"{first.origin}, {second.origin}"
    return Entry(source, source_lang, second.target, target_lang, type=first.type, forms=second.forms, origin=joined)


def _label(text: str, source_lang: str, target_lang: str, glossary: Glossary, bridge: str) -> Part | None:
    entry = _entry(text, source_lang, target_lang, glossary, bridge)
    if entry is None or entry.type != "label":
        return None
    target = entry.target.upper() if len(text) > 1 and text.isupper() else entry.target
    return Part(text, target, entry.origin)


def _name(text: str, source_lang: str, target_lang: str, glossary: Glossary, bridge: str) -> Part | None:
    entry = _entry(text, source_lang, target_lang, glossary, bridge)
    if entry is None and bridge != source_lang:
        entry = glossary.find(text, source_lang, bridge)  # a name is the same in every Latin language
    if entry:
        return Part(text, entry.target, entry.origin)
    if not _CYRILLIC.search(text):
        return Part(text, text, "")
    latin = transliterate(text, source_lang)
    return Part(text, latin, "") if latin and text[0].isupper() else None
