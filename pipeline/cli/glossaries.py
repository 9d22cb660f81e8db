"""Load the glossaries that a command asks for."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.glossary import Glossary, Scope, builtin_folder, load_glossary


def open_glossary(*, folder: str | None, files: Sequence[str], builtin: bool, scope: Scope | None = None) -> Glossary:
    """Open the glossaries of a run: the built-in ones, a team's folder, single files; a later one wins an entry.

    Raises UsageError for a folder or file that is none, GlossaryError for a damaged one.
    """
    folders = [builtin_folder()] if builtin else []
    if folder is not None:
        folders.append(Path(folder))
    return load_glossary(folders, [Path(file) for file in files], scope)
