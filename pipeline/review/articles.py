"""The articles that a reviewer looks terms up in: NAME.parallel.jsonl of output folders, found by their words."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.glossary import Matcher
from pipeline.glossary.words import plain, tokenise
from pipeline.languages import LANGUAGES, base_language
from pipeline.model import Entry

MAX_BYTES = 100_000_000  # of one file; the parallel file of a book stays under it
_SUFFIX = ".parallel.jsonl"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment in all its languages."""

    article: str
    id: str
    lang: str  # of the article; "" where its manifest is missing
    texts: tuple[tuple[str, str], ...]  # what a term is looked for in: language and text
    source: str
    targets: Mapping[str, str]
    terms: frozenset[tuple[str, str]]  # language of the target, term as the run found it
    findings: tuple[tuple[str, str], ...]  # language ("" for the source) and rule


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a concordance: a segment with the term in it."""

    article: str
    segment: str
    source_lang: str
    before: str
    term: str
    after: str
    targets: tuple[tuple[str, str], ...]  # language and text; the row's own language first
    findings: tuple[str, ...]


@dataclass
class Articles:
    """All segments, with an index of their words. It never changes but for what it remembers."""

    segments: Sequence[Segment] = ()
    problems: tuple[str, ...] = ()  # files that could not be read, one line each
    _words: dict[str, list[int]] = field(default_factory=dict, repr=False)
    _terms: dict[tuple[str, str], list[int]] = field(default_factory=dict, repr=False)
    _found: dict[Entry, tuple[int, ...]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Index the words; linear in the texts."""
        for number, segment in enumerate(self.segments):
            words = {word for lang, text in segment.texts for word in tokenise(text, lang).words}
            for word in words:
                self._words.setdefault(word, []).append(number)
            for key in segment.terms:
                self._terms.setdefault(key, []).append(number)

    @property
    def article_count(self) -> int:
        """How many articles there are."""
        return len({segment.article for segment in self.segments})

    @property
    def rules(self) -> list[str]:
        """The rules of all findings, sorted."""
        return sorted({rule for segment in self.segments for _, rule in segment.findings})

    def find(self, entry: Entry) -> tuple[int, ...]:
        """Return the numbers of the segments that an entry is about: those in which its term stands, and those whose
        targets used it.
        """
        if entry not in self._found:
            matcher = Matcher([entry])
            found = {number for number in self._candidates(entry) if _stands_in(self.segments[number], entry, matcher)}
            for spelling in (entry.source, *entry.source_forms):
                found.update(self._terms.get((base_language(entry.target_lang), plain(spelling)), ()))
            self._found[entry] = tuple(
                number for number in sorted(found) if _concerns(self.segments[number], entry.target_lang)
            )
        return self._found[entry]

    def impact(self, entry: Entry) -> tuple[int, int]:
        """Return how many segments in how many articles would be redone."""
        found = self.find(entry)
        return len(found), len({self.segments[number].article for number in found})

    def lines(self, entry: Entry, most: int) -> list[Line]:
        """Return the concordance, no more than `most` lines, from as many articles as there are."""
        seen: dict[str, int] = {}
        ranked = []
        for number in self.find(entry):
            article = self.segments[number].article
            seen[article] = seen.get(article, 0) + 1
            ranked.append((seen[article], number))
        matcher = Matcher([entry])
        return [_line(self.segments[number], entry, matcher) for _, number in sorted(ranked)[:most]]

    def has_finding(self, entry: Entry, rule: str) -> bool:
        """Whether a segment that an entry is about has a finding of a rule, in its target or in the source."""
        return any(
            found == rule and lang in ("", entry.target_lang)
            for number in self.find(entry)
            for lang, found in self.segments[number].findings
        )

    def _candidates(self, entry: Entry) -> set[int]:
        """Return the segments that have the rarest word of a spelling."""
        found: set[int] = set()
        for spelling in (entry.source, *entry.source_forms):
            words = tokenise(spelling, entry.source_lang).words
            if words:
                found.update(sorted((self._words.get(word, []) for word in words), key=len)[0])
        return found


