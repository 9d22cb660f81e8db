"""The glossary: its PO files, the matcher, credit lines, transliteration."""

from pipeline.glossary.composing import Composed, Phrase, compose_line, lookup_phrase
from pipeline.glossary.matcher import Matcher, find_forms
from pipeline.glossary.store import Glossary, builtin_folder, load_glossary
from pipeline.glossary.transliteration import transliterate

__all__ = [
    "Composed", "Glossary", "Matcher", "Phrase", "builtin_folder", "compose_line", "find_forms", "load_glossary",
    "lookup_phrase", "transliterate",
]  # fmt: skip
