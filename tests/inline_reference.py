"""Sentences whose tags were placed by hand, and how many of them an alignment places alike."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.agreement import is_function_word
from pipeline.aligning import Alignment
from pipeline.inline import join_text, rebuild_pieces, spans_of
from pipeline.model import Piece, Side

CASES = Path(__file__).parent / "cases/inline/reference.toml"


@dataclass(frozen=True, slots=True)
class Reference:
    """A sentence with its tags, in the source and in translations."""

    source: tuple[Piece, ...]
    targets: dict[str, tuple[Piece, ...]]  # language -> with the tags where they belong
    held_out: bool  # marked before any rule was tried on it

    def texts(self, *langs: str) -> list[str]:
        """Return the source and its translations without tags."""
        return [join_text(self.source), *(join_text(self.targets[lang]) for lang in langs)]


@dataclass(frozen=True, slots=True)
class Placed:
    """One tag where it was put, and where it belongs."""

    lang: str
    text: str
    got: tuple[int, int]
    wanted: tuple[int, int]

    @property
    def is_right(self) -> bool:
        """Whether it stands around the right words; small words and marks at its ends count on neither side."""
        return self._core(*self.got) == self._core(*self.wanted)

    def _core(self, start: int, end: int) -> tuple[int, int]:
        words = list(_words(self.text, start, end))
        while len(words) > 1 and is_function_word(self.text[slice(*words[0])], self.lang):
            words.pop(0)
        while len(words) > 1 and is_function_word(self.text[slice(*words[-1])], self.lang):
            words.pop()
        return (words[0][0], words[-1][1]) if words else (start, start)

    def show(self) -> str:
        """Say what is wrong in one line."""
        return f"{self.text[slice(*self.got)]!r} for {self.text[slice(*self.wanted)]!r} in {self.text!r}"


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        stop = at
        while stop < end and text[stop].isalnum() == text[at].isalnum():
            stop += 1
        if text[at].isalnum():
            yield at, stop
        at = stop


def read_pieces(marked: str) -> list[Piece]:
    """Read "a [1:word] b [2]": a pair around a word, and a tag without words."""
    pieces: list[Piece] = []
    open_numbers: list[int] = []
    i = 0
    while i < len(marked):
        if marked[i] == "[":
            end = min(x for x in (marked.find(":", i), marked.find("]", i)) if x > 0)
            number = int(marked[i + 1 : end])
            if marked[end] == ":":
                pieces.append(Piece(f"<{number}>", "", Side.OPEN, number))
                open_numbers.append(number)
            else:
                pieces.append(Piece(f"<{number}/>", "", Side.VOID, number))
            i = end + 1
        elif marked[i] == "]":
            number = open_numbers.pop()
            pieces.append(Piece(f"</{number}>", "", Side.CLOSE, number))
            i += 1
        else:
            pieces.append(Piece(marked[i], marked[i]))
            i += 1
    return pieces


def read_references() -> list[Reference]:
    """Read the file that a linguist edits."""
    return [
        Reference(
            tuple(read_pieces(row["source"])),
            {lang: tuple(read_pieces(text)) for lang, text in row.items() if lang not in ("source", "held_out")},
            row.get("held_out", False),
        )
        for row in tomllib.loads(CASES.read_text("utf-8"))["sentence"]
    ]


def place_all(references: Sequence[Reference], lang: str, alignments: Sequence[Alignment]) -> list[Placed]:
    """Place every tag of the references in a language."""
    placed: list[Placed] = []
    for one, alignment in zip(references, alignments, strict=True):
        wanted, text = one.targets[lang], join_text(one.targets[lang])
        got, _ = rebuild_pieces(one.source, text, alignment)
        there = {span.number: (span.start, span.end) for span in spans_of(wanted)}
        placed += (Placed(lang, text, (span.start, span.end), there[span.number]) for span in spans_of(got))
    return placed
