"""CSV and TSV: two bare columns for translation services, columns with names for people and for Weblate.

Sources of the layouts:
- DeepL: source first, one entry a line, a quotation mark doubled, TSV alike (developers.deepl.com, "Managing
  glossaries", "Entry formats"). Its own exports add columns for the languages, which are read here.
- Google: two columns, no header (cloud.google.com, `GlossaryInputConfig`: "The file must not contain headers").
- Azure: TSV and CSV with source and target (learn.microsoft.com, "Use glossaries with Document Translation").
- Weblate: a header row names source, target, context, fuzzy, translator_comments (docs.weblate.org, "CSV"); text that
  begins like a formula is refused there, and gets an apostrophe here (owasp.org, "CSV Injection").
- OmegaT: UTF-8, three columns divided by tabs: source, target, comment (omegat.sourceforge.io, "Glossaries").
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Literal

from pipeline.errors import GlossaryError, PipelineError
from pipeline.exports.glossaries.rows import PLAIN, UNSAFE, Imported, Row, facts_text, read_facts
from pipeline.languages import is_same_language, parse_language

COLUMNS = ("source", "target", "context", "state", "fuzzy", "translator_comments")
_SAFE = re.compile(r"'+[=+\-@\t\r]")
_TRUE = frozenset({"1", "true", "yes", "x", "fuzzy"})


def make_safe(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula; `restore` takes it away again.

    >>> make_safe("=1+1"), make_safe("'=1"), make_safe("a=1")
    ("'=1+1", "''=1", 'a=1')
    """
    return f"'{cell}" if UNSAFE.match(cell) or _SAFE.match(cell) else cell


def restore(cell: str) -> str:
    """Undo `make_safe`."""
    return cell[1:] if _SAFE.match(cell) else cell


def write_table(rows: Sequence[Row], format_: str, tool: str) -> bytes:
    """Write rows in the layout of a tool, in UTF-8 with line feeds."""
    out = io.StringIO()
    if format_ == "tsv" and (tool in PLAIN or tool == "omegat"):
        # Neither quotes a cell; no term holds a tab or a line break.
        for row in rows:
            cells = [row.source, row.target]
            if tool == "omegat":
                cells = [*map(make_safe, cells), make_safe(_comment(row))]
            out.write("\t".join(cells) + "\n")
        return out.getvalue().encode()
    writer = csv.writer(out, dialect="excel" if format_ == "csv" else "excel-tab", lineterminator="\n")
    if tool in PLAIN:
        writer.writerows((row.source, row.target) for row in rows)
    elif tool == "omegat":
        writer.writerows(map(make_safe, (row.source, row.target, _comment(row))) for row in rows)
    else:
        writer.writerow(COLUMNS)
        writer.writerows(map(make_safe, _cells(row)) for row in rows)
    return out.getvalue().encode()


def _comment(row: Row) -> str:
    state = "" if row.state == "approved" else f"{row.state}; "
    return state + facts_text(row, "; ")


def _cells(row: Row) -> tuple[str, ...]:
    fuzzy = "True" if row.state == "candidate" else ""
    return row.source, row.target, row.context, row.state, fuzzy, facts_text(row, "\n")


def read_table(data: bytes, pair: tuple[str, str], format_: str) -> Imported:
    """Read a table with or without a header. Raises GlossaryError for what is not UTF-8 or no table."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise GlossaryError(f"not UTF-8 (byte {exc.start}); try saving it as UTF-8") from exc
    quoting: Literal[0, 3] = (
        csv.QUOTE_MINIMAL if format_ == "csv" or '\t"' in text or text.startswith('"') else csv.QUOTE_NONE
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="," if format_ == "csv" else "\t", quoting=quoting)
    rows: list[Row] = []
    refused: list[str] = []
    columns: list[str] | None = None
    try:
        for cells in reader:
            place = f"line {reader.line_num}"
            if columns is None:
                columns = _columns(cells)
                if columns:
                    continue
            if not any(cell.strip() for cell in cells):
                continue
            found = _read_row([restore(cell) for cell in cells], columns or [], place, pair)
            rows.append(found) if isinstance(found, Row) else refused.append(found)
    except csv.Error as exc:
        raise GlossaryError(f"line {reader.line_num}: {exc}; try saving it as a plain table") from exc
    return Imported(tuple(rows), tuple(refused))


def _columns(cells: Sequence[str]) -> list[str]:
    """Return the names of a header row; [] where the first row is an entry."""
    names = [cell.strip().strip('"').casefold().replace(" ", "_") for cell in cells]
    return names if {"source", "target"} <= set(names) else []


def _read_row(cells: Sequence[str], columns: Sequence[str], place: str, pair: tuple[str, str]) -> Row | str:
    """Read one line, or say what is wrong with it."""
    if columns:
        named = dict(zip(columns, cells, strict=False))
        facts = read_facts(named.get("translator_comments", "") or named.get("comment", "") or named.get("note", ""))
        state = named.get("state", "") or "approved"
        if named.get("fuzzy", "").strip().casefold() in _TRUE:
            state = "candidate"
        return Row(
            named["source"].strip(), named.get("target", "").strip(), state, named.get("context", ""), facts, place
        )
    if len(cells) < 2:
        return f"{place}: one column alone: {cells[0][:60]!r}"
    if len(cells) >= 4 and (wrong := _other_pair(cells[2:4], pair)):
        return f"{place}: {wrong}"
    comment = cells[2] if len(cells) == 3 else ""
    state = next((state for state in ("candidate", "forbidden") if comment.startswith(state + "; ")), "approved")
    facts = read_facts(comment.removeprefix(state + "; "))
    return Row(cells[0].strip(), cells[1].strip(), state, "", facts, place)


def _other_pair(tags: Sequence[str], pair: tuple[str, str]) -> str:
    """Say that a line is of another language pair; "" where it is of this one, or names none."""
    try:
        found = [parse_language(tag) for tag in tags]
    except PipelineError:
        return ""
    same = all(is_same_language(one, other) for one, other in zip(found, pair, strict=True))
    return "" if same else f"of {found[0]} to {found[1]}, not {pair[0]} to {pair[1]}"
