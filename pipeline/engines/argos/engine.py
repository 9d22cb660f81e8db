"""One installed Argos package through its own tokenizer and CTranslate2.

Stock `argostranslate.translate` is not used: it fails offline (its sentence splitter wants a download) and sends
one sentence a batch. The settings of the search are its own, so the same sentence gets the same translation.
"""

import hashlib
import importlib.metadata
import json
import os
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.engines.argos.packages import MODEL_FILE, TOKENIZER_FILES, Package
from pipeline.engines.argos.settings import read_number, read_setting
from pipeline.engines.base import Marks
from pipeline.engines.splitting import split_long
from pipeline.errors import EngineFailed, EngineMissing, UsageError
from pipeline.languages import LANGUAGES

# Argos's models are trained on sentences of at most 150 tokens (src_seq_length in config.yml of argos-train).
MAX_TOKENS = 150
# argostranslate's own search: beam 4 and this penalty (translate.py), CTranslate2's default for the length.
BEAM_SIZE, LENGTH_PENALTY, MAX_DECODED = 4, 0.2, 256
# Tokens in a batch, padding counted. 512 and 1,024 were measured within a tenth of each other, 4,096 much slower; a
# short article is cut smaller, so that every worker has a share.
BATCH_TOKENS, LEAST_BATCH_TOKENS = 1024, 256
MAX_WORKERS = 8  # more of them wait for memory
COMPUTE_TYPES = ("auto", "default", "int8", "int8_float32", "int16", "float32")
_UNSPACED = frozenset({"Hans", "Hant", "Jpan", "Thai"})  # scripts without spaces between words


