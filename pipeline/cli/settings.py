"""Settings from translate-article.toml and the environment: the same names as the flags, checked before use.

Flags win over TRANSLATE_ARTICLE_* variables, which win over the file. The file is the nearest one: the
folder where the command runs, else its parents. Its paths are relative to the file's own folder.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.cli.values import (
    parse_address,
    parse_exports,
    parse_format,
    parse_languages,
    parse_layout,
    parse_repairs,
    parse_roles,
    parse_runner,
    parse_source,
)
from pipeline.errors import PipelineError, UsageError

FILE_NAME = "translate-article.toml"
PREFIX = "TRANSLATE_ARTICLE_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the file: the command's parameter and what a value must be."""

    param: str
    # "text", "list" (of texts, or one text), "flag", "path", "paths", "address" (of the web, or a path), "number" above
    # 0, "count" from 0
    kind: str
    parse: Callable[[str], object] | None = None  # raises PipelineError for a text that is no such value


ARTICLE_SETTINGS: dict[str, Setting] = {
    "to": Setting("targets", "list", parse_languages),
    "from": Setting("source", "text", parse_source),
    "output": Setting("output", "path"),
    "glossaries": Setting("glossaries", "path"),
    "glossary": Setting("glossary", "paths"),
    "no-builtin-glossaries": Setting("no_builtin_glossaries", "flag"),
    "domain": Setting("domain", "text"),
    "outlet": Setting("outlet", "text"),
    "engine": Setting("engine", "text"),
    "via": Setting("via", "list", parse_languages),
    "libretranslate-url": Setting("libretranslate_url", "text"),
    "libretranslate-key": Setting("libretranslate_key", "text"),
    "keep": Setting("keep", "list", parse_roles),
    "encoding": Setting("encoding", "text"),
    "memory": Setting("memory", "path"),
    "format": Setting("form", "text", parse_format),
    "layout": Setting("layout", "text", parse_layout),
    "no-typography": Setting("no_typography", "list", parse_repairs),
    "alternatives": Setting("alternatives", "count"),
    "near-hits": Setting("near_hits", "count"),
    "export": Setting("exports", "list", parse_exports),
    "base-url": Setting("base_url", "text", parse_address),
    "strict": Setting("strict", "flag"),
}
BATCH_SETTINGS: dict[str, Setting] = {
    "runner": Setting("runner", "text", parse_runner),
    "ray-address": Setting("ray_address", "text"),
}
PACKAGE_SETTINGS: dict[str, Setting] = {
    "package-index": Setting("address", "address"),
    "model-index": Setting("model_index", "address"),
    "timeout": Setting("timeout", "number"),
}
SETTINGS: dict[str, Setting] = {**ARTICLE_SETTINGS, **BATCH_SETTINGS, **PACKAGE_SETTINGS}


def variable(key: str) -> str:
    """Return the environment variable of a key: "no-builtin-glossaries" -> TRANSLATE_ARTICLE_NO_BUILTIN_GLOSSARIES."""
    return PREFIX + key.replace("-", "_").upper()


def check_environment(names: Iterable[str]) -> None:
    """Raise UsageError for a variable with our prefix that nothing reads: a misspelt one would go unnoticed."""
    known = [variable(key) for key in SETTINGS]
    for name in sorted(names):
        if name.startswith(PREFIX) and name not in known:
            raise UsageError(f"unknown environment variable {name}{suggest(name, known)}")


def find_settings(folder: Path) -> Path | None:
    """Return the nearest settings file, in `folder` or above; None where there is none."""
    for place in (folder, *folder.parents):
        path = place / FILE_NAME
        if path.is_file():
            return path
    return None


def load_settings(path: Path) -> dict[str, object]:
    """Read a settings file into values by parameter name.

    Raises UsageError, naming file and key, for what is not TOML, an unknown key or a value of the wrong type.
    """
    import tomllib  # 9 ms, which --help need not wait for

    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as exc:
        raise UsageError(f"{path}: cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise UsageError(f"{path}: not valid UTF-8 at byte {exc.start}") from exc
    except tomllib.TOMLDecodeError as exc:
        line = re.search(r"line (\d+)", str(exc))
        raise UsageError(f"{path}{':' + line[1] if line else ''}: not valid TOML: {exc}") from exc
    return {SETTINGS[key].param: _value(path, key, table[key]) for key in _known_keys(path, table)}


def suggest(name: str, known: Iterable[str]) -> str:
    """Return '; did you mean "x"?' for the nearest known name, else the list of all."""
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"


def _known_keys(path: Path, table: Mapping[str, object]) -> Iterable[str]:
    for key in table:
        if key not in SETTINGS:
            raise UsageError(f"{path}: unknown key {key!r}{suggest(key, SETTINGS)}")
    return table


def _value(path: Path, key: str, value: object) -> object:
    setting = SETTINGS[key]
    if setting.kind == "flag":
        return _expect(value, bool, path, f"{key} must be true or false")
    if setting.kind == "number":
        return _positive(value, path, key)
    if setting.kind == "count":
        return _count(value, path, key)
    if setting.kind in ("list", "paths"):
        given = value if isinstance(value, list) else [value]
        texts = [_text(text, path, f"{key} must be a text or a list of texts") for text in given]
    else:
        texts = [_text(value, path, f"{key} must be a text in quotes")]
    if setting.parse:
        try:
            setting.parse(",".join(texts))
        except PipelineError as exc:
            raise UsageError(f"{path}: {key}: {exc}") from exc
    if setting.kind in ("path", "paths") or (setting.kind == "address" and "://" not in texts[0]):
        texts = [str(path.parent / text) for text in texts]
    return texts if setting.kind in ("list", "paths") else texts[0]


def _positive(value: object, path: Path, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise UsageError(f"{path}: {key} must be a number above 0, not {value!r}")
    return float(value)


def _count(value: object, path: Path, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UsageError(f"{path}: {key} must be a whole number, 0 or more, not {value!r}")
    return value


def _text(value: object, path: Path, message: str) -> str:
    return str(_expect(value, str, path, message))


def _expect(value: object, wanted: type, path: Path, message: str) -> object:
    if not isinstance(value, wanted):
        raise UsageError(f"{path}: {message}, not {value!r}")
    return value
