"""Decide what a fragment becomes in a language: the fragment policy, first answer wins.

1. The fragment is in that language: keep it. 2. The glossary has it, as a phrase or as a label line composed of its
parts, directly, through the article's language, or through English. 3. A short quoted phrase: keep it verbatim. 4. A
whole segment with a route from its own language: translate it from there. 5. Otherwise keep it verbatim, and tell the
reviewers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from pipeline.fragments import repair_lookalikes
from pipeline.glossary import Glossary, compose_line, lookup_phrase
from pipeline.languages import LANGUAGES, is_same_language, languages_of_script
from pipeline.marking import NO_LANGUAGE
from pipeline.model import Fragment

COMMON_BRIDGE = "en"  # the language that most glossaries lead to and from
UNREVIEWED = "transliterated, no entry in the glossary"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a fragment becomes in one language."""

    action: str  # "kept", "composed", "translated", "flagged"
    text: str  # what to write; the fragment itself for "kept" and "flagged", and for "translated" what to translate
    lang: str  # the fragment's language, as the evidence of the glossary settles it
    reason: str
    origin: str = ""  # where the entries stand
    unreviewed: tuple[str, ...] = ()  # names that were transliterated for want of an entry


def resolve_fragment(
    fragment: Fragment, source_lang: str, target_lang: str, glossary: Glossary, has_route: Callable[[str, str], bool]
) -> Resolution:
    """Apply the policy to one fragment of an article in `source_lang`, for a text in `target_lang`."""
    text, lang = fragment.text, fragment.lang
    if lang == NO_LANGUAGE:
        return Resolution("kept", text, lang, fragment.reason)
    if is_same_language(lang, target_lang):
        return Resolution("kept", text, lang, f"the fragment is in {target_lang} already")
    if composed := _from_glossary(fragment, source_lang, target_lang, glossary):
        return composed
    if fragment.kind == "quoted":
        return Resolution("kept", text, lang, f"a quoted phrase in {lang} stays as it is")
    if fragment.kind in ("block", "line") and has_route(lang, target_lang):
        return Resolution("translated", text, lang, f"translated from its own language, {LANGUAGES[lang].name}")
    way = "and no route" if fragment.kind in ("block", "line") else "for words inside a sentence"
    return Resolution("flagged", text, lang, f"no entry in {lang} to {target_lang} {way}; kept as it is")


def _from_glossary(fragment: Fragment, source_lang: str, target_lang: str, glossary: Glossary) -> Resolution | None:
    text, _ = repair_lookalikes(fragment.text, fragment.script)
    bridges = dict.fromkeys((source_lang, COMMON_BRIDGE))
    for bridge, lang in product(bridges, list(_languages_to_ask(fragment))):
        if phrase := lookup_phrase(text, lang, target_lang, glossary, bridge=bridge):
            return Resolution("composed", phrase.text, lang, f"glossary, {lang} to {target_lang}", phrase.origin)
        line = compose_line(text, lang, target_lang, glossary, bridge=bridge)
        if line:
            origins = ", ".join(dict.fromkeys(part.origin for part in line.parts if part.origin))
            reason = f"composed of label and name, {lang} to {target_lang}"
            return Resolution("composed", line.text, lang, reason, origins, tuple(line.transliterated))
    return None


def _languages_to_ask(fragment: Fragment) -> Iterator[str]:
    """The likely languages first; then every other of the script: a label that only one of them has settles it."""
    asked = dict.fromkeys((fragment.lang, *fragment.alternatives))
    yield from asked
    if fragment.kind not in ("quoted", "run"):
        yield from (lang for lang in languages_of_script(fragment.script) if lang not in asked)
