"""The runs of the `memory` commands."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.cli.job import EXIT_FAILED
from pipeline.cli.memories import memory_path
from pipeline.cli.messages import SCHEMA, Failure, count, describe, emit, emit_json, say, shorten
from pipeline.documents import printable
from pipeline.engines.routes import Router
from pipeline.errors import DocumentError, MemoryUnusable, OutputError, PipelineError, UsageError
from pipeline.exports import write_files
from pipeline.exports.bitexts import MAX_BYTES, read_bitext, render_tmx_units, render_xliff_units
from pipeline.glossary.bitexts import only_pair, read_po_units, render_po_units
from pipeline.memory import Imported, Memory, Verdict, export_units, import_units
from pipeline.memory import count as count_memory
from pipeline.memory import prune as prune_memory
from pipeline.model import Unit
from pipeline.program import program_digest
from pipeline.remembering import remembered_version

_PO_SUFFIXES = frozenset({".po", ".pot"})
_RENDERERS = {".tmx": render_tmx_units, ".xlf": render_xliff_units, ".xliff": render_xliff_units}


def run_import(values: Mapping[str, Any]) -> int:
    """Import each file; one that cannot be read is told, and the others go on. Conflicts are listed."""
    if not values["files"]:
        raise UsageError("no FILE given; name the edited XLIFF, PO or TMX files")
    done: dict[str, list[Imported]] = {}
    failures: list[Failure] = []
    with closing(Memory(memory_path(values["memory"]))) as memory:
        for name in values["files"]:
            label = printable(name)
            try:
                data, units = _read(Path(name), values["source"])
                origin = (label, hashlib.sha256(data).hexdigest())
                done[label] = import_units(memory, units, origin, replace=values["replace"])
            except MemoryUnusable:
                raise
            except PipelineError as exc:
                failures.append(describe(exc, label=label))
                say(failures[-1].line)
    for label, rows in done.items():
        _tell(label, rows, quiet=values["quiet"])
    if values["as_json"]:
        records = [{"path": label, "units": [_record(row) for row in rows]} for label, rows in done.items()]
        errors = [{"path": failure.label, "error": failure.as_dict()} for failure in failures]
        emit_json({"schema": SCHEMA, "files": [*records, *errors]})
    return EXIT_FAILED if failures else 0


def _read(path: Path, source_lang: str) -> tuple[bytes, list[Unit]]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as exc:
        reason = (exc.strerror or str(exc)).lower()
        raise DocumentError(f"cannot be read: {reason}; name an XLIFF, PO or TMX file") from exc
    if path.suffix.lower() in _PO_SUFFIXES:
        return data, read_po_units(data, path, "" if source_lang == "auto" else source_lang)
    return data, read_bitext(data, path)


def _tell(label: str, rows: Sequence[Imported], *, quiet: bool) -> None:
    for row in rows:
        if row.verdict is Verdict.CONFLICT:
            say(
                f"conflict: {label}: {_place(row.unit)}: {shorten(row.unit.target)} is kept aside,"
                f" {shorten(row.other)} stays; decide with --replace"
            )
        elif row.verdict is Verdict.REPLACED:
            say(f"replaced: {label}: {_place(row.unit)}: {shorten(row.other)} -> {shorten(row.unit.target)}")
        elif row.is_stale and row.verdict is Verdict.TAKEN:
            say(f"stale: {label}: {_place(row.unit)}: the article has no such source now; kept for when it has")
    if not quiet:
        tally = Counter(row.verdict.value for row in rows)
        counts = ", ".join(f"{tally[verdict.value]} {verdict.value}" for verdict in Verdict if tally[verdict.value])
        say(f"{label}: {count(len(rows), 'segment')}: {counts or 'none'}")


def _place(unit: Unit) -> str:
    where = f"{unit.article} {unit.segment}".strip() or shorten(unit.source)
    return printable(f"{where} {unit.target_lang}")


def _record(row: Imported) -> dict[str, object]:
    unit = {key: value for key, value in asdict(row.unit).items() if key != "is_approved"}
    return {**unit, "verdict": row.verdict.value, "other": row.other, "stale": row.is_stale}


def run_export(values: Mapping[str, Any]) -> int:
    """Write what is in force to one file."""
    path = Path(values["file"])
    targets = values["targets"] or ("",)
    if len(targets) > 1:
        raise UsageError("name one target language with --to, or none for all")
    suffix = path.suffix.lower()
    if suffix not in _RENDERERS and suffix not in _PO_SUFFIXES:
        raise UsageError(f"cannot write {path.suffix or 'a file without suffix'}; name a .tmx, .po or .xlf file")
    with closing(Memory(memory_path(values["memory"]), create=False)) as memory:
        units = export_units(memory, targets[0], machine_too=values["machine_too"])
    if not units:
        raise OutputError("there is nothing to export; import reviewed files first, or add --all")
    data = _RENDERERS[suffix](units) if suffix in _RENDERERS else render_po_units(units, only_pair(units))
    write_files({path: data}, path.parent)
    if values["as_json"]:
        emit_json({"schema": SCHEMA, "path": str(path), "segments": len(units)})
    else:
        say(f"{path}: {count(len(units), 'segment')}")
    return 0


def run_stats(values: Mapping[str, Any]) -> int:
    """Print the counts of each pair."""
    path = memory_path(values["memory"])
    with closing(Memory(path, create=False)) as memory:
        rows = count_memory(memory)
    if values["as_json"]:
        emit_json({"schema": SCHEMA, "path": str(path), "pairs": [asdict(row) for row in rows]})
        return 0
    lines = [f"{'pair':<12}{'machine':>9}{'reviewed':>10}{'aside':>7}{'stale':>7}"]
    lines += [f"{r.pair:<12}{r.machine:>9}{r.reviewed:>10}{r.aside:>7}{r.stale:>7}" for r in rows]
    emit("".join(f"{line}\n" for line in lines))
    return 0


def run_prune(values: Mapping[str, Any]) -> int:
    """Forget what engines said that are not installed, or were asked by another state of the program."""
    with closing(Memory(memory_path(values["memory"]), create=False)) as memory, closing(Router()) as router:
        gone = prune_memory(memory, _installed(router))
    if values["as_json"]:
        emit_json({"schema": SCHEMA, "forgotten": gone})
    else:
        say(f"{count(gone, 'result')} that no engine here would give now forgotten")
    return 0


def _installed(router: Router) -> Iterator[tuple[str, str, str, str]]:
    program = program_digest()
    for row in router.available():
        yield row.name, remembered_version(row.version, program), row.source_lang, row.target_lang
