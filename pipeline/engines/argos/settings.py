"""The settings of argostranslate: the same names, in the environment or in its settings.json.

They are read here, not through `argostranslate.settings`, as importing that makes folders in HOME.
"""

import json
import os
from pathlib import Path

from pipeline.errors import UsageError


def read_setting(name: str, default: str) -> str:
    """Return a setting such as "ARGOS_BEAM_SIZE": the variable, else the key of settings.json, else `default`.

    A settings.json that is not readable counts as empty, as it does for argostranslate.
    """
    if value := os.environ.get(name):
        return value
    try:
        stored = json.loads((_base("XDG_CONFIG_HOME", ".config") / "settings.json").read_text("utf-8"))
    except (OSError, ValueError):
        return default
    value = stored.get(name) if isinstance(stored, dict) else None
    return default if value in (None, "") else str(value)


def read_number(name: str, default: int, limits: tuple[int, int]) -> int:
    """Return a setting that is a whole number within `limits`. Raises UsageError for any other text."""
    text = read_setting(name, str(default))
    least, most = limits
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise UsageError(f"{name} is {text!r}; give a whole number from {least} to {most}")
    return int(text)


def data_folder() -> Path:
    """Return the folder of argostranslate's data; it need not exist."""
    return _base("XDG_DATA_HOME", ".local/share")


def _base(variable: str, usual: str) -> Path:
    own = os.environ.get(variable)
    return (Path(own) if own else Path.home() / usual) / "argos-translate"
