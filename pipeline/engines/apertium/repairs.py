"""Small repairs before and behind Apertium, as rules in pipeline/data/apertium.toml."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from pipeline.engines.apertium.backwards import write_unknown
from pipeline.engines.apertium.preterite import simple_past
from pipeline.engines.apertium.stream import GUEST_OPEN, STAND_OPEN, UNKNOWN
from pipeline.model import MARK_CLOSE, MARK_FIRST, MARK_LIMIT
from pipeline.typography import respell

SIMPLE_PAST = frozenset({"es-pt", "es-gl"})  # pairs of which the source alone says the past with two words
Rule = tuple[re.Pattern[str], str]
_FOREIGN = re.compile(rf"({UNKNOWN}[^\W\d_]+|(?:{GUEST_OPEN}|{STAND_OPEN})[^{MARK_CLOSE}]*{MARK_CLOSE})")
_FENCED = re.compile(rf"([{chr(MARK_FIRST)}-{chr(MARK_LIMIT - 1)}][^{MARK_CLOSE}]*{MARK_CLOSE})")
_SHORT = re.compile(r"\{([a-z_]+)\}")  # {name}: see `[short]` in the data


@cache
def read_repairs() -> dict[str, Any]:
    """Return pipeline/data/apertium.toml: rules `before` and `after` (pair, find, replace, example), prime."""
    return tomllib.loads(resources.files("pipeline").joinpath("data/apertium.toml").read_text("utf-8"))


def compile_rule(row: Mapping[str, Any]) -> Rule:
    """Return one rule ready for use, with what its pattern writes in short written out."""
    short = read_repairs()["short"]
    find = row["find"]
    while (longer := _SHORT.sub(lambda m: str(short[m[1]]), find)) != find:
        find = longer
    return re.compile(find), row["replace"]


@cache
def compile_rules(when: str, pair: str) -> tuple[Rule, ...]:
    """Return the rules of a pair, "before" or "after" Apertium, in the order of the file."""
    return tuple(compile_rule(row) for row in read_repairs()[when] if pair in row["pair"].split())


class Repairs:
    """The rules of one pair."""

    def __init__(self, source_lang: str, target_lang: str) -> None:
        """Choose the rules; none for most pairs."""
        self._pair = f"{source_lang}-{target_lang}"
        self._source_lang, self._target_lang = source_lang, target_lang

    def before(self, text: str) -> str:
        """Write the source as Apertium reads it right, in the house's variety of its language."""
        text = simple_past(text) if self._pair in SIMPLE_PAST else text
        pieces = _FENCED.split(text)  # every second one is a span
        text = "".join(piece if at % 2 else respell(piece, self._source_lang) for at, piece in enumerate(pieces))
        return apply_rules(compile_rules("before", self._pair), text)

    def after(self, text: str) -> str:
        """Mend what Apertium regularly gets wrong. Unknown words still have their marks.

        What is written is brought to the house's variety of the language, but for spans and words of the source.
        """
        text = apply_rules(compile_rules("after", self._pair), text)
        pieces = _FOREIGN.split(text)  # every second one is a span or an unknown word
        done = ""
        for at, piece in enumerate(pieces):
            done += self._translate(piece, done) if at % 2 else respell(piece, self._target_lang)
        return done

    def _translate(self, piece: str, before: str) -> str:
        """Translate an unknown word that the dictionary has from the other side; spans and other words stay."""
        if self._target_lang != "pt" or piece[0] != UNKNOWN:
            return piece
        return write_unknown(piece[1:], before, self._source_lang) or piece


def apply_rules(rules: Sequence[Rule], text: str) -> str:
    """Apply rules in their order; where what was found began with a capital, so does what is written."""
    for find, write in rules:
        text = find.sub(lambda match, write=write: _as_started(match, match.expand(write)), text)  # type: ignore[misc]  # mypy cannot infer a default
    return text


def _as_started(match: re.Match[str], text: str) -> str:
    return text[:1].upper() + text[1:] if match[0][:1].isupper() else text
