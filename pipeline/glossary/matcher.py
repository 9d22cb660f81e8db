"""Find terms in a text: one matcher for normalising, protecting, enforcing and checking.

What is a word, and where it ends, stands in pipeline.glossary.words.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Generic, TypeVar

from pipeline.agreement import pluralise
from pipeline.glossary.words import Tokens, edges_of, first_words, plain, stands_alone, tokenise
from pipeline.model import Entry, Match

T = TypeVar("T")
Sense = tuple[Entry, bool]  # an entry, and whether this is its plural
Span = tuple[int, int]

# In these no term is looked for. Each pattern is bounded, so that a page of dots or at signs costs no more than prose.
_WEB = re.compile(r"(?:https?|ftp)://\S+|\bwww\.\S+|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}/\S*")
_MAIL = re.compile(r"\b[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}|(?<!\w)[@#][\w.]*\w")

# Terms of these types have a plural; the others name one thing, or have an entry for it ("rubles").
_PLURAL_TYPES = frozenset({"term", "office", "institution"})
NO_PLURAL = "-"  # `# source-plural: -`: the plural is another word ("arm", "arms")

# "WHO" may be the organisation: a word this short counts as an ALL CAPS spelling of "who" only in a text in capitals.
_SHORT = 4
_SHOUTING_SHARE = 0.7  # of the letters, in capitals
_ENDS = re.compile(r"[^\W_]{2}\.[\"'”’)]*\s*\Z")  # a full stop, but that of "U.S."
_HEADLINE_SHARE = 0.7  # of the words longer than three letters, with a capital


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """One spelling of a term, and what it stands for."""

    plain: str
    case: str  # "auto", "exact", "any"
    value: T
    words: int

    def accepts(self, found: str) -> bool:
        """Whether the case rule lets `found` (already `plain`, equal but for case) stand for this spelling.

        "auto": as it is spelled, or in capitals throughout; a spelling that begins with a small letter also with a
        capital first letter, and one in small letters with a capital on any of its words ("Prime Minister").
        """
        if found == self.plain or self.case == "any":
            return True
        if self.case == "exact":
            return False
        first, rest = self.plain[:1], self.plain[1:]
        if found.isupper() or (first.islower() and found == first.upper() + rest):
            return True
        return self.words > 1 and self.plain.islower() and _is_titled(found, self.plain)


def _is_titled(found: str, small: str) -> bool:
    pairs = zip(re.split(r"([ -])", found), re.split(r"([ -])", small), strict=False)
    return all(one in (other, other[:1].upper() + other[1:]) for one, other in pairs)


class FormIndex(Generic[T]):
    """Spellings by their words. Where two are spelled the same, the later one wins.

    A spelling is taken apart when its first word is first asked for: of a large glossary an article needs few.
    """

    def __init__(self, spellings: Iterable[tuple[str, str, T]], lang: str) -> None:
        """Take (spelling, case rule, value) triples; spellings without a letter, digit or mark are left out."""
        self._lang = lang
        self._by_first: dict[str, list[tuple[str, str, T]]] = {}
        rows = list(spellings)
        for row, first in zip(rows, first_words((row[0] for row in rows), lang), strict=True):
            self._by_first.setdefault(first, []).append(row)
        self._by_first.pop("", None)
        self._forms: dict[str, list[Form[T]]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}

    def __contains__(self, first: str) -> bool:
        """Whether a spelling begins with a word."""
        return first in self._by_first

    def lengths(self, first: str) -> Sequence[int]:
        """Return the numbers of tokens of the spellings that begin with a word, the highest first."""
        if first not in self._by_first:
            return ()
        if first not in self._lengths:
            self._lengths[first] = tuple(sorted(set(self._take_apart(first)), reverse=True))
        return self._lengths[first]

    def _take_apart(self, first: str) -> Iterator[int]:
        for spelling, case, value in self._by_first[first]:
            tokens = tokenise(spelling, self._lang)
            count = len(tokens.words)
            self._forms.setdefault(tokens.key(0, count), []).insert(0, Form(plain(spelling), case, value, count))
            yield count

    def get(self, key: str) -> Sequence[Form[T]]:
        """Return the spellings with a key, the winner first; after `lengths` was asked for the first word."""
        return self._forms.get(key, ())

    def lookup(self, text: str, wanted: Callable[[T], bool]) -> Form[T] | None:
        """Return the spelling that a whole text is, by its case rule; the exact one before all others."""
        tokens = tokenise(text, self._lang)
        count = len(tokens.words)
        if not count or count not in self.lengths(tokens.words[0]):
            return None
        forms = [form for form in self.get(tokens.key(0, count)) if wanted(form.value)]
        return _choose(forms, plain(text))


def _choose(forms: Iterable[Form[T]], found: str) -> Form[T] | None:
    first = None
    for form in forms:
        if form.plain == found:
            return form
        if first is None and form.accepts(found):
            first = form
    return first


def plural_of(entry: Entry) -> str:
    """Return the source plural of an entry: as it says, or by rule; "" where it has none."""
    if entry.source_plural:
        return "" if entry.source_plural == NO_PLURAL else entry.source_plural
    if entry.type not in _PLURAL_TYPES or entry.is_kept or entry.source.isupper():
        return ""
    plural = pluralise(entry.source, entry.source_lang)
    return "" if plural == entry.source else plural


def _spellings(entry: Entry) -> Iterator[str]:
    """Give the spellings of an entry: "Foreign Minister" tells that "the foreign minister" is one, too."""
    for spelling in (entry.source, *entry.source_forms):
        if entry.type == "office" and entry.case == "auto" and " " in spelling and not spelling.isupper():
            yield spelling.lower()
        yield spelling


class Matcher:
    """The terms of one language pair, compiled. Building is linear in the entries, finding in the text.

    Labels ("Photo", "Source") and entries for credits alone ("Труд") are left out: they are composed on credit lines
    and are ordinary words elsewhere.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Take entries of one source language; of two with the same spelling the later wins."""
        terms = [entry for entry in entries if entry.is_sought]
        self._lang = terms[0].source_lang if terms else ""
        singular = ((spelling, entry.case, (entry, False)) for entry in terms for spelling in _spellings(entry))
        plural = ((spelling, entry.case, (entry, True)) for entry in terms if (spelling := plural_of(entry)))
        # An entry of its own wins over the plural of another.
        self._index = FormIndex(chain(plural, singular), self._lang)

    def find(self, text: str, blocked: Sequence[Span] = ()) -> list[Match]:
        """Find the terms in a text: left to right, the longest at each place, sorted, not overlapping.

        A term stands at word edges (see `words.stands_alone`) and by its case rule (see `Form.accepts`). It is never
        found inside `blocked` spans, addresses, @handles and #hashtags. An institution of several words is not found
        where a further capitalised word goes on with the name ("European Union Football Cup"), unless that word
        begins another term ("European Union President"); an office is not found after "deputy" and its like. Names
        of people, places, agencies are found inside longer names. A noun is not found where only a verb can stand,
        and a term in small letters not as a part of a name ("National Hurricane Center").
        A term's plural is found too (see `plural_of`).
        """
        return self._read(text, blocked, [])

    def find_left(self, text: str) -> list[tuple[Match, str]]:
        """Find what `find` does not take for a term, though it is spelled like one, with the reason of each.

        Nothing is told of words that are a part of a term that was found.
        """
        left: list[tuple[Match, str]] = []
        found = self._read(text, (), left)
        return [(one, why) for one, why in left if all(one.end <= has.start or has.end <= one.start for has in found)]

    def _read(self, text: str, blocked: Sequence[Span], left: list[tuple[Match, str]]) -> list[Match]:
        reading = _Reading(text, tokenise(text, self._lang), _merge_spans([*blocked, *find_addresses(text)]), left)
        words = reading.tokens.words
        found: list[Match] = []
        at = 0
        while at < len(words):
            lengths = self._index.lengths(words[at])
            count, match = self._match_at(reading, at, lengths) if lengths else (1, None)
            if match:
                found.append(match)
            at += count
        return found

    def _match_at(self, reading: "_Reading", at: int, lengths: Sequence[int]) -> tuple[int, Match | None]:
        tokens, text = reading.tokens, reading.text
        for count in lengths:
            forms = self._index.get(tokens.key(at, count))
            if not forms or at + count > len(tokens.words):
                continue
            start, end = tokens.starts[at], tokens.ends[at + count - 1]
            if reading.is_blocked(start, end) or not stands_alone(text, start, end, self._lang):
                continue
            found = text[start:end]
            form = _choose((form for form in forms if reading.allows(form, found)), plain(found))
            if form is None:
                continue
            match = Match(start, end, found, *form.value)
            if not (why := self._why_not(reading, at, count, form.value[0])):
                return count, match
            reading.left.append((match, why))
        return 1, None

    def _why_not(self, reading: "_Reading", at: int, count: int, entry: Entry) -> str:
        """Say why an entry is not about the words that are spelled like it; "" where it is."""
        if self._is_verb(reading, at, entry):
            return "used as a verb"
        if (
            self._is_negated(reading, at, entry)
            or self._goes_on(reading, at, count, entry)
            or self._is_in_name(reading, at, count, entry)
        ):
            return "part of a longer word or name"
        return ""

    def _is_in_name(self, reading: "_Reading", at: int, count: int, entry: Entry) -> bool:
        """Whether a term in small letters stands with a capital beside another: "National Hurricane Center"."""
        tokens = reading.tokens
        if (
            entry.type != "term"
            or not entry.source.islower()
            or not reading.is_titled(at)
            or not _is_inside(tokens, at)
        ):
            return False
        after = at + count
        follows = after < len(tokens.words) and tokens.spaced[after][0] == " " and reading.is_titled(after)
        # "a School of Rock academy": a name goes on behind "of", if no article makes a noun of it
        is_last = after + 1 >= len(tokens.words)
        of_name = not is_last and tokens.words[after] == "of" and reading.is_titled(after + 1) and count == 1
        follows = follows or (of_name and tokens.words[at - 1] != "the")
        leads = reading.is_titled(at - 1) and tokens.words[at - 1] not in edges_of(self._lang).determiners
        return (follows or leads) and not reading.is_headline

    def _is_negated(self, reading: "_Reading", at: int, entry: Entry) -> bool:
        """Whether a common noun is a part of an adjective: "a non-profit group"."""
        words, spaced = reading.tokens.words, reading.tokens.spaced
        is_joined = at > 1 and words[at - 1] == "-" == spaced[at - 1] and spaced[at][0] != " "
        return is_joined and entry.source.islower() and words[at - 2] in edges_of(self._lang).negations

    def _goes_on(self, reading: "_Reading", at: int, count: int, entry: Entry) -> bool:
        """Whether the match is a part of a longer name that is not the entry's."""
        words, spaced = reading.tokens.words, reading.tokens.spaced
        if entry.type == "office" and at and spaced[at][0] == " ":
            return words[at - 1] in edges_of(self._lang).deputies
        after = at + count
        if entry.type != "institution" or count < 2 or after >= len(words) or spaced[after][0] != " ":
            return False
        return reading.is_titled(after) and words[after] not in self._index and not reading.is_headline

    def _is_verb(self, reading: "_Reading", at: int, entry: Entry) -> bool:
        """Whether a noun in small letters stands where only a verb can: "will deal", "to deal with"."""
        if entry.type != "term" or not entry.source.isalpha() or not entry.source.islower() or not at:
            return False
        words, edges = reading.tokens.words, edges_of(self._lang)
        before, after = words[at - 1], words[at + 1] if at + 1 < len(words) else ""
        if before in edges.before_verbs or (before == "t" and words[max(at - 2, 0)] == "'"):
            return True
        return f"{before} {after}" in edges.around_verbs