def _texts_in(segment: Segment, lang: str) -> Iterator[str]:
    base = base_language(lang)
    return (text for tag, text in segment.texts if tag == "" or base_language(tag) == base)


def _stands_in(segment: Segment, entry: Entry, matcher: Matcher) -> bool:
    return any(matcher.find(text) for text in _texts_in(segment, entry.source_lang))


def _concerns(segment: Segment, target_lang: str) -> bool:
    base = base_language(target_lang)
    tags = [segment.lang, *segment.targets]
    return any(tag and base_language(tag) == base for tag in tags)


def _line(segment: Segment, entry: Entry, matcher: Matcher) -> Line:
    """Show the source with the term marked; where it stands in the normalised text alone, that text."""
    text, start, end = segment.source, 0, 0
    for each in (segment.source, *_texts_in(segment, entry.source_lang)):
        if found := matcher.find(each):
            text, start, end = each, found[0].start, found[0].end
            break
    base = base_language(entry.target_lang)
    own_first = sorted(segment.targets.items(), key=lambda item: base_language(item[0]) != base)
    rules = tuple(sorted({rule for lang, rule in segment.findings if lang in ("", entry.target_lang)}))
    return Line(
        segment.article, segment.id, segment.lang, text[:start], text[start:end], text[end:], tuple(own_first), rules
    )


def load_articles(folders: Sequence[Path]) -> Articles:
    """Read every NAME.parallel.jsonl in and below some output folders.

    Raises UsageError for a folder that is none. A file that cannot be read, or is no such file, is a problem that the
    page shows; the others count.
    """
    segments: list[Segment] = []
    problems: list[str] = []
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such folder; try the one that was given as -o")
        for path in _files(folder):
            try:
                segments.extend(_read(path, folder))
            except (OSError, ValueError, TypeError, KeyError, AttributeError) as exc:
                problems.append(f"{path}: not a parallel file of ours ({exc}); try writing it again")
    return Articles(segments, tuple(problems))


def _files(folder: Path) -> Iterable[Path]:
    for root, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(root, name) for name in sorted(names) if name.endswith(_SUFFIX))


def _read(path: Path, folder: Path) -> list[Segment]:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1_000_000} MB")
    lang = _language(path.parent / "manifest.json")
    inner = path.relative_to(folder).parent
    name = str(inner) if inner.parts else path.name.removesuffix(_SUFFIX)
    rows = (json.loads(line) for line in path.read_bytes().split(b"\n") if line.strip())
    return [_segment(row, name, lang) for row in rows]


def _language(manifest: Path) -> str:
    try:
        tag = json.loads(manifest.read_bytes())["article"]["language"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return tag if tag in LANGUAGES else ""


def _segment(row: dict[str, Any], article: str, lang: str) -> Segment:
    targets = {str(tag): value for tag, value in row["targets"].items() if tag in LANGUAGES}
    texts = dict.fromkeys((lang, _clean(row[key])) for key in ("source", "normalised"))
    fragments = [each for each in row["fragments"] if each["lang"] in LANGUAGES]
    texts |= dict.fromkeys((each["lang"], _clean(each["text"])) for each in fragments)
    uses = [(tag, use["source"]) for tag, value in targets.items() for use in value["terms"]]
    findings = [("", each["rule"]) for each in row["findings"]]
    findings += [(tag, each["rule"]) for tag, value in targets.items() for each in value["findings"]]
    return Segment(
        article=article,
        id=_clean(row["id"]),
        lang=lang,
        texts=tuple(texts),
        source=_clean(row["source"]),
        targets={tag: _clean(value["text"]) for tag, value in targets.items()},
        terms=frozenset((base_language(tag), plain(_clean(term))) for tag, term in uses),
        findings=tuple(dict.fromkeys((tag, _clean(rule)) for tag, rule in findings)),
    )


def _clean(text: str) -> str:
    """Return a text as UTF-8 can carry it: JSON can write half a character."""
    return text.encode("utf-8", "replace").decode()
