"""What is current: told from manifests and digests alone, without parsing an article or loading an engine."""

import errno
import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from pipeline.batch.changes import ASKED, PROGRAM, changed_terms, find_changed, read_rows, show_term
from pipeline.batch.places import find_made, find_strangers, show_name
from pipeline.batch.reporting import describe_made
from pipeline.batch.seen import Basis, Files, Finding, Seen
from pipeline.batch.tasks import Action, Plan, Task
from pipeline.documents.files import read_file
from pipeline.engines.routes import Router
from pipeline.errors import EngineMissing, PipelineError
from pipeline.exports import (
    MANIFEST,
    Guard,
    Manifest,
    advise,
    find_edited,
    listed_digests,
    replace_digests,
    was_interrupted,
    write_files,
)
from pipeline.glossary import Glossary
from pipeline.languages import is_same_language
from pipeline.localise import Options, signed_options, targets_for
from pipeline.memory import Memory, Reviews, recorded_articles, was_imported
from pipeline.model import Signature
from pipeline.signing import Made, sign

REDO = "--redo"  # what a person can give to have files written over that are left alone
_OTHERS = f"move it away, or write over it with {REDO}"

_NO_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO})  # nothing, a link to itself, a socket
_NAMED = 3  # entries that a reason names

# What a change in a field of the signature is called.
_WORDS = {
    "version": PROGRAM,
    "program_digest": PROGRAM,
    "input_digest": "the article changed",
    "routes": "the route changed",
    "fragment_routes": "the route of a fragment changed",
    "reviews_digest": "the reviews changed",
}


