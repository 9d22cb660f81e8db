"""Which segments of an article would be done again, and why: for people who ask before a run.

An article is done again whole, and the memory answers for what did not change: what is listed here is what it cannot
answer for. What an article has in common (which words are names, which quotation marks it has) is left out of account.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.batch.tasks import Plan
from pipeline.documents.files import read_file
from pipeline.exports import Manifest
from pipeline.glossary import FIRST, ORDER, Glossary, begins_in, concerned_entries, is_pattern, read_name, stands_in
from pipeline.localise import Options, read_segments, targets_for
from pipeline.memory import Memory, Review, find_reviews
from pipeline.model import Signature, State
from pipeline.signing import WHOLE_KINDS

# Options that change no sentence, or show by routes and languages. Any other may change every one.
_SILENT = frozenset(
    {"source", "targets", "keep", "encoding", "layout", "base_url", "export", "near_hits", "engine", "via"}
)
ASKED = "asked for"  # the reason of --redo
PROGRAM = "the program changed"


@dataclass(frozen=True, slots=True)
class Written:
    """A segment as an earlier run wrote it: a line of NAME.parallel.jsonl."""

    id: str
    source: str
    normalised: str = ""
    fragments: tuple[str, ...] = ()  # languages of those that may have a route of their own
    targets: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)  # language -> state, route, text


@dataclass(frozen=True, slots=True)
class Redo:
    """A segment to be done again in some languages, for one reason."""

    segment: str  # id
    source: str
    langs: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a run would do again of one article."""

    total: int  # segments that it has
    redone: tuple[Redo, ...] = ()  # in the order of the article

    @property
    def segments(self) -> int:
        """How many segments are done again, in one language or more."""
        return len({redo.segment for redo in self.redone})


def read_rows(folder: Path, manifest: Manifest) -> list[Written] | None:
    """Return the segments that an earlier run wrote; None where they cannot be read."""
    name = next((name for name in manifest.files if name.endswith(".parallel.jsonl")), None)
    if name is None:
        return None
    try:
        return [_read_row(json.loads(line)) for line in (folder / name).read_bytes().splitlines()]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read_row(row: Mapping[str, object]) -> Written:
    record: dict = dict(row)  # type: ignore[type-arg]  # what is not there raises KeyError
    return Written(
        record["id"],
        record["source"],
        record["normalised"],
        tuple(each["lang"] for each in record["fragments"] if each["kind"] in WHOLE_KINDS),
        {lang: (each["state"], each["route"], each["text"]) for lang, each in record["targets"].items()},
    )


