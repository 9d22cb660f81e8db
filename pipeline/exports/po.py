"""NAME.<source>-<lang>.po: gettext PO, one file a target language, for Poedit, Weblate and their like.

An entry is fuzzy until a person has approved it: the file comes back through `memory import` as XLIFF does.
"""

from collections.abc import Iterator

from pipeline.exports.notes import segment_notes
from pipeline.glossary.bitexts import render_po_units
from pipeline.model import LocalisedSegment, ParallelArticle, State, Unit


def render_po(parallel: ParallelArticle, language: str) -> bytes:
    """Return one target of the parallel article as PO in UTF-8, an entry a segment, in document order.

    `language` is one of `parallel.languages`. The context of an entry is its place ("harbour.en.txt#b3s1"), its
    extracted comments (`#.`) say role, state, fragments, terms and findings. What no engine could translate is empty.
    """
    pair = parallel.article.language, language
    name = parallel.article.name + parallel.article.suffix
    units = [_unit(item, name, pair) for item in parallel.segments]
    return render_po_units(units, pair, [list(_comments(item, parallel, language)) for item in parallel.segments])


def _unit(item: LocalisedSegment, name: str, pair: tuple[str, str]) -> Unit:
    target = item.targets.get(pair[1])
    text = target.text if target and target.state is not State.UNTRANSLATED else ""
    is_approved = target is not None and target.state is State.REVIEWED
    return Unit(name, item.segment.id, *pair, item.normalised, text, is_approved)


def _comments(item: LocalisedSegment, parallel: ParallelArticle, language: str) -> Iterator[str]:
    target = item.targets.get(language)
    state = f", {target.state}" if target else ""
    is_left_out = item.role in parallel.left_out
    yield f"{item.role}{state}{', left out of the localised articles' if is_left_out else ''}"
    for note in segment_notes(item, language):
        yield f"{note.origin}: {note.text}"
    for one in target.alternatives if target else ():
        source = f" for {one.source}" if one.source else ""
        yield f"alternative: {one.text} ({one.origin}, {one.quality} of 100{source})"
