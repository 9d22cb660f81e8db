"""Lint: what in a glossary is wrong, contradicts itself, or will not do what its author meant."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.errors import GlossaryError
from pipeline.glossary.editing import Record, read_records
from pipeline.glossary.matcher import Matcher
from pipeline.glossary.patterns import TYPE as PATTERN
from pipeline.glossary.patterns import find_patterns
from pipeline.glossary.pofiles import Pair
from pipeline.glossary.store import Glossary
from pipeline.glossary.transliteration import is_by_scheme, scheme_language, write_by_scheme
from pipeline.glossary.wording import lint_words
from pipeline.glossary.words import key_of
from pipeline.languages import LANGUAGES, base_language, script_of_char
from pipeline.model import Entry, Status

# Rule -> level. An error is never meant; a warning nearly never; a note is for whoever tends the glossary.
RULES = {
    "damaged": "error",
    "approved_and_forbidden": "error",
    "replacement_forbidden": "error",
    "pattern_test": "error",
    "changed_since_approved": "warning",
    "duplicate": "warning",
    "same_spelling": "warning",
    "forbidden_without_use": "warning",
    "markup": "warning",
    "invisible_character": "warning",
    "mixed_scripts": "warning",
    "label_without_way_on": "warning",
    "other_variety": "warning",
    "common_word": "warning",
    "respelled_name": "warning",
    "not_by_scheme": "warning",
    "not_the_way_back": "note",
    "empty": "note",
    "forms_missing": "note",
    "half_definite": "note",
    "pattern_without_test": "note",
    "inside_longer": "note",
    "never_seen": "note",
}

_MARKUP = re.compile(r"</?[A-Za-z!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]{2,8});|\*\*|`|\[[^\]]*\]\(|\{\{|%[sd]\b")
# Zero-width characters, directional marks, soft hyphens, tags: nobody sees them, and they part what looks equal.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f]"
)
_WORD = re.compile(r"[^\W\d_]+")
_TEST = re.compile(r"test:\s*(.+?)\s*=\s*(.+?)\s*")
# Types whose translation takes other forms in a sentence: plural, feminine, an adjective.
_INFLECTED = frozenset({"office", "country", "term"})
_UNINFLECTED_SCRIPTS = frozenset({"Hans", "Hant", "Jpan", "Kore", "Thai"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at."""

    rule: str  # one of RULES
    message: str  # one plain line
    origin: str  # "glossaries/bg/en.po:12"

    @property
    def level(self) -> str:
        """How bad it is: "error", "warning" or "note"."""
        return RULES[self.rule]


def lint_glossary(glossary: Glossary, seen: Collection[str] | None = None) -> list[Problem]:
    """Look for problems in all pairs of a glossary, sorted by place.

    `seen` are the origins of the entries that some articles used; without it no entry is told off for not being seen.
    A damaged file is a problem, and its pair is left out of the other rules. Time is linear in the entries.
    """
    found: list[Problem] = []
    sound: dict[Pair, tuple[Entry, ...]] = {}
    for pair in glossary.pairs:
        try:
            sound[pair] = glossary.all_entries(*pair)
        except GlossaryError as exc:
            place, _, message = str(exc).partition(": ")
            found.append(Problem("damaged", message or str(exc), place))
            continue
        found += _lint_files(glossary, pair)
        found += _lint_pair(sound[pair], pair)
        if seen is not None:
            found += _never_seen(sound[pair], seen)
    found += _lint_between(sound)
    return sorted(dict.fromkeys(found), key=lambda problem: (_place(problem.origin), problem.rule, problem.message))


def _place(origin: str) -> tuple[str, int]:
    name, _, line = origin.rpartition(":")
    return (name, int(line)) if line.isdigit() else (origin, 0)


def _lint_files(glossary: Glossary, pair: Pair) -> Iterator[Problem]:
    """Rules on the records of each file, which the store has folded together."""
    for file in glossary.files:
        if file.pair != pair:
            continue
        first: dict[tuple[str, str], int] = {}
        for record in read_records(file.data, file.name):
            origin = f"{file.label}:{record.line}"
            key = record.context, record.source
            if not record.is_retired and key in first:
                yield Problem("duplicate", f"{record.source!r} stands in line {first[key]} already", origin)
            if not record.is_retired:
                first.setdefault(key, record.line)
                yield from _test_pattern(record, pair, origin)
                if record.is_changed_since_approved:
                    message = f"{record.source!r} is not what was approved ({record.facts['approved']})"
                    yield Problem("changed_since_approved", message, origin)


