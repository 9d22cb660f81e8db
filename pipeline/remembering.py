"""Engines with a memory: what one said before is not asked again, and an engine that has nothing to say never loads."""

import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from pipeline.engines.base import Aligned, Aligner, Avoider, Engine, Find, Link, Marks, SecondWay
from pipeline.engines.routes import Hop, Route, Router
from pipeline.engines.watching import Watched, watch
from pipeline.errors import EngineMissing
from pipeline.memory import Memory

_LINK = struct.Struct("<4Id")  # four offsets and a weight: read back to the last bit


class RememberedEngine:
    """An engine that asks the memory first. See `engines.base.Engine` for the contract.

    The memory is asked by engine, version, program, pair and the text as the engine sees it, so that a hit is what the
    engine would say: a glossary change costs no more than the sentences that go to the engine differently.
    """

    def __init__(self, engine: Engine, memory: Memory, program: str) -> None:
        """Take the engine, its memory, and the digest of the program, whose tables shape what an engine says."""
        self._engine = engine
        self._program = program
        self._memory = memory
        self.name = engine.name
        self.source_lang = engine.source_lang
        self.target_lang = engine.target_lang
        self.marks: Marks = engine.marks

    @property
    def version(self) -> str:
        """Version of program and model."""
        return self._engine.version

    def load(self) -> None:
        """Leave it to the first text that is not in the memory."""

    def start(self) -> None:
        """Start the engine ahead of the first text that is not in the memory. Raises EngineMissing."""
        self._engine.load()

    def knows(self, texts: Sequence[str]) -> bool:
        """Whether the memory answers all of these texts."""
        return len(self._memory.recall(self._hop(), {(text,): None for text in texts})) == len(set(texts))

    def can_write(self, char: str) -> bool:
        """Whether `char` survives."""
        return self._engine.can_write(char)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate each text, those that are new by the engine."""
        return [each.text for each in self._remember([(text,) for text in texts], self._ask)]

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def _ask(self, new: Sequence[tuple[str, ...]]) -> list[Aligned]:
        texts = [text for (text,) in new]
        return [Aligned(text, said, ()) for text, said in zip(texts, self._engine.translate(texts), strict=True)]

    def _hop(self) -> tuple[str, str, str, str]:
        return self.name, remembered_version(self.version, self._program), self.source_lang, self.target_lang

    def _remember(
        self, asked: Sequence[tuple[str, ...]], ask: Callable[[Sequence[tuple[str, ...]]], list[Aligned]]
    ) -> list[Aligned]:
        """Answer from the memory, and what is new by `ask`: a question is a text, or a text and its translation."""
        hop = self._hop()
        known = {
            question: Aligned(question[0], text, _unpack(links))
            for question, (text, links) in self._memory.recall(hop, dict.fromkeys(asked)).items()
        }
        new = [question for question in dict.fromkeys(asked) if question not in known]
        if new:
            said = dict(zip(new, ask(new), strict=True))
            self._memory.note(
                hop, {question: (each.text, _pack(each.links)) for question, each in said.items() if _is_sound(each)}
            )
            known |= said
        return [known[question] for question in asked]


class RememberedSecond(RememberedEngine):
    """A remembered engine that has a second way. That is taken for sick answers alone, which nobody wants again."""

    def translate_otherwise(self, texts: Sequence[str]) -> list[str]:
        """Ask the engine."""
        assert isinstance(self._engine, SecondWay)
        return self._engine.translate_otherwise(texts)


class RememberedAligner(RememberedEngine):
    """A remembered engine that is an `engines.base.Aligner` as well."""

    def translate_aligned(self, texts: Sequence[str]) -> list[Aligned]:
        """Translate and align each text, those that are new by the engine."""
        return self._remember([(text,) for text in texts], self._ask)

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Aligned]:
        """Align each pair, those that are new by the engine."""
        return self._remember(pairs, self._align)

    def _ask(self, new: Sequence[tuple[str, ...]]) -> list[Aligned]:
        assert isinstance(self._engine, Aligner)
        return self._engine.translate_aligned([text for (text,) in new])

    def _align(self, new: Sequence[tuple[str, ...]]) -> list[Aligned]:
        assert isinstance(self._engine, Aligner)
        return self._engine.align([(source, target) for source, target in new])


class RememberedAvoider(RememberedAligner):
    """A remembered aligner that can avoid words. What it says then depends on them, and is not remembered."""

    def translate_avoiding(self, asked: Sequence[tuple[str, Find]]) -> list[Aligned]:
        """Ask the engine."""
        assert isinstance(self._engine, Avoider)
        return self._engine.translate_avoiding(asked)


def remembered_version(version: str, program: str) -> str:
    """Return what answers are kept under: the engine's version, and the digest of the program that shaped them."""
    return f"{version}; program {program[:12]}"


def remember(engine: Engine, memory: Memory, program: str) -> RememberedEngine:
    """Give an engine a memory, with all that the engine offers."""
    if isinstance(engine, Aligner):
        return (
            RememberedAvoider(engine, memory, program)
            if isinstance(engine, Avoider)
            else RememberedAligner(engine, memory, program)
        )
    kind = RememberedSecond if isinstance(engine, SecondWay) else RememberedEngine
    return kind(engine, memory, program)


class RememberedRouter(Router):
    """A router whose engines have a memory."""

    def __init__(
        self, memory: Memory, program: str, engine: str = "", *, via: Sequence[str] = (), frugal: bool = False
    ) -> None:
        """See `Router`."""
        super().__init__(engine, via=via, frugal=frugal)
        self._memory = memory
        self._program = program
        self._remembered: dict[Hop, Watched] = {}
        self._ahead: set[Hop] = set()  # engines that were started

    def engine(self, hop: Hop) -> Watched:
        """Return the engine of a hop, under watch."""
        if hop not in self._remembered:
            watched = super().engine(hop)
            self._remembered[hop] = self._engines[hop] = watch(remember(watched.engine, self._memory, self._program))
        return self._remembered[hop]

    def start_ahead(self, route: Route, texts: Sequence[str]) -> None:
        """Start those engines of a route that are processes, where its first one was not asked one of the texts before.

        They read their data while the engines of this process read theirs. One that is missing tells when it is asked.
        """
        hops = [hop for hop in route.hops if hop.engine == "apertium" and hop not in self._ahead]
        first = self._inner(route.hops[0]) if hops else None
        if first is None or first.knows(texts):
            return
        self._ahead.update(hops)
        for hop in hops:
            with suppress(EngineMissing):
                self._inner(hop).start()

    def _inner(self, hop: Hop) -> RememberedEngine:
        engine = self.engine(hop).engine
        assert isinstance(engine, RememberedEngine)
        return engine

    def close(self) -> None:
        """Close every engine handed out."""
        super().close()
        self._remembered.clear()
        self._ahead.clear()


def _is_sound(answer: Aligned) -> bool:
    return bool(answer.source.strip()) and not (answer.doubt or answer.failed)


def _pack(links: Iterable[Link]) -> bytes:
    return b"".join(
        _LINK.pack(link.target_start, link.target_end, link.source_start, link.source_end, link.weight)
        for link in links
    )


def _unpack(data: bytes) -> tuple[Link, ...]:
    return tuple(Link(*fields) for fields in _LINK.iter_unpack(data))
