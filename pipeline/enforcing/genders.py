"""Offices held by a woman whom an engine took for a man."""

import re

from pipeline.enforcing.items import Item
from pipeline.glossary import speaks_of_a_woman, speaks_of_nobody
from pipeline.protecting import read_marks

# Behind an office: "Minister Anna Novak", "the minister, Anna Novak".
_NAME = re.compile(r",? [A-Z][^\W\d_]+ (?:[A-Z]\. )?[A-Z][^\W\d_]+")


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


def find_unknown_genders(item: Item, source: str, langs: tuple[str, str]) -> list[str]:
    """Say for each office before a name that stands in the masculine, though its entry has a feminine as well.

    Nothing but the given name tells who that is, and no table of given names is at hand whose licence would let it in.
    """
    source_lang, lang = langs
    if not speaks_of_nobody(source, source_lang):
        return []
    told = []
    for mark in read_marks(item.marked)[1]:
        demand = item.demands[mark.number]
        woman, name = demand.feminine.get(lang, ""), _NAME.match(source, demand.end)
        if woman and name and mark.text.casefold() != woman.casefold():
            told.append(f"{mark.text!r} for {demand.source!r}: {woman!r} if{name[0].removeprefix(',')} is a woman")
    return told
