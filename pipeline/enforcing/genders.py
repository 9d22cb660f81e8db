"""Offices held by a woman whom an engine took for a man."""

from pipeline.enforcing.items import Item
from pipeline.glossary import speaks_of_a_woman
from pipeline.protecting import read_marks


def find_gender_doubts(item: Item, source: str, langs: tuple[str, str]) -> list[str]:
    """Say for each term that has a feminine and stands in the masculine, though the sentence speaks of a woman alone.

    `langs` are those of the source and of the text reached. English does not show who of two people "her" is, so this
    is a doubt for a person to settle; nothing is changed.
    """
    source_lang, lang = langs
    if not speaks_of_a_woman(source, source_lang):
        return []
    doubts = []
    for mark in read_marks(item.marked)[1]:
        demand = item.demands[mark.number]
        woman = demand.feminine.get(lang, "")
        if woman and mark.text.casefold() != woman.casefold():
            doubts.append(f"{mark.text!r} for {demand.source!r}: the sentence speaks of a woman; try {woman!r}")
    return doubts
