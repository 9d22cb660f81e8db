"""The stages of one target language: settle, demand, translate along the route, close, repair, check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.aligning import align_route
from pipeline.checks import Pair, check_target
from pipeline.demands import DemandBuilder, find_name_candidates
from pipeline.enforcing import Item, Memo, close_item, find_gender_doubts, find_unknown_genders, open_item
from pipeline.engines.routes import Hop, Route, Router
from pipeline.errors import EngineMissing
from pipeline.fitting import word_for_engine
from pipeline.fragments import ForeignRun, find_foreign_runs
from pipeline.glossary import Glossary, Replaced, replace_forbidden
from pipeline.languages import lookup_chain
from pipeline.memory import Review
from pipeline.model import (
    Alternative,
    Decision,
    Finding,
    LocalisedSegment,
    Role,
    Severity,
    State,
    Target,
    TermUse,
)
from pipeline.settling import Work, apply_review, compile_forbidden, search_review, settle
from pipeline.travelling import Journey, approved_spans, reword, travel
from pipeline.typography import Spare, repair_typography

HIDDEN = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands for a character of what was kept on purpose


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
    works = [settle(item, lang, target, glossary, router.has_route) for item in segments]
    works = [replace(work, unrepaired=choices.unrepaired) for work in works]
    works = [apply_review(work, target, (reviews or {}).get(work.item.segment.id)) for work in works]
    works = [search_review(work, target, glossary) for work in works]
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


# Translate.


def _translate(
    works: Sequence[Work], source: str, target: str, tools: tuple[Glossary, Router, Memo], names: frozenset[str]
) -> list[Work]:
    """Take works to the target; those that an engine makes a mess of once more, by a route without that engine."""
    glossary, router, _ = tools
    forbidden = compile_forbidden(glossary, source, target)
    works = [replace(work, forbidden=forbidden.in_force(work.text)) for work in works]
    route = router.find_route(source, target)
    builder = _builder(source, route, target, tools)
    works = [replace(work, left=builder.list_left(work.text)) for work in works]
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


def _travel(
    works: Sequence[Work], route: Route, target: str, tools: tuple[Glossary, Router, Memo], names: frozenset[str]
) -> list[Journey]:
    _, router, memo = tools
    builder = _builder(works[0].source_lang, route, target, tools)
    items = [_open(work, builder, names) for work in works]
    starts = [Journey(item, (work.text,)) for item, work in zip(items, works, strict=True)]
    journeys = travel(starts, route, router, memo)
    return [
        reword(journey, start, work.forbidden, target, (route, router, memo)) if work.forbidden else journey
        for journey, start, work in zip(journeys, starts, works, strict=True)
    ]


def _builder(source: str, route: Route, target: str, tools: tuple[Glossary, Router, Memo]) -> DemandBuilder:
    glossary, router, _ = tools
    langs = [hop.target_lang for hop in route.hops[:-1]] + [next(lookup_chain(target))]
    return DemandBuilder(glossary, source, langs, router.engine(route.hops[0]).can_write)


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
    kept = (*(use.form for use in uses if use.origin), *(span.text for span in work.kept))
    text, repairs = repair_typography(text, work.text, target, work.source_lang, spare=Spare(work.unrepaired, kept))
    decisions = [_explain(use) for use in uses if use.outcome != "applied"]
    decisions += [
        Decision("repair", "repaired", one.before, one.after, "a forbidden translation", one.entry.origin)
        for one in replaced
    ]
    decisions += [Decision("repair", "repaired", before, after, name) for name, before, after in repairs]
    doubts = find_gender_doubts(item, work.text, (work.source_lang, route.hops[-1].target_lang))
    unknown = find_unknown_genders(item, work.text, (work.source_lang, route.hops[-1].target_lang))
    found = [Finding("gender_unknown", Severity.INFO, one, work.item.segment.id, target) for one in unknown]
    found += [Finding("gender_doubt", Severity.WARNING, doubt, work.item.segment.id, target) for doubt in doubts]
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
        left=work.left if done.state is State.MACHINE else (),
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