class ArgosEngine:
    """One installed package. See `engines.base.Engine` for the contract.

    `beam_size` and `compute_type` (of CTranslate2) come from ARGOS_BEAM_SIZE and ARGOS_COMPUTE_TYPE where not given,
    the number of workers from ARGOS_INTER_THREADS, else from the machine. A sentence gets the same text whatever stands
    in its batch, but for one on which the model wavers between two that differ by no more than the rounding of a sum.
    """

    name = "argos"
    marks: Marks = "token"

    def __init__(self, package: Package, *, beam_size: int = 0, compute_type: str = "") -> None:
        assert package.pair, "a package without a pair has no route"
        self.source_lang, self.target_lang = package.pair
        self._package = package
        self._beam_size = beam_size or read_number("ARGOS_BEAM_SIZE", BEAM_SIZE, (1, 64))
        self._compute_type = compute_type or read_setting("ARGOS_COMPUTE_TYPE", "auto")
        self._workers = read_number("ARGOS_INTER_THREADS", _cores(), (1, 256))
        if self._compute_type not in COMPUTE_TYPES:
            choice = ", ".join(COMPUTE_TYPES)
            raise UsageError(f"ARGOS_COMPUTE_TYPE is {self._compute_type!r}; give one of {choice}")
        self._tokenizer: Any = None
        self._translator: Any = None
        self._writable: dict[str, bool] = {}

    @cached_property
    def version(self) -> str:
        """Version of the package, digest of its weights, and what else the text depends on."""
        try:
            with (self._package.folder / MODEL_FILE).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
        except OSError as exc:
            raise self._damaged(exc) from exc
        search = f"beam {self._beam_size}, {self._compute_type}"
        return f"{self._package.version} {digest}, {search}, ctranslate2 {importlib.metadata.version('ctranslate2')}"

    def load(self) -> None:
        """Open the tokenizer and the model (some 0.3 s for a package of 60 MB)."""
        if self._translator is not None:
            return
        try:
            import ctranslate2
        except ImportError as exc:
            raise EngineMissing("engine argos is not installed; try: pip install ctranslate2 sentencepiece") from exc
        try:
            self._tokenizer = open_tokenizer(self._package)
            self._translator = ctranslate2.Translator(
                str(self._package.folder / "model"), compute_type=self._compute_type, intra_threads=1,
                inter_threads=self._workers,
            )  # fmt: skip
        except (OSError, RuntimeError, ValueError, TypeError) as exc:
            raise self._damaged(exc) from exc

    def _damaged(self, exc: Exception) -> EngineMissing:
        return EngineMissing(self._tell("cannot be used", exc))

    def _tell(self, trouble: str, exc: Exception) -> str:
        reason = " ".join(str(exc).split()) or type(exc).__name__
        again = f"translate-article engines install {self.source_lang} {self.target_lang} --force"
        return f"engine argos: package {self._package.name} {trouble} ({reason}); try: {again}"

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return read_vocabulary(self._package.folder / "model")

    def can_write(self, char: str) -> bool:
        """Whether the tokenizer brings the character back and the model knows its tokens on both sides."""
        if char not in self._writable:
            self.load()
            tokens = self._tokenizer.encode(char)
            known = all(token in self._vocabulary or f"{token}@@" in self._vocabulary for token in tokens)
            self._writable[char] = known and self._tokenizer.decode(tokens).strip() == char
        return self._writable[char]

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate all sentences in one stream; an over-long one in pieces."""
        self.load()
        pieces = [self._split(text) for text in texts]
        answers = iter(self._translate_tokens([tokens for text in pieces for tokens in text]))
        joint = "" if LANGUAGES[self.target_lang].script in _UNSPACED else " "
        return [joint.join(filter(None, (next(answers) for _ in text))) for text in pieces]

    def translate_otherwise(self, texts: Sequence[str]) -> list[str]:
        """Translate with another beam: loops of a wide one often end with a single word at a time, and the reverse."""
        usual, self._beam_size = self._beam_size, 1 if self._beam_size > 1 else BEAM_SIZE
        try:
            return self.translate(texts)
        finally:
            self._beam_size = usual

    def _split(self, text: str) -> list[list[str]]:
        """Return the tokens of a text, cut at its best boundaries where there are too many for the model."""
        tokens = self._tokenizer.encode(text)
        if len(tokens) <= MAX_TOKENS:
            return [tokens] if tokens else []
        parts = split_long(text, MAX_TOKENS, lambda part: len(self._tokenizer.encode(part)))
        return [self._tokenizer.encode(part) for part in parts]

    def _translate_tokens(self, rows: list[list[str]]) -> list[str]:
        """Translate in waves, each a batch a worker: between two of them an interrupted run can end."""
        answers = [""] * len(rows)
        for wave in cut_waves([len(row) for row in rows], self._workers * BATCH_TOKENS):
            for at, text in zip(wave, self._translate_wave([rows[at] for at in wave]), strict=True):
                answers[at] = text
        return answers

    def _translate_wave(self, rows: list[list[str]]) -> Iterator[str]:
        prefix = [self._package.target_prefix] if self._package.target_prefix else []
        share = sum(map(len, rows)) * 11 // (10 * self._workers)  # a tenth is for padding
        try:
            # CTranslate2 makes the batches, gives them to the workers and puts the answers in order.
            results = self._translator.translate_batch(
                rows, target_prefix=[prefix] * len(rows) if prefix else None, beam_size=self._beam_size,
                length_penalty=LENGTH_PENALTY, replace_unknowns=True, max_input_length=0,
                max_decoding_length=MAX_DECODED, batch_type="tokens",
                max_batch_size=min(BATCH_TOKENS, max(LEAST_BATCH_TOKENS, share)),
            )  # fmt: skip
        except (RuntimeError, ValueError) as exc:
            raise EngineFailed(self._tell("fails", exc)) from exc
        return (_clean(self._tokenizer.decode(result.hypotheses[0][len(prefix) :])) for result in results)

    def close(self) -> None:
        """Let go of the model."""
        self._translator = self._tokenizer = None


def cut_waves(lengths: Sequence[int], limit: int) -> Iterator[list[int]]:
    """Cut sentences into runs of like length, longest first, each of at most `limit` tokens or one sentence.

    >>> list(cut_waves([3, 9, 4, 3], 8))
    [[1], [2, 0], [3]]
    """
    wave: list[int] = []
    tokens = 0
    for at in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
        if wave and tokens + lengths[at] > limit:
            yield wave
            wave, tokens = [], 0
        wave.append(at)
        tokens += lengths[at]
    if wave:
        yield wave


class SentencePieces:
    """The tokenizer of a package with a sentencepiece.model.

    argostranslate's own writes a space for every underscore, which breaks user_names and tokens such as PH_0.
    """

    def __init__(self, path: Path) -> None:
        from sentencepiece import SentencePieceProcessor

        self._processor: Any = SentencePieceProcessor(model_file=str(path))

    def encode(self, text: str) -> list[str]:
        """Cut a text into pieces; a character that the vocabulary lacks is a piece too."""
        pieces: list[str] = self._processor.encode(text, out_type=str)
        return pieces

    def decode(self, pieces: Sequence[str]) -> str:
        """Put pieces together; one that is unknown, copied from the source, stays as it is."""
        return str(self._processor.decode_pieces(list(pieces))).replace("▁", " ")


def open_tokenizer(package: Package) -> Any:
    """Open the tokenizer of a package: something with `encode` and `decode`.

    Raises OSError, RuntimeError or ValueError for a damaged one.
    """
    sentencepiece, bpe = (package.folder / name for name in TOKENIZER_FILES)
    if sentencepiece.is_file() or not bpe.is_file():
        return SentencePieces(sentencepiece)
    from argostranslate.tokenizer import BPETokenizer

    tokenizer = BPETokenizer(bpe, package.from_code, package.to_code)
    tokenizer.encode("a")  # it reads its file on the first call
    return tokenizer


def read_vocabulary(folder: Path) -> frozenset[str]:
    """Return the tokens that a CTranslate2 model knows in the source and in the target.

    The file is JSON since CTranslate2 3.11, before that a token a line.
    """
    found = {path.stem: path for pattern in ("*vocabulary.txt", "*vocabulary.json") for path in folder.glob(pattern)}
    names = ["shared_vocabulary"] if "shared_vocabulary" in found else ["source_vocabulary", "target_vocabulary"]
    tables = [_read_tokens(found[name]) for name in names if name in found]
    return frozenset.intersection(*tables) if tables else frozenset()


def _read_tokens(path: Path) -> frozenset[str]:
    text = path.read_text("utf-8")
    return frozenset(json.loads(text) if path.suffix == ".json" else text.split("\n"))


def _clean(text: str) -> str:
    """Drop control characters, which a copied unknown token may hold, and fold spaces."""
    shown = "".join(char if unicodedata.category(char) != "Cc" or char.isspace() else "" for char in text)
    return " ".join(shown.split())


def _cores() -> int:
    return min(MAX_WORKERS, len(os.sched_getaffinity(0)))
