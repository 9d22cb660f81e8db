"""Glossaries for other tools, and from them: CSV, TSV, TBX, XLIFF and TMX, one language pair a file."""

from pipeline.exports.glossaries.formats import FORMATS, TOOLS, export_rows, import_rows
from pipeline.exports.glossaries.merging import Merged, Terms, merge_rows
from pipeline.exports.glossaries.rows import Exported, Imported, Row, row_of

__all__ = [
    "FORMATS", "TOOLS", "Exported", "Imported", "Merged", "Row", "Terms", "export_rows", "import_rows",
    "merge_rows", "row_of",
]  # fmt: skip
