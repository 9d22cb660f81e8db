"""Quotation marks, figures and spaces as a language writes them."""

from pipeline.typography.addresses import ADDRESS
from pipeline.typography.datelines import Dateline, find_dateline
from pipeline.typography.dates import NamedDate, calendar_words, read_date, write_date
from pipeline.typography.degrees import degrees_of, find_temperatures, temperature_forms, write_temperature
from pipeline.typography.figures import (
    figure_pattern,
    group_digits,
    is_version,
    read_figure,
    write_figure,
    write_percent,
    write_roman,
    write_time,
)
from pipeline.typography.quotes import (
    Quote,
    find_quotes,
    normalise_quotes,
    repair_quotes,
    uses_typographic_quotes,
)
from pipeline.typography.repairs import REPAIRS, Spare, repair_typography
from pipeline.typography.tables import (
    compound_days,
    currency_names,
    plural_of,
    read_table,
    row,
    row_of,
    scale_words,
    territory_words,
)
from pipeline.typography.varieties import find_other_variety, house_variety, respell, respell_word, respell_written

__all__ = [
    "ADDRESS",
    "REPAIRS",
    "Dateline",
    "NamedDate",
    "Quote",
    "Spare",
    "calendar_words",
    "compound_days",
    "currency_names",
    "degrees_of",
    "figure_pattern",
    "find_dateline",
    "find_other_variety",
    "find_quotes",
    "find_temperatures",
    "group_digits",
    "house_variety",
    "is_version",
    "normalise_quotes",
    "plural_of",
    "read_date",
    "read_figure",
    "read_table",
    "repair_quotes",
    "repair_typography",
    "respell",
    "respell_word",
    "respell_written",
    "row",
    "row_of",
    "scale_words",
    "temperature_forms",
    "territory_words",
    "uses_typographic_quotes",
    "write_date",
    "write_figure",
    "write_percent",
    "write_roman",
    "write_temperature",
    "write_time",
]  # fmt: skip
