"""Which translation memory a command uses."""

from pathlib import Path

from pipeline.cli.settings import find_settings

FOLDER = ".translate-article"
FILE = "memory.sqlite"


def memory_path(named: str | None) -> Path:
    """Return the memory that was named, else the project's: beside its translate-article.toml, else in this folder."""
    if named:
        return Path(named)
    settings = find_settings(Path.cwd())
    return (settings.parent if settings else Path()) / FOLDER / FILE


def memory_of_run(named: str | None, *, off: bool, make: bool) -> Path | None:
    """Return the memory of a run; None for one that was switched off, or that is not there and is not to be made."""
    if off:
        return None
    path = memory_path(named)
    return path if make or named or path.is_file() else None
