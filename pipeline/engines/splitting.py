"""Cut an over-long sentence at its best inner boundaries, so that no engine cuts it silently."""

import re
from collections.abc import Callable

# Better boundaries first: a clause end, then a dash, then a comma, then any space; the full-width marks of Chinese and
# Japanese have no space behind them.
_BOUNDARIES = tuple(
    re.compile(rule)
    for rule in (r"(?<=[;:])\s+|(?<=[。；：！？])", r"\s+(?=[–—-]\s)", r"(?<=,)\s+|(?<=[，、])", r"\s+")
)


def split_long(text: str, limit: int, measure: Callable[[str], int]) -> list[str]:
    """Cut `text` into pieces that measure at most `limit`, in its order; only white space between them is left out.

    Each cut takes the best boundary nearest to the middle. A single word beyond the limit stays whole.

    >>> split_long("one two, three four", 2, lambda piece: len(piece.split()))
    ['one two,', 'three four']
    """
    if measure(text) <= limit:
        return [text]
    middle = len(text) / 2
    for boundary in _BOUNDARIES:
        cuts = [m for m in boundary.finditer(text) if len(text) * 0.1 < m.start() < len(text) * 0.9]
        if cuts:
            cut = min(cuts, key=lambda m: abs(m.start() - middle))
            left, right = text[: cut.start()], text[cut.end() :]
            return split_long(left, limit, measure) + split_long(right, limit, measure)
    return [text]
