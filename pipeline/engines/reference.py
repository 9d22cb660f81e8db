"""Firefox Translations models through `fxtranslate`: the reference, and the fallback where ONNX Runtime is missing.

One sentence at a time; about a fifth of the speed of `firefox.FirefoxEngine`, the same quality, other words in a
quarter of the sentences. It holds the interpreter's lock while it works, so that a hang in it could not be ended: it
runs in a process of its own (reference_process.py), which is ended when it takes too long, and started anew.
"""

import contextlib
import importlib.metadata
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from threading import Event, Timer
from typing import Any

from pipeline.engines import reference_process
from pipeline.engines.base import Marks, Offer, Provider
from pipeline.engines.hanging import PATIENCE_S_PER_CHAR, show_life
from pipeline.engines.modelfiles import MAX_PIECES, ModelFiles, installed_models
from pipeline.engines.splitting import split_long
from pipeline.errors import EngineFailed, EngineMissing

# Seconds for one piece of a text, beside those for its characters, and for the start. On an idle machine a sentence
# takes 0.03 s and a start 0.2 s; these are for one that is a hundred times as busy.
PATIENCE_S = 30.0
PATIENCE_START_S = 60.0


class FxtranslateEngine:
    """One direction of one model. See `engines.base.Engine` for the contract."""

    name = "fxtranslate"
    marks: Marks = "token"

    def __init__(self, source_lang: str, target_lang: str, *, folder: Path, is_apart: bool = True) -> None:
        """is_apart: in a process of its own; else in this one, where nothing ends a hang (for measurements)."""
        self.source_lang = source_lang
        self.target_lang = target_lang
        self._files = ModelFiles.find(folder)
        self._is_apart = is_apart
        self._translator: _Process | reference_process.Translator | None = None
        self._hanging: set[str] = set()  # what it hung on, so that nobody waits for it twice

    @cached_property
    def version(self) -> str:
        """Version of the program and digest of the weights."""
        return f"fxtranslate {importlib.metadata.version('fxtranslate')} {self._files.signature}"

    def load(self) -> None:
        """Read the weights (some 0.1 s, and as much for the process)."""
        if self._translator is not None:
            return
        if importlib.util.find_spec("fxtranslate") is None:
            raise EngineMissing("engine fxtranslate is not installed; try: pip install fxtranslate")
        files = self._files
        parts = (files.weights, files.source_vocabulary, files.target_vocabulary, files.shortlist)
        paths = [str(part) for part in parts if part]
        try:
            self._translator = _Process(paths) if self._is_apart else reference_process.read_model(paths)
        except (ValueError, OSError) as exc:
            raise EngineMissing(f"engine fxtranslate: damaged model in {files.weights.parent}: {exc}") from exc

    @cached_property
    def _vocabularies(self) -> Any:
        from pipeline.engines.marian.vocabulary import Vocabulary

        paths = (self._files.source_vocabulary, self._files.target_vocabulary)
        return [Vocabulary(path.read_bytes(), str(path)) for path in dict.fromkeys(paths)]

    def can_write(self, char: str) -> bool:
        """Whether the vocabularies have a piece for `char`."""
        return all(vocabulary.knows(char) for vocabulary in self._vocabularies)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate one sentence at a time; an over-long one in pieces.

        A piece on which the process dies or hangs is asked for once more of a new one, then in halves where it hung
        again. Raises EngineFailed where that fails as well.
        """
        return [self._translate_one(text) if text.strip() else "" for text in texts]

    def _translate_one(self, text: str) -> str:
        if text in self._hanging:
            raise EngineFailed(f"engine fxtranslate: no answer before for {text[:60]!r}")
        try:
            return " ".join(self._translate_piece(piece) for piece in split_long(text, MAX_PIECES, self._count_pieces))
        except _Hung:
            self._hanging.add(text)
            raise
        except (RuntimeError, ValueError) as exc:
            raise EngineFailed(f"engine fxtranslate: {exc} in {text[:60]!r}") from exc

    def _translate_piece(self, piece: str) -> str:
        with contextlib.suppress(EngineFailed):
            return self._ask(piece)
        try:
            return self._ask(piece)  # so that a process that was stopped or killed costs no other words
        except _Hung:
            half = -(-self._vocabularies[0].count(piece) // 2)
            return " ".join(map(self._ask, split_long(piece, half, self._vocabularies[0].count)))

    def _ask(self, piece: str) -> str:
        self.load()
        assert self._translator is not None
        try:
            return self._translator.translate(piece)
        except EngineFailed:
            self.close()
            raise

    def _count_pieces(self, text: str) -> int:
        # A piece has at least one character, so a short text needs no count.
        return 0 if len(text) <= MAX_PIECES else int(self._vocabularies[0].count(text))

    def close(self) -> None:
        """Let go of the weights, and end the process."""
        if isinstance(self._translator, _Process):
            self._translator.close()
        self._translator = None


class _Hung(EngineFailed):
    """No answer came in time."""


class _Process:
    """`fxtranslate` in a process of its own, which ends when nobody holds its input any more."""

    def __init__(self, paths: Sequence[str]) -> None:
        """Start it. Raises ValueError where it cannot read the model."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", reference_process.__file__, *paths], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            self._read(PATIENCE_START_S)
        except (EngineFailed, ValueError):
            self.close()
            raise

    def translate(self, text: str) -> str:
        """Translate one piece. Raises EngineFailed where it dies or is too slow, ValueError where it cannot."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(text).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as exc:
            raise EngineFailed("engine fxtranslate: its process ended; try again") from exc
        return self._read(PATIENCE_S + PATIENCE_S_PER_CHAR * len(text))

    def _read(self, seconds: float) -> str:
        """Read an answer; the process is killed when the time is up, which ends the reading."""
        assert self._process.stdout is not None
        late = Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            line = self._process.stdout.readline()
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            if late.is_set():
                raise _Hung(f"engine fxtranslate: no answer in {seconds:.0f} s; its process was ended")
            raise EngineFailed("engine fxtranslate: its process ended; try again")
        show_life()
        answer: dict[str, str] = json.loads(line)
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["text"]

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):  # what it was to get and did not
                    pipe.close()


def _offers(_frugal: bool) -> Iterator[Offer]:
    for (source, target), folder in installed_models().items():
        yield Offer(source, target, partial(FxtranslateEngine, source, target, folder=folder))


PROVIDER = Provider(_offers, on_request=True)
