"""Gender and number: of a term, of the determiner before it, and a term in the plural."""

from pipeline.agreement.adjectives import adjective_forms, agree_adjective, is_same_adjective
from pipeline.agreement.behind import Swap, agree_after
from pipeline.agreement.determiners import (
    Features,
    add_article,
    agree,
    determiner_gender,
    drop_article,
    features_of,
    gender_forms,
    has_article,
    is_function_word,
    is_governed,
    link_to,
    looks_like_verb,
    stands_before_nouns,
    stem_of,
)
from pipeline.agreement.plurals import pluralise

__all__ = [
    "Features", "Swap", "add_article", "adjective_forms", "agree", "agree_adjective", "agree_after",
    "determiner_gender", "drop_article",
    "features_of",
    "gender_forms", "has_article", "is_function_word", "is_governed", "is_same_adjective", "link_to",
    "looks_like_verb", "pluralise", "stands_before_nouns", "stem_of",
]  # fmt: skip