def _test_pattern(record: Record, pair: Pair, origin: str) -> Iterator[Problem]:
    """Try the `# test: text = translation` lines of a pattern."""
    if record.facts.get("type") != PATTERN:
        return
    tests = [match for match in map(_TEST.fullmatch, record.comments) if match]
    if not tests:
        yield Problem("pattern_without_test", f"{record.source!r}: add '# test: text = translation'", origin)
    entry = Entry(record.source, pair[0], record.target, pair[1], case=record.facts.get("case", "auto"))
    for test in tests:
        wanted = None if test[2] == "-" else test[2]
        inside = find_patterns([entry], test[1])
        if (found := inside[0].forms[0] if inside else None) != wanted:
            yield Problem(
                "pattern_test", f"{test[1]!r} is {found or '-'!r} by {record.source!r}, not {test[2]!r}", origin
            )


def _lint_pair(entries: Sequence[Entry], pair: Pair) -> Iterator[Problem]:
    for entry in entries:
        yield from _lint_entry(entry)
    yield from _lint_forbidden(entries)
    yield from _same_spelling([entry for entry in entries if entry.status is Status.APPROVED], pair)
    yield from _inside_longer([entry for entry in entries if entry.status is Status.APPROVED])


def _lint_entry(entry: Entry) -> Iterator[Problem]:
    """Rules on one entry alone."""
    texts = (entry.source, entry.target, *entry.forms, *entry.source_forms, entry.use)
    for text in texts:
        if found := _MARKUP.search(text):
            yield Problem("markup", f"{text!r} has {found[0]!r} in it: write the words alone", entry.origin)
        if found := _INVISIBLE.search(text):
            message = f"{text!r} has a character that nobody sees (U+{ord(found[0]):04X})"
            yield Problem("invisible_character", message, entry.origin)
        if word := _mixed_word(text):
            yield Problem("mixed_scripts", f"{word!r} has letters of two scripts that look alike", entry.origin)
    if not entry.target:
        yield Problem("empty", f"{entry.source!r} has no translation{_hint(entry)}", entry.origin)
    elif entry.transliterate:
        yield from _lint_scheme(entry)
    if entry.status is Status.FORBIDDEN and not entry.use:
        message = f"{entry.target!r} is forbidden for {entry.source!r}, and nothing says what to write; add '# use:'"
        yield Problem("forbidden_without_use", message, entry.origin)
    yield from (Problem(rule, message, entry.origin) for rule, message in lint_words(entry))
    if _wants_forms(entry):
        yield Problem(
            "forms_missing", f"{entry.source!r}: {entry.type} with one form alone: add '# forms:'", entry.origin
        )


def _hint(entry: Entry) -> str:
    if not entry.transliterate:
        return ""
    return f"; by {entry.transliterate} it is {write_by_scheme(entry.source, entry.transliterate)!r}"


def _lint_scheme(entry: Entry) -> Iterator[Problem]:
    """A name that is not written as the scheme says that its entry declares."""
    scheme = entry.transliterate
    if base_language(entry.source_lang) != scheme_language(scheme):
        message = (
            f"{entry.source!r} declares {scheme}, which writes names from {LANGUAGES[scheme_language(scheme)].name}"
        )
        yield Problem("not_by_scheme", message, entry.origin)
    elif not is_by_scheme(entry.target, entry.source, scheme):
        wanted = write_by_scheme(entry.source, scheme)
        message = (
            f"{entry.source!r} is {wanted!r} by {scheme}, not {entry.target!r}: write it so, or take the scheme out"
        )
        yield Problem("not_by_scheme", message, entry.origin)


def _mixed_word(text: str) -> str:
    """Return a word that mixes Latin, Cyrillic or Greek letters; "" where there is none."""
    for word in _WORD.findall(text):
        if not word.isascii() and len({script_of_char(char) for char in word} & {"Latn", "Cyrl", "Grek"}) > 1:
            return str(word)
    return ""


def _wants_forms(entry: Entry) -> bool:
    inflects = LANGUAGES[entry.target_lang].script not in _UNINFLECTED_SCRIPTS
    is_name = entry.target.isupper() or entry.is_kept
    plain = entry.status is Status.APPROVED and entry.type in _INFLECTED and not entry.forms
    return plain and inflects and not is_name and not getattr(entry, "plural", "")


