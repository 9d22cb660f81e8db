"""`batch --dry-run`: what would be done and why, article by article and segment by segment."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from itertools import groupby

from pipeline.batch.changes import Changes, Redo, find_changes
from pipeline.batch.tasks import Action, Plan
from pipeline.cli.messages import SCHEMA, count, describe, emit, emit_json, say, shorten
from pipeline.documents import printable
from pipeline.errors import PipelineError
from pipeline.glossary import Glossary
from pipeline.localise import Options
from pipeline.memory import Memory

_WORDS = {Action.LOCALISE: "localise", Action.LEAVE: "leave", Action.FAIL: "fail"}


class DryRun:
    """A run that does nothing but tell."""

    def __init__(
        self, options: Options, glossary: Glossary, memory: Memory | None, *, as_json: bool, quiet: bool
    ) -> None:
        """Take what the run would use."""
        self._given = options, glossary, memory
        self._as_json = as_json
        self._quiet = quiet
        self._total = 0  # segments
        self._redone = 0

    def list_plans(self, plans: Iterable[Plan], articles: int) -> int:
        """Tell what each plan comes to, and return the exit code."""
        records: list[dict[str, object]] = []
        lines: list[str] = []
        localised = 0
        for plan, changes in map(self._look_into, plans):
            localised += plan.action is Action.LOCALISE
            self._total += changes.total
            self._redone += changes.segments
            if self._as_json:
                records.append(_record(plan, changes))
            elif plan.action in _WORDS:
                lines += _lines(plan, changes)
        if self._as_json:
            segments = {"total": self._total, "redone": self._redone}
            emit_json({"schema": SCHEMA, "segments": segments, "articles": records})
        else:
            emit("".join(f"{printable(line)}\n" for line in lines))
        if not self._quiet:
            say(
                f"{localised} of {count(articles, 'article')} would be localised, {self._redone} of"
                f" {count(self._total, 'segment')} done again"
            )
        return 0

    def _look_into(self, plan: Plan) -> tuple[Plan, Changes]:
        """Find the segments of a plan; an article that turns out to be none is one that fails."""
        if plan.action is Action.LOCALISE:
            try:
                return plan, find_changes(plan, *self._given)
            except PipelineError as exc:
                plan = replace(plan, action=Action.FAIL, error=exc)
        if plan.error:
            label = plan.task.label
            line = describe(plan.error, label=label, name=f"{plan.task.name}{plan.task.suffix}").line
            plan = replace(plan, reasons=(line.removeprefix(f"error: {label}: "),))
        known = plan.row or plan.manifest
        return plan, Changes(known.segments if known else 0)


def _record(plan: Plan, changes: Changes) -> dict[str, object]:
    return {
        "path": plan.task.label,
        "action": _WORDS.get(plan.action, "skip"),
        "reasons": list(plan.reasons),
        "segments": {"total": changes.total, "redone": changes.segments},
        "redone": [asdict(redo) for redo in changes.redone],
    }


def _lines(plan: Plan, changes: Changes) -> Iterator[str]:
    """Give the line of an article, then one a segment; what holds for every segment stands once."""
    yield f"{_WORDS[plan.action]} {plan.task.label}: {'; '.join(plan.reasons)}{_tally(plan, changes)}"
    if plan.manifest is None:  # what holds for a new article goes without saying
        return
    common = {kind for kind, number in _kinds(changes.redone) if number == changes.total > 1}
    for langs, reason in sorted(common, key=lambda kind: kind[1]):
        yield f"  all {changes.total} segments {langs}: {reason}"
    for redo in changes.redone:
        if _kind(redo) not in common:
            yield f"  {redo.segment} {','.join(redo.langs)}: {redo.reason}: {shorten(redo.source)}"


def _tally(plan: Plan, changes: Changes) -> str:
    if plan.action is not Action.LOCALISE:
        return ""
    return f" ({changes.segments} of {count(changes.total, 'segment')})"


def _kind(redo: Redo) -> tuple[str, str]:
    return ",".join(redo.langs), redo.reason


def _kinds(redone: Iterable[Redo]) -> Iterator[tuple[tuple[str, str], int]]:
    """Count the segments of each reason and its languages."""
    for kind, group in groupby(sorted(map(_kind, redone))):
        yield kind, sum(1 for _ in group)
