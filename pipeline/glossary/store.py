"""The PO store: glossaries/<source>/<target>.po as one glossary, where later files win over earlier ones."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from pipeline.glossary.caching import read_content
from pipeline.glossary.parsing import Content, Key
from pipeline.glossary.pofiles import Pair, PoFile, in_order_of_precedence, read_file, read_folder
from pipeline.languages import LANGUAGES, lookup_chain
from pipeline.model import Entry, Status


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries of each kind a pair has. Only `approved` and `forbidden` have any effect."""

    approved: int
    candidates: int  # fuzzy or empty
    forbidden: int
    retired: int  # `#~`


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run is about, for entries that hold for a subject or a house alone (`# domain:`, `# outlet:`)."""

    domain: str = ""
    outlet: str = ""

    def covers(self, entry: Entry) -> bool:
        """Whether an entry holds in a run. One without domain and outlet always does."""
        return (not entry.domains or self.domain.casefold() in entry.domains) and (
            not entry.outlets or self.outlet.casefold() in entry.outlets
        )


class Glossary:
    """All entries of a run, by pair. It never changes: the bytes are those of the moment it was opened.

    A pair is parsed when it is first asked for. An entry of a later source takes the place of an earlier one with the
    same term and context; a retired one (`#~`) of a later source switches the earlier one off; a candidate does
    neither. "pt-BR" has the entries of "pt" that it does not replace. With a scope, entries of another domain or outlet
    are as if they were not there, and those of this one win; without a scope all are there.
    """

    def __init__(self, files: Iterable[PoFile] = (), scope: Scope | None = None) -> None:
        """Take the files of `load_glossary`; nothing is parsed yet."""
        self._scope = scope
        self._files = tuple(files)
        self._contents: dict[PoFile, Content] = {}
        self._pairs: dict[Pair, tuple[Entry, ...]] = {}

    @classmethod
    def empty(cls) -> "Glossary":
        """Return a glossary without entries."""
        return cls()

    @property
    def files(self) -> tuple[PoFile, ...]:
        """The files, later ones winning over earlier ones."""
        return self._files

    @property
    def scope(self) -> Scope | None:
        """The subject and the house that entries may be for; None where all entries are there."""
        return self._scope

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The language pairs that have a file, sorted."""
        return tuple(sorted({file.pair for file in self._files}))

    @cached_property
    def digest(self) -> str:
        """Sha256 over the files' bytes with their pairs, in order of precedence, and the scope; paths do not count."""
        rows = sorted((file.pair, file.layer, hashlib.sha256(file.data).hexdigest()) for file in self._files)
        lines = [f"{pair[0]} {pair[1]} {sha}" for pair, _, sha in rows]
        if self._scope:
            lines += [f"{name} {value.casefold()}" for name, value in asdict(self._scope).items() if value]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def entries(self, source_lang: str, target_lang: str) -> tuple[Entry, ...]:
        """Return the approved entries of a pair, in the order of the files."""
        return self._with_status(source_lang, target_lang, Status.APPROVED)

    def candidates(self, source_lang: str, target_lang: str) -> tuple[Entry, ...]:
        """Return what waits for a person: fuzzy or empty, never enforced."""
        return self._with_status(source_lang, target_lang, Status.CANDIDATE)

    def forbidden(self, source_lang: str, target_lang: str) -> tuple[Entry, ...]:
        """Return the entries whose target must not be written for their source."""
        return self._with_status(source_lang, target_lang, Status.FORBIDDEN)

    def all_entries(self, source_lang: str, target_lang: str) -> tuple[Entry, ...]:
        """Return approved, candidate and forbidden entries of a pair. Raises GlossaryError for a damaged file."""
        pair = source_lang, target_lang
        if pair not in self._pairs:
            merged = _merge(self._in_scope(self._content(file)) for file in self._files_of(*pair))
            # Of two with the same spelling the later wins: those for this subject and house last.
            self._pairs[pair] = tuple(sorted(merged, key=lambda entry: bool(entry.domains) + 2 * bool(entry.outlets)))
        return self._pairs[pair]

    def outdated(self, source_lang: str, target_lang: str) -> tuple[Entry, ...]:
        """Return the entries whose text is no longer what `# approved:` was given for."""
        return tuple(
            entry for file in self._files_of(source_lang, target_lang) for entry in self._content(file).outdated
        )

    def counts(self, source_lang: str, target_lang: str) -> Counts:
        """Count the entries of a pair."""
        retired = sum(len(self._content(file).retired) for file in self._files_of(source_lang, target_lang))
        statuses = [entry.status for entry in self.all_entries(source_lang, target_lang)]
        approved, candidates, forbidden = (
            statuses.count(status) for status in (Status.APPROVED, Status.CANDIDATE, Status.FORBIDDEN)
        )
        return Counts(approved, candidates, forbidden, retired)

    def _with_status(self, source_lang: str, target_lang: str, status: Status) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.all_entries(source_lang, target_lang) if entry.status is status)

    def _files_of(self, source_lang: str, target_lang: str) -> list[PoFile]:
        return in_order_of_precedence(self._files, _tags(source_lang), _tags(target_lang))

    def _in_scope(self, content: Content) -> Content:
        if self._scope is None:
            return content
        covered = tuple(entry for entry in content.entries if self._scope.covers(entry))
        return content if len(covered) == len(content.entries) else replace(content, entries=covered)

    def _content(self, file: PoFile) -> Content:
        if file not in self._contents:
            self._contents[file] = read_content(file)
        return self._contents[file]


def load_glossary(folders: Sequence[Path], files: Sequence[Path] = (), scope: Scope | None = None) -> Glossary:
    """Open the PO files of folders (`<source>/<target>.po`) and single files; a later source wins over an earlier one.

    For a team's folder before the shipped entries: `load_glossary([builtin_folder(), team])`. Raises UsageError for
    a folder or file that is not there, GlossaryError for one that has no pair or is too large; a damaged file raises
    when its pair is asked for.
    """
    found: list[PoFile] = []
    for layer, folder in enumerate(folders):
        found.extend(read_folder(folder, layer))
    found.extend(read_file(path, layer) for layer, path in enumerate(files, len(folders)))
    return Glossary(found, scope)


def _tags(lang: str) -> list[str]:
    # Entries in Cyrillic are of no use to Serbian in Latin letters, though "sr-Latn" falls back to "sr".
    return [tag for tag in lookup_chain(lang) if LANGUAGES[tag].script == LANGUAGES[lang].script]


def _merge(contents: Iterable[Content]) -> Iterator[Entry]:
    active: dict[Key, Entry] = {}
    candidates: dict[Key, Entry] = {}
    forbidden: dict[tuple[str, ...], Entry] = {}
    for content in contents:
        for key in content.retired:
            for table in (active, candidates):
                table.pop(key, None)
        for entry in content.entries:
            key = (entry.msgctxt, entry.source)
            if entry.status is Status.FORBIDDEN:
                forbidden[(*key, entry.target)] = entry
            elif entry.status is Status.CANDIDATE:
                candidates[key] = entry
            else:
                candidates.pop(key, None)
                active.pop(key, None)  # so that it stands where its source stands: after what it replaces
                active[key] = entry
    yield from (*active.values(), *candidates.values(), *forbidden.values())
