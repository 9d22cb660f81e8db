"""The rows of the parallel report: a segment's source and targets side by side, and why they say what they say."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby

from pipeline.exports.markup import Span, direction, escape, language_name, mark_spans, occurrences, tag
from pipeline.model import (
    Alternative,
    Decision,
    Finding,
    Fragment,
    LocalisedSegment,
    ParallelArticle,
    Role,
    Severity,
    State,
    Target,
    TermUse,
)

# The decisions whose outcome stands in the text as it was decided; "protected" shows a token, "translated" a
# whole sentence.
_VISIBLE_ACTIONS = frozenset({"normalised", "kept", "composed", "patched"})


def segment_classes(item: LocalisedSegment) -> list[str]:
    """Return what the report's filters ask about a segment: has-findings, has-fragments, has-enforced, found-RULE."""
    targets = item.targets.values()
    rules = segment_rules(item)
    asked = {
        "has-findings": any(finding.severity is not Severity.INFO for finding in _findings_of(item)),
        "has-fragments": bool(item.fragments),
        "has-enforced": any(term.outcome == "enforced" for target in targets for term in target.terms),
    }
    return [*(name for name, answer in asked.items() if answer), *sorted(map(rule_class, rules))]


def segment_rules(item: LocalisedSegment) -> set[str]:
    """Return the rules that found something in a segment or in one of its targets."""
    return {finding.rule for finding in _findings_of(item)}


def _findings_of(item: LocalisedSegment) -> Iterator[Finding]:
    return chain(item.findings, *(target.findings for target in item.targets.values()))


def rule_class(rule: str) -> str:
    """Return the class of the segments that a rule found something in.

    >>> rule_class("number_lost")
    'found-number_lost'
    """
    return "found-" + re.sub(r"[^a-z0-9_]", "-", rule.lower())


def cell_id(segment: str, language: str) -> str:
    """Return the id of the cell of a segment in a target language, or of its row for the source ("")."""
    return f"{segment}-{language}" if language else segment


def render_rows(parallel: ParallelArticle) -> str:
    """Return all blocks of the article as HTML, in document order."""
    blocks = groupby(parallel.segments, key=lambda item: (item.block, item.role))
    return "\n".join(_block(parallel, role, list(items)) for (_, role), items in blocks)


def _block(parallel: ParallelArticle, role: Role, items: Sequence[LocalisedSegment]) -> str:
    left_out = role in parallel.left_out
    labels = [role.replace("_", " "), "left out"] if left_out else [role.replace("_", " ")]
    rows = (_row(parallel, item, [] if number else labels) for number, item in enumerate(items))
    classes = f"block role-{role}" + (" left-out" if left_out else "")
    return tag("section", "\n" + "\n".join(rows) + "\n", class_=classes)


def _row(parallel: ParallelArticle, item: LocalisedSegment, labels: Sequence[str]) -> str:
    number = item.segment.id
    gutter = tag("a", escape(number), class_="id", href=f"#{number}")
    gutter += "".join(tag("span", escape(label), class_="role") for label in labels)
    cells = [_source_cell(parallel.article.language, item)]
    cells += [_target_cell(item, language) for language in parallel.languages]
    return tag(
        "article",
        tag("div", gutter, class_="gutter") + tag("div", "".join(cells), class_="cells") + _why(parallel, item),
        class_=" ".join(["segment", *segment_classes(item)]),
        id=number,
        tabindex="-1",
        aria_label=f"Segment {number}",
    )


def _source_cell(language: str, item: LocalisedSegment) -> str:
    fragments = [_fragment_span(fragment) for fragment in item.fragments]
    if item.normalised == item.segment.source:
        content = _text(item.normalised, fragments, language)
    else:
        spans = [*_found_again(item), *_decision_spans(item.decisions, item.normalised)]
        content = _text(item.normalised, spans, language)
        label = tag("span", "Original", class_="label", lang="en")
        text = tag("span", mark_spans(item.segment.source, fragments), lang=language, dir="auto")
        content += tag("p", label + text, class_="original")
    content += _finding_lines(item.findings)
    return tag("div", content, class_="cell source", data_name=language_name(language))


def _target_cell(item: LocalisedSegment, language: str) -> str:
    target = item.targets.get(language)
    if target:
        spans = [*_term_spans(target), *_decision_spans(target.decisions, target.text)]
        written_in = "und" if target.state is State.UNTRANSLATED else language
        content = _text(target.text, spans, written_in)
        content += "" if target.state is State.MACHINE else tag("span", escape(target.state), class_="state")
        content += _finding_lines(target.findings)
    else:
        content = tag("p", "–", class_="absent", title="no text in this language")
    return tag(
        "div",
        content,
        class_="cell target",
        id=cell_id(item.segment.id, language),
        data_lang=language,
        data_name=language_name(language),
    )


