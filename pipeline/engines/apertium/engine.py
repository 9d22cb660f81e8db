"""Apertium as a pipeline of processes that stays up.

`apertium -z` does not answer per request, so the pipeline is built from its mode file by `apertium-wblank-mode -z`. A
request ends with a superblank, a line end and NUL: `lt-proc -b -z` needs a blank before the NUL.
"""

import contextlib
import os
import re
import select
import shlex
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import IO

from pipeline.engines.apertium.repairs import Repairs, read_repairs
from pipeline.engines.apertium.standing_in import put_in, take_out, unknown_words
from pipeline.engines.apertium.stream import UNKNOWN, escape, free_leading, unescape
from pipeline.engines.apertium.suffixes import derive_entry
from pipeline.engines.apertium.words import LANGUAGES as WORD_LANGUAGES
from pipeline.engines.apertium.words import Entry, find_entry
from pipeline.engines.base import Marks
from pipeline.errors import EngineFailed, EngineMissing
from pipeline.languages import LANGUAGES, apertium_codes

MODES_FOLDER = Path("/usr/share/apertium/modes")
_END = b"[]\n\0"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a sentence, and what the next attempt has to mind."""

    text: str = ""
    avoid: frozenset[str] = frozenset()  # words whose stand-in was lost
    derive: frozenset[str] = frozenset()  # unknown words whose ending tells what they become
    is_open: bool = False


class ApertiumEngine:
    """One mode of Apertium. See `engines.base.Engine` for the contract."""

    name = "apertium"
    marks: Marks = "blank"

    def __init__(
        self, source_lang: str, target_lang: str, mode: Path, *, timeout_s: float = 60, frugal: bool = False
    ) -> None:
        """Make the engine of a mode file. A frugal one has one process at a time: 160 MB instead of 330 for por-cat,
        and 0.3 s longer for a first text; each further call costs as much again.
        """
        self.source_lang = source_lang
        self.target_lang = target_lang
        self._mode = mode
        self._timeout_s = timeout_s
        self._frugal = frugal
        self._processes: list[subprocess.Popen[bytes]] = []
        self._writer: threading.Thread | None = None
        self._primed = 0  # answers to what was sent ahead of the first text, not read yet
        self.unknown_words: Counter[str] = Counter()
        """Lower-case words that neither the pair nor the supplementary dictionary knew, since the engine was made."""

    @cached_property
    def version(self) -> str:
        """Mode, and the Debian versions of Apertium and of the pair where dpkg knows them."""
        found = (
            re.search(r"/(apertium-[a-z]+-[a-z]+)/", self._mode.read_text("utf-8")) if self._mode.is_file() else None
        )
        packages = ["apertium", *([found[1]] if found else [])]
        command = ["dpkg-query", "-W", "-f", "${Package} ${Version}; ", *packages]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
        except OSError:
            return self._mode.stem
        return f"{self._mode.stem} ({done.stdout.strip('; ') or 'version unknown'})"

    def can_write(self, char: str) -> bool:
        """Apertium passes what it does not know."""
        return bool(char)

    def load(self) -> None:
        """Start the processes; they read their data, and what primes them, while the caller goes on."""
        if self._processes or self._frugal:
            return
        stdin: int = subprocess.PIPE
        try:
            for command in self._commands():
                process = subprocess.Popen(
                    command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
                    start_new_session=True,
                )  # fmt: skip
                if self._processes and self._processes[-1].stdout:
                    self._processes[-1].stdout.close()
                self._processes.append(process)
                assert process.stdout is not None
                stdin = process.stdout.fileno()
        except OSError as exc:
            self.close()
            raise _missing(exc) from exc
        primers = self._primers()
        self._primed = len(primers)
        self._send(primers)

    def _commands(self) -> list[list[str]]:
        if not self._mode.is_file():
            raise EngineMissing(f"engine apertium: no mode {self._mode.stem}; apertium -l lists the modes")
        try:
            done = subprocess.run(
                ["apertium-wblank-mode", "-z", str(self._mode)], capture_output=True, text=True, timeout=10, check=True
            )
        except (OSError, subprocess.SubprocessError) as exc:
            raise EngineMissing("engine apertium: apertium-wblank-mode fails; try: apt-get install apertium") from exc
        # $1 says what to do with unknown words (-g: mark them), $2 is for the tagger and stays empty.
        line = done.stdout.strip().replace("$1", "-g").replace("$2", "")
        return [shlex.split(command) for command in line.split("|")]

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate marked texts; a pipeline that dies or hangs is started once more."""
        wanted = [text for text in texts if any(char.isalpha() for char in text)]
        answers = iter(self._translate_words(wanted))
        return [next(answers) if any(char.isalpha() for char in text) else text for text in texts]

    def _translate_words(self, texts: Sequence[str]) -> list[str]:
        """Translate; again where a stand-in was lost, or where an ending tells what an unknown word becomes."""
        repairs = Repairs(self.source_lang, self.target_lang)
        fitted = [repairs.before(text) for text in texts]
        attempts = [Attempt()] * len(texts)
        todo = list(range(len(texts)))
        for plain in (False, False, True):
            tried = self._attempt([fitted[at] for at in todo], [attempts[at] for at in todo], plain=plain)
            for at, attempt in zip(todo, tried, strict=True):
                attempts[at] = attempt
            todo = [at for at in todo if attempts[at].is_open]
            if not todo:
                break
        for attempt in attempts:
            self.unknown_words.update(unknown_words(attempt.text))
        return [repairs.after(attempt.text).replace(UNKNOWN, "") for attempt in attempts]

    def _attempt(self, texts: Sequence[str], before: Sequence[Attempt], *, plain: bool) -> list[Attempt]:
        lang = self.target_lang if self.source_lang == "pt" and self.target_lang in WORD_LANGUAGES else ""
        with_stands = [put_in(t, partial(find_word, lang, plain, b)) for t, b in zip(texts, before, strict=True)]
        answers = self._ask([text for text, _ in with_stands])
        result = []
        for answer, (sent, stands), earlier in zip(answers, with_stands, before, strict=True):
            text, lost = take_out(free_leading(answer, sent), stands, lang)
            unknown = {w for w in unknown_words(text) if lang and w not in earlier.avoid and derive_entry(w, lang)}
            result.append(Attempt(text, earlier.avoid | lost, earlier.derive | unknown, bool(lost | unknown)))
        return result

    def _ask(self, texts: Sequence[str]) -> list[str]:
        requests = [escape(" ".join(text.split())).encode() + _END for text in texts]
        send = self._run_stages if self._frugal else self._stream
        try:
            answers = send(requests)
        except EngineFailed:
            self.close()
            answers = send(requests)
        return [unescape(answer.decode("utf-8", "replace").removesuffix("[]\n")) for answer in answers]

    def _run_stages(self, requests: Sequence[bytes]) -> list[bytes]:
        """Run the processes of the pipeline one after the other, each over all requests."""
        primers = self._primers()
        data = b"".join([*primers, *requests])
        for command in self._commands() if requests else ():
            try:
                done = subprocess.run(command, input=data, capture_output=True, timeout=self._timeout_s, check=True)
            except FileNotFoundError as exc:
                raise _missing(exc) from exc
            except (OSError, subprocess.SubprocessError) as exc:
                raise EngineFailed(f"engine apertium: {command[0]} of {self._mode.stem} fails; try again") from exc
            data = done.stdout
        if data.count(b"\0") < len(primers) + len(requests):
            raise EngineFailed(f"engine apertium: {self._mode.stem} lost a part of the text; try again")
        return data.split(b"\0")[len(primers) :][: len(requests)]  # some programs add a NUL of their own at the end

    def _stream(self, requests: Sequence[bytes]) -> list[bytes]:
        """Send the requests through the processes that are up."""
        self.load()
        writer = self._send(requests)
        answers = self._read(self._primed + len(requests))[self._primed :]
        self._primed = 0
        writer.join(self._timeout_s)
        return answers

    def _send(self, requests: Sequence[bytes]) -> threading.Thread:
        """Write from a thread, behind what another one may still be writing: a pipe holds little."""
        stdin = self._processes[0].stdin
        assert stdin is not None
        self._writer = threading.Thread(target=_write, args=(stdin, requests, self._writer), daemon=True)
        self._writer.start()
        return self._writer

    def _primers(self) -> list[bytes]:
        """Return what goes before the first text, so that no text changes what is said of a later one."""
        words = read_repairs()["prime"].get(f"{self.source_lang}-{self.target_lang}", "")
        return [escape(word).encode() + _END for word in words.split()]

    def _read(self, count: int) -> list[bytes]:
        stdout = self._processes[-1].stdout
        assert stdout is not None
        data = b""
        done: list[bytes] = []
        deadline = time.monotonic() + self._timeout_s
        while len(done) < count:
            ready, _, _ = select.select([stdout], [], [], max(0.0, deadline - time.monotonic()))
            chunk = os.read(stdout.fileno(), 65536) if ready else b""
            if not chunk:
                what = "ended" if ready else f"gave no answer in {self._timeout_s:g} s"
                self.close()
                raise EngineFailed(f"engine apertium: the pipeline {self._mode.stem} {what}; try again")
            deadline = time.monotonic() + self._timeout_s
            *whole, data = (data + chunk).split(b"\0")
            done += whole
        if len(done) > count:  # an answer too many would be taken for that to the next text
            self.close()
            raise EngineFailed(f"engine apertium: the pipeline {self._mode.stem} gave too many answers; try again")
        return done

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self._processes:
            process.wait()
        if self._writer:  # it ends with them; else it could write into a pipe that gets the same number
            self._writer.join(self._timeout_s)
        for process in self._processes:
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        self._processes, self._writer, self._primed = [], None, 0


