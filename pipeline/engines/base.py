"""The contract between the pipeline and an engine, and what a package of engines offers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Link:
    """A span of a target and the span of the source that it was written from; offsets in characters, end exclusive.

    A span is a piece of the engine's vocabulary: a word, or a part of one. Neither has white space at its ends.
    """

    target_start: int
    target_end: int
    source_start: int
    source_end: int
    weight: float  # share of the attention on the source span, 0..1


@dataclass(frozen=True, slots=True)
class Aligned:
    """A source, its target, and where each part of the target came from.

    The links are sorted by their place in the target, do not overlap there, and cover all of it but white space; their
    source spans lie in `source`, in any order. No links where either text has nothing to show.
    """

    source: str
    text: str
    links: tuple[Link, ...]
    doubt: str = ""  # why the text is not to be trusted ("repeats itself"); "" = no doubt
    failed: bool = False  # the engine gave no answer: `text` is "" and `doubt` says why


@runtime_checkable
class Aligner(Protocol):
    """What an engine offers beside `Engine` when it knows where its words come from."""

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Translate as `Engine.translate` does, with the same text, and align."""

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Align given sources and targets, one sentence each; each `text` is the target given."""


@runtime_checkable
class SecondWay(Protocol):
    """What an engine offers beside `Engine` when it can translate in another way, such as with another beam."""

    def translate_otherwise(self, texts: Sequence[str]) -> list[str]:
        """Translate texts whose first translation was sick, as `Engine.translate` does but not the same way."""


Find = Callable[[str], Sequence[tuple[int, int]]]  # a text -> the spans in it that must not stand there


@runtime_checkable
class Avoider(Protocol):
    """What an engine offers beside `Engine` when it can translate in other words."""

    def translate_avoiding(self, asked: Sequence[tuple[str, Find]]) -> list[Aligned]:
        """Translate texts as `Aligner.translate_aligned` does, but for words that must not stand in the target.

        `Find` says where such words stand in a target. Where the engine knows no other words they stay: the caller
        looks.
        """


@dataclass(frozen=True, slots=True)
class Offer:
    """A pair that an engine can do here, in base languages (`languages.base_language`), and how to make the engine."""

    source_lang: str
    target_lang: str
    make: Callable[[], Engine]
    cost: float | None = None  # points of chrF lost, where it was measured; None = see pipeline/data/routes.toml
    note: str = ""  # what the cost rests on


@dataclass(frozen=True, slots=True)
class Provider:
    """What an entry point of the group `registry.GROUP` names: the pairs that an engine can do here.

    offers: asked once a run, only when a route is looked for; it gets True where the run is of one article, so that
    the engine may trade time for memory. It raises PipelineError where it is set up wrongly.
    on_request: take part only where asked for by name (`--engine`).
    """

    offers: Callable[[bool], Iterable[Offer]]
    on_request: bool = False
