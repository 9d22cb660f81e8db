"""batch.json and batch.txt: the state of every article of a run, and the findings by rule.

They say what is there, not which run made it, so a run that was killed and resumed leaves the same bytes as one that
was not.
"""

import json
import posixpath
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.batch.tasks import Row, Status, Task
from pipeline.exports import MANIFEST, NO_INPUTS, Inputs, Manifest, read_manifest, to_json, write_files
from pipeline.naming import DEFAULT_LAYOUT, side_folder, side_root

SCHEMA = 1
REPORT_JSON = "batch.json"
REPORT_TEXT = "batch.txt"


def describe_done(task: Task, folder: Path, layout: str = DEFAULT_LAYOUT) -> Row:
    """Return the row of an article whose manifest is in `folder`."""
    manifest = read_manifest(folder / MANIFEST)
    if manifest is None:
        place = side_folder(folder.name, layout)
        return Row(task.label, Status.FAILED, "its manifest.json cannot be read; run again", place)
    return describe_made(task, folder, manifest, layout)


def describe_made(task: Task, folder: Path, manifest: Manifest, layout: str = DEFAULT_LAYOUT) -> Row:
    """Return the row of an article with this manifest, in `folder`."""
    place = side_folder(folder.name, layout)
    return Row(task.label, Status.DONE, "", place, manifest.segments, manifest.findings, manifest.remarks)


def report_path(output: Path, layout: str = DEFAULT_LAYOUT, name: str = REPORT_TEXT) -> Path:
    """Return where a file of the report stands."""
    return output / side_root(layout) / name


def find_report(output: Path, layout: str) -> list[str]:
    """Name the files of the report of an earlier run, below the output folder; none where there is no such report."""
    try:
        document = json.loads(report_path(output, layout, REPORT_JSON).read_bytes())
    except (OSError, ValueError):
        return []
    is_ours = isinstance(document, dict) and {"schema", "totals", "articles"} <= set(document)
    return [posixpath.join(side_root(layout), name) for name in (REPORT_JSON, REPORT_TEXT)] if is_ours else []


def write_report(
    rows: Sequence[Row], output: Path, layout: str = DEFAULT_LAYOUT, *, inputs: Inputs = NO_INPUTS
) -> list[Path]:
    """Write both files, or none; over none of the `inputs`. Raises OutputError."""
    data = {REPORT_JSON: render_json(rows), REPORT_TEXT: render_text(rows)}
    return write_files({report_path(output, layout, name): data[name] for name in data}, output, inputs=inputs)


def summarise(rows: Sequence[Row]) -> dict[str, Any]:
    """Return how many articles there are of each state, and how many findings and remarks of each rule."""
    findings: Counter[str] = Counter()
    remarks: Counter[str] = Counter()
    for row in rows:
        findings.update(row.findings)
        remarks.update(row.remarks)
    states = Counter(str(row.status) for row in rows)
    return {
        "articles": len(rows),
        "segments": sum(row.segments for row in rows),
        **{status.value: states[status.value] for status in Status},
        "findings": dict(sorted(findings.items())),
        "remarks": dict(sorted(remarks.items())),
    }


def render_json(rows: Sequence[Row]) -> bytes:
    """Return batch.json in UTF-8: totals, then a record an article in the order of the run."""
    document = {"schema": SCHEMA, "totals": summarise(rows), "articles": [record(row) for row in rows]}
    return to_json(document, indent=2) + b"\n"


def record(row: Row) -> dict[str, Any]:
    """Return one article's record."""
    return {
        "path": row.path,
        "status": row.status.value,
        "reason": row.reason,
        "output": row.output,
        "segments": row.segments,
        "findings": dict(row.findings),
        "remarks": dict(row.remarks),
    }


def render_text(rows: Sequence[Row]) -> bytes:
    """Return batch.txt in UTF-8: what needs a person first, then a line an article."""
    return "".join(f"{line}".rstrip() + "\n" for line in _lines(rows)).encode("utf-8", "backslashreplace")


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    totals = summarise(rows)
    counts = ", ".join(f"{totals[status.value]} {status.value}" for status in Status if totals[status.value])
    yield f"{totals['articles']} articles: {counts or 'none'}; {totals['segments']} segments"
    for name in ("findings", "remarks"):
        if totals[name]:
            yield f"\n{name.capitalize()} by rule"
            for rule, number in sorted(totals[name].items(), key=lambda item: (-item[1], item[0])):
                yield f"{number:>8}  {rule}"
    needing = [row for row in rows if row.status in (Status.FAILED, Status.LEFT)]
    if needing:
        yield "\nNeeds a person"
        for row in needing:
            yield f"  {row.status.value:<8}  {row.path}: {row.reason}"
    yield "\nstatus    segments  findings  article"
    for row in rows:
        yield f"{row.status.value:<8}  {row.segments:>8}  {sum(row.findings.values()):>8}  {row.path}"