def _is_inside(tokens: Tokens, at: int) -> bool:
    """Whether a word stands inside a clause, behind a word, a comma, or an abbreviation ("the U.S. Defense")."""
    if at == 0 or tokens.spaced[at][0] != " ":
        return False
    before = tokens.words[at - 1]
    return before.isalnum() or before == "," or (before == "." and at > 1 and len(tokens.words[at - 2]) == 1)


class _Reading:
    """A text while it is being matched."""

    def __init__(self, text: str, tokens: Tokens, blocked: Sequence[Span], left: list[tuple[Match, str]]) -> None:
        self.text = text
        self.left = left  # what is no term, and why
        self.tokens = tokens
        self._starts = [start for start, _ in blocked]
        self._ends = [end for _, end in blocked]

    def token(self, at: int) -> str:
        return self.text[self.tokens.starts[at] : self.tokens.ends[at]]

    def is_titled(self, at: int) -> bool:
        word = self.token(at)
        return word[:1].isupper() and word[1:2].islower()

    def is_blocked(self, start: int, end: int) -> bool:
        if not self._starts:
            return False
        before = bisect_right(self._starts, end - 1) - 1  # the last blocked span that begins inside or before
        return before >= 0 and self._ends[before] > start

    def allows(self, form: Form[Sense], found: str) -> bool:
        """Refuse a short acronym for a short word: "IT" is not "it"."""
        if form.case != "auto" or form.words > 1 or len(found) > _SHORT or len(found) < 2 or not found.isupper():
            return True
        return form.plain.isupper() or self.is_shouting

    @cached_property
    def is_shouting(self) -> bool:
        letters = [char for char in self.text if char.isalpha()]
        return sum(char.isupper() for char in letters) > _SHOUTING_SHARE * len(letters)

    @cached_property
    def is_headline(self) -> bool:
        if _ENDS.search(self.text):
            return False  # a sentence with many names
        words = [word for word in map(self.token, range(len(self.tokens.words))) if len(word) > 3 and word.isalpha()]
        return sum(word[0].isupper() for word in words) > _HEADLINE_SHARE * len(words)


