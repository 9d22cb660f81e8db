"""Who may talk to the page: a browser on this machine that has the token of this run, from the page's own origin."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

MAX_BODY = 1_000_000  # bytes of a form: two hundred picked entries are 10,000
MAX_FIELDS = 5_000

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not "no-referrer": browsers then send "Origin: null" with a form.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


class TooLarge(Exception):
    """A form is larger than any of ours."""


@dataclass(frozen=True, slots=True)
class Guard:
    """The secrets of one run and the address that it is reached by."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    form_token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @property
    def cookie(self) -> str:
        """The cookie's name; cookies do not know ports, so that it names ours."""
        return f"review_{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a browser may call us."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def address(self) -> str:
        """What to open: the token in it becomes a cookie."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    def refuse(self, request: Request) -> Response | None:
        """Return the answer to a request that must not be served; None for one that may.

        Host: another name that leads here is another site (DNS rebinding). Origin: a form or script of another site.
        Token: another user of this machine.
        """
        host = request.headers.get("host", "")
        if host not in self.hosts:
            return _no("this page answers on 127.0.0.1 only; try the address that the program printed", 421)
        origin = request.headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return _no("a request from another site is refused")
        if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            is_link = request.method == "GET" and request.headers.get("sec-fetch-mode") == "navigate"
            if not is_link:
                return _no("a request from another site is refused")
        given = request.query_params.get("token")
        if request.method == "GET" and request.url.path == "/" and given is not None and _same(given, self.token):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
            return answer
        if not _same(request.cookies.get(self.cookie, ""), self.token):
            return _no("no token; open the address that the program printed when it started")
        return None

    def accepts_form(self, fields: Mapping[str, list[str]]) -> bool:
        """Whether a form is one that this run handed out."""
        return _same("".join(fields.get("token", [])), self.form_token)


async def read_form(request: Request) -> dict[str, list[str]]:
    """Read a form; each field with its values. Raises TooLarge before more than MAX_BODY bytes are held."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise TooLarge
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="replace"
        )
    except ValueError as exc:
        raise TooLarge from exc
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _no(words: str, code: int = 403) -> Response:
    return PlainTextResponse(f"{words}\n", code)