def _lint_forbidden(entries: Sequence[Entry]) -> Iterator[Problem]:
    """A translation that is both approved and forbidden, and a replacement that is itself forbidden."""
    approved = {(entry.source, text): entry for entry in entries if entry.status is Status.APPROVED
                for text in (entry.target, *entry.forms)}  # fmt: skip
    forbidden = {(entry.source, entry.target): entry for entry in entries if entry.status is Status.FORBIDDEN}
    for (source, target), entry in forbidden.items():
        if other := approved.get((source, target)):
            message = f"{target!r} is forbidden for {source!r}, and approved in {other.origin}"
            yield Problem("approved_and_forbidden", message, entry.origin)
        if entry.use and (source, entry.use) in forbidden:
            message = f"{entry.use!r}, which is to stand for {target!r}, is forbidden too"
            yield Problem("replacement_forbidden", message, entry.origin)


def _same_spelling(entries: Sequence[Entry], pair: Pair) -> Iterator[Problem]:
    """Two entries that one text would match: the later wins, the other is never used."""
    first: dict[tuple[str, bool, str], tuple[str, Entry]] = {}
    for entry in entries:
        for text in _spellings(entry):
            key = key_of(text, pair[0]), entry.type == "label", text if text[:1].isupper() else text.lower()
            known = first.setdefault(key, (text, entry))
            if known[1] is not entry and known[1].target != entry.target and known[1].msgctxt == entry.msgctxt:
                message = f"{text!r} is {entry.target!r} here and {known[1].target!r} in {known[1].origin}"
                yield Problem("same_spelling", message, entry.origin)


def _inside_longer(entries: Sequence[Entry]) -> Iterator[Problem]:
    """A term that stands inside a longer one, whose translation has another word for it."""
    terms = [entry for entry in entries if entry.is_sought]
    if not terms:
        return
    matcher = Matcher(terms)
    for entry in terms:
        # With an end of it blocked the whole is not found, so that its parts are.
        for match in (
            *matcher.find(entry.source, [(0, 1)]),
            *matcher.find(entry.source, [(len(entry.source) - 1, 10**6)]),
        ):
            part = match.entry
            words = (part.target, *part.forms)
            if part is not entry and not any(text.casefold() in entry.target.casefold() for text in words):
                message = f"{part.source!r} is {part.target!r}, but inside {entry.source!r} it is not: {entry.target!r}"
                yield Problem("inside_longer", message, part.origin)


def _never_seen(entries: Iterable[Entry], seen: Collection[str]) -> Iterator[Problem]:
    for entry in entries:
        if entry.status is Status.APPROVED and entry.origin not in seen:
            yield Problem("never_seen", f"{entry.source!r} stands in none of the articles", entry.origin)


def _lint_between(sound: dict[Pair, tuple[Entry, ...]]) -> Iterator[Problem]:
    """Rules between pairs: a label without a way on from English, a cycle that does not close."""
    approved = {
        pair: [entry for entry in entries if entry.status is Status.APPROVED] for pair, entries in sound.items()
    }
    for pair, entries in approved.items():
        onward = [other for other in approved if other[0] == pair[1] and other[1] != pair[0]]
        for other in onward:
            known = {text for entry in approved[other] if entry.type == "label" for text in _spellings(entry)}
            for entry in entries:
                if entry.type == "label" and entry.target not in known:
                    message = f"the label {entry.target!r} has no entry in {other[0]} to {other[1]}"
                    yield Problem("label_without_way_on", message, entry.origin)
        if pair[::-1] in approved:
            yield from _ways_back(entries, approved[pair[::-1]])


def _spellings(entry: Entry) -> tuple[str, ...]:
    return (entry.source, *entry.source_forms)


def _ways_back(entries: Sequence[Entry], back: Sequence[Entry]) -> Iterator[Problem]:
    ways: dict[tuple[str, bool], list[Entry]] = defaultdict(list)
    for entry in back:
        for text in _spellings(entry):
            ways[text, entry.type == "label"].append(entry)
    for entry in entries:
        for way in ways.get((entry.target, entry.type == "label"), ()):
            known = {entry.source.casefold(), *(text.casefold() for text in entry.source_forms)}
            if not known & {text.casefold() for text in (way.target, *way.forms)}:
                message = f"{entry.source!r} is {entry.target!r}, which goes back to {way.target!r} ({way.origin})"
                yield Problem("not_the_way_back", message, entry.origin)
