"""Which tool reads which format, what it cannot be told and why; each format by its own writer and reader."""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.errors import GlossaryError, UsageError
from pipeline.exports.glossaries.rows import PLAIN, UNSAFE, Exported, Imported, Row
from pipeline.exports.glossaries.tables import read_table, write_table

FORMATS = ("csv", "tsv", "tbx", "xliff", "tmx")
# Tool -> the formats that it reads. "" writes all that an entry says, to be read back by us.
TOOLS: Mapping[str, tuple[str, ...]] = {
    "": FORMATS,
    "deepl": ("csv", "tsv"),
    "google": ("csv", "tsv", "tmx"),
    "azure": ("csv", "tsv", "xliff"),
    "weblate": ("csv", "tbx", "xliff", "tmx"),
    "pontoon": ("tbx",),
    "omegat": ("tsv", "tbx", "csv"),
}
MAX_BYTES = 20_000_000
# DeepL refuses a longer text (developers.deepl.com, "Manage glossaries": 1024 UTF-8 bytes a side).
MAX_PLAIN_BYTES = 1024


def export_rows(rows: Iterable[Row], pair: tuple[str, str], format_: str, tool: str = "") -> Exported:
    """Write rows for a tool in a format. Raises UsageError where the tool does not read the format.

    Where a tool has no word for what an entry says, the entry is left out and told: a candidate would be enforced, a
    forbidden translation would be written, a second sense would be taken for the first.
    """
    if tool not in TOOLS or format_ not in TOOLS[tool]:
        raise UsageError(f"{tool} does not read {format_}; try {', '.join(TOOLS.get(tool, FORMATS))}")
    kept, left_out = _choose(list(rows), format_, tool)
    if format_ in ("csv", "tsv"):
        data = write_table(kept, format_, tool)
    else:
        from pipeline.exports.glossaries.xmlfiles import WRITERS  # lxml, loaded when it is needed

        data = WRITERS[format_](kept, pair, tool)
    return Exported(data, len(kept), tuple(left_out))


def _choose(rows: Sequence[Row], format_: str, tool: str) -> tuple[list[Row], list[str]]:
    kept, left_out = [], []
    taken: set[str] = set()
    for row in rows:
        if why := _why_not(row, format_, tool, taken):
            left_out.append(f"{row.source!r}: {why}")
        else:
            taken.add(row.source)
            kept.append(row)
    return kept, left_out


def _why_not(row: Row, format_: str, tool: str, taken: set[str]) -> str:
    """Say why a tool cannot be told of an entry; "" where it can."""
    if tool in PLAIN or format_ == "tmx":
        if row.state != "approved":
            return f"a {row.state} entry would be enforced there"
        if row.source in taken:
            return "a second sense would be taken for the first"
    if tool in PLAIN:
        if format_ in ("csv", "tsv") and any(UNSAFE.match(text) for text in (row.source, row.target)):
            return "it begins like a formula, and the mark that makes it safe would become part of the term"
        if max(len(text.encode()) for text in (row.source, row.target)) > MAX_PLAIN_BYTES:
            return f"longer than {MAX_PLAIN_BYTES} bytes"
    if row.state == "forbidden" and format_ in ("xliff", "tmx"):
        return "a forbidden translation would be taken for a translation there"
    return ""


def import_rows(data: bytes, pair: tuple[str, str], format_: str) -> Imported:
    """Read a file of another tool. Every row is in `rows` or in `refused`.

    Raises GlossaryError for what is no such file, or is too large.
    """
    if len(data) > MAX_BYTES:
        raise GlossaryError(f"larger than {MAX_BYTES // 1_000_000} MB; try splitting it")
    if format_ in ("csv", "tsv"):
        return read_table(data, pair, format_)
    from pipeline.exports.glossaries.xmlreading import read_xml  # lxml, loaded when it is needed

    return read_xml(data, pair, format_)
