"""Apertium as a pipeline of processes that stays up, with word-bound blanks for protected spans.

`apertium -z` does not answer per request, so the pipeline is built from its mode file by `apertium-wblank-mode -z`. A
request ends with a superblank, a line end and NUL: `lt-proc -b -z` needs a blank before the NUL. A word-bound blank
`[[t:g3]]word[[/]]` goes with its word through the whole pipeline: exact alignment for nothing.
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
import tomllib
from collections.abc import Sequence
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from pipeline.engines.base import Marks
from pipeline.errors import EngineFailed, EngineMissing
from pipeline.languages import LANGUAGES, apertium_codes
from pipeline.model import MARK_CLOSE, MARK_FIRST, MARK_LIMIT

MODES_FOLDER = Path("/usr/share/apertium/modes")
_SPECIAL = re.compile(r"[\[\]{}^$/\\@<>]")
_OPEN = f"[{chr(MARK_FIRST)}-{chr(MARK_LIMIT - 1)}]"
_BLANK = re.compile(r"\[\[t:g(\d+)\]\](.*?)\[\[/\]\]", re.DOTALL)
# One span on several words, with what stands between them: "US" "$ " "10", or an unmarked "de los".
_INSIDE = f"([^{MARK_CLOSE}]*){MARK_CLOSE}"
_SPLIT = re.compile(rf"({_OPEN}){_INSIDE}([^{MARK_CLOSE}{_OPEN[1:-1]}]{{0,30}})\1{_INSIDE}")
_MARKED = re.compile(rf"({_OPEN})([^{MARK_CLOSE}]*){MARK_CLOSE}")
# Words that transfer pulls into the marked word before which they stand: "O [primeiro-ministro]" -> "[El primer
# ministre]". They are moved out again when the span that went in did not begin with one.
_LEADING = re.compile(
    r"((?:del?s?|els?|las?|les|los|als?|en|amb|per|os?|as?|dos?|das?|nos?|nas?)\s+|[dl]['’])+", re.IGNORECASE
)
_END = b"[]\n\0"


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
        """Start the processes; they read their data while the caller goes on."""
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

    def _commands(self) -> list[list[str]]:
        if not self._mode.is_file():
            raise EngineMissing(f"engine apertium: no mode {self._mode.stem}; apertium -l lists the modes")
        try:
            done = subprocess.run(
                ["apertium-wblank-mode", "-z", str(self._mode)], capture_output=True, text=True, timeout=10, check=True
            )
        except (OSError, subprocess.SubprocessError) as exc:
            raise EngineMissing("engine apertium: apertium-wblank-mode fails; try: apt-get install apertium") from exc
        # $1 says what to do with unknown words (-n: write them as they are), $2 is for the tagger and stays empty.
        line = done.stdout.strip().replace("$1", "-n").replace("$2", "")
        return [shlex.split(command) for command in line.split("|")]

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate marked texts; a pipeline that dies or hangs is started once more."""
        wanted = [text for text in texts if any(char.isalpha() for char in text)]
        try:
            answers = self._ask(wanted)
        except EngineFailed:
            self.close()
            answers = self._ask(wanted)
        answer = (self._repair(text) for text in answers)
        return [_free_leading(next(answer), text) if any(char.isalpha() for char in text) else text for text in texts]

    @cached_property
    def _rules(self) -> list[tuple[re.Pattern[str], str]]:
        pair = f"{self.source_lang}-{self.target_lang}"
        return [(re.compile(row["find"]), row["replace"]) for row in repair_rules() if row["pair"] == pair]

    def _repair(self, text: str) -> str:
        for find, write in self._rules:
            text = find.sub(lambda match, write=write: _as_started(match, match.expand(write)), text)  # type: ignore[misc]
        return text

    def _ask(self, texts: Sequence[str]) -> list[str]:
        requests = [escape(" ".join(text.split())).encode() + _END for text in texts]
        answers = self._run_stages(requests) if self._frugal else self._stream(requests)
        return [unescape(answer.decode("utf-8", "replace").removesuffix("[]\n")) for answer in answers]

    def _run_stages(self, requests: Sequence[bytes]) -> list[bytes]:
        """Run the processes of the pipeline one after the other, each over all requests."""
        data = b"".join(requests)
        for command in self._commands() if requests else ():
            try:
                done = subprocess.run(command, input=data, capture_output=True, timeout=self._timeout_s, check=True)
            except FileNotFoundError as exc:
                raise _missing(exc) from exc
            except (OSError, subprocess.SubprocessError) as exc:
                raise EngineFailed(f"engine apertium: {command[0]} of {self._mode.stem} fails; try again") from exc
            data = done.stdout
        if data.count(b"\0") < len(requests):
            raise EngineFailed(f"engine apertium: {self._mode.stem} lost a part of the text; try again")
        return data.split(b"\0")[: len(requests)]  # some programs add a NUL of their own at the end

    def _stream(self, requests: Sequence[bytes]) -> list[bytes]:
        """Send the requests through the processes that are up."""
        self.load()
        writer = threading.Thread(target=self._write, args=(requests,), daemon=True)
        writer.start()
        answers = self._read(len(requests))
        writer.join(self._timeout_s)
        return answers

    def _write(self, requests: Sequence[bytes]) -> None:
        stdin = self._processes[0].stdin
        assert stdin is not None
        with contextlib.suppress(OSError, ValueError):  # the reader sees the end of a dead pipeline
            for request in requests:
                at = 0
                while at < len(request):
                    at += stdin.write(request[at:]) or 0

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
        return done

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self._processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        self._processes = []


