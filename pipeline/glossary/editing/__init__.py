"""Change entries of a PO file by hand or program, with everything else in it left byte for byte."""

from pipeline.glossary.editing.changes import Applied, Change, Conflict, apply_changes
from pipeline.glossary.editing.records import Record, find_records, read_records
from pipeline.glossary.editing.saving import read_bytes, write_changes

__all__ = [
    "Applied",
    "Change",
    "Conflict",
    "Record",
    "apply_changes",
    "find_records",
    "read_bytes",
    "read_records",
    "write_changes",
]
