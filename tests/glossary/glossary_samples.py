"""Small glossaries for tests, written as PO files."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases/glossary"

HEADER = """\
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

"""


def load_cases(name: str, table: str = "case") -> list[dict[str, object]]:
    """Read a table of a case file."""
    return list(tomllib.loads((CASES / name).read_text(encoding="utf-8"))[table])


def write_po(path: Path, lines: Iterable[str]) -> Path:
    """Write a PO file with a correct header of five lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def entry(source: str, target: str, *comments: str, context: str = "") -> list[str]:
    """Return the lines of one entry; `comments` without their "# "."""
    start = [f"# {comment}" for comment in comments] + ([f'msgctxt "{context}"'] if context else [])
    return [*start, f'msgid "{source}"', f'msgstr "{target}"', ""]


def split_marks(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Take ⟦ ⟧ out of a text and return the spans that they fenced."""
    plain, spans, start = "", [], 0
    for char in text:
        if char == "⟦":
            start = len(plain)
        elif char == "⟧":
            spans.append((start, len(plain)))
        else:
            plain += char
    return plain, spans
