"""Find what is not in the article's language."""

from pipeline.fragments.detecting import find_fragments
from pipeline.fragments.explaining import Explained, explain_fragments
from pipeline.fragments.gate import ForeignRun, find_foreign_runs
from pipeline.fragments.homoglyphs import repair_lookalikes
from pipeline.fragments.language import find_language
from pipeline.fragments.lexicon import is_seldom, is_unheard

__all__ = [
    "Explained",
    "ForeignRun",
    "explain_fragments",
    "find_foreign_runs",
    "find_fragments",
    "find_language",
    "is_seldom",
    "is_unheard",
    "repair_lookalikes",
]
