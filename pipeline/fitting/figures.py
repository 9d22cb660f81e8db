"""A text of figures alone, such as a cell of a table: no engine is asked what "5,911.69" is."""

from pipeline.fitting.money import write_money
from pipeline.fitting.numbers import find_numbers, write_number
from pipeline.fitting.sums import find_money


def write_figures(text: str, lang: str, target: str) -> str:
    """Write the sums and numbers of a text as another language does; versions, dates and scores stay as they are.

    >>> [write_figures(text, "en", "pt") for text in ("-2.4%", "5,911.69 (+1.1)", "3.11.2", "4-6 6-2", "$1.50")]
    ['-2,4%', '5.911,69 (+1,1)', '3.11.2', '4-6 6-2', '1,50 dólar']
    """
    sums = [(one.start, one.end, write_money(one, target)) for one in find_money(text, lang)]
    numbers = [(one.start, one.end, write_number(one, target)) for one in find_numbers(text, lang)]
    free = [one for one in numbers if all(one[1] <= start or end <= one[0] for start, end, _ in sums)]
    written, at = "", 0
    for start, end, form in sorted(sums + free):
        written += text[at:start] + form
        at = end
    return written + text[at:]
