"""Gender and number: of a term, of the determiner before it, and a term in the plural."""

from pipeline.agreement.behind import Swap, agree_after
from pipeline.agreement.determiners import (
    Features,
    add_article,
    agree,
    agree_adjective,
    determiner_gender,
    drop_article,
    features_of,
    gender_forms,
    has_article,
    is_function_word,
    is_governed,
    is_same_adjective,
    link_to,
    looks_like_verb,
)
from pipeline.agreement.plurals import pluralise

__all__ = [
    "Features", "Swap", "add_article", "agree", "agree_adjective", "agree_after", "determiner_gender", "drop_article",
    "features_of",
    "gender_forms", "has_article", "is_function_word", "is_governed", "is_same_adjective", "link_to",
    "looks_like_verb", "pluralise",
]  # fmt: skip
