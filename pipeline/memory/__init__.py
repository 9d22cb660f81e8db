"""The translation memory: what engines said, what was written, what people reviewed; one SQLite file."""

from pipeline.memory.importing import Imported, Verdict, import_units, was_imported
from pipeline.memory.reviews import (
    Review,
    articles_with_reviews,
    find_reviews,
    recorded_articles,
    recorded_reviews,
    reviews_digest,
)
from pipeline.memory.store import Memory, Written
from pipeline.memory.upkeep import Stats, count, export_units, prune

__all__ = [
    "Imported", "Memory", "Review", "Stats", "Verdict", "Written", "articles_with_reviews", "count", "export_units",
    "find_reviews", "import_units", "prune", "recorded_articles", "recorded_reviews", "reviews_digest", "was_imported",
]  # fmt: skip
