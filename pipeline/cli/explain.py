"""Every decision on a segment in readable lines: why the article says what it says."""

from collections.abc import Iterator

from pipeline.documents import printable
from pipeline.model import Decision, LocalisedSegment, ParallelArticle, Target


def explain_article(parallel: ParallelArticle) -> str:
    """Return the decisions on all segments as text, one paragraph a segment."""
    return "\n\n".join("\n".join(_explain_segment(item, parallel.article.language)) for item in parallel.segments)


def list_decisions(parallel: ParallelArticle) -> list[dict[str, str]]:
    """Return the decisions on all segments as rows for JSON; "lang" is "" on the source side."""
    rows: list[dict[str, str]] = []
    for item in parallel.segments:
        sides = [("", item.decisions), *((lang, target.decisions) for lang, target in item.targets.items())]
        for lang, decisions in sides:
            rows.extend({"segment": item.segment.id, "lang": lang, **_decision_dict(each)} for each in decisions)
    return rows


def _decision_dict(decision: Decision) -> dict[str, str]:
    return {
        "stage": decision.stage,
        "action": decision.action,
        "before": decision.before,
        "after": decision.after,
        "reason": decision.reason,
        "origin": decision.origin,
    }


def _explain_segment(item: LocalisedSegment, language: str) -> Iterator[str]:
    yield f"{item.segment.id} {item.role}"
    yield f"  {language}: {_plain(item.normalised)}"
    yield from map(_explain_decision, item.decisions)
    for lang, target in item.targets.items():
        yield from _explain_target(lang, target)


def _explain_target(lang: str, target: Target) -> Iterator[str]:
    how = f"{target.state}, {target.route}" if target.route else str(target.state)
    yield f"  {lang}: {_plain(target.text)}  ({how})"
    yield from map(_explain_decision, target.decisions)
    for term in target.terms:
        change = f"{_quoted(term.source)} -> {_quoted(term.target)}"
        yield f"      {term.kind} {change}: {term.outcome}{_origin(term.origin)}"
    for finding in target.findings:
        yield f"      {finding.severity}: {_plain(finding.message)} [{finding.rule}]"


def _explain_decision(decision: Decision) -> str:
    change = _quoted(decision.before)
    if decision.after != decision.before:
        change += f" -> {_quoted(decision.after)}"
    return f"      {decision.action} {change}: {_plain(decision.reason)}{_origin(decision.origin)}"


def _origin(origin: str) -> str:
    return f" ({_plain(origin)})" if origin else ""


def _quoted(text: str) -> str:
    return f'"{_plain(text)}"'


def _plain(text: str) -> str:
    """Put a text on one line, with nothing that a terminal would obey."""
    return printable(" ".join(text.split()))