def find_changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return the keys whose values differ, sorted."""
    if old == new:  # mostly
        return []
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def changed_terms(made: Signature, wanted: Signature) -> list[str]:
    """Return the keys of glossary entries that differ, those of languages that are new aside: entries before others."""
    new = set(wanted.routes) - set(made.routes)
    found = [name for name in find_changed(made.terms, wanted.terms) if read_name(name).target_lang not in new]
    entries = [name for name in found if read_name(name).term]
    # That the order changed goes without saying where entries came or went.
    firsts = [name for name in found if read_name(name).kind == FIRST]
    return [*entries, *firsts] or [name for name in found if read_name(name).kind == ORDER]


def show_term(name: str) -> str:
    """Return what people call an entry: "mayor (en-pt)"."""
    named = read_name(name)
    what = {FIRST: "words that begin terms", ORDER: "order of entries"}.get(named.kind, named.term)
    return f"{what} ({named.source_lang}-{named.target_lang})"


def find_changes(plan: Plan, options: Options, glossary: Glossary, memory: Memory | None) -> Changes:
    """Return what a run would do again of an article that it would localise. Raises DocumentError."""
    manifest = plan.manifest
    rows = read_rows(plan.folder, manifest) if manifest and plan.folder else None
    task, wanted = plan.task, plan.wanted
    if rows and manifest and wanted and wanted.input_digest == manifest.signature.input_digest:
        now = rows
    else:
        found = read_segments(read_file(task.path), task.name, task.suffix, options)
        now = [Written(one.id, one.source) for one in found]
    targets = targets_for(options, manifest.language) if manifest else options.targets
    if not (rows and manifest and wanted):
        reason = plan.reasons[-1]  # the engines where they are what is lacking
        return Changes(len(now), tuple(Redo(one.id, one.source, targets, reason) for one in now))
    comparison = _Comparison(manifest, wanted, glossary, rows)
    comparison.review(memory, task.name + task.suffix, now, targets)
    redone = (redo for one in now for redo in comparison.compare(one, targets))
    return Changes(len(now), tuple(redone))


class _Comparison:
    """An article as it was written against what would be written now."""

    def __init__(self, manifest: Manifest, wanted: Signature, glossary: Glossary, rows: Sequence[Written]) -> None:
        self._made, self._wanted = manifest.signature, wanted
        self._lang = manifest.language
        self._glossary = glossary
        self._by_id = {row.id: row for row in rows}
        self._by_source: dict[str, list[Written]] = {}
        for row in rows:
            self._by_source.setdefault(row.source, []).append(row)
        self._hops = find_changed(self._made.engines, wanted.engines)
        self._libraries = find_changed(self._made.libraries, wanted.libraries)
        self._fragment_routes = find_changed(self._made.fragment_routes, wanted.fragment_routes)
        self._terms = changed_terms(self._made, wanted)
        self._reviews: dict[str, dict[str, Review]] = {}
        self._known: dict[tuple[str, ...], Mapping[str, str]] = {}

    def review(self, memory: Memory | None, article: str, now: Sequence[Written], targets: Iterable[str]) -> None:
        """Look up what people reviewed."""
        texts = [(one.id, (self._earlier(one) or one).normalised or one.source) for one in now]
        for lang in targets if memory else ():
            assert memory
            self._reviews[lang] = find_reviews(memory, article, (self._lang, lang), texts)

    def compare(self, one: Written, targets: Sequence[str]) -> Iterator[Redo]:
        """Give each reason why a segment is done again, with the languages that it holds for."""
        earlier = self._earlier(one)
        langs: dict[str, list[str]] = {}
        for lang in targets:
            for reason in self._reasons(one, earlier, lang):
                langs.setdefault(reason, []).append(lang)
        yield from (Redo(one.id, one.source, tuple(found), reason) for reason, found in langs.items())

    def _earlier(self, one: Written) -> Written | None:
        same = self._by_source.get(one.source, [])
        return next((row for row in same if row.id == one.id), same[0] if same else None)

    def _reasons(self, one: Written, earlier: Written | None, lang: str) -> Iterator[str]:
        review = self._reviews.get(lang, {}).get(one.id, Review())
        if earlier is None:
            stale = "; it was reviewed, and the review is stale" if review.rule == "review_stale" else ""
            yield ("the source changed" if one.id in self._by_id else "the segment is new") + stale
            return
        if lang not in earlier.targets:
            yield "the language is new"
            return
        state, route, text = earlier.targets[lang]
        if review.text:  # what a person reviewed beats all else
            if (state, text) != (State.REVIEWED, review.text):
                yield "it was reviewed"
            return
        if state == State.REVIEWED:
            yield "it is no longer reviewed"
        if self._made.program_digest != self._wanted.program_digest:
            yield PROGRAM
        yield from (f"{name} changed" for name in self._libraries)
        options = find_changed(self._made.options, self._wanted.options)
        yield from (f"option {name} changed" for name in options if name not in _SILENT)
        yield from self._route_reasons(earlier, lang, route)
        yield from self._term_reasons(earlier, lang)

    def _route_reasons(self, row: Written, lang: str, route: str) -> Iterator[str]:
        old, new = self._made.routes.get(lang), self._wanted.routes.get(lang)
        if route and route == old and old != new:
            yield f"the route changed from {old} to {new}"
        yield from (f"engine {hop} changed" for hop in self._hops if hop in route.split(" > "))
        if any(f"{fragment}-{lang}" in self._fragment_routes for fragment in row.fragments):
            yield "the route of a fragment changed"

    def _term_reasons(self, row: Written, lang: str) -> Iterator[str]:
        for name in self._terms:
            if self._is_on_the_way(read_name(name).target_lang, lang) and self._concerns(name, row):
                yield f"the glossary changed: {show_term(name)}"

    def _is_on_the_way(self, entry_lang: str, lang: str) -> bool:
        """Whether an entry into one language can matter for another: on the way there, or where none are asked for."""
        if entry_lang == lang or entry_lang not in self._wanted.routes:
            return True
        return f"-{entry_lang}:" in self._wanted.routes.get(lang, "")

    def _concerns(self, name: str, row: Written) -> bool:
        texts, named = (row.source, row.normalised), read_name(name)
        if named.kind == FIRST:
            old, new = (set(each.terms.get(name, "").split()) for each in (self._made, self._wanted))
            return any(begins_in(word, named.source_lang, texts) for word in old ^ new)
        if named.kind == ORDER:
            return False
        # A pattern concerns every text, so that its words alone can tell here.
        return stands_in(named, texts) or (not is_pattern(named.term) and name in self._entries(texts))

    def _entries(self, texts: tuple[str, ...]) -> Mapping[str, str]:
        """Return the entries that concern a segment now; several names are looked for in each."""
        if texts not in self._known:
            langs = {read_name(name).target_lang for name in self._terms}
            self._known[texts] = concerned_entries(texts, self._lang, langs, self._glossary)
        return self._known[texts]
