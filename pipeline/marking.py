"""Tags and code inside sentences, on their way through a language: what no engine may read, and where tags end up."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.inline import kept_spans, rebuild_pieces
from pipeline.model import Finding, Fragment, LocalisedSegment, Severity, Target, TermUse

NO_LANGUAGE = "zxx"  # BCP 47: no linguistic content
CODE = "code"  # the kind of fragment that is kept whatever the target

Alignment = list[tuple[int, int, int, int]]


def find_code(item: LocalisedSegment) -> tuple[Fragment, ...]:
    """Return the spans of a segment that its file marks as not to be translated; a whole segment is a "line"."""
    source = item.segment.source
    return tuple(
        Fragment(
            start, end, NO_LANGUAGE, "Zyyy", 1.0, "line" if end - start == len(source) else CODE,
            "code, or marked as not to be translated", source[start:end],
        )
        for start, end in kept_spans(item.segment.pieces)
    )  # fmt: skip


def add_code(item: LocalisedSegment, found: Iterable[Fragment]) -> tuple[Fragment, ...]:
    """Join what a file marks as kept with the fragments found; code inside a fragment cuts it into parts."""
    code = find_code(item)
    others = (part for one in found for part in _cut(one, code))
    return tuple(sorted((*code, *others), key=lambda fragment: fragment.start))


def _cut(fragment: Fragment, code: Iterable[Fragment]) -> Iterator[Fragment]:
    """Give what is left of a fragment between the spans of code in it, as far as it has letters."""
    inside = [own for own in code if own.start < fragment.end and fragment.start < own.end]
    if not inside:
        yield fragment
        return
    kind = fragment.kind if fragment.kind == "script_run" else "run"
    edges = [fragment.start, *(edge for own in inside for edge in (own.start, own.end)), fragment.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        text = fragment.text[max(start - fragment.start, 0) : max(end - fragment.start, 0)]
        if any(char.isalpha() for char in text):
            first = start + len(text) - len(text.lstrip())
            yield replace(fragment, start=first, end=first + len(text.strip()), text=text.strip(), kind=kind)


def place_tags(item: LocalisedSegment) -> LocalisedSegment:
    """Put the tags of a segment into its normalised source and into all its targets.

    A tag whose place is no more than a guess is a finding.
    """
    if not item.segment.pieces:
        return item
    pieces, _ = rebuild_pieces(item.segment.pieces, item.normalised)
    item = replace(item, pieces=pieces)
    targets = {lang: _place(item, lang, target) for lang, target in item.targets.items()}
    return replace(item, targets=targets)


def _place(item: LocalisedSegment, lang: str, target: Target) -> Target:
    links = join_alignments(align_terms(item.normalised, target.text, target.terms), target.alignment)
    pieces, guessed = rebuild_pieces(item.pieces, target.text, links)
    findings = tuple(
        Finding(
            "tag_misplaced",
            Severity.WARNING,
            f"markup of {words!r} may stand in the wrong place",
            item.segment.id,
            lang,
        )
        for words in guessed
    )
    return replace(target, pieces=pieces, findings=(*target.findings, *findings))


def join_alignments(sure: Alignment, other: Iterable[tuple[int, int, int, int]]) -> Alignment:
    """Join two alignments; where one of `other` says something else of the same words than `sure`, it goes."""

    def fits(link: tuple[int, int, int, int]) -> bool:
        return all(
            (link[0] >= one[1] or link[1] <= one[0]) and (link[2] >= one[3] or link[3] <= one[2]) for one in sure
        )

    return sorted([*sure, *(link for link in other if fits(link))])


def align_terms(source: str, target: str, terms: Iterable[TermUse]) -> Alignment:
    """Return where terms, sums and numbers stand on both sides, as far as each stands once: known without an engine."""
    links = []
    for term in terms:
        if term.form and source.count(term.source) == 1 and target.count(term.form) == 1:
            here, there = source.index(term.source), target.index(term.form)
            links.append((here, here + len(term.source), there, there + len(term.form)))
    return sorted(links)
