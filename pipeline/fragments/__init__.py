"""Find what is not in the article's language."""

from pipeline.fragments.detecting import find_fragments
from pipeline.fragments.identifying import find_language, identify

__all__ = ["find_fragments", "find_language", "identify"]
