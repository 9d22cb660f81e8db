"""The contract between the pipeline and an engine."""

from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

Marks = Literal["token", "blank"]


@runtime_checkable
class Engine(Protocol):
    """Something that translates sentences for one language pair.

    The constructor is cheap; `load` does the work and may be called twice. An engine belongs to the
    thread that made it.
    """

    name: str  # "firefox", "apertium", "argos"
    source_lang: str
    target_lang: str
    marks: Marks
    """How a protected span passes.

    "token": the caller puts an opaque token in its place (`XQ0`).
    "blank": the engine takes and returns marked text (see `model.MARK_FIRST`) and translates what is inside.
    """

    @property
    def version(self) -> str:
        """Version of program and model; part of the signature."""

    def load(self) -> None:
        """Make ready to translate. Raises EngineMissing when program or model is not there."""

    def can_write(self, char: str) -> bool:
        """Whether `char` survives: the engine's vocabulary has it."""

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate each text, one sentence each: same length, same order, "" stays "", never None.

        Raises EngineFailed when the engine dies or hangs.
        """

    def close(self) -> None:
        """Let go of processes and memory; `load` may follow."""
