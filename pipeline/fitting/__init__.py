"""Make a text fit an engine: characters, sums of money, numbers."""

from pipeline.fitting.characters import fit_characters, unwritable_spans
from pipeline.fitting.figures import write_figures
from pipeline.fitting.money import money_forms, speak_money, write_money
from pipeline.fitting.numbers import Number, find_numbers, number_forms, speak_number, write_number
from pipeline.fitting.reading import find_short_days, titles_of, word_for_engine, words_to_translate
from pipeline.fitting.sums import Money, find_money

__all__ = [
    "Money",
    "Number",
    "find_money",
    "find_numbers",
    "find_short_days",
    "fit_characters",
    "money_forms",
    "number_forms",
    "speak_money",
    "speak_number",
    "titles_of",
    "unwritable_spans",
    "word_for_engine",
    "words_to_translate",
    "write_figures",
    "write_money",
    "write_number",
]  # fmt: skip
