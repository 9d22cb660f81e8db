"""Serve the page on this machine alone."""

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from pipeline.errors import UsageError
from pipeline.review.app import make_app
from pipeline.review.desk import Desk
from pipeline.review.guard import Guard

HOST = "127.0.0.1"


def serve(desk: Desk, port: int, ready: Callable[[str], None]) -> None:
    """Serve the page until the process is asked to end; `ready` gets its address when it can be opened.

    Port 0 takes a free one. Raises UsageError where the port is taken or not ours to take, or the folder is none.
    """
    desk.refresh()
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except (OSError, OverflowError) as exc:
            reason = getattr(exc, "strerror", None) or str(exc)
            raise UsageError(f"{HOST}:{port}: {reason.lower()}; try another --port, or 0 for a free one") from exc
        door.listen()
        guard = Guard(door.getsockname()[1])
        config = uvicorn.Config(
            make_app(desk, guard), log_level="critical", access_log=False, server_header=False, lifespan="off",
            timeout_graceful_shutdown=2, ws="none", h11_max_incomplete_event_size=65_536,
        )  # fmt: skip
        ready(guard.address)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[door])
