"""Fetch a file over the network: with timeouts, a limit, a check of its size, and resumed where it was cut off."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import InstallError

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 30.0  # for the connection, and for each wait for more
ATTEMPTS = 4  # in one call, as long as each brings something
MAX_REDIRECTS = 5
ZIP_START = b"PK\x03\x04"
_NETWORK = "check the network, or name a mirror with --package-index or --model-index"

Report = Callable[[int, int], None]  # bytes there, bytes in all (0: not known)


@dataclass(frozen=True, slots=True)
class Request:
    """What to fetch and how."""

    url: str
    limit: int  # bytes
    timeout_s: float = TIMEOUT_S
    report: Report = lambda _done, _total: None
    begins: bytes = b""  # what the file must begin with, where that is known


def fetch(url: str, limit: int, timeout_s: float = TIMEOUT_S, report: Report = lambda _done, _total: None) -> bytes:
    """Return what stands at an address. Raises InstallError, also for more than `limit` bytes."""
    request = Request(url, limit, timeout_s, report)
    data = bytearray()
    try:
        with _answer(request, {}) as response:
            for chunk in response.iter_bytes():
                data += chunk
                _check_limit(request, len(data))
                report(len(data), int(response.headers.get("Content-Length") or 0))
    except _CutError as exc:
        raise InstallError(f"{url}: {exc}; {_NETWORK}") from exc
    return bytes(data)


def download(request: Request, part: Path) -> None:
    """Fetch a file into `part`; what is there from an earlier call is kept where the server still has the same.

    Beside it stands `part` + ".json" with what the server said of it. After an error that may pass, both stay for
    the next call. Raises InstallError; OSError for a full disk.
    """
    state = _State.read(request.url, part)
    for attempt in range(1, ATTEMPTS + 1):
        before = state.done
        try:
            _transfer(request, state)
        except _CutError as exc:
            if attempt == ATTEMPTS or state.done <= before:
                raise InstallError(f"{request.url}: {exc}; {state.give_up()}") from exc
        else:
            return


def discard(part: Path) -> None:
    """Forget a download. The file is emptied, not removed: the caller holds a lock on it."""
    part.open("wb").close()
    _notes(part).unlink(missing_ok=True)


def _notes(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


class _CutError(Exception):
    """The connection broke off; a new one may bring the rest."""


@dataclass(slots=True)
class _State:
    """How far a download has come."""

    part: Path
    url: str
    validator: str = ""  # ETag or Last-Modified: the same one means the same bytes
    total: int = 0  # 0: not known

    @property
    def done(self) -> int:
        try:
            return self.part.stat().st_size
        except FileNotFoundError:
            return 0

    @classmethod
    def read(cls, url: str, part: Path) -> "_State":
        fresh = cls(part, url)
        try:
            stored = json.loads(_notes(part).read_text("utf-8"))
            known = cls(part, str(stored["url"]), str(stored["validator"]), int(stored["total"]))
        except (OSError, ValueError, KeyError, TypeError):
            return fresh
        return known if known.url == url else fresh

    def give_up(self) -> str:
        """Keep what the next call can go on with, nothing else, and say what to try."""
        if self.validator and self.done:
            return "try again, it goes on where it stopped"
        discard(self.part)
        return "try again later, or another index"

    def start(self, validator: str, total: int) -> None:
        self.validator, self.total = validator, total
        facts = {"url": self.url, "validator": validator, "total": total}
        _notes(self.part).write_text(json.dumps(facts), "utf-8")


def _transfer(request: Request, state: _State) -> None:
    """Fetch the rest of a file, or all of it."""
    done = state.done if state.validator else 0
    if done and done == state.total:
        return
    headers = {"Range": f"bytes={done}-", "If-Range": state.validator} if done else {}
    with _answer(request, headers) as response:
        fits = response.status_code == 200 or _continues(response, done, state.total)
        if fits:
            _receive(request, state, response, done if response.status_code == 206 else 0)
    if not fits:  # it is shorter by now, or the server counts wrongly: all of it, then
        state.validator = ""
        discard(state.part)
        _transfer(request, state)
    elif state.total and state.done != state.total:
        there = state.done
        state.validator = ""
        discard(state.part)
        raise InstallError(f"{request.url}: {there:,} bytes came, {state.total:,} were promised; try again")


def _receive(request: Request, state: _State, response: "httpx.Response", done: int) -> None:
    """Write what comes behind the `done` bytes that are there."""
    if not done:
        state.start(_validator(response), int(response.headers.get("Content-Length") or 0))
    try:
        _check_limit(request, state.total)
        with state.part.open("ab" if done else "wb") as file:
            for chunk in response.iter_raw():
                if not done and not chunk.startswith(request.begins[: len(chunk)]):
                    raise InstallError(f"{request.url} is no package but {_name_kind(response)}; name another index")
                file.write(chunk)
                done += len(chunk)
                _check_limit(request, done)
                request.report(done, state.total)
    except InstallError:
        state.validator = ""
        discard(state.part)
        raise


def _name_kind(response: "httpx.Response") -> str:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    return {"text/html": "a web page"}.get(kind, f"{kind or 'something'} that is no zip archive")


def _continues(response: "httpx.Response", done: int, total: int) -> bool:
    return bool(done) and response.headers.get("Content-Range", "").strip() == f"bytes {done}-{total - 1}/{total}"


def _validator(response: "httpx.Response") -> str:
    # A weak ETag does not promise the same bytes (RFC 9110, 8.8.1), nor may If-Range hold one.
    tag = str(response.headers.get("ETag", ""))
    return tag if tag and not tag.startswith("W/") else str(response.headers.get("Last-Modified", ""))


def _check_limit(request: Request, size: int) -> None:
    if size > request.limit:
        raise InstallError(f"{request.url}: more than the {request.limit:,} bytes that may come")


@contextlib.contextmanager
def _answer(request: Request, headers: dict[str, str]) -> Iterator["httpx.Response"]:
    """Ask, and give an answer that has what was asked for; errors come as InstallError and _CutError."""
    import httpx

    from pipeline import __version__

    # The bytes as they are: with a compression on top, sizes and ranges would count something else.
    always: dict[str, Any] = {"Accept-Encoding": "identity", "User-Agent": f"translate-article/{__version__}"}
    try:
        with (
            httpx.Client(follow_redirects=True, max_redirects=MAX_REDIRECTS, timeout=request.timeout_s) as client,
            client.stream("GET", request.url, headers={**always, **headers}) as response,
        ):
            _check_answer(request, response, is_part=bool(headers))
            yield response
    except httpx.TimeoutException as exc:
        raise _CutError(f"no answer within {request.timeout_s:g} s") from exc
    except (httpx.ReadError, httpx.RemoteProtocolError) as exc:
        raise _CutError("the connection broke off") from exc
    except httpx.TooManyRedirects as exc:
        raise InstallError(f"{request.url}: it leads in a circle") from exc
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as exc:
        reason = " ".join(str(exc).split()) or type(exc).__name__
        raise InstallError(f"{request.url}: {reason}; {_NETWORK}") from exc


def _check_answer(request: Request, response: "httpx.Response", *, is_part: bool) -> None:
    if request.url.startswith("https:") and response.url.scheme != "https":
        raise InstallError(f"{request.url} leads to {response.url}, which is not encrypted")
    if response.status_code not in ((200, 206, 416) if is_part else (200,)):
        answer = f"{response.status_code} {response.reason_phrase}".rstrip()
        raise InstallError(f"{request.url}: the server says {answer}; try again later, or another index")