def _text(text: str, spans: Iterable[Span], language: str) -> str:
    return tag("p", mark_spans(text, spans), class_="text", lang=language, dir=direction(language))


def _finding_lines(findings: Sequence[Finding]) -> str:
    return "".join(
        tag(
            "p",
            f"{tag('b', escape(finding.severity))} {escape(finding.message)}",
            class_=f"note {finding.severity}",
        )
        for finding in findings
    )


def _fragment_span(fragment: Fragment) -> Span:
    note = f"{language_name(fragment.lang)} ({fragment.script}), {fragment.kind}: {fragment.reason}"
    return Span(fragment.start, fragment.end, "fragment", note, fragment.lang)


def _found_again(item: LocalisedSegment) -> Iterator[Span]:
    """Give the fragments that still stand in the normalised text, where their offsets no longer hold."""
    for fragment in item.fragments:
        for start, end in occurrences(fragment.text, item.normalised):
            yield replace(_fragment_span(fragment), start=start, end=end)


def _term_spans(target: Target) -> Iterator[Span]:
    for term in target.terms:
        kind = "enforced" if term.outcome == "enforced" else "applied"
        for start, end in occurrences(term.form, target.text):
            yield Span(start, end, kind, _term_line(term))


def _decision_spans(decisions: Sequence[Decision], text: str) -> Iterator[Span]:
    for decision in decisions:
        if decision.action in _VISIBLE_ACTIONS:
            kind = "kept" if decision.action == "kept" else "normalised"
            for start, end in occurrences(decision.after, text):
                yield Span(start, end, kind, f"{decision.action}: {decision.reason}{_from(decision.origin)}")


def _term_line(term: TermUse) -> str:
    outcome = {
        "applied": "the engine wrote it",
        "enforced": "put in place of what the engine wrote",
        "missing": "missing from this sentence",
        "verb": "a verb in this sentence, which the entry is not about",
    }.get(term.outcome, term.outcome)
    return f"{term.kind}: {term.source} → {term.form or term.target}, {outcome}{_from(term.origin)}"


def _from(origin: str) -> str:
    return f" ({origin})" if origin else ""


def _why(parallel: ParallelArticle, item: LocalisedSegment) -> str:
    parts = [_why_source(parallel.article.language, item)]
    parts += [
        _why_target(language, item.targets[language]) for language in parallel.languages if language in item.targets
    ]
    summary = tag("summary", "Why" + tag("span", f" {escape(item.segment.id)} says this", class_="unseen"))
    return tag("details", summary + tag("div", "".join(parts), class_="reasons"), class_="why")


def _why_source(language: str, item: LocalisedSegment) -> str:
    lines = [_decision_line(decision) for decision in item.decisions] or ["Left as the article has it."]
    return _why_part(language_name(language), "source", lines)


def _why_target(language: str, target: Target) -> str:
    lines = [_decision_line(decision) for decision in target.decisions]
    lines += [tag("bdi", escape(_term_line(term))) for term in target.terms]
    lines += [_alternative_line(one) for one in target.alternatives]
    about = f"{target.state}, {target.route}" if target.route else str(target.state)
    return _why_part(language_name(language), about, lines, data_lang=language)


def _why_part(name: str, about: str, lines: Sequence[str], **attributes: str) -> str:
    heading = tag("h3", f"{escape(name)} {tag('span', escape(about))}")
    points = tag("ol", "".join(tag("li", line) for line in lines)) if lines else ""
    return tag("div", heading + points, class_="reason", **attributes)


def _decision_line(decision: Decision) -> str:
    parts = [tag("b", escape(f"{decision.stage}: {decision.action}"))]
    if decision.before or decision.after:
        parts.append(_change(decision.before, decision.after))
    parts.append(f"– {escape(decision.reason)}")
    if decision.origin:
        parts.append(tag("code", escape(decision.origin)))
    return " ".join(parts)


def _alternative_line(one: Alternative) -> str:
    which = "an earlier" if one.is_earlier else "a similar"
    about = f"{one.origin}, {one.quality} of 100" + (f", for {which} source: {one.source}" if one.source else "")
    return f"{tag('b', 'Alternative')} {tag('bdi', escape(one.text), class_='quoted')} – {tag('bdi', escape(about))}"


def _change(before: str, after: str) -> str:
    old, new = (tag("bdi", escape(text), class_="quoted") if text else "nothing" for text in (before, after))
    return old if before == after else f"{old} → {new}"
