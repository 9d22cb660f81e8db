"""Open the glossaries that the options name; as a module, check every file of a folder."""

import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.glossary import Glossary, builtin_folder, load_glossary
from pipeline.model import Status


def open_glossary(*, folder: str | None, files: Sequence[str], builtin: bool) -> Glossary:
    """Open the built-in glossaries, then a team's folder, then single files: a later one wins an entry."""
    folders = [builtin_folder()] if builtin else []
    folders += [Path(folder)] if folder else []
    return load_glossary(folders, [Path(name) for name in files])


def main(arguments: Sequence[str]) -> int:
    """Read every PO file of the folders named; print a line each, and return 1 where one is refused."""
    failed = 0
    for folder in arguments:
        for path in sorted(Path(folder).glob("*/*.po")):
            try:
                glossary = load_glossary([], [path])
                file = glossary.files[0]
                entries = glossary.all_entries(file.source_lang, file.target_lang)
                counts = {status: sum(entry.status is status for entry in entries) for status in Status}
                print(f"{path}: " + ", ".join(f"{count} {status}" for status, count in counts.items()))
            except PipelineError as exc:
                print(f"error: {exc}", file=sys.stderr)
                failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
