"""Load the glossaries that a command asks for; `python -m pipeline.cli.glossaries FOLDER` checks a folder."""

import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.glossary import Glossary, builtin_folder, load_glossary


def open_glossary(*, folder: str | None, files: Sequence[str], builtin: bool) -> Glossary:
    """Open the glossaries of a run: the built-in ones, a team's folder, single files; a later one wins an entry.

    Raises UsageError for a folder or file that is none, GlossaryError for a damaged one.
    """
    folders = [builtin_folder()] if builtin else []
    if folder is not None:
        folders.append(Path(folder))
    return load_glossary(folders, [Path(file) for file in files])


def check_folder(folder: Path) -> str:
    """Read every glossary of a folder and return what there is, in one line. Raises GlossaryError."""
    glossary = load_glossary([folder])
    pairs = {(file.source_lang, file.target_lang) for file in glossary.files}
    entries = sum(len(glossary.all_entries(source, target)) for source, target in pairs)
    return f"{folder}: {len(glossary.files)} glossaries, {entries} entries"


if __name__ == "__main__":
    try:
        print(check_folder(Path(sys.argv[1])))
    except PipelineError as error:
        sys.exit(f"error: {error}")
