"""Say why words are a fragment, and why others that look like one are none: what `detect --explain` shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.fragments.deciding import Found, judge
from pipeline.fragments.detecting import lay_out, share_out
from pipeline.fragments.evidence import Evidence, measure, weigh
from pipeline.fragments.path import PRICES, Prices, find_stretches
from pipeline.fragments.words import Gap, split_words
from pipeline.model import Block, Fragment

NEAR = 0.5  # share of the usual prices at which a stretch is worth a word on why it is none
BORDERS = {
    Gap.LINE: "the start of a line", Gap.SENTENCE: "the start of a sentence", Gap.BRACKET: "a mark",
    Gap.MARK: "a comma, colon or dash", Gap.SPACE: "no mark", Gap.JOINED: "a hyphen",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Explained:
    """A fragment, or what looked like one, with what was said for it."""

    fragment: Fragment  # of one that is none, the reason says why
    is_fragment: bool
    words: tuple[tuple[str, float], ...]  # each word, and its log odds for the fragment's language
    border: str  # what it begins at
    price: float  # what its words must say together to begin there and end where it ends


def explain_fragments(blocks: Sequence[Block], lang: str) -> dict[str, tuple[Explained, ...]]:
    """Search an article in `lang` as `find_fragments` does, and tell all that was weighed: segment id -> in order."""
    text, places = lay_out(blocks)
    words = split_words(text)
    evidence = weigh(measure(words), lang)
    judged = judge(evidence, find_stretches(evidence))
    near = [item for item in _find_near(evidence) if not any(_overlap(item, other) for other in judged)]
    every = sorted([*judged, *near], key=lambda item: item.first)
    shares = share_out(words, every, places, lang)
    return {segment: tuple(_explain(evidence, *pair) for pair in pairs) for segment, pairs in shares}


def _find_near(evidence: Evidence) -> Iterator[Found]:
    """Give the stretches whose words say something, but not enough for where they stand."""
    cheap = Prices(tuple(NEAR * price for price in PRICES.enter), tuple(NEAR * price for price in PRICES.leave))
    for item in judge(evidence, find_stretches(evidence, cheap)):
        column = evidence.languages.index(_column_of(evidence, item))
        said = float(evidence.weighed[item.first : item.last + 1, column].sum())
        against = (
            item.against or f"its words say {said:+.1f}, less than the {_price(evidence, item):.1f} asked for here"
        )
        yield replace(item, against=against)


def _overlap(one: Found, other: Found) -> bool:
    return one.first <= other.last and other.first <= one.last


def _price(evidence: Evidence, item: Found) -> float:
    gaps = evidence.measured.words.gaps
    return PRICES.enter[gaps[item.first]] + PRICES.leave[gaps[item.last + 1]]


def _column_of(evidence: Evidence, item: Found) -> str:
    return item.lang if item.lang in evidence.languages else evidence.languages[0]


def _explain(evidence: Evidence, item: Found, fragment: Fragment) -> Explained:
    words = evidence.measured.words
    column = evidence.languages.index(_column_of(evidence, item))
    said = tuple(
        (words.text[words.starts[i] : words.ends[i]], round(float(evidence.weighed[i, column]), 1))
        for i in range(item.first, item.last + 1)
    )
    if item.against:
        fragment = replace(fragment, reason=item.against)
    border = BORDERS[words.gaps[item.first]]
    return Explained(fragment, not item.against, said, border, round(_price(evidence, item), 1))
