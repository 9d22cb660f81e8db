"""Gender and number: of a term, of the determiner before it, and a term in the plural."""

from pipeline.agreement.determiners import Features, agree, determiner_gender, features_of, is_function_word
from pipeline.agreement.plurals import pluralise

__all__ = ["Features", "agree", "determiner_gender", "features_of", "is_function_word", "pluralise"]
