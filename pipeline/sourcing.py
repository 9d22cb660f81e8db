"""Bring the source itself into order: fragments resolved through the glossary, quotation marks repaired."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pipeline.fragments import repair_lookalikes
from pipeline.glossary import Glossary
from pipeline.languages import LANGUAGES
from pipeline.model import Decision, Finding, Fragment, LocalisedSegment, Severity
from pipeline.resolving import Resolution, resolve_fragment
from pipeline.typography import normalise_quotes, uses_typographic_quotes

MIXED = "letters of another script that look like its own"
HasRoute = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Placed:
    """A fragment in the normalised text."""

    fragment: Fragment
    start: int  # into the normalised text
    end: int
    resolution: Resolution  # for the article's own language


def place_fragments(
    item: LocalisedSegment, lang: str, glossary: Glossary, has_route: HasRoute
) -> tuple[str, list[Placed]]:
    """Give the normalised text of a segment, and where its fragments stand in it."""
    repaired = _repair_marks(item, lang)
    parts: list[str] = []
    placed: list[Placed] = []
    at = length = 0
    for fragment in item.fragments:
        before = repaired[at : fragment.start]
        # Marks and look-alike letters are repaired one for one: offsets into the source hold in the repaired text.
        whole = replace(fragment, text=repaired[fragment.start : fragment.end])
        resolution = resolve_fragment(whole, lang, lang, glossary, has_route)
        kept = resolution.action != "composed"
        text = repaired[fragment.start : fragment.end] if kept else resolution.text
        parts += [before, text]
        start = length + len(before)
        length = start + len(text)
        placed.append(Placed(fragment, start, length, resolution))
        at = fragment.end
    return "".join([*parts, repaired[at:]]), placed


def _repair_marks(item: LocalisedSegment, lang: str) -> str:
    # Foreign text keeps its own style.
    leave = [(fragment.start, fragment.end) for fragment in item.fragments]
    source, _ = repair_lookalikes(item.segment.source, LANGUAGES[lang].script)
    return normalise_quotes(source, lang, leave, straight=item.straight)


def has_straight_quotes(items: Iterable[LocalisedSegment]) -> bool:
    """Whether an article has straight quotation marks throughout, outside of its foreign text."""
    return not any(
        uses_typographic_quotes(item.segment.source, [(f.start, f.end) for f in item.fragments if f.kind != "quoted"])
        for item in items
    )


def normalise_segment(item: LocalisedSegment, lang: str, glossary: Glossary, has_route: HasRoute) -> LocalisedSegment:
    """Write `normalised`, and say what was decided on each fragment and mark."""
    source = item.segment.source
    text, placed = place_fragments(item, lang, glossary, has_route)
    decisions = [Decision("detect", "found", f.text, f"{f.lang} ({f.kind})", f.reason) for f in item.fragments]
    findings: list[Finding] = []
    letters, changes = repair_lookalikes(source, LANGUAGES[lang].script)
    for before, after in changes:
        decisions.append(Decision("normalise", "repaired", before, after, MIXED))
        message = f"{before!r} has letters of another script that look alike; read as {after!r}"
        findings.append(Finding("mixed_script", Severity.WARNING, message, item.segment.id))
    if (repaired := _repair_marks(item, lang)) != letters:
        reason = "quotation marks paired wrongly, or not in the style of the article"
        decisions.append(Decision("normalise", "repaired", source, repaired, reason))
    for place in placed:
        done = place.resolution
        action = "normalised" if done.action == "composed" else done.action
        after = text[place.start : place.end]
        decisions.append(Decision("normalise", action, place.fragment.text, after, done.reason, done.origin))
        findings += _doubts(place, item.segment.id)
    return replace(item, normalised=text, decisions=tuple(decisions), findings=tuple(findings))


def _doubts(place: Placed, segment: str) -> list[Finding]:
    done, text = place.resolution, place.fragment.text
    if done.action == "flagged":
        message = f"{text!r} ({done.lang}): {done.reason}; propose an entry for the glossary"
        return [Finding("fragment_unresolved", Severity.WARNING, message, segment)]
    return [
        Finding("name_unreviewed", Severity.WARNING, f"{name!r} is transliterated; no entry in the glossary", segment)
        for name in done.unreviewed
    ]
