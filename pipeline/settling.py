"""Segments on their way into one target, and those that need no engine: figures, credit lines, fragments, reviews."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.demands import DemandBuilder, Kept
from pipeline.fitting import write_figures
from pipeline.glossary import (
    Composed,
    ForbiddenTerms,
    Glossary,
    compose_byline,
    compose_dateline,
    compose_label,
    compose_line,
    find_forms,
)
from pipeline.languages import is_same_language, lookup_chain
from pipeline.memory import Review
from pipeline.model import (
    Alternative,
    Decision,
    Entry,
    Finding,
    LocalisedSegment,
    Role,
    Severity,
    State,
    Target,
)
from pipeline.resolving import Resolution, resolve_fragment
from pipeline.sourcing import HasRoute, Placed, place_fragments

COPIED = frozenset({Role.COUNTER, Role.CODE})  # roles whose text is the same in every language

SHORT = 3  # letters of a word that need no capital in the name of a newspaper: "Post of the Day"


@dataclass(frozen=True, slots=True)
class Work:
    """One segment on its way into one target."""

    item: LocalisedSegment
    text: str  # what to translate, in `source_lang`
    source_lang: str
    kept: tuple[Kept, ...] = ()  # fragments inside the text
    target: Target | None = None  # set as soon as it is settled
    decisions: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()
    forbidden: tuple[Entry, ...] = ()  # the forbidden entries that concern the text
    alternatives: tuple[Alternative, ...] = ()  # for a reviewer
    left: tuple[tuple[str, str], ...] = ()  # spelled like a term of the glossary, and none: words, why
    unrepaired: frozenset[str] = frozenset()  # repairs of typography that are switched off


def settle(item: LocalisedSegment, lang: str, target: str, glossary: Glossary, has_route: HasRoute) -> Work:
    """Begin the work on a segment; it is done where the text needs no engine."""
    work = Work(item, item.normalised, lang)
    if item.role in COPIED or _is_outlet(item):
        return replace(work, target=Target(item.normalised, State.KEPT))
    if not any(char.isalpha() for char in item.normalised):
        return _settle_figures(work, lang, target)
    _, placed = place_fragments(item, lang, glossary, has_route)
    whole = next((p for p in placed if p.fragment.kind in ("block", "line")), None)
    if whole:
        return _settle_whole(work, whole, lang, target, (glossary, has_route))
    if line := _compose(item, lang, target, glossary):
        origins = ", ".join(dict.fromkeys(part.origin for part in line.parts if part.origin))
        decision = Decision("resolve", "composed", item.normalised, line.text, "composed of label and name", origins)
        return replace(work, target=Target(line.text, State.COMPOSED), decisions=(decision,))
    if is_same_language(lang, target):
        return replace(work, target=Target(item.normalised, State.KEPT))
    return _settle_inside(work, placed, lang, target, (glossary, has_route))


def _is_outlet(item: LocalisedSegment) -> bool:
    """Whether a segment is the name behind the bar of a title: "Shares fall | Daily Post". No headline is cut else."""
    is_behind = item.role is Role.HEADLINE and not item.segment.id.endswith("s1")
    words = [word for word in item.normalised.split() if word[0].isalpha()]
    return is_behind and all(word[0].isupper() or len(word) <= SHORT for word in words) and words[-1][0].isupper()


def _settle_figures(work: Work, lang: str, target: str) -> Work:
    text = work.item.normalised
    written = text if is_same_language(lang, target) else write_figures(text, lang, target)
    if written == text:
        return replace(work, target=Target(text, State.KEPT))
    decision = Decision("resolve", "composed", text, written, "figures as the language writes them")
    return replace(work, target=Target(written, State.COMPOSED), decisions=(decision,))


def _compose(item: LocalisedSegment, lang: str, target: str, glossary: Glossary) -> Composed | None:
    composers = {Role.BYLINE: compose_byline, Role.CREDIT: compose_line}
    compose = composers.get(item.role, compose_dateline)
    pair = (lang, target, glossary)
    return compose(item.normalised, *pair) or compose_label(item.normalised, *pair)


def _settle_whole(work: Work, place: Placed, lang: str, target: str, tools: tuple[Glossary, HasRoute]) -> Work:
    glossary, has_route = tools
    done = resolve_fragment(place.fragment, lang, target, glossary, has_route)
    work = replace(work, decisions=(_decide(place, done),))
    if done.action == "composed":
        return replace(work, target=Target(done.text, State.COMPOSED), findings=_unreviewed(work, done, target))
    if done.action == "kept":
        return replace(work, target=Target(place.fragment.text, State.KEPT))
    if place.resolution.action == "composed":
        return work  # the article's language has it: translate that
    if done.action == "translated":
        return replace(work, text=place.fragment.text, source_lang=done.lang)
    return replace(
        work, target=Target(place.fragment.text, State.UNTRANSLATED), findings=(_unresolved(work, done, target),)
    )


def _settle_inside(
    work: Work, placed: Sequence[Placed], lang: str, target: str, tools: tuple[Glossary, HasRoute]
) -> Work:
    glossary, has_route = tools
    kept, decisions, findings = [], [], []
    for place in placed:
        done = resolve_fragment(place.fragment, lang, target, glossary, has_route)
        start, end, text = place.start, place.end, work.text[place.start : place.end]
        if done.action == "composed":
            text = done.text
        elif place.resolution.action == "composed":
            continue  # the article's language has it: it is text like any other
        if place.fragment.kind == "quoted":
            # The marks travel as marks, and are written as the target writes them.
            start, end, text = start + 1, end - 1, text[1:-1]
        if done.action == "flagged":
            findings.append(_unresolved(work, done, target))
        kept.append(Kept(start, end, text))
        decisions.append(_decide(place, done))
    return replace(work, kept=tuple(kept), decisions=tuple(decisions), findings=tuple(findings))


def _decide(place: Placed, done: Resolution) -> Decision:
    after = done.text if done.action == "composed" else place.fragment.text
    return Decision("resolve", done.action, place.fragment.text, after, done.reason, done.origin)


def _unresolved(work: Work, done: Resolution, target: str) -> Finding:
    message = f"{done.text!r} ({done.lang}): {done.reason}"
    return Finding("fragment_unresolved", Severity.ERROR, message, work.item.segment.id, target)


def _unreviewed(work: Work, done: Resolution, target: str) -> tuple[Finding, ...]:
    return tuple(
        Finding("name_unreviewed", Severity.WARNING, f"{name!r} is transliterated", work.item.segment.id, target)
        for name in done.unreviewed
    )


# What a person reviewed.


def apply_review(work: Work, target: str, review: Review | None) -> Work:
    """Let what a person reviewed beat the glossary and every engine; warn of a review that no longer fits."""
    if review is None:
        return work
    if review.text:
        decision = Decision("memory", "reviewed", work.item.normalised, review.text, review.reason, review.origin)
        return Work(work.item, work.item.normalised, work.source_lang, target=Target(review.text, State.REVIEWED),
                    decisions=(decision,))  # fmt: skip
    if not review.rule:  # what was reviewed for sentences that are like it
        is_kept = work.target is not None and work.target.state is State.KEPT
        return work if is_kept else replace(work, alternatives=review.alternatives)
    finding = Finding(review.rule, Severity.WARNING, review.warning, work.item.segment.id, target)
    return replace(work, findings=(*work.findings, finding), alternatives=review.alternatives)


def search_review(work: Work, target: str, glossary: Glossary) -> Work:
    """Say which forbidden entries a reviewed text is searched for. It is never changed; what is found is a finding.

    The approved translations of other terms ("vice-prefeito") are its `kept`: they stand there on purpose.
    """
    if work.target is None or work.target.state is not State.REVIEWED:
        return work
    forbidden = compile_forbidden(glossary, work.source_lang, target).in_force(work.text)
    if not forbidden:
        return work
    text, lang = work.target.text, next(lookup_chain(target))
    demands = DemandBuilder(glossary, work.source_lang, [lang], bool).build(work.text, (), ())
    places = {
        text[start:end]
        for demand in demands
        if demand.origin
        for start, end in find_forms(text, demand.forms.get(lang, ()), lang)
    }
    return replace(work, forbidden=forbidden, kept=tuple(Kept(0, 0, place) for place in sorted(places)))


@lru_cache(maxsize=32)
def compile_forbidden(glossary: Glossary, source: str, target: str) -> ForbiddenTerms:
    """Compile what a glossary forbids in a pair; the next article finds it done."""
    return ForbiddenTerms(glossary.forbidden(source, target))