class Planner:
    """Decides what to do with each article of a run."""

    def __init__(
        self, options: Options, glossary: Glossary, router: Router, output: Path, *, memory: Memory | None = None
    ) -> None:
        """Take what the run would use; `output` is the output folder."""
        self._reviewed = _Reviewed(memory, options.near_hits)
        self.options = options
        self._glossary = glossary
        self._router = router
        self._output = output
        self._signatures: dict[Basis, Signature] = {}
        self._digests: dict[Basis, str] = {}
        self._seen: Seen | None = None

    def recall(self, files: Files | None = None) -> None:
        """Go by what the last run into the output folder found current, as far as nobody touched the files since.

        `files` tells of outputs that are no files of this machine.
        """
        self._seen = Seen(self.options, self._output, files)

    @property
    def recalls(self) -> bool:
        """Whether what is planned is kept for the next run."""
        return self._seen is not None

    def look_again(self, memory: Memory | None) -> None:
        """Plan on with the memory as it is now: so that `keep` has what was localised since."""
        self._reviewed = _Reviewed(memory, self.options.near_hits)

    def keep(self) -> None:
        """Keep what was found current for the next run's `recall`, where this one began with it."""
        if self._seen:
            self._seen.save()

    def plan(self, task: Task, *, redo: bool = False) -> Plan:
        """Decide what to do with one article; with `redo` everything that can be read is localised again."""
        return (None if redo else self.remember(task)) or self._decide(task, redo=redo)

    def remember(self, task: Task) -> Plan | None:
        """Return the plan of an article that was found current, and nobody touched since; no file of it is read."""
        found = self._seen.find(task) if self._seen else None
        if not found or self._digest(found.basis) != found.signature:
            return None
        row = replace(found.row, path=task.label)
        return Plan(task, Action.SKIP, folder=self._output / found.row.output, row=row)

    def _decide(self, task: Task, *, redo: bool) -> Plan:
        """Decide by reading all files."""
        since = time.time_ns()
        try:
            digest = hashlib.sha256(read_file(task.path)).hexdigest()
        except PipelineError as exc:
            return Plan(task, Action.FAIL, (str(exc),), error=exc)
        folder, manifest = find_made(task, self.options, self._output)
        if redo:
            return Plan(task, Action.LOCALISE, (ASKED if manifest else "new",), folder, manifest=manifest)
        others = list(find_strangers(task, self.options, self._output, folder, manifest))
        if others:
            return Plan(task, Action.LEAVE, (f"{', '.join(others)} there before, of no run",), folder, advice=_OTHERS)
        if folder is None:
            return Plan(task, Action.LOCALISE, ("new",))
        if manifest is None:  # of another version: what it lists is ours all the same
            found = {name: _digest_file(folder / name) for name in sorted(listed_digests(folder) or ())}
            return self._leave_edited(Plan(task, Action.LOCALISE, (PROGRAM,), folder), found)
        return self._compare(task, folder, manifest, digest, since)

    def _compare(self, task: Task, folder: Path, manifest: Manifest, digest: str, since: int) -> Plan:
        """Decide by what an earlier run wrote."""
        wanted = self._wanted(folder, manifest, digest)
        is_half_written = was_interrupted(folder)
        found = {name: _digest_file(folder / name) for name in manifest.files}
        reasons = ["an earlier run was interrupted while it wrote the files"] if is_half_written else []
        reasons += [f"{self._show(name, folder)} is missing" for name in found if not found[name]]
        reasons += dict.fromkeys(self._reasons(manifest, wanted))
        plan = Plan(task, Action.LOCALISE, tuple(reasons), folder, manifest=manifest, wanted=wanted)
        plan = self._leave_edited(plan, {name: found[name] for name in found if found[name] != manifest.files[name]})
        if reasons or plan.action is Action.LEAVE:
            return plan
        assert wanted  # else the engines are a reason
        row = describe_made(task, folder, manifest, self.options.layout)
        plan = replace(plan, row=row)
        if _wholes(manifest.signature) != _wholes(wanted):
            return replace(plan, action=Action.REFRESH)
        if self._seen and found == manifest.files:
            basis = _basis(manifest)
            self._seen.note(task, Finding(basis, self._digest(basis), row), since)
        return replace(plan, action=Action.SKIP)

    def refresh(self, plan: Plan) -> None:
        """Write the digests of glossary and memory anew where an article has none of what changed in them."""
        assert plan.folder and plan.wanted
        path = plan.folder / MANIFEST
        write_files({path: replace_digests(path, _wholes(plan.wanted))}, self._output)

    def _wanted(self, folder: Path, manifest: Manifest, digest: str) -> Signature | None:
        """Return the signature that the article would get now; None where an engine is missing."""
        made, basis = manifest.signature, _basis(manifest)
        try:
            signature = self._sign(basis)
        except EngineMissing:
            return None
        is_same = signature.memory_digest == made.memory_digest
        reviews = made.reviews_digest if is_same else self._reviewed.digest(manifest, self._targets(basis))
        wanted = replace(signature, input_digest=digest, terms=made.terms, reviews_digest=reviews)
        if wanted.glossary_digest == made.glossary_digest:
            return wanted
        rows = read_rows(folder, manifest)
        if rows is None:  # missing or edited: a reason in itself
            return wanted
        texts = list(dict.fromkeys(text for row in rows for text in (row.source, row.normalised)))
        return replace(wanted, terms=sign(self._made(basis), self._glossary, self._router, texts).terms)

    def _reasons(self, manifest: Manifest, wanted: Signature | None) -> Iterator[str]:
        if wanted is None:
            yield "the engines changed"
            return
        yield from _differences(manifest.signature, wanted)
        is_new = wanted.memory_digest != manifest.signature.memory_digest
        if is_new and wanted.memory_digest and not self._reviewed.is_known(manifest.name):
            yield "the memory does not know it yet"
        if terms := changed_terms(manifest.signature, wanted):
            more = f" and {len(terms) - _NAMED} more" if len(terms) > _NAMED else ""
            yield f"the glossary changed: {', '.join(map(show_term, terms[:_NAMED]))}{more}"

    def _leave_edited(self, plan: Plan, found: Mapping[str, str]) -> Plan:
        """Return the plan, or one that leaves the article alone where a person edited its files.

        `found` are the digests of the files in question, by name; "" for one that is not there.
        """
        assert plan.folder
        edited = list(find_edited(plan.folder, found, Guard(REDO, self._reviewed.was_imported)))
        if not edited:
            return plan
        first = f"{', '.join(self._show(name, plan.folder) for name in edited)} edited since it was written"
        return replace(plan, action=Action.LEAVE, reasons=(first, *plan.reasons), advice=advise(edited, REDO))

    def _show(self, name: str, folder: Path) -> str:
        return show_name(name, folder, self.options)

    def _digest(self, basis: Basis) -> str:
        """Return a digest of what `_sign` returns; "" where an engine is missing."""
        if basis not in self._digests:
            try:
                signed = json.dumps(asdict(self._sign(basis)), sort_keys=True)
            except EngineMissing:
                signed = ""
            self._digests[basis] = signed and hashlib.sha256(signed.encode()).hexdigest()
        return self._digests[basis]

    def _sign(self, basis: Basis) -> Signature:
        """Return the signature of such articles, without what each has of its own. Raises EngineMissing."""
        if basis not in self._signatures:
            self._signatures[basis] = sign(self._made(basis), self._glossary, self._router)
        return self._signatures[basis]

    def _made(self, basis: Basis) -> Made:
        """Say what an article would be made of now, by what it was found to be: the same bytes are the same text."""
        lang, targets = basis.lang, self._targets(basis)
        pairs = tuple((one, to) for one in basis.fragments for to in (lang, *targets) if not is_same_language(one, to))
        options = signed_options(self.options, lang)
        state = self._reviewed.state(lang, targets)
        return Made("", lang, targets, options, pairs, read_with=basis.libraries, memory_digest=state)

    def _targets(self, basis: Basis) -> tuple[str, ...]:
        return targets_for(self.options, basis.lang)


