"""Datelines: where a report was filed, when and by whom, before its first sentence: "PARIS, Nov. 20 (Reuters) - "."""

import re
from dataclasses import dataclass

from pipeline.typography.dates import read_date

Span = tuple[int, int]

LONGEST = 90
"""Most characters of a dateline; the longest form, two places, a date with its year and an agency, has some 70."""

MOST_WORDS = 6  # of its places
# A dash between spaces, or close behind the full stop or bracket that Spanish agencies write: "Madrid, 20 nov (EFE).-".
_DASH = re.compile(r"(?:\s+\.?|(?<=\))\.?|\.)(?:--|[–—-])(?=\s|\Z)")
_AGENCY = re.compile(r"\s*\((?P<agency>[^()]{2,30})\)\Z")
_PLACE_WORD = re.compile(r"[^\W\d_][\w.'’-]*")
_PARTICLES = frozenset({"de", "del", "da", "do", "dos", "la", "le", "of", "the", "и", "на"})


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where the parts of a dateline stand in its text."""

    places: tuple[Span, ...]  # "WASHINGTON" and "D.C.", "LONDON" and "PARIS"
    date: Span | None
    agency: Span | None
    end: int  # after the dash


def find_dateline(text: str, lang: str) -> Dateline | None:
    """Find the dateline that a text begins with.

    Capitals, an agency in brackets, or both tell a dateline. Place and dash alone are one only before a capital, with
    no other dash near: "OPEC — the cartel — said" is none. The form is that of the style books of AP and Reuters.

    >>> find_dateline("SOFIA, Jan. 5 (AP) — Bulgaria", "en")
    Dateline(places=((0, 5),), date=(7, 13), agency=(15, 17), end=20)
    """
    dash = _DASH.search(text, 0, LONGEST)
    if dash is None:
        return None
    head = text[: dash.start()]
    agency = _AGENCY.search(head)
    rest = head[: agency.start()] if agency else head
    places, date = _split_date(rest, lang)
    if not places or not _are_places([text[start:end] for start, end in places], has_agency=agency is not None):
        return None
    if not agency and not date and not _begins_alone(text[dash.end() :]):
        return None
    return Dateline(places, date, agency.span("agency") if agency else None, dash.end())


def _split_date(rest: str, lang: str) -> tuple[tuple[Span, ...], Span | None]:
    """Split "WASHINGTON, D.C., Nov. 20, 2025" into its places and its date."""
    parts = [_trim(rest, *part.span()) for part in re.finditer(r"[^,/]+", rest)]
    for at in range(1, len(parts)):
        span = parts[at][0], parts[-1][1]
        if any(char.isdigit() for char in rest[span[0] : span[1]]) and read_date(rest[span[0] : span[1]], lang):
            return tuple(parts[:at]), span
    return tuple(parts), None


def _trim(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _are_places(places: list[str], *, has_agency: bool) -> bool:
    """Whether the first is in capitals, or all are names before an agency; short, and without figures."""
    words = [word for place in places for word in place.split()]
    if len(words) > MOST_WORDS or not all(map(_PLACE_WORD.fullmatch, words)):
        return False
    if not all(word[0].isupper() or word in _PARTICLES or word.lower() == word.upper() for word in words):
        return False
    in_capitals = places[0].isupper() and sum(char.isalpha() for char in places[0]) > 2
    return bool(words) and (in_capitals or has_agency)


def _begins_alone(after: str) -> bool:
    """Whether a sentence begins, or nothing follows, as in a dateline that was cut off."""
    first = next((char for char in after if char.isalnum()), "")
    return not after.strip() or (first.isupper() and not re.search(r"\s(?:--|[–—-])\s", after[:LONGEST]))
