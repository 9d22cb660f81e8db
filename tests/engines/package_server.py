"""A mirror of Argos packages or Firefox models on this machine, as good or bad as a test wants it, and archives."""

import io
import json
import threading
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODEL = Path(__file__).parents[1] / "models/translate-en_es-1_0.argosmodel"
LINK = "en_es.argosmodel"


@dataclass
class Mirror:
    """What the server does; a test changes it while it runs."""

    archive: bytes = MODEL.read_bytes()
    files: dict[str, bytes] = field(default_factory=dict)  # other files by their paths, in place of the one archive
    index: bytes = b""  # empty: an index with the one package
    kind: str = "application/zip"
    status: int = 200
    cuts: list[int] = field(default_factory=list)  # close the connection after so many bytes, one answer after another
    promised: int = 0  # Content-Length where it is not the true one
    validators: dict[str, str] = field(default_factory=lambda: {"ETag": '"one"'})
    ranges: bool = True
    shift: int = 0  # what the server miscounts a range by
    location: str = ""  # redirects the package there
    hangs: threading.Event | None = None  # set to let it go on
    hangs_at: str = ""  # how the paths end that it does not answer
    address: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)  # path and range of each request

    def index_bytes(self) -> bytes:
        """Return the index: the test's own, or one with the one package by a link relative to it."""
        return self.index or make_index([LINK])


def make_index(links: list[str], **facts: object) -> bytes:
    """Write an index with one package, and with an entry of another kind that no reader may stumble over."""
    entry = {"package_version": "1.0", "from_code": "en", "to_code": "es", "links": links, **facts}
    other = {"package_version": "1.9", "type": "sbd", "code": "sbd", "languages": [], "links": ["x"]}
    return json.dumps([other, entry]).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers for the mirror of its server."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Serve the index, the package or a file."""
        mirror: Mirror = self.server.mirror  # type: ignore[attr-defined]  # a field of ours
        mirror.asked.append((self.path, self.headers.get("Range", "")))
        if mirror.hangs and self.path.endswith(mirror.hangs_at):
            mirror.hangs.wait(60)
        if self.path.endswith("index.json") or self.path == "/records.json":
            self._send(200, {"Content-Type": "application/json"}, mirror.index_bytes())
        elif mirror.location:
            self._send(302, {"Location": mirror.location}, b"")
        else:
            self._send_package(mirror)
        self.close_connection = True

    def _send_package(self, mirror: Mirror) -> None:
        body = mirror.files.get(self.path, mirror.archive)
        status, head = mirror.status, {"Content-Type": mirror.kind, **mirror.validators}
        wanted = self.headers.get("Range")
        if wanted and mirror.ranges and self.headers.get("If-Range") in mirror.validators.values():
            start = int(wanted.removeprefix("bytes=").rstrip("-")) + mirror.shift
            if start >= len(body):
                self._send(416, {"Content-Range": f"bytes */{len(body)}"}, b"")
                return
            head["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            body, status = body[start:], 206
        self._send(status, head, body, mirror.cuts.pop(0) if mirror.cuts else None, mirror.promised)

    def _send(self, status: int, head: dict[str, str], body: bytes, cut: int | None = None, promised: int = 0) -> None:
        self.send_response(status)
        always = {"Content-Length": str(promised or len(body)), "Connection": "close"}
        for name, value in {**head, **always}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:cut])

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def serve(mirror: Mirror) -> Iterator[Mirror]:
    """Run a server for a mirror, on a port that is free."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.mirror = mirror  # type: ignore[attr-defined]  # a field of ours
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    mirror.address = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield mirror
    finally:
        if mirror.hangs:
            mirror.hangs.set()
        server.shutdown()
        server.server_close()
        thread.join()


def read_files() -> dict[str, bytes]:
    """Return the files of the tiny package by name, its folder included."""
    with zipfile.ZipFile(MODEL) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(files: dict[str, bytes], odd: list[tuple[zipfile.ZipInfo, bytes]] | None = None) -> bytes:
    """Make an archive of files, and of entries that no honest program makes."""
    data = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a name that is there twice
        for name, content in files.items():
            archive.writestr(name, content)
        for info, content in odd or []:
            archive.writestr(info, content)
    return data.getvalue()