def _missing(error: OSError) -> EngineMissing:
    return EngineMissing(f"engine apertium: {error.filename}: not found; try: apt-get install apertium")


def _as_started(match: re.Match[str], text: str) -> str:
    return text[:1].upper() + text[1:] if match[0][:1].isupper() else text


@cache
def repair_rules() -> list[dict[str, Any]]:
    """Return the rules of pipeline/data/apertium.toml: pair, find, replace, example."""
    text = resources.files("pipeline").joinpath("data/apertium.toml").read_text("utf-8")
    rules: list[dict[str, Any]] = tomllib.loads(text)["after"]
    return rules


def escape(marked: str) -> str:
    """Write marked text in Apertium's stream format.

    >>> escape("a [b] c")
    'a \\\\[b\\\\] c'
    """
    text = _SPECIAL.sub(lambda m: "\\" + m[0], marked.replace("\0", ""))
    text = re.sub(_OPEN, lambda m: f"[[t:g{ord(m[0]) - MARK_FIRST}]]", text)
    return text.replace(MARK_CLOSE, "[[/]]")


def unescape(stream: str) -> str:
    """Read marked text out of the stream format. One span on several words becomes one again."""
    marked = _BLANK.sub(lambda m: chr(MARK_FIRST + int(m[1])) + m[2] + MARK_CLOSE, stream)
    marked = re.sub(r"\[\[.*?\]\]", "", marked)
    marked = re.sub(r"\\(.)", r"\1", marked)
    while (joined := _SPLIT.sub(rf"\1\2\3\4{MARK_CLOSE}", marked)) != marked:
        marked = joined
    return marked


def _free_leading(answer: str, sent: str) -> str:
    began = {m[1] for m in _MARKED.finditer(sent) if _LEADING.match(m[2])}

    def write(match: re.Match[str]) -> str:
        leading = _LEADING.match(match[2])
        if match[1] in began or not leading or leading.end() == len(match[2]):
            return match[0]
        return leading[0] + match[1] + match[2][leading.end() :] + MARK_CLOSE

    return _MARKED.sub(write, answer)


def installed_modes(modes_folder: Path = MODES_FOLDER) -> dict[tuple[str, str], Path]:
    """Find the modes installed: (source, target) -> mode file. Names of three letters win over those of two."""
    modes = {path.stem for path in modes_folder.glob("*.mode")}
    found = {}
    tags = [tag for tag, language in LANGUAGES.items() if not language.fallback and apertium_codes(tag)]
    for source in tags:
        for target in tags:
            names = [f"{a}-{b}" for a in apertium_codes(source) for b in apertium_codes(target)]
            mode = next((name for name in names if name in modes), None)
            if mode and source != target:
                found[(source, target)] = modes_folder / f"{mode}.mode"
    return found
