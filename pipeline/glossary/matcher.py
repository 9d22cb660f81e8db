"""Find terms in a text: one matcher for normalising, protecting and checking."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipeline.model import Entry, Match

# A word: letters, digits and combining marks, with apostrophes and hyphens inside. "US-led" and "bonus" are words of
# their own, so "US" is not found in them; the possessive is no part of a word, so "Maduro's" has the term Maduro.
_TOKEN = re.compile(r"[^\W_]+(?:[’'·\-.][^\W_]+)*", re.UNICODE)
_POSSESSIVE = re.compile(r"['’](?:s|S)$")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+|[@#]\w+")


class Matcher:
    """A compiled list of entries. Building is linear in the entries, finding linear in the text."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Take approved entries of one pair."""
        self._by_first: dict[str, list[tuple[list[str], str, Entry]]] = {}
        for entry in entries:
            for form in (entry.source, *entry.source_forms):
                words = [fold(word) for word in _words(form)]
                if words:
                    self._by_first.setdefault(words[0], []).append((words, form, entry))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda one: -len(one[0]))

    def find(self, text: str, blocked: Sequence[tuple[int, int]] = ()) -> list[Match]:
        """Find all matches, longest first from left to right, sorted, not overlapping, never inside `blocked` spans.

        The case rule "auto": a source with a capital matches as it is spelled, or in capitals throughout; one without
        also with a first capital. Runs of white space are equal, and so are apostrophes.
        """
        if not self._by_first:
            return []
        closed = [*blocked, *((m.start(), m.end()) for m in _ADDRESS.finditer(text))]
        tokens = [(m.start(), _end_of_word(m)) for m in _TOKEN.finditer(text)]
        folded = [fold(text[start:end]) for start, end in tokens]
        found: list[Match] = []
        at = 0
        while at < len(tokens):
            match = self._match_at(text, tokens, folded, at)
            if match and all(match.end <= start or end <= match.start for start, end in closed):
                found.append(match)
                while at < len(tokens) and tokens[at][0] < match.end:
                    at += 1
            else:
                at += 1
        return found

    def _match_at(self, text: str, tokens: Sequence[tuple[int, int]], folded: Sequence[str], at: int) -> Match | None:
        for words, form, entry in self._by_first.get(folded[at], ()):
            if folded[at : at + len(words)] != words:
                continue
            start, end = tokens[at][0], tokens[at + len(words) - 1][1]
            # A form may end in a mark: "лв.", "U.S."; between its words only white space and its own marks stand.
            if not form[-1].isalnum():
                end += len(form) - len(form.rstrip("." + form[-1]))
            found = " ".join(text[start:end].split())
            if _same(found, form, entry.case):
                return Match(start, end, text[start:end], entry)
        return None


def _end_of_word(match: re.Match[str]) -> int:
    possessive = _POSSESSIVE.search(match[0])
    return match.start() + possessive.start() if possessive else match.end()


def _words(form: str) -> list[str]:
    return [form[m.start() : _end_of_word(m)] for m in _TOKEN.finditer(form)]


def fold(text: str) -> str:
    """Fold case and apostrophes, for comparing."""
    return text.replace("’", "'").casefold()


def _same(found: str, form: str, case: str) -> bool:
    found, form = found.replace("’", "'"), form.replace("’", "'")
    if found == form or case == "any":
        return found.casefold() == form.casefold()
    if case == "exact":
        return False
    if len(form) > 4 and found == form.upper():
        return True
    return form == form.lower() and found == form[:1].upper() + form[1:]


def find_forms(text: str, forms: Sequence[str], lang: str) -> list[tuple[int, int]]:
    """Find where any of the target forms stands at word edges: longest form first, sorted, not overlapping.

    A form may stand with a first capital or in capitals throughout; letters keep their accents.
    """
    del lang  # the rule is the same in every language that has spaces
    if not forms:
        return []
    found: list[tuple[int, int]] = []
    folded = " ".join(fold(text).split())
    # Most forms are not there: a plain search settles those before a pattern is made.
    present = (form for form in set(forms) if " ".join(fold(form).split()) in folded)
    for form in sorted(present, key=lambda one: (-len(one), one)):
        for match in _form_pattern(form).finditer(text):
            span = match.span()
            if all(span[1] <= start or end <= span[0] for start, end in found):
                found.append(span)
    return sorted(found)


@lru_cache(maxsize=20_000)
def _form_pattern(form: str) -> re.Pattern[str]:
    spellings = dict.fromkeys((form, form[:1].upper() + form[1:], form.upper()))
    body = "|".join(re.sub(r"(?:\\\s|\s)+", r"\\s+", re.escape(one)).replace("'", "['’]") for one in spellings)
    # "$ 140" does not stand in "R$ 140".
    before = r"(?<![^\W_])" if form[:1].isalnum() or form[:1] in "$£€" else ""
    after = r"(?![^\W_])" if form[-1:].isalnum() else ""
    return re.compile(f"{before}(?:{body}){after}")
