"""Datelines written in a target language: places and agency by their entries, the date by its grammar."""

from pipeline.glossary.composing import Composed, Part, write_name
from pipeline.glossary.store import Glossary
from pipeline.typography import find_dateline, read_date, write_date


def compose_dateline(text: str, source_lang: str, target_lang: str, glossary: Glossary) -> Composed | None:
    """Write a dateline in the target language; None where the text is not a dateline and nothing else.

    A place or agency without an entry keeps its letters, or is transliterated. A place with a dash and nothing more is
    a dateline only if its entry says that it is a place: "BREAKING - " is none.
    """
    line = find_dateline(text, source_lang)
    if line is None or line.end != len(text):
        return None
    parts = []
    for start, end in (*line.places, *([line.agency] if line.agency else [])):
        part = write_name(text[start:end], source_lang, target_lang, glossary)
        if part is None:
            return None
        parts.append((start, end, part))
    if not line.agency and not line.date and parts[0][2].type != "place":
        return None
    if line.date and (date := read_date(text[slice(*line.date)], source_lang)):
        parts.append((*line.date, Part(text[slice(*line.date)], write_date(date, target_lang), "", "date")))
    written = text
    for start, end, part in sorted(parts, reverse=True, key=lambda one: one[0]):
        written = written[:start] + part.target + written[end:]
    found = tuple(part for _, _, part in parts)
    unreviewed = tuple(part.target for part in found if part.is_unreviewed)
    return Composed(written, found, unreviewed)
