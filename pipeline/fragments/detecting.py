"""Find the spans of a segment that are not in the article's language.

Kinds, the first that answers wins: "block" and "line" (all of a block, all of a segment), "script_run" (words in
another script inside a segment), "quoted" (a short phrase between quotation marks).
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from pipeline.fragments.identifying import (
    count_function_words,
    function_words,
    identify,
    main_script,
    words_of,
)
from pipeline.languages import base_language, languages_of_script, script_of_char, uses_script
from pipeline.model import Fragment, Role
from pipeline.typography import Quote

# A longer quotation is a statement, and is judged as a sentence is.
MAX_QUOTED_WORDS = 8
# A sentence in the article's script is foreign only with this many function words of another language, and none or
# few of its own. Judgement; on clean English news no whole sentence is taken for foreign (docs/benchmarks.md).
MIN_FUNCTION_WORDS = 3
# A quoted phrase is foreign only where the article's language is as good as excluded.
MAX_OWN_SHARE = 0.05
_CLOSING = '”“"»’›)]'

_WORD = re.compile(r"[^\W\d_]+(?:['’·-][^\W\d_]+)*")


def find_fragments(text: str, lang: str, role: Role, quotes: Sequence[Quote] = ()) -> list[Fragment]:
    """Find the fragments of one segment, sorted and not overlapping.

    `lang` is the article's language; `quotes` are the quoted spans of `text`. A credit line in another script is
    a fragment even when it is made of names alone.
    """
    whole = _whole_script(text, lang, role) or _whole_sentence(text, lang, role)
    if whole:
        return [whole]
    found = _script_runs(text, lang)
    for quote in quotes:
        if any(item.start < quote.end and quote.start < item.end for item in found):
            continue
        if fragment := _quoted(text, lang, quote):
            found.append(fragment)
    return sorted(found, key=lambda item: item.start)


def _kind(role: Role) -> str:
    return "line" if role is Role.BODY else "block"


def _whole_script(text: str, lang: str, role: Role) -> Fragment | None:
    letters = [script for char in text if (script := script_of_char(char))]
    foreign = [script for script in letters if not uses_script(lang, script)]
    if not foreign or len(foreign) <= len(letters) / 2:
        return None
    script = main_script(text)
    if uses_script(lang, script) or (role is not Role.CREDIT and _is_names(text, script)):
        return None
    reason = f"{len(foreign)} of {len(letters)} letters are {script}, not the script of {lang}"
    return _fragment(text, (0, len(text)), _kind(role), reason)


def _is_names(text: str, script: str) -> bool:
    # A brand, a byline, "Reuters" in a Cyrillic, Greek or Chinese article is at home there.
    return script == "Latn" and not any(len(word) > 1 and word[0].islower() for word in words_of(text))


def _whole_sentence(text: str, lang: str, role: Role) -> Fragment | None:
    words = words_of(text)
    if len(words) < MIN_FUNCTION_WORDS + 1:
        return None
    own = count_function_words(words, base_language(lang))
    script = main_script(text)
    hits = {other: count_function_words(words, other) for other in _rivals(lang, script)}
    best = max(hits.values(), default=0)
    if best < MIN_FUNCTION_WORDS or best < 3 * own or best < 0.25 * len(words):
        return None
    ranked = identify(text)
    if not ranked or hits.get(ranked[0][0], 0) < best * 0.8 or ranked[0][1] < 0.5:
        return None
    reason = f"{best} function words of {ranked[0][0]}, {own} of {lang}"
    return _fragment(text, (0, len(text)), _kind(role), reason)


@cache
def _rivals(lang: str, script: str) -> tuple[str, ...]:
    own = base_language(lang)
    return tuple(other for other in languages_of_script(script) if other in function_words() and other != own)


def _script_runs(text: str, lang: str) -> list[Fragment]:
    runs: list[list[re.Match[str]]] = []
    joined = False
    for word in _WORD.finditer(text):
        if main_script(word[0]) == "" or uses_script(lang, main_script(word[0])):
            joined = False
            continue
        if joined and main_script(word[0]) == main_script(runs[-1][-1][0]):
            runs[-1].append(word)
        else:
            runs.append([word])
        joined = True
    return [_run(text, lang, run) for run in runs if not _is_at_home(text, run)]


def _is_at_home(text: str, run: Sequence[re.Match[str]]) -> bool:
    # Latin names, brands, units and addresses in another script are no fragments; a run of lower-case words is.
    start, end = run[0].start(), run[-1].end()
    if main_script(run[0][0]) != "Latn":
        return False
    return sum(len(word[0]) > 1 and word[0][0].islower() for word in run) < 2 or "@" in text[start:end]


def _run(text: str, lang: str, run: Sequence[re.Match[str]]) -> Fragment:
    start, end = run[0].start(), run[-1].end()
    inside = text[start:end]
    # „Безопасност“ inside the run: its closing mark belongs to it.
    if end < len(text) and text[end] in _CLOSING and any(mark in inside for mark in '„«“"‘('):
        end += 1
    script = main_script(inside)
    return _fragment(text, (start, end), "script_run", f"{script} letters in a {lang} text")


def _quoted(text: str, lang: str, quote: Quote) -> Fragment | None:
    inner = text[quote.inner_start : quote.inner_end]
    words = words_of(inner)
    if not words or len(words) > MAX_QUOTED_WORDS or inner.lower().strip(" ,.") in _loan_phrases():
        return None
    own = base_language(lang)
    if not all(uses_script(lang, main_script(word)) for word in words) or own not in function_words():
        return None
    if count_function_words(words, own):
        return None
    reason = _foreign_reason(words, own)
    return _fragment(text, (quote.start, quote.end), "quoted", reason, inner) if reason else None


def _foreign_reason(words: Sequence[str], own: str) -> str:
    """Say why quoted words without a function word of the article's language are foreign; "" where they are not."""
    lower = [word for word in words if word[0].islower()]
    if not lower:
        return ""
    rivals = _rivals(own, main_script("".join(words)))
    ranked = identify(" ".join(words), (own, *rivals))
    is_other = bool(ranked) and ranked[0][0] != own and dict(ranked).get(own, 0.0) < MAX_OWN_SHARE
    foreign = sorted({word for word in lower if any(count_function_words([word], other) for other in rivals)})
    # "die hard", "no comment": in two words one function word of another language is chance.
    if is_other and foreign and len(words) > 2:
        return f"in quotation marks, with {', '.join(foreign)}, no function words of {own}"
    strange = [word for word in lower if len(word) >= 4 and not _is_known(word, own)]
    if is_other and len(strange) == len(lower):
        return f"in quotation marks, {', '.join(strange)}: not in the word list of {own}"
    return ""


@cache
def _is_known(word: str, lang: str) -> bool:
    # A language without a word list knows every word: no evidence, no fragment.
    import simplemma

    try:
        return bool(simplemma.is_known(word, lang=lang))
    except ValueError:
        return True


@cache
def _loan_phrases() -> frozenset[str]:
    lines = resources.files("pipeline").joinpath("data/loan_phrases.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _fragment(text: str, span: tuple[int, int], kind: str, reason: str, evidence: str = "") -> Fragment:
    start, end = span
    evidence = evidence or text[start:end]
    ranked = identify(evidence) or [("en", 0.0)]
    lang, share = ranked[0]
    others = tuple(other for other, part in ranked[1:4] if part >= 0.05)
    sure = 1.0 if kind in ("block", "line", "script_run") else 0.5 + share / 2
    return Fragment(start, end, lang, main_script(evidence), round(sure, 3), kind, reason, text[start:end], others)
