"""What earlier translations show: names that one segment keeps and another does not, words that came back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.fragments.lexicon import lexicons
from pipeline.languages import LANGUAGES, base_language, is_same_language
from pipeline.review.articles import Segment
from pipeline.suggesting.gathering import MAX_EXAMPLE, MAX_EXAMPLES, Candidate, Finding, Proposal

MIN_USES = 3  # segments with a name, before its treatment is called different
MIN_WORD = 4  # letters of a word that came back
# How much more likely a word is in its own language than in the target's, as a logarithm, before it counts as
# untranslated: "hospital" is at home in both. Judgement, on NTREX lines into Portuguese.
FOREIGN = 4.0

_WORD = re.compile(r"(?<![\w@#./-])[^\W\d_]+(?![\w@/-])")


def watch(candidates: Sequence[Candidate], segments: Sequence[Segment]) -> list[Candidate]:
    """Mark the names that translations treat differently, and add the words that came back untranslated."""
    marked = [_mark(item, segments) if item.type == "name" else item for item in candidates]
    known = {(item.source, item.source_lang, item.target_lang) for item in marked}
    added = [item for item in _untranslated(segments) if (item.source, item.source_lang, item.target_lang) not in known]
    return sorted([*marked, *added], key=lambda item: item.rank)


def _mark(item: Candidate, segments: Sequence[Segment]) -> Candidate:
    pattern = re.compile(rf"(?<!\w){re.escape(item.source)}(?!\w)")
    uses = [
        text
        for segment in segments
        if is_same_language(segment.lang, item.source_lang) and pattern.search(segment.source)
        for lang, text in segment.targets.items()
        if is_same_language(lang, item.target_lang)
    ]
    kept = sum(bool(pattern.search(text)) for text in uses)
    if len(uses) < MIN_USES or kept in (0, len(uses)):
        return item
    return replace(
        item, finding=Finding.DIFFERENT, proposals=(Proposal(f"kept in {kept} of {len(uses)}", item.source),)
    )


def _untranslated(segments: Sequence[Segment]) -> Iterator[Candidate]:
    """Give the small words that stand in a target as in the source, and are none of its language."""
    found: dict[tuple[str, str, str], list[Segment]] = {}
    for segment in segments:
        words = {word for word in _WORD.findall(segment.source) if word.islower() and len(word) >= MIN_WORD}
        for lang, text in segment.targets.items():
            if not segment.lang or is_same_language(lang, segment.lang):
                continue
            for word in sorted(words.intersection(_WORD.findall(text))):
                found.setdefault((word, segment.lang, lang), []).append(segment)
    for (word, lang, target), places in found.items():
        if _is_foreign(word, lang, target):
            articles = tuple(sorted({place.article for place in places}))
            examples = [((lang, place.source), (target, place.targets[target])) for place in places[:MAX_EXAMPLES]]
            lines = tuple((tag, " ".join(text.split())[:MAX_EXAMPLE]) for pair in examples for tag, text in pair)
            yield Candidate(word, lang, target, "term", Finding.UNTRANSLATED, len(places), articles, lines)


def _is_foreign(word: str, lang: str, target: str) -> bool:
    own, other = base_language(lang), base_language(target)
    lexicon = lexicons().get(LANGUAGES[lang].script)
    if lexicon is None or not {own, other} <= set(lexicon.languages):
        return False
    scores, known = lexicon.score([word])
    column = lexicon.languages.index
    return bool(known[0]) and float(scores[0, column(own)] - scores[0, column(other)]) > FOREIGN
