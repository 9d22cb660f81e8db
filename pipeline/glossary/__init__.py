"""The glossary: its PO files, the matcher, credit lines, transliteration."""

from pipeline.glossary.bridging import entries_between
from pipeline.glossary.composing import Composed, Part, compose_byline, compose_label, compose_line
from pipeline.glossary.concerning import FIRST, ORDER, Named, begins_in, concerned_entries, read_name, stands_in
from pipeline.glossary.datelines import compose_dateline
from pipeline.glossary.facts import approval_hash
from pipeline.glossary.forbidding import ForbiddenTerms, Replaced, find_forbidden, replace_forbidden
from pipeline.glossary.inflected import accepted_forms, feminine
from pipeline.glossary.matcher import Matcher, find_forms
from pipeline.glossary.patterns import find_patterns, is_pattern
from pipeline.glossary.phrases import Phrase, lookup_phrase
from pipeline.glossary.pofiles import builtin_folder
from pipeline.glossary.store import Counts, Glossary, Scope, load_glossary
from pipeline.glossary.transliteration import scheme_of, scheme_title, transliterate, write_by_scheme
from pipeline.glossary.verbs import Verb, verb_chance
from pipeline.glossary.words import looks_like_adjective, speaks_of_a_woman, speaks_of_nobody

__all__ = [
    "FIRST", "ORDER", "Composed", "Counts", "ForbiddenTerms", "Glossary", "Matcher", "Named", "Part", "Phrase",
    "Replaced", "Scope", "Verb", "accepted_forms", "approval_hash", "begins_in", "builtin_folder", "compose_byline",
    "compose_dateline", "compose_label", "compose_line", "concerned_entries", "entries_between", "feminine",
    "find_forbidden", "find_forms", "find_patterns", "is_pattern", "load_glossary", "looks_like_adjective",
    "lookup_phrase", "read_name", "replace_forbidden", "scheme_of", "scheme_title", "speaks_of_a_woman",
    "speaks_of_nobody", "stands_in",
    "transliterate", "verb_chance", "write_by_scheme",
]  # fmt: skip
