"""`fxtranslate` in a process of its own: a piece of text a line in, its translation a line out, in JSON.

Arguments: the files of a model, in the order of `fxtranslate.Translator`. Answers: {"text": ...} or {"error": ...};
the first one comes when the model is read. Run as a script, so it imports nothing of the project.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class Translator(Protocol):
    """What of `fxtranslate.Translator` is used."""

    def translate(self, text: str, /) -> str:
        """Translate one sentence."""


def read_model(paths: Sequence[str]) -> Translator:
    """Read a model. Raises ValueError for one that is damaged, OSError for a file that cannot be read."""
    from fxtranslate import Translator as Reference

    translator: Translator = Reference(*(Path(path).read_bytes() for path in paths))
    return translator


def main(paths: Sequence[str]) -> None:
    """Answer until the input ends."""
    try:
        translator = read_model(paths)
    except (ImportError, ValueError, OSError) as exc:
        _say(error=str(exc))
        return
    _say(text="")
    for line in sys.stdin.buffer:
        try:
            _say(text=translator.translate(json.loads(line)))
        except (RuntimeError, ValueError) as exc:
            _say(error=str(exc))


def _say(**answer: str) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
