"""A LibreTranslate server over HTTP: only where its address is set, as texts leave the machine for it.

What the server says is not trusted: the size of an answer is limited, its form checked, and its text cleaned.
"""

import email.utils
import hashlib
import json
import os
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from pipeline.engines.base import Marks, Offer, Provider
from pipeline.engines.hanging import show_life
from pipeline.engines.splitting import split_long
from pipeline.errors import EngineFailed, EngineMissing, UnknownLanguage, UsageError
from pipeline.languages import base_language, parse_language

if TYPE_CHECKING:
    import httpx

# The variables are those of the options --libretranslate-url and --libretranslate-key (pipeline/cli/options.py).
URL_VARIABLE = "TRANSLATE_ARTICLE_LIBRETRANSLATE_URL"
KEY_VARIABLE = "TRANSLATE_ARTICLE_LIBRETRANSLATE_KEY"

CONNECT_S, ANSWER_S = 10.0, 120.0  # longest waits: for the connection, and for an answer or its next part
# A request: texts and characters. Public servers allow 2,000 to 5,000 characters; a smaller limit is found out.
MAX_TEXTS, MAX_CHARS = 32, 2000
# Tries of one request, and seconds between them: doubled each time, to the cap; the server's own wish (Retry-After) up
# to the longest wait.
ATTEMPTS, FIRST_WAIT_S, CAP_WAIT_S, LONGEST_WAIT_S = 5, 0.5, 8.0, 60.0
SPARE_ATTEMPTS, SPARE_S = 2, 10.0  # for an answer that we can do without
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})  # answers that another try may mend
TOO_MUCH = re.compile("413|400 .*(exceed|limit)", re.IGNORECASE)  # answers to a request that is too large
MAX_ANSWER = 4_000_000  # bytes
_RELEASE = re.compile(r"[0-9][0-9A-Za-z.+-]{0,31}")  # "?" is what a server says that does not know its own


