"""NAME.parallel.jsonl: one segment a line, with everything that was found and decided."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from pipeline.model import Alternative, Decision, Finding, Fragment, LocalisedSegment, ParallelArticle, Target, TermUse

# Lone surrogates have no bytes in UTF-8. The others are raw in JSON by right, yet many readers split lines at
# them (str.splitlines does), and one segment must stay one line.
_UNSAFE = re.compile("[\ud800-\udfff\u0085\u2028\u2029]")


def render_jsonl(parallel: ParallelArticle) -> bytes:
    """Return the parallel article as JSON lines in UTF-8, in document order, keys in a fixed order.

    `json.loads` gives every text back exactly, lone surrogates included.
    """
    return b"".join(to_json(segment_record(item)) + b"\n" for item in parallel.segments)


def to_json(value: object, *, indent: int | None = None) -> bytes:
    """Return a value as JSON in UTF-8, other scripts readable, what UTF-8 cannot carry as escapes."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", written).encode("utf-8")


def segment_record(item: LocalisedSegment) -> dict[str, Any]:
    """Return one line's object; the keys stand in the order in which an editor reads them."""
    return {
        "id": item.segment.id,
        "block": item.block,
        "role": item.role,
        "source": item.segment.source,
        "normalised": item.normalised,
        "fragments": _records(item.fragments),
        "decisions": _records(item.decisions),
        "findings": _records(item.findings),
        "targets": _targets(item.targets),
    }


def _targets(targets: Mapping[str, Target]) -> dict[str, Any]:
    return {
        language: {
            "text": target.text,
            "state": target.state,
            "route": target.route,
            "terms": _records(target.terms),
            "findings": _records(target.findings),
            "decisions": _records(target.decisions),
            "alternatives": _records(target.alternatives),
        }
        for language, target in targets.items()
    }


def _records(values: Iterable[Fragment | Decision | Finding | TermUse | Alternative]) -> list[dict[str, Any]]:
    return [asdict(value) for value in values]
