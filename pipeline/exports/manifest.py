"""manifest.json: how the files were made, what stayed out of the article, and the digest of every other file."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from pipeline.exports.jsonl import to_json
from pipeline.exports.writing import find_temporary
from pipeline.model import ParallelArticle, Severity, Signature

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest.json says, as far as a later run needs it."""

    name: str  # of the input, with its suffix
    language: str
    languages: tuple[str, ...]
    signature: Signature
    segments: int
    findings: Mapping[str, int]  # rule -> how many, without remarks
    files: Mapping[str, str]  # name -> sha256
    remarks: Mapping[str, int] = field(default_factory=dict)  # rule -> how many of severity info


def read_manifest(path: Path) -> Manifest | None:
    """Read a manifest; None where there is none, or one that this version did not write."""
    try:
        record = json.loads(path.read_bytes())
        article, counts = record["article"], record["counts"]
        known = {one.name for one in fields(Signature)}
        if set(record["signature"]) != known:
            return None
        return Manifest(
            name=article["name"],
            language=article["language"],
            languages=tuple(article["languages"]),
            signature=Signature(**record["signature"]),
            segments=int(counts["segments"]),
            findings=dict(counts["findings"]),
            files=dict(record["files"]),
            remarks=dict(counts.get("remarks", {})),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def read_name(path: Path) -> str:
    """Return which input a manifest is of, whatever version wrote it; "" where there is none that can be read."""
    try:
        return str(json.loads(path.read_bytes())["article"]["name"])
    except (OSError, ValueError, TypeError, KeyError):
        return ""


def listed_digests(folder: Path) -> dict[str, set[str]] | None:
    """Return what runs may have written: the digests of each name in a folder's manifest, of whatever version, and in
    the one that a killed run was about to put there. None where there is a manifest that cannot be read.
    """
    known: dict[str, set[str]] = {}
    if folder.is_dir():
        there = folder / MANIFEST
        left = [path for path in find_temporary(folder) if path.name.startswith(f".{MANIFEST}.")]
        for path in [there, *left] if there.exists() else left:
            found = _digests_in(path)
            if found is None and path == there:
                return None
            for name, digest in (found or {}).items():
                known.setdefault(name, set()).add(digest)
    return known


def _digests_in(path: Path) -> dict[str, str] | None:
    try:
        record = json.loads(path.read_bytes())
        return {str(name): str(digest) for name, digest in {**record.get("earlier", {}), **record["files"]}.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def replace_digests(path: Path, digests: Mapping[str, str]) -> bytes:
    """Return a manifest with other digests in its signature, by their names; for one that `read_manifest` has read."""
    record = json.loads(path.read_bytes())
    record["signature"].update(digests)
    return to_json(record, indent=2) + b"\n"


def render_manifest(
    parallel: ParallelArticle, files: Mapping[str, bytes], earlier: Mapping[str, str] | None = None
) -> bytes:
    """Return manifest.json in UTF-8; `files` are all other files by name, in the order of writing.

    `earlier` are the digests of files that earlier runs wrote and this one does not, such as those of a language that
    it was not asked for: they stay, and are no person's. There is no clock and no folder in it: equal inputs, options
    and engines give equal bytes.
    """
    manifest = {
        "article": {
            "name": parallel.article.name + parallel.article.suffix,
            "language": parallel.article.language,
            "languages": list(parallel.languages),
        },
        "signature": _sorted_inside(asdict(parallel.signature)),
        "left_out": _left_out(parallel),
        "counts": _counts(parallel),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    if earlier:
        manifest["earlier"] = dict(sorted(earlier.items()))
    return to_json(manifest, indent=2) + b"\n"


def _sorted_inside(record: Mapping[str, Any]) -> dict[str, Any]:
    """Sort the tables of a record by key, so that the order in which engines were used does not show."""
    return {key: dict(sorted(value.items())) if isinstance(value, dict) else value for key, value in record.items()}


def _left_out(parallel: ParallelArticle) -> dict[str, Any]:
    segments = [
        {"id": item.segment.id, "block": item.block, "role": item.role, "text": item.segment.source}
        for item in parallel.segments
        if item.role in parallel.left_out
    ]
    return {"roles": sorted(parallel.left_out), "segments": segments}


def _counts(parallel: ParallelArticle) -> dict[str, Any]:
    segments = parallel.segments
    terms = (term for item in segments for target in item.targets.values() for term in target.terms)
    return {
        "blocks": len({item.block for item in segments}),
        "segments": len(segments),
        "fragments": sum(len(item.fragments) for item in segments),
        "states": {language: _states(parallel, language) for language in parallel.languages},
        "terms": _tally(term.outcome for term in terms),
        "findings": _tally(finding.rule for finding in parallel.problems),
        "remarks": _tally(finding.rule for finding in parallel.findings if finding.severity is Severity.INFO),
    }


def _states(parallel: ParallelArticle, language: str) -> dict[str, int]:
    return _tally(item.targets[language].state for item in parallel.segments if language in item.targets)


def _tally(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(map(str, names)).items()))