class LibreTranslateEngine:
    """One pair of one server. See `engines.base.Engine` for the contract."""

    name = "libretranslate"
    marks: Marks = "token"

    def __init__(self, pair: tuple[str, str], codes: tuple[str, str], server: "Server") -> None:
        """Take a pair in base languages, the server's own codes for it, and the server."""
        self.source_lang, self.target_lang = pair
        self._codes = codes
        self._server = server

    @property
    def version(self) -> str:
        """Address and release of the server, and a digest of the pairs that it has.

        It does not tell the versions of its models.
        """
        return self._server.signature

    def load(self) -> None:
        """Nothing to load: the server was asked for its languages already."""

    def can_write(self, char: str) -> bool:
        """A server does not tell what its models can write."""
        return bool(char)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate in batches. Raises EngineFailed where the server refuses or does not answer."""
        lines = [" ".join(text.split()) for text in texts]
        answers = dict(zip(lines, lines, strict=True))  # what has nothing to translate stays
        todo = [line for line in answers if any(char.isalnum() for char in line)]
        for batch in cut_batches(todo):
            answers.update(zip(batch, self._translate_batch(batch), strict=True))
        return [answers[line] for line in lines]

    def _translate_batch(self, batch: Sequence[str]) -> list[str]:
        """Translate one batch; in halves where it is more than the server takes, down to halves of a sentence."""
        try:
            return self._server.translate(batch, *self._codes)
        except TooLargeError as exc:
            if len(batch) > 1:
                half = len(batch) // 2
                return self._translate_batch(batch[:half]) + self._translate_batch(batch[half:])
            parts = split_long(batch[0], max(1, len(batch[0]) // 2 + 1), len)
            if len(parts) == 1:
                raise EngineFailed(str(exc)) from exc
            return [" ".join(answer for part in parts for answer in self._translate_batch([part]))]

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()


def cut_batches(lines: Sequence[str]) -> Iterator[list[str]]:
    """Cut texts into requests of at most so many texts and characters, or one text.

    >>> [len(batch) for batch in cut_batches(["a" * 900, "b" * 900, "c" * 900])]
    [2, 1]
    """
    batch: list[str] = []
    for line in lines:
        if batch and (len(batch) == MAX_TEXTS or sum(map(len, batch)) + len(line) > MAX_CHARS):
            yield batch
            batch = []
        batch.append(line)
    if batch:
        yield batch


class TooLargeError(EngineFailed):
    """The server takes less in one request."""


class Server:
    """A LibreTranslate server at an address, with a key where it wants one."""

    def __init__(self, address: str, key: str = "") -> None:
        """Raises UsageError for an address that is none."""
        self.address = address.rstrip("/")
        self._key = key
        self._client: httpx.Client | None = None
        if not self.address.startswith(("http://", "https://")):
            raise UsageError(f"libretranslate: {address!r} is no address of the web; give one such as http://host:5000")

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Translate texts between two of the server's codes."""
        body: dict[str, Any] = {"q": list(texts), "source": source, "target": target, "format": "text"}
        answer = self._ask("POST", "/translate", {**body, **({"api_key": self._key} if self._key else {})})
        answers = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(answers, list) or len(answers) != len(texts) or not all(isinstance(a, str) for a in answers):
            raise EngineFailed(self._tell(f"no {len(texts)} translations in its answer"))
        return [_clean(each) for each in answers]

    @cached_property
    def signature(self) -> str:
        """All that the server tells of what its texts depend on."""
        digest = hashlib.sha256(json.dumps(sorted(self.pairs.items())).encode()).hexdigest()[:12]
        release = f" {self.release}" if self.release else ""
        return f"{self.address}{release}, pairs {digest}"

    @cached_property
    def release(self) -> str:
        """Its release, "1.6.4", as the description of its interface has it; "" where it does not tell."""
        try:
            answer = self._ask("GET", "/spec", None, spare=True)
            told = answer["info"]["version"]
        except (EngineFailed, KeyError, TypeError):
            return ""
        return told if isinstance(told, str) and _RELEASE.fullmatch(told) else ""

    @cached_property
    def pairs(self) -> dict[tuple[str, str], tuple[str, str]]:
        """The pairs that it has: (source, target) in base languages -> the server's own codes."""
        answer = self._ask("GET", "/languages", None)
        if not isinstance(answer, list):
            raise EngineFailed(self._tell("no list of languages in its answer; is it LibreTranslate?"))
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for row in answer:
            code, targets = (row.get("code"), row.get("targets")) if isinstance(row, dict) else (None, None)
            for other in targets if isinstance(targets, list) else ():
                source, target = _base(code), _base(other)
                # A code that is a base language's own goes before one with a region.
                if source and target and source != target and (other == target or (source, target) not in found):
                    found[source, target] = (str(code), str(other))
        return found

    def _ask(self, method: str, path: str, body: dict[str, Any] | None, *, spare: bool = False) -> Any:
        """Send a request until it is answered or the tries are used up; return what the JSON says.

        spare: we can do without, and try less hard.
        """
        attempts, longest_s = (SPARE_ATTEMPTS, SPARE_S) if spare else (ATTEMPTS, ANSWER_S)
        for attempt in range(1, attempts + 1):
            show_life()
            try:
                status, data, wait = self._send(method, path, body, longest_s)
            except _CutError as exc:
                status, data, wait, reason = 0, b"", 0.0, str(exc)
            else:
                reason = _reason(status, data)
            if 200 <= status < 300:
                return self._read(data)
            if status and status not in PASSING:
                raise self._refuse(status, reason)
            if attempt == attempts or wait > LONGEST_WAIT_S:
                break
            time.sleep(max(wait, min(CAP_WAIT_S, FIRST_WAIT_S * 2 ** (attempt - 1))))
        asks = f", and asks to wait {wait:g} s" if wait else ""
        hint = "the limit is reached; try later, or set a key" if status == 429 else "try later"
        raise EngineFailed(f"{self._tell(reason)}{asks} ({attempt} tries); {hint}")

    def _send(self, method: str, path: str, body: dict[str, Any] | None, longest_s: float) -> tuple[int, bytes, float]:
        """Send a request once: status, body, seconds that the server asks to wait."""
        import httpx

        if self._client is None:
            self._client = httpx.Client()
        limits = httpx.Timeout(longest_s, connect=CONNECT_S)
        try:
            # A redirect is not followed: text and key go to the address that was set, to no other.
            with self._client.stream(method, self.address + path, json=body, timeout=limits) as response:
                data = bytearray()
                for chunk in response.iter_bytes():
                    data += chunk
                    if len(data) > MAX_ANSWER:
                        raise EngineFailed(self._tell(f"more than {MAX_ANSWER:,} bytes in its answer"))
                return response.status_code, bytes(data), _read_wait(response.headers.get("Retry-After", ""))
        except httpx.TimeoutException as exc:
            raise _CutError("no answer in time") from exc
        except (httpx.TransportError, httpx.DecodingError) as exc:
            raise _CutError(" ".join(str(exc).split()) or type(exc).__name__) from exc
        except (httpx.InvalidURL, UnicodeError) as exc:
            raise UsageError(f"libretranslate: {self.address!r} is no address: {exc}") from exc

    def _read(self, data: bytes) -> Any:
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as exc:
            raise EngineFailed(self._tell("its answer is not JSON; is it LibreTranslate?")) from exc

    def _refuse(self, status: int, reason: str) -> EngineFailed:
        if TOO_MUCH.match(reason):
            return TooLargeError(self._tell(reason))
        hints = {401: "set a key", 403: "set a key, or another one", 404: "is it LibreTranslate?"}
        hint = hints.get(status, "is the address right?" if 300 <= status < 400 else "ask whoever runs it")
        return EngineFailed(f"{self._tell(reason)}; {hint}")

    def _tell(self, trouble: str) -> str:
        return f"engine libretranslate: {self.address}: {trouble}"

    def close(self) -> None:
        """Let go of the connections; the next request makes new ones."""
        if self._client is not None:
            self._client.close()
            self._client = None


class _CutError(Exception):
    """No whole answer came; another try may bring one."""


def _reason(status: int, data: bytes) -> str:
    """Return the server's own words, shortened, where they are its JSON; else the status."""
    try:
        told = json.loads(data)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        told = ""
    return f"{status} {_clean(told)[:200]}".rstrip() if isinstance(told, str) else str(status)


def _read_wait(value: str) -> float:
    """Read a Retry-After: seconds, or a date; 0 where it says nothing."""
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return 0.0
    return max(0.0, when.timestamp() - time.time())


def _clean(text: str) -> str:
    """Make one line of what a server wrote, without control characters and private-use ones, which are our marks."""
    kept = (" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    return " ".join("".join(char for char in kept if unicodedata.category(char) not in ("Cs", "Co", "Cn")).split())


def _base(code: object) -> str:
    try:
        return base_language(parse_language(code)) if isinstance(code, str) else ""
    except UnknownLanguage:
        return ""


def _offers(_frugal: bool) -> Iterator[Offer]:
    address = os.environ.get(URL_VARIABLE, "").strip()
    if not address:
        return
    server = Server(address, os.environ.get(KEY_VARIABLE, "").strip())
    try:
        pairs = server.pairs
    except EngineFailed as exc:
        raise EngineMissing(str(exc)) from exc
    for pair, codes in pairs.items():
        yield Offer(*pair, partial(LibreTranslateEngine, pair, codes, server))


PROVIDER = Provider(_offers)
