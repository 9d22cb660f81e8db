"""An engine that says what a test tells it to, with its alignment."""

import re
from collections.abc import Sequence

from pipeline.engines.base import Aligned, Link


def align(source: str, target: str, links: str) -> Aligned:
    """Read "0-1 1-0"."""
    places = [[match.span() for match in re.finditer(r"\S+", text)] for text in (source, target)]
    pairs = [tuple(map(int, link.split("-"))) for link in links.split()]
    return Aligned(source, target, tuple(Link(*places[1][b], *places[0][a], 1.0) for a, b in sorted(pairs)))


class Scripted:
    """An engine for words alone that aligns: it has an answer for some texts, and says `other` for the rest."""

    name, version, source_lang, target_lang = "scripted", "1", "en", "pt"
    marks = "token"

    def __init__(self, *answers: Aligned, other: str = "") -> None:
        """`other` is "" where it copies the rest."""
        self._other = other
        self.answers = {answer.source: answer for answer in answers}

    def load(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to close."""

    def can_write(self, char: str) -> bool:
        """Write all."""
        return bool(char)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Say the answers."""
        return [one.text for one in self.translate_aligned(texts)]

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Say the answers."""
        return [self.answers.get(text, Aligned(text, self._other or text, ())) for text in texts]

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Know nothing."""
        return [Aligned(source, target, ()) for source, target in pairs]