def _write(stdin: IO[bytes], requests: Sequence[bytes], before: threading.Thread | None) -> None:
    if before:
        before.join()
    with contextlib.suppress(OSError, ValueError):  # the reader sees the end of a dead pipeline
        for request in requests:
            at = 0
            while at < len(request):
                at += stdin.write(request[at:]) or 0


def find_word(lang: str, plain: bool, earlier: Attempt, word: str) -> Entry | None:
    """Look a word up as an attempt may: not at all in a plain one, an ending only where the word proved unknown."""
    if plain or not lang or word in earlier.avoid:
        return None
    return find_entry(word, lang) or (derive_entry(word, lang) if word in earlier.derive else None)


def _missing(error: OSError) -> EngineMissing:
    return EngineMissing(f"engine apertium: {error.filename}: not found; try: apt-get install apertium")


def installed_modes(modes_folder: Path = MODES_FOLDER) -> dict[tuple[str, str], Path]:
    """Find the modes installed: (source, target) -> mode file.

    Names of three letters win over those of two, and of two modes into one language the one for the house's variety
    (`variety` in data/apertium.toml): es-pt_BR, not es-pt.
    """
    varieties = read_repairs()["variety"]
    modes = {path.stem for path in modes_folder.glob("*.mode")}
    found = {}
    tags = [tag for tag, language in LANGUAGES.items() if not language.fallback and apertium_codes(tag)]
    for source in tags:
        for target in tags:
            names = [f"{a}-{b}" for a in apertium_codes(source) for b in apertium_codes(target)]
            ours = [f"{name}_{varieties[target]}" for name in names] if target in varieties else []
            mode = next((name for name in (*ours, *names) if name in modes), None)
            if mode and source != target:
                found[(source, target)] = modes_folder / f"{mode}.mode"
    return found
