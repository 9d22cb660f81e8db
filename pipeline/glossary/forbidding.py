"""Forbidden translations: what must not be written for a term, and what to write instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.glossary.matcher import Matcher, find_forms
from pipeline.model import Entry


@dataclass(frozen=True, slots=True)
class Replaced:
    """A forbidden form that was replaced."""

    before: str
    after: str
    origin: str  # of the entry


class ForbiddenTerms:
    """The forbidden entries of one pair. One term may have several."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Take entries of one pair with the status forbidden."""
        self._by_source: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_source.setdefault(entry.source, []).append(entry)
        self._matcher = Matcher(same[0] for same in self._by_source.values())

    def in_force(self, source: str) -> tuple[Entry, ...]:
        """Return the entries whose term stands in a source text: elsewhere the same words are free."""
        if not self._by_source:
            return ()
        terms = dict.fromkeys(match.entry.source for match in self._matcher.find(source))
        return tuple(entry for term in terms for entry in self._by_source[term])


def replace_forbidden(text: str, entries: Sequence[Entry], lang: str) -> tuple[str, tuple[Replaced, ...]]:
    """Write each entry's `use` where its forbidden translation, or a form of it, stands in a text of language `lang`.

    An entry without `use` changes nothing; see `find_forbidden`.
    """
    done: list[Replaced] = []
    for entry in entries:
        spans = find_forms(text, (entry.target, *entry.forms), lang) if entry.use else []
        for start, end in reversed(spans):
            before = text[start:end]
            after = _match_case(entry.use, before)
            text = text[:start] + after + text[end:]
            done.append(Replaced(before, after, entry.origin))
    return text, tuple(done)


def find_forbidden(text: str, entries: Sequence[Entry], lang: str) -> list[str]:
    """Return the forbidden translations that stand in a text of language `lang`, as they stand there."""
    return [text[start:end] for entry in entries for start, end in find_forms(text, (entry.target, *entry.forms), lang)]


def _match_case(text: str, like: str) -> str:
    if len(like) > 1 and like.isupper():
        return text.upper()
    return text[:1].upper() + text[1:] if like[:1].isupper() else text
