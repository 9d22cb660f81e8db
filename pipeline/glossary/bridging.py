"""Entries of a pair that has no file, by way of English: bg/en.po and en/pt.po say what a name is in Portuguese."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from pipeline.glossary.phrases import NAME_TYPES
from pipeline.glossary.store import Glossary
from pipeline.glossary.transliteration import name_by_pair
from pipeline.languages import LANGUAGES, base_language
from pipeline.model import Entry

# What is the same thing in every language. An office or a term changes its gender and its article on the way.
_TYPES = NAME_TYPES | {"place", "country", "institution"}


@lru_cache(maxsize=256)
def entries_between(glossary: Glossary, source_lang: str, target_lang: str, bridge: str = "en") -> tuple[Entry, ...]:
    """Return the approved entries of a pair: those by way of `bridge` first, as of two the later wins.

    Only proper names travel so: agencies, people, places, countries, institutions. A name of somebody that has no entry
    from the bridge on keeps the bridge's form, or is written by the pair's scheme where its entry declares one.
    """
    own = glossary.entries(source_lang, target_lang)
    if base_language(bridge) in (base_language(source_lang), base_language(target_lang)):
        return own
    known = {(entry.source, entry.msgctxt) for entry in own}
    over = _over(glossary, source_lang, target_lang, bridge)
    return (*(entry for entry in over if (entry.source, entry.msgctxt) not in known), *own)


def _over(glossary: Glossary, source_lang: str, target_lang: str, bridge: str) -> Iterator[Entry]:
    onward: dict[tuple[str, str], Entry] = {}
    for entry in glossary.entries(bridge, target_lang):
        for spelling in (*entry.source_forms, entry.source):
            onward[spelling, entry.type] = entry
    for first in glossary.entries(source_lang, bridge):
        if first.type not in _TYPES:
            continue
        if second := onward.get((first.target, first.type)):
            yield replace(
                second, source=first.source, source_lang=source_lang, source_forms=first.source_forms,
                source_plural=first.source_plural, case=first.case, only=first.only, msgctxt=first.msgctxt,
                domains=first.domains or second.domains, outlets=first.outlets or second.outlets,
                origin=f"{first.origin}, {second.origin}",
            )  # fmt: skip
        elif first.type in NAME_TYPES and LANGUAGES[bridge].script == LANGUAGES[target_lang].script:
            written = name_by_pair(first.source, source_lang, target_lang) if first.transliterate else ""
            yield replace(first, target=written or first.target, target_lang=target_lang, forms=())
