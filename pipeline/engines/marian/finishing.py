"""From pieces back to text: links to the source, and what is wrong with it."""

from collections import Counter
from collections.abc import Sequence

from pipeline.engines.base import Aligned
from pipeline.engines.marian.alignment import link_pieces
from pipeline.engines.marian.decoding import Decoded
from pipeline.engines.marian.vocabulary import PiecedText, Vocabulary

# A run of pieces that comes this many times in a row, and more often than in the source, is a loop. In 1,007 lines of
# NTREX-128 none comes more than twice in English and Portuguese, nor more than three times in what the models write.
MAX_REPEATS = 4
_MAX_RUN = 8


def finish(source: PiecedText, vocabulary: Vocabulary, decoded: Decoded, *, links: bool = True) -> Aligned:
    """Join the pieces of a translation and link them to their source."""
    target = vocabulary.decode(decoded.pieces) if links else vocabulary.decode_plain(decoded.pieces)
    doubt = ""
    if not decoded.ended:
        doubt = "does not end"
    elif is_loop(source.pieces, decoded.pieces):
        doubt = "repeats itself"
    found = link_pieces(source, target, decoded.attention) if links else ()
    return Aligned(source.text, target.text, found, doubt)


def is_loop(source: Sequence[int], target: Sequence[int]) -> bool:
    """Whether a translation says a run of pieces again and again."""
    # A piece of such a run comes as often as the run: where none does there is nothing to look for.
    if max(Counter(target).values(), default=0) < MAX_REPEATS:
        return False
    return max_repeats(target) >= max(MAX_REPEATS, max_repeats(source) + 1)


def max_repeats(pieces: Sequence[int]) -> int:
    """Return how many times in a row a run of up to eight pieces comes, at most.

    >>> max_repeats([1, 2, 3, 2, 3, 2, 3, 4]), max_repeats([1, 2]), max_repeats([])
    (3, 1, 0)
    """
    most = 1 if pieces else 0
    for size in range(1, _MAX_RUN + 1):
        same = 0
        for one, other in zip(pieces, pieces[size:], strict=False):
            same = same + 1 if one == other else 0
            most = max(most, same // size + 1)
    return most
