"""The command `detect`: show what in an article is not in its language."""

from collections.abc import Iterator
from typing import Any

import click

from pipeline.cli.inputs import Source, name_sources, read_source
from pipeline.cli.messages import Failure, emit, emit_json, tell_failure
from pipeline.cli.options import common_options, input_options


@click.command(short_help="Show what is not in the article's language.")
@input_options
@common_options
def detect(**values: Any) -> int:
    """Show the fragments of each FILE (- is standard input) that are not in the article's language.

    Offsets in JSON are code points into the decoded file; several files give a list.

    \b
    Example:
      translate-article detect article.txt --json
    """
    sources = name_sources(values["files"])
    results = [_detect(source, values) for source in sources]
    failures = [failure for _, _, failure in results if failure]
    if values["as_json"]:
        entries = [entry for _, entry, _ in results]
        emit_json(entries[0] if len(entries) == 1 else entries)
    else:
        emit("".join(text for text, _, _ in results))
    codes = {failure.exit_code for failure in failures}
    return (codes.pop() if len(results) == 1 else 1) if codes else 0


def _detect(source: Source, values: dict[str, Any]) -> tuple[str, dict[str, object], Failure | None]:
    """Return one article's table, its JSON entry and what went wrong, which is told here."""
    from pipeline.localise import detect_article

    try:
        data = read_source(source)
        found = detect_article(data, source.name, source.suffix, values["source"], values["encoding"] or "")
    except Exception as exc:  # even a fault of ours in one article must not cost the others
        failure = tell_failure(exc, source, debug=values["debug"])
        return "", {"path": source.label, "error": failure.as_dict()}, failure
    rows = [_row(segment.start, fragment) for segment, fragment in found.fragments]
    entry: dict[str, object] = {"path": source.label, "language": found.language, "fragments": rows}
    return "".join(_table(source.label, found.language, found.text, rows)), entry, None


def _row(offset: int, fragment: Any) -> dict[str, Any]:
    return {
        "start": offset + fragment.start,
        "end": offset + fragment.end,
        "lang": fragment.lang,
        "script": fragment.script,
        "score": round(fragment.score, 4),
        "kind": fragment.kind,
        "reason": fragment.reason,
        "text": fragment.text,
    }


def _table(label: str, language: str, text: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Give the lines of one article's table: where, language, how sure, the fragment, why."""
    from pipeline.documents import printable

    yield f"{label}: {language}, {len(rows)} fragment{'' if len(rows) == 1 else 's'}\n"
    for row in rows:
        line = text.count("\n", 0, row["start"]) + 1
        column = row["start"] - (text.rfind("\n", 0, row["start"]) + 1) + 1
        shown, reason = (printable(" ".join(row[key].split())) for key in ("text", "reason"))
        place = f"{line}:{column}"
        yield f'  {place:<8} {row["lang"]:<8} {row["score"]:.2f}  "{shown}"  {row["kind"]}: {reason}\n'