class _Reviewed:
    """What people reviewed, as the memory tells without an article being parsed."""

    def __init__(self, memory: Memory | None, least: int) -> None:
        self._memory = memory
        self._reviews = Reviews(memory, least) if memory else None
        self._recorded = recorded_articles(memory) if memory else frozenset()

    def state(self, lang: str, targets: Sequence[str]) -> str:
        """Return the digest of all reviews of some pairs; "" for none."""
        return self._reviews.state(lang, targets) if self._reviews else ""

    def digest(self, manifest: Manifest, targets: Sequence[str]) -> str:
        """Return what the reviews of an article come to, and those of sentences that are like its; "" for none."""
        return self._reviews.recorded(manifest.name, manifest.language, targets) if self._reviews else ""

    def is_known(self, article: str) -> bool:
        """Whether the memory can tell which reviews concern an article."""
        return article in self._recorded

    def was_imported(self, digest: str) -> bool:
        """Whether a file with this digest was taken in: then it may be written again."""
        return self._memory is not None and was_imported(self._memory, digest)


def _wholes(signature: Signature) -> dict[str, str]:
    """Return the digests of what an article uses parts of."""
    return {"glossary_digest": signature.glossary_digest, "memory_digest": signature.memory_digest}


def _basis(manifest: Manifest) -> Basis:
    fragments = sorted({pair.removesuffix(f"-{to}") for pair, to in _pairs(manifest)})
    return Basis(manifest.language, tuple(fragments), tuple(manifest.signature.libraries))


def _pairs(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Give each fragment pair of a manifest, "bg-pt-BR", with its target."""
    ends = (manifest.language, *manifest.languages)
    for pair in manifest.signature.fragment_routes:
        yield pair, max((to for to in ends if pair.endswith(f"-{to}")), key=len, default="")


def _differences(made: Signature, wanted: Signature) -> Iterator[str]:
    for name, words in _WORDS.items():
        if getattr(made, name) != getattr(wanted, name):
            yield words
    for name in find_changed(made.options, wanted.options):
        yield f"option {name} changed {_from_to(name, made.options, wanted.options)}"
    for name in find_changed(made.engines, wanted.engines):
        yield f"engine {name} changed"
    for name in find_changed(made.libraries, wanted.libraries):
        yield f"{name} changed {_from_to(name, made.libraries, wanted.libraries)}"


def _from_to(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    return f"from {old.get(name, 'none')} to {new.get(name, 'none')}"


def _digest_file(path: Path) -> str:
    """Return the sha256 of a file; "" for what is no file. Nothing is waited for: it may be a pipe by now."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as exc:
        if exc.errno in _NO_FILE:
            return ""
        raise
    with os.fdopen(handle, "rb") as file:
        is_file = stat.S_ISREG(os.fstat(handle).st_mode)
        return hashlib.file_digest(file, "sha256").hexdigest() if is_file else ""
