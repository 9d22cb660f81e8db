"""The translation memory: what engines said, what was written, what people reviewed; one SQLite file."""

from pipeline.memory.importing import Imported, Verdict, import_units, imported_digests, was_imported
from pipeline.memory.near import LEAST as NEAR_HITS
from pipeline.memory.near import NearHit, NearReviews
from pipeline.memory.reviews import Review, Reviews, find_reviews, recorded_articles, reviews_digest
from pipeline.memory.store import Memory, Written
from pipeline.memory.upkeep import Stats, count, export_units, prune

__all__ = [
    "NEAR_HITS", "Imported", "Memory", "NearHit", "NearReviews", "Review", "Reviews", "Stats", "Verdict", "Written",
    "count", "export_units", "find_reviews", "import_units", "imported_digests", "prune", "recorded_articles",
    "reviews_digest", "was_imported",
]  # fmt: skip
