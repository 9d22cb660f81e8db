"""The pieces of a text, and where in the text each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.errors import EngineMissing

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PiecedText:
    """A text, its pieces and the visible span of each in characters; (n, n) where a piece shows nothing."""

    text: str
    pieces: tuple[int, ...]
    spans: tuple[Span, ...]


class Vocabulary:
    """One SentencePiece model."""

    def __init__(self, data: bytes, where: str) -> None:
        """Read the model. Raises EngineMissing for a damaged file; `where` names it."""
        from sentencepiece import SentencePieceProcessor

        self._processor: Any = SentencePieceProcessor()
        try:
            self._processor.LoadFromSerializedProto(data)
        except RuntimeError as exc:
            raise EngineMissing(f"{where}: damaged vocabulary; install the model again") from exc
        if self._processor.get_piece_size() == 0:  # no bytes at all are taken as a model without pieces
            raise EngineMissing(f"{where}: empty vocabulary; install the model again")
        self._known: dict[str, bool] = {}

    def __len__(self) -> int:
        return int(self._processor.get_piece_size())

    def count(self, text: str) -> int:
        """Count the pieces of a text."""
        return len(self._processor.encode(text))

    def knows(self, char: str) -> bool:
        """Whether there is a piece for `char`."""
        if char not in self._known:
            pieces = self._processor.encode(char)
            self._known[char] = bool(pieces) and self._processor.unk_id() not in pieces
        return self._known[char]

    def encode_plain(self, text: str) -> PiecedText:
        """Cut a text into the same pieces as `encode` does, without their places; a third of the time."""
        return PiecedText(text, tuple(self._processor.encode(text)), ())

    def decode_plain(self, pieces: Sequence[int]) -> PiecedText:
        """Join pieces to the same text as `decode` does, without their places."""
        return PiecedText(self._processor.decode(list(pieces)), tuple(pieces), ())

    def encode(self, text: str) -> PiecedText:
        """Cut a text into pieces, without an end."""
        mapping = self._processor.encode(text, return_type="offset_mapping")
        return _pieced(text, mapping)

    def decode(self, pieces: Sequence[int]) -> PiecedText:
        """Join pieces to a text."""
        mapping = self._processor.decode(list(pieces), return_type="offset_mapping")
        return _pieced(mapping["text"], mapping)


def _pieced(text: str, mapping: dict[str, Any]) -> PiecedText:
    return PiecedText(text, tuple(mapping["ids"]), tuple(_visible(text, *span) for span in mapping["offsets"]))


def _visible(text: str, start: int, end: int) -> Span:
    """Take white space off both ends of a span."""
    shown = text[start:end]
    if shown and not (shown[0].isspace() or shown[-1].isspace()):
        return start, end
    inner = shown.strip()
    if not inner:
        return end, end
    start += len(shown) - len(shown.lstrip())
    return start, start + len(inner)
