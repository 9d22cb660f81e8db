"""The stages of one target language: resolve, demand, translate along the route, close, repair, check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.aligning import align_route
from pipeline.checks import Pair, check_target
from pipeline.demands import DemandBuilder, Kept, find_name_candidates
from pipeline.enforcing import Item, Memo, close_item, find_gender_doubts, open_item
from pipeline.engines.routes import Hop, Route, Router
from pipeline.errors import EngineMissing
from pipeline.fitting import word_for_engine, write_figures
from pipeline.fragments import ForeignRun, find_foreign_runs
from pipeline.glossary import (
    Composed,
    ForbiddenTerms,
    Glossary,
    Replaced,
    compose_byline,
    compose_dateline,
    compose_line,
    replace_forbidden,
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
    TermUse,
)
from pipeline.resolving import Resolution, resolve_fragment
from pipeline.sourcing import Placed, place_fragments
from pipeline.travelling import Journey, approved_spans, reword, travel
from pipeline.typography import repair_typography

COPIED = frozenset({Role.COUNTER, Role.CODE})  # roles whose text is the same in every language
HIDDEN = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands for a character of what was kept on purpose


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
    unrepaired: frozenset[str] = frozenset()  # repairs of typography that are switched off


@dataclass(frozen=True, slots=True)
class Choices:
    """What a user chooses for all targets."""

    alternatives: int = 0  # other routes along which the engines' sentences are translated as well
    unrepaired: frozenset[str] = frozenset()  # names of typography.REPAIRS to leave out


def localise_target(
    segments: Sequence[LocalisedSegment],
    pair: tuple[str, str],
    tools: tuple[Glossary, Router, Memo],
    *,
    reviews: Mapping[str, Review] | None = None,
    choices: Choices = Choices(),
) -> tuple[LocalisedSegment, ...]:
    """Write one target into every segment.

    `pair` has the article's language and the target's, `reviews` go by segment id.
    """
    (lang, target), (glossary, router, _) = pair, tools
    works = [_settle(item, lang, target, glossary, router) for item in segments]
    works = [replace(work, unrepaired=choices.unrepaired) for work in works]
    works = [_apply_review(work, target, (reviews or {}).get(work.item.segment.id)) for work in works]
    names = find_name_candidates(segments, lang)
    for source in dict.fromkeys(work.source_lang for work in works if not work.target):
        at = [i for i, work in enumerate(works) if not work.target and work.source_lang == source]
        done = _translate([works[i] for i in at], source, target, tools, names)
        for route in router.find_others(source, target, choices.alternatives):
            done = _propose(done, route, target, tools, names)
        for i, work in zip(at, done, strict=True):
            works[i] = work
    return tuple(
        _finish(work, target, runs) for work, runs in zip(works, _search_targets(works, lang, target), strict=True)
    )


# Settle what no engine is needed for.


def _apply_review(work: Work, target: str, review: Review | None) -> Work:
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


def _settle(item: LocalisedSegment, lang: str, target: str, glossary: Glossary, router: Router) -> Work:
    work = Work(item, item.normalised, lang)
    if item.role in COPIED:
        return replace(work, target=Target(item.normalised, State.KEPT))
    if not any(char.isalpha() for char in item.normalised):
        return _settle_figures(work, lang, target)
    _, placed = place_fragments(item, lang, glossary, router.has_route)
    whole = next((p for p in placed if p.fragment.kind in ("block", "line")), None)
    if whole:
        return _settle_whole(work, whole, lang, target, (glossary, router))
    if line := _compose(item, lang, target, glossary):
        origins = ", ".join(dict.fromkeys(part.origin for part in line.parts if part.origin))
        decision = Decision("resolve", "composed", item.normalised, line.text, "composed of label and name", origins)
        return replace(work, target=Target(line.text, State.COMPOSED), decisions=(decision,))
    if is_same_language(lang, target):
        return replace(work, target=Target(item.normalised, State.KEPT))
    return _settle_inside(work, placed, lang, target, (glossary, router))


def _settle_figures(work: Work, lang: str, target: str) -> Work:
    text = work.item.normalised
    written = text if is_same_language(lang, target) else write_figures(text, lang, target)
    if written == text:
        return replace(work, target=Target(text, State.KEPT))
    decision = Decision("resolve", "composed", text, written, "figures as the language writes them")
    return replace(work, target=Target(written, State.COMPOSED), decisions=(decision,))


def _compose(item: LocalisedSegment, lang: str, target: str, glossary: Glossary) -> Composed | None:
    if item.role is Role.BYLINE:
        return compose_byline(item.normalised, lang, target, glossary)
    if item.role is Role.CREDIT:
        return compose_line(item.normalised, lang, target, glossary)
    return compose_dateline(item.normalised, lang, target, glossary)


def _settle_whole(work: Work, place: Placed, lang: str, target: str, tools: tuple[Glossary, Router]) -> Work:
    glossary, router = tools
    done = resolve_fragment(place.fragment, lang, target, glossary, router.has_route)
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
    work: Work, placed: Sequence[Placed], lang: str, target: str, tools: tuple[Glossary, Router]
) -> Work:
    glossary, router = tools
    kept, decisions, findings = [], [], []
    for place in placed:
        done = resolve_fragment(place.fragment, lang, target, glossary, router.has_route)
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


# Translate.


def _translate(
    works: Sequence[Work], source: str, target: str, tools: tuple[Glossary, Router, Memo], names: frozenset[str]
) -> list[Work]:
    """Take works to the target; those that an engine makes a mess of once more, by a route without that engine."""
    glossary, router, _ = tools
    forbidden = _compile_forbidden(glossary, source, target)
    works = [replace(work, forbidden=forbidden.in_force(work.text)) for work in works]
    route = router.find_route(source, target)
    journeys = _travel(works, route, target, tools, names)
    done = _close_all(works, journeys, target, route, tools)
    for hop in dict.fromkeys(journey.sick_at for journey in journeys if journey.sick_at):
        other = _find_other(router, source, target, hop)
        if other is None:
            continue
        sick = [at for at, journey in enumerate(journeys) if journey.sick_at == hop]
        again = _travel([works[at] for at in sick], other, target, tools, names)
        healed = [(at, journey) for at, journey in zip(sick, again, strict=True) if not journey.sick_at]
        closed = _close_all([works[at] for at, _ in healed], [one for _, one in healed], target, other, tools)
        for (at, _), work in zip(healed, closed, strict=True):
            done[at] = work
    return done


@lru_cache(maxsize=32)
def _compile_forbidden(glossary: Glossary, source: str, target: str) -> ForbiddenTerms:
    return ForbiddenTerms(glossary.forbidden(source, target))


def _travel(
    works: Sequence[Work], route: Route, target: str, tools: tuple[Glossary, Router, Memo], names: frozenset[str]
) -> list[Journey]:
    glossary, router, memo = tools
    langs = [hop.target_lang for hop in route.hops[:-1]] + [next(lookup_chain(target))]
    first = router.engine(route.hops[0])
    builder = DemandBuilder(glossary, works[0].source_lang, langs, first.can_write)
    items = [_open(work, builder, names) for work in works]
    starts = [Journey(item, (work.text,)) for item, work in zip(items, works, strict=True)]
    journeys = travel(starts, route, router, memo)
    return [
        reword(journey, start, work.forbidden, target, (route, router, memo)) if work.forbidden else journey
        for journey, start, work in zip(journeys, starts, works, strict=True)
    ]


def _open(work: Work, builder: DemandBuilder, names: frozenset[str]) -> Item:
    item = open_item(work.text, builder.build(work.text, work.kept, names))
    is_headline = work.item.role is Role.HEADLINE
    return replace(item, marked=word_for_engine(item.marked, work.source_lang, names, is_headline=is_headline))


def _find_other(router: Router, source: str, target: str, hop: Hop) -> Route | None:
    try:
        return router.find_route(source, target, without=(hop,))
    except EngineMissing:
        return None


def _close_all(
    works: Sequence[Work], journeys: Sequence[Journey], target: str, route: Route, tools: tuple[Glossary, Router, Memo]
) -> list[Work]:
    """Settle works at the end of their route, and align those that have tags to place."""
    _, router, memo = tools
    done = [_close(work, journey.item, target, route) for work, journey in zip(works, journeys, strict=True)]
    at = [i for i, one in enumerate(done) if one.item.segment.pieces and _target(one).state is State.MACHINE]
    ways = [(*journeys[i].way[:-1], _target(done[i]).text) for i in at]
    for i, alignment in zip(at, align_route([router.engine(hop) for hop in route.hops], ways, memo), strict=True):
        done[i] = replace(done[i], target=replace(_target(done[i]), alignment=alignment))
    return done


def _target(work: Work) -> Target:
    assert work.target is not None  # every work is settled or translated
    return work.target


def _close(work: Work, item: Item, target: str, route: Route) -> Work:
    if item.doubt:
        return _give_up(work, item, target, route)
    text, uses = close_item(item, route.hops[-1].target_lang)
    text, replaced = replace_forbidden(text, work.forbidden, target, approved_spans(item))
    text, repairs = repair_typography(text, work.text, target, work.source_lang, without=work.unrepaired)
    decisions = [_explain(use) for use in uses if use.outcome != "applied"]
    decisions += [
        Decision("repair", "repaired", one.before, one.after, "a forbidden translation", one.entry.origin)
        for one in replaced
    ]
    decisions += [Decision("repair", "repaired", before, after, name) for name, before, after in repairs]
    doubts = find_gender_doubts(item, work.text, (work.source_lang, route.hops[-1].target_lang))
    found = [Finding("gender_doubt", Severity.WARNING, doubt, work.item.segment.id, target) for doubt in doubts]
    found += [_forbid(one, work, target) for one in replaced if not one.entry.use]
    done = Target(text, State.MACHINE, route.text, uses)
    return replace(work, target=done, decisions=(*work.decisions, *decisions), findings=(*work.findings, *found))


def _forbid(one: Replaced, work: Work, target: str) -> Finding:
    message = (
        f"{one.before!r} is forbidden for {one.entry.source!r}, and the engine knows no other word: {one.after!r} "
        "stands there; try saying what to write (# use:)"
    )
    return Finding("forbidden_term", Severity.ERROR, message, work.item.segment.id, target)


def _give_up(work: Work, item: Item, target: str, route: Route) -> Work:
    """Keep the source where no engine could translate it: a reader sees what is missing, and a finding says why."""
    message = f"no engine could translate this, the source is kept ({route.text}: {item.doubt})"
    finding = Finding("engine_failed", Severity.ERROR, message, work.item.segment.id, target)
    decision = Decision("translate", "flagged", work.text, work.text, item.doubt, route.text)
    done = Target(work.text, State.UNTRANSLATED)
    return replace(work, target=done, decisions=(*work.decisions, decision), findings=(*work.findings, finding))


def _explain(use: TermUse) -> Decision:
    if use.outcome == "missing":
        return Decision("translate", "flagged", use.source, "", f"{use.kind} not found in the target", use.origin)
    reason = f"{use.kind} put in place, the engine had lost it" if use.kind != "kept" else "kept out of the engine"
    return Decision("translate", "protected", use.source, use.form, reason, use.origin)


# What else could be written.


def _propose(
    works: Sequence[Work], route: Route, target: str, tools: tuple[Glossary, Router, Memo], names: frozenset[str]
) -> list[Work]:
    """Translate along another route too, terms and all, and keep its sentences for a reviewer."""
    _, router, _ = tools
    try:
        for hop in route.hops:
            router.engine(hop).load()
        journeys = _travel(works, route, target, tools, names)
    except EngineMissing:  # an engine that is offered and cannot be loaded: the articles do not wait for it
        return list(works)
    quality = max(0, round(100 - route.cost))
    done = []
    for work, journey in zip(works, journeys, strict=True):
        text = "" if journey.item.doubt else _target(_close(work, journey.item, target, route)).text
        known = {one.text for one in work.alternatives}
        new = (Alternative(text, route.text, quality),) if text and text not in known else ()
        done.append(replace(work, alternatives=(*work.alternatives, *new)))
    return done


# Check.


def _search_targets(works: Sequence[Work], lang: str, target: str) -> list[tuple[ForeignRun, ...]]:
    """Look for another language in what was written, all segments at once. What stands there on purpose is hidden."""
    texts = [_hide(work.target.text, _kept_in(work)) for work in works if work.target]
    sources = [_hide(work.text, _kept_in(work)) if work.source_lang == lang else "" for work in works]
    return find_foreign_runs(texts, target, lang, sources)


def _kept_in(work: Work) -> tuple[str, ...]:
    """Return what stands in a target on purpose, whatever its language."""
    done = work.target
    if done is None or done.state is not State.MACHINE:
        return (done.text,) if done else ()
    return (*(span.text for span in work.kept), *(use.form for use in done.terms if use.form))


def _hide(text: str, spans: Sequence[str]) -> str:
    for span in sorted(spans, key=len, reverse=True):
        text = text.replace(span, HIDDEN * len(span))
    return text


def _finish(work: Work, target: str, runs: Sequence[ForeignRun]) -> LocalisedSegment:
    done = _target(work)
    kept = tuple(span.text for span in work.kept)
    if done.state in (State.UNTRANSLATED, State.KEPT):
        kept = (done.text,)
    pair = Pair(
        work.item.segment.id, work.text, done.text, work.source_lang, target, kept, done.terms,
        is_translated=done.state is State.MACHINE, forbidden=work.forbidden,
        foreign=tuple((run.text.replace(HIDDEN, ""), run.lang, run.reason) for run in runs),
    )  # fmt: skip
    checked = replace(
        done,
        decisions=work.decisions,
        findings=(*work.findings, *check_target(pair)),
        alternatives=tuple(one for one in work.alternatives if one.text != done.text),
    )
    targets: Mapping[str, Target] = {**work.item.targets, target: checked}
    return replace(work.item, targets=targets)
