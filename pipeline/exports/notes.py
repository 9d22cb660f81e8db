"""What a file for reviewers says of a segment beside its texts: who says it, which side it is about, the line."""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.model import Finding, LocalisedSegment, Target, TermUse


class Note(NamedTuple):
    """One line."""

    origin: str  # "original", "fragment", "finding", "route", "term"
    side: str  # "source" or "target"
    text: str


def segment_notes(item: LocalisedSegment, language: str) -> Iterator[Note]:
    """Give the notes on a segment and on its target in a language, the source's first."""
    if item.normalised != item.segment.source:
        yield Note("original", "source", item.segment.source)
    for fragment in item.fragments:
        line = f"{fragment.text} ({fragment.lang}, {fragment.script}): {fragment.reason}"
        yield Note("fragment", "source", line)
    for finding in item.findings:
        yield Note("finding", "source", _finding_line(finding))
    if target := item.targets.get(language):
        yield from _target_notes(target)


def _target_notes(target: Target) -> Iterator[Note]:
    if target.route:
        yield Note("route", "target", target.route)
    for term in target.terms:
        yield Note("term", "target", _term_line(term))
    for finding in target.findings:
        yield Note("finding", "target", _finding_line(finding))


def _term_line(term: TermUse) -> str:
    origin = f" ({term.origin})" if term.origin else ""
    return f"{term.kind} {term.source} -> {term.form or term.target}: {term.outcome}{origin}"


def _finding_line(finding: Finding) -> str:
    return f"{finding.severity} {finding.rule}: {finding.message}"
