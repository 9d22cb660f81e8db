"""Serve the page on this machine alone."""

import gc
import socket

import uvicorn

from pipeline.errors import UsageError
from pipeline.review.app import make_app
from pipeline.review.desk import Desk
from pipeline.review.guard import Guard

HOST = "127.0.0.1"


class Served:
    """A server that holds its port, and serves when it is run."""

    def __init__(self, desk: Desk, door: socket.socket) -> None:
        self._door = door
        guard = Guard(door.getsockname()[1])
        self.address = guard.address  # what to open; it holds the key of this run
        config = uvicorn.Config(
            make_app(desk, guard), log_level="critical", access_log=False, server_header=False, lifespan="off",
            timeout_graceful_shutdown=2, ws="none",
        )  # fmt: skip
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Serve until `stop`, or until the process is asked to end."""
        with self._door:
            self._server.run(sockets=[self._door])

    def stop(self) -> None:
        """End `run`, from another thread."""
        self._server.should_exit = True


def start(desk: Desk, port: int) -> Served:
    """Take the port and read the glossaries; 0 takes a free port.

    Raises UsageError where the port is taken or not ours to take, or the folder is none.
    """
    desk.refresh()
    gc.freeze()  # what was read stays, and is not looked through for garbage while a reviewer waits
    door = socket.socket()
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((HOST, port))
        door.listen()
    except OSError as exc:
        door.close()
        raise UsageError(f"{HOST}:{port}: {(exc.strerror or str(exc)).lower()}; try another --port, or 0") from exc
    return Served(desk, door)
