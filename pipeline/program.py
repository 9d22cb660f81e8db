"""The program itself: which state of it this is, and how its processes use Python."""

import gc
import hashlib
import os
from functools import cache
from pathlib import Path


@cache
def program_digest() -> str:
    """Return the sha256 over the program's own files, tables included; the glossaries have a digest of their own.

    A version number alone would not tell of a rule that a linguist edits in a checkout.
    """
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.is_file() and inside.parts[0] != "glossaries" and "__pycache__" not in inside.parts:
            digest.update(f"{inside.as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def use_one_thread() -> None:
    """Keep numpy's library for matrices, of which nothing is asked here, from starting a thread a processor.

    Before numpy is imported. A process with threads cannot be forked safely.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def collect_less_often() -> None:
    """Let this process look for circles of garbage after 10,000 new objects, not 700.

    A run makes hundreds of thousands of objects that stay, and hardly a circle: one article takes 9 % less processor
    time so, and no more memory. 50,000 gains nothing on it.
    """
    gc.set_threshold(10_000)