def find_addresses(text: str) -> list[Span]:
    """Return the addresses, @handles and #hashtags of a text: no word is looked for there."""
    found: list[Span] = []
    if "/" in text or "www." in text:
        found.extend(match.span() for match in _WEB.finditer(text))
    if "@" in text or "#" in text:
        found.extend(match.span() for match in _MAIL.finditer(text))
    return found


def _merge_spans(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def find_forms(text: str, forms: Sequence[str], lang: str) -> list[Span]:
    """Find where any of the given target forms stands in a text of language `lang`: sorted, not overlapping.

    A longer form takes its place before a shorter one. Word edges and case are those of the matcher ("auto"), so that
    "Espanya" is found in "d'Espanya" and "10" is not in "10,5". Letters keep their accents.
    """
    index = _index_of(tuple(forms), lang)
    tokens = tokenise(text, lang)
    spans = []
    for at, word in enumerate(tokens.words):
        for count in index.lengths(word):
            known = index.get(tokens.key(at, count)) if at + count <= len(tokens.words) else ()
            if known:
                start, end = tokens.starts[at], tokens.ends[at + count - 1]
                if _choose(known, plain(text[start:end])) and stands_alone(text, start, end, lang):
                    spans.append((start, end))
    free: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if all(end <= other_start or other_end <= start for other_start, other_end in free):
            free.append((start, end))
    return sorted(free)


@lru_cache(maxsize=8192)
def _index_of(forms: tuple[str, ...], lang: str) -> FormIndex[None]:
    return FormIndex(((form, "auto", None) for form in forms), lang)
