"""A stand-in for a LibreTranslate server on this machine, as good or as bad as a test wants it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LANGUAGES = [
    {"code": "en", "name": "English", "targets": ["en", "es", "pt", "pt-BR", "zh-Hans", "xx"]},
    {"code": "es", "name": "Spanish", "targets": ["en"]},
]


@dataclass
class Trouble:
    """What the server answers in place of a translation, once."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cuts: bool = False  # close the connection in the middle of the answer


@dataclass
class Stub:
    """What the server does; a test changes it while it runs. A translation is its text in capitals."""

    languages: bytes = json.dumps(LANGUAGES).encode()
    spec: Trouble = field(default_factory=lambda: Trouble(404, b"<html>"))  # what it says at /spec
    troubles: list[Trouble] = field(default_factory=list)  # one answer after another, before it works
    text_limit: int = 0  # characters in a request
    batch_limit: int = 0  # texts in a request
    key: str = ""  # the key that it wants
    asked: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""

    def answer(self, request: dict[str, Any]) -> tuple[int, object]:
        """Answer as LibreTranslate does."""
        texts = request["q"]
        if self.key and request.get("api_key") != self.key:
            return 403, {"error": "Invalid API key"}
        if self.batch_limit and len(texts) > self.batch_limit:
            return 400, {"error": f"Invalid request: request ({len(texts)}) exceeds text limit ({self.batch_limit})"}
        if self.text_limit and sum(map(len, texts)) > self.text_limit:
            return 400, {"error": f"Invalid request: request exceeds text limit ({self.text_limit})"}
        return 200, {"translatedText": [text.upper() for text in texts]}


class Handler(BaseHTTPRequestHandler):
    """Answers for the stub of its server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else an answer's body waits 40 ms for its head to be confirmed

    def do_GET(self) -> None:
        """List the languages, or describe the interface."""
        stub: Stub = self.server.stub  # type: ignore[attr-defined]  # a field of ours
        self._reply(stub.spec if self.path == "/spec" else Trouble(body=stub.languages))

    def do_POST(self) -> None:
        """Translate, or make trouble."""
        stub: Stub = self.server.stub  # type: ignore[attr-defined]  # a field of ours
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        stub.asked.append(request)
        if stub.troubles:
            return self._reply(stub.troubles.pop(0))
        status, answer = stub.answer(request)
        return self._reply(Trouble(status, json.dumps(answer).encode()))

    def _reply(self, reply: Trouble) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Length", str(len(reply.body) + 100 * reply.cuts))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection = reply.cuts

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve() -> Iterator[Stub]:
    """Run a server for the time of a test."""
    stub = Stub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.stub = stub  # type: ignore[attr-defined]  # a field of ours
    stub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
