"""What is current: told from manifests and digests alone, without parsing an article or loading an engine."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from pipeline.batch.places import find_made, find_strangers, show_name
from pipeline.batch.tasks import Action, Plan, Task
from pipeline.documents.files import read_file
from pipeline.engines.routes import Router
from pipeline.errors import EngineMissing, PipelineError
from pipeline.exports import (
    MANIFEST,
    Manifest,
    replace_glossary,
    was_interrupted,
    write_files,
)
from pipeline.glossary import Glossary
from pipeline.languages import is_same_language
from pipeline.localise import Options, signed_options, targets_for
from pipeline.memory import Memory, articles_with_reviews, recorded_articles, recorded_reviews, was_imported
from pipeline.model import Signature
from pipeline.signing import Made, sign

# What a person can do about files that are left alone.
_OTHERS = "move it away, or write over it with --redo"
_EDITED = "undo that, or write it again with --redo"

# What a change in a field of the signature is called.
_WORDS = {
    "version": "the program changed",
    "program_digest": "the program changed",
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
        self._reviewed = _Reviewed(memory)
        self._options = options
        self._glossary = glossary
        self._router = router
        self._output = output
        self._signatures: dict[tuple[object, ...], Signature] = {}

    def plan(self, task: Task, *, redo: bool = False) -> Plan:
        """Decide what to do with one article; with `redo` everything that can be read is localised again."""
        try:
            digest = hashlib.sha256(read_file(task.path)).hexdigest()
        except PipelineError as exc:
            return Plan(task, Action.FAIL, (str(exc),), error=exc)
        folder, manifest = find_made(task, self._options, self._output)
        if redo:
            return Plan(task, Action.LOCALISE, ("asked for" if manifest else "new",), folder)
        others = list(find_strangers(task, self._options, self._output, manifest.language if manifest else ""))
        if others:
            return Plan(task, Action.LEAVE, (f"{', '.join(others)} there before, of no run",), folder, advice=_OTHERS)
        if manifest is None or folder is None:
            return Plan(task, Action.LOCALISE, ("new",))
        return self._compare(task, folder, manifest, digest)

    def _compare(self, task: Task, folder: Path, manifest: Manifest, digest: str) -> Plan:
        """Decide by what an earlier run wrote."""
        reasons = tuple(dict.fromkeys(self._reasons(folder, manifest, digest)))
        edited = [] if was_interrupted(folder) else list(self._edited(folder, manifest))
        if edited:
            reasons = (f"{', '.join(edited)} edited since it was written", *reasons)
            return Plan(task, Action.LEAVE, reasons, folder, advice=_EDITED)
        if reasons:
            return Plan(task, Action.LOCALISE, reasons, folder)
        is_same = manifest.signature.glossary_digest == self._glossary.digest
        return Plan(task, Action.SKIP if is_same else Action.REFRESH, folder=folder)

    def refresh(self, folder: Path) -> None:
        """Write the glossary's new digest into the manifest of an article that uses none of what changed."""
        path = folder / MANIFEST
        write_files({path: replace_glossary(path, self._glossary.digest)}, self._output)

    def _reasons(self, folder: Path, manifest: Manifest, digest: str) -> Iterator[str]:
        if was_interrupted(folder):
            yield "an earlier run was interrupted while it wrote the files"
        for name in manifest.files:
            if not (folder / name).is_file():
                yield f"{show_name(name, folder, self._options)} is missing"
        try:
            wanted = replace(self._sign(manifest), input_digest=digest)
        except EngineMissing:
            yield "the engines changed"
            return
        yield from _differences(manifest.signature, wanted)
        if self._reviewed.is_unknown(manifest.name):
            yield "the memory does not know it yet"
        if manifest.signature.glossary_digest != wanted.glossary_digest and self._terms_changed(folder, manifest):
            yield "the glossary changed"

    def _edited(self, folder: Path, manifest: Manifest) -> Iterator[str]:
        """Name the files that are there, not as they were written, and not imported since."""
        for name, wanted in manifest.files.items():
            path = folder / name
            if path.is_file() and (found := _digest(path)) != wanted and not self._reviewed.was_imported(found):
                yield show_name(name, folder, self._options)

    def _sign(self, manifest: Manifest) -> Signature:
        made = self._made(manifest)
        key = (made.lang, made.targets, made.fragment_pairs, made.reviews_digest)
        if key not in self._signatures:
            self._signatures[key] = sign(made, self._glossary, self._router)
        return self._signatures[key]

    def _made(self, manifest: Manifest) -> Made:
        """Say what the article would be made of now, by what it was found to be: the same bytes are the same text."""
        lang = manifest.language
        targets = targets_for(self._options, lang)
        fragments = sorted({pair.removesuffix(f"-{to}") for pair, to in _pairs(manifest)})
        pairs = tuple((one, to) for one in fragments for to in (lang, *targets) if not is_same_language(one, to))
        reviews = self._reviewed.digest(manifest.name, lang, targets)
        return Made("", lang, targets, signed_options(self._options, lang), pairs, reviews)

    def _terms_changed(self, folder: Path, manifest: Manifest) -> bool:
        """Whether an entry changed that the article uses, or could use now."""
        texts = _read_texts(folder, manifest)
        if texts is None:
            return True
        wanted = sign(self._made(manifest), self._glossary, self._router, texts)
        return wanted.terms_digest != manifest.signature.terms_digest


class _Reviewed:
    """What people reviewed, as the memory tells without an article being parsed."""

    def __init__(self, memory: Memory | None) -> None:
        self._memory = memory
        self._concerned = articles_with_reviews(memory) if memory else frozenset()
        self._recorded = recorded_articles(memory) if memory and self._concerned else frozenset()

    def digest(self, article: str, lang: str, targets: tuple[str, ...]) -> str:
        """Return what the reviews of an article come to; "" for none."""
        if self._memory is None or article not in self._concerned:
            return ""
        return recorded_reviews(self._memory, article, lang, targets)

    def is_unknown(self, article: str) -> bool:
        """Whether there are reviews, and the memory cannot tell whether they concern the article."""
        return bool(self._concerned) and article not in self._recorded

    def was_imported(self, digest: str) -> bool:
        """Whether a file with this digest was taken in: then it may be written again."""
        return self._memory is not None and was_imported(self._memory, digest)


def _pairs(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Give each fragment pair of a manifest, "bg-pt-BR", with its target."""
    ends = (manifest.language, *manifest.languages)
    for pair in manifest.signature.fragment_routes:
        yield pair, max((to for to in ends if pair.endswith(f"-{to}")), key=len, default="")


def _differences(made: Signature, wanted: Signature) -> Iterator[str]:
    old, new = asdict(made), asdict(wanted)
    for name, words in _WORDS.items():
        if old[name] != new[name]:
            yield words
    for name in _changed(old["options"], new["options"]):
        yield f"option {name} changed from {old['options'].get(name, 'none')} to {new['options'].get(name, 'none')}"
    for name in _changed(old["engines"], new["engines"]):
        yield f"engine {name} changed"


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_texts(folder: Path, manifest: Manifest) -> list[str] | None:
    """Return what the glossary was matched against (`signing.texts_of`); None where it cannot be read."""
    name = next((name for name in manifest.files if name.endswith(".parallel.jsonl")), None)
    if name is None:
        return None
    try:
        rows = [json.loads(line) for line in (folder / name).read_bytes().splitlines()]
        return list(dict.fromkeys(text for row in rows for text in (row["source"], row["normalised"])))
    except (OSError, ValueError, KeyError):
        return None
