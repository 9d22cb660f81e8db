"""Which state of the program this is."""

import hashlib
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
