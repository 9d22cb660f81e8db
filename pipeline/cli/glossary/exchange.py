"""The commands `glossary export` and `glossary import`: one language pair, to and from the files of other tools."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.cli.messages import SCHEMA, emit, emit_json, say
from pipeline.cli.options import ParsedType, common_options, setting
from pipeline.errors import UsageError
from pipeline.languages import parse_language

if TYPE_CHECKING:
    from pipeline.exports.glossaries import Merged, Row

_Command = TypeVar("_Command", bound=Callable[..., Any])
_LANGUAGE = ParsedType("lang", parse_language)
_FORMATS = ("csv", "tsv", "tbx", "xliff", "tmx")
_TOOLS = ("deepl", "google", "azure", "weblate", "pontoon", "omegat")
_SUFFIXES = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".txt": "tsv", ".utf8": "tsv", ".tbx": "tbx", ".xlf": "xliff",
    ".xliff": "xliff", ".tmx": "tmx",
}  # fmt: skip
_EXIT_FAILED, _EXIT_FINDINGS = 1, 3


def _format_option(help_text: str) -> Callable[[_Command], _Command]:
    return click.option("--format", "format_", type=click.Choice(_FORMATS), metavar="FORMAT", help=help_text)


@click.command(name="export", short_help="Write the entries of a language pair for another tool.")
@click.argument("source", type=_LANGUAGE, metavar="SOURCE")
@click.argument("target", type=_LANGUAGE, metavar="TARGET")
@_format_option("csv, tsv, tbx, xliff or tmx; left out, by the suffix of -o, else csv.")
@click.option(
    "--for", "tool", type=click.Choice(_TOOLS), metavar="TOOL",
    help="Write what this tool reads: deepl, google, azure, weblate, pontoon, omegat; left out, all that entries say.",
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="Write here, not to standard output.")
@setting("--glossaries", metavar="DIR", help="Your team's glossary folder; its entries win over the built-in ones.")
@setting("--no-builtin-glossaries", is_flag=True, help="Leave the built-in entries out.")
@common_options
def export(**values: Any) -> int:
    """Write the entries from SOURCE into TARGET for another tool. What the tool has no word for is left out and told:
    candidates and forbidden translations, which a translation service would write.

    \b
    Examples:
      translate-article glossary export en es --for deepl -o en-es.csv
      translate-article glossary export bg en --format tbx -o bg-en.tbx
    """
    from pipeline.exports.glossaries import export_rows
    from pipeline.exports.writing import write_files

    pair = values["source"], values["target"]
    format_ = values["format_"] or _SUFFIXES.get(Path(values["output"] or "").suffix, "csv")
    done = export_rows(_rows(values, pair), pair, format_, values["tool"] or "")
    for line in done.left_out:
        say(f"left out: {line}")
    path = values["output"]
    if path:
        write_files({Path(path): done.data}, Path(path).parent)
    if values["as_json"]:
        emit_json({"schema": SCHEMA, "written": done.written, "left_out": list(done.left_out), "output": path})
    elif not path:
        emit(done.data.decode())
    say(f"{done.written} entries written, {len(done.left_out)} left out")
    return 0


def _rows(values: dict[str, Any], pair: tuple[str, str]) -> list["Row"]:
    """Read the entries of a pair from all files that have it; those of a later file win."""
    from pipeline.cli.glossaries import open_glossary
    from pipeline.exports.glossaries import row_of
    from pipeline.glossary.editing import read_records

    glossary = open_glossary(folder=values["glossaries"], files=(), builtin=not values["no_builtin_glossaries"])
    files = [file for file in glossary.files if file.pair == pair]
    if not files:
        known = ", ".join(sorted({f"{source} {target}" for source, target in glossary.pairs}))
        raise UsageError(f"no glossary from {pair[0]} into {pair[1]}; there are {known}")
    rows: dict[tuple[str, str], Row | None] = {}
    for file in files:
        records = read_records(file.data, file.name)
        live = {(record.context, record.source) for record in records if not record.is_retired}
        for record in records:
            key = record.context, record.source
            if record.is_retired and key in live:
                continue
            row = row_of(record)
            if row is None or row.state != "candidate" or rows.get(key) is None:
                rows[key] = row
    return [row for row in rows.values() if row]


@click.command(name="import", short_help="Bring the entries of another tool's file into a glossary.")
@click.argument("file", metavar="FILE")
@click.argument("source", type=_LANGUAGE, metavar="SOURCE")
@click.argument("target", type=_LANGUAGE, metavar="TARGET")
@setting("--glossaries", metavar="DIR", help="The folder to write into: DIR/SOURCE/TARGET.po.")
@_format_option("csv, tsv, tbx, xliff or tmx; left out, by the suffix of FILE.")
@click.option("--approved", is_flag=True, help="Take approved rows as approved; else all come in as candidates.")
@click.option("--overwrite", is_flag=True, help="Let rows win over entries with another translation.")
@click.option("--by", metavar="NAME", default="", help="Who answers for approved rows; written beside each.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@setting("--strict", is_flag=True, help="Exit with 3 when there is a conflict.")
@common_options
def import_(**values: Any) -> int:
    """Bring the entries of FILE, from SOURCE into TARGET, into a glossary as candidates (fuzzy), which somebody then
    approves. A term that the glossary translates in another way is a conflict: it is told and left alone. Exit codes:
    0 done, 1 with rows that no glossary may hold, 3 with conflicts under --strict.

    \b
    Example:
      translate-article glossary import terms.csv en es --glossaries glossaries
    """
    from pipeline.exports.glossaries import Terms, import_rows, merge_rows
    from pipeline.glossary.editing import read_bytes, read_records

    if not values["glossaries"]:
        raise UsageError("no folder to write into; name it with --glossaries DIR")
    pair = values["source"], values["target"]
    path = Path(values["glossaries"]) / pair[0] / f"{pair[1]}.po"
    read = import_rows(_read(values["file"]), pair, _format_of(values))
    records = read_records(read_bytes(path) or b"", str(path))
    terms = Terms(values["approved"], values["overwrite"], values["by"], _now())
    merged = merge_rows(read.rows, records, terms)
    conflicts = [*merged.conflicts, *(_write(path, pair, merged) if not values["dry_run"] else ())]
    refused = [*read.refused, *merged.refused]
    _tell(values, path, merged, (conflicts, refused))
    if refused:
        return _EXIT_FAILED
    return _EXIT_FINDINGS if values["strict"] and conflicts else 0


def _read(file: str) -> bytes:
    from pipeline.exports.glossaries.formats import MAX_BYTES

    try:
        with Path(file).open("rb") as handle:
            return handle.read(MAX_BYTES + 1)
    except OSError as exc:
        raise UsageError(f"{file}: {(exc.strerror or str(exc)).lower()}; try the path of a file") from exc


def _format_of(values: dict[str, Any]) -> str:
    suffix = Path(values["file"]).suffix.lower()
    if not values["format_"] and suffix not in _SUFFIXES:
        raise UsageError(f"{values['file']}: no format that the suffix tells; name it with --format")
    return values["format_"] or _SUFFIXES[suffix]


def _now() -> str:
    from datetime import UTC, datetime

    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _write(path: Path, pair: tuple[str, str], merged: "Merged") -> list[str]:
    """Write the changes, and return what another changed in the meantime."""
    from pipeline.glossary.editing import write_changes

    if not merged.changes:
        return []
    applied = write_changes(path, pair, merged.changes)
    return [f"{each.change.source!r}: changed by another meanwhile" for each in applied.conflicts]


def _tell(values: dict[str, Any], path: Path, merged: "Merged", lists: tuple[Sequence[str], Sequence[str]]) -> None:
    conflicts, refused = lists
    for what, lines in (("conflict", conflicts), ("refused", refused)):
        for line in lines:
            say(f"{what}: {line}")
    if values["as_json"]:
        emit_json({
            "schema": SCHEMA, "output": str(path), "changed": [change.source for change in merged.changes],
            "same": len(merged.same), "conflicts": list(conflicts), "refused": list(refused),
        })  # fmt: skip
    said = "would be changed" if values["dry_run"] else "changed"
    say(
        f"{path}: {len(merged.changes)} entries {said}, {len(merged.same)} the same, {len(conflicts)} conflicts,"
        f" {len(refused)} refused"
    )
