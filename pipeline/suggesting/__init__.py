"""Candidates for the glossary: what articles have that no entry resolves, with what each engine would make of it."""

from pipeline.suggesting.gathering import Candidate, Finding, gather
from pipeline.suggesting.names import NameUse, find_names
from pipeline.suggesting.proposing import propose
from pipeline.suggesting.watching import watch
from pipeline.suggesting.writing import Written, write_candidates

__all__ = [
    "Candidate", "Finding", "NameUse", "Written", "find_names", "gather", "propose", "watch", "write_candidates",
]  # fmt: skip
