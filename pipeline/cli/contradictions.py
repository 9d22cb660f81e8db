"""Options that another one makes useless: told, as what is passed over in silence is found out too late.

What the settings file or a variable says stands for many runs, and need not fit each. So only what the command line
itself says is held to have a use.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click
from click.core import ParameterSource

from pipeline.errors import UsageError

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """An option that some values of others leave without a use."""

    param: str
    is_useless: Callable[[Values], bool]  # asked only where the option is on the command line, and not empty
    message: str  # what is wrong, and after "; " what to do


def _writes_nothing(values: Values) -> bool:
    return values["output"] is None


def _leaves_server_out(values: Values) -> bool:
    from pipeline.engines.registry import choose_engines

    return bool(values["engine"]) and "libretranslate" not in choose_engines(values["engine"])


_FOR_FILES = "stands in files for reviewers, and without a folder none is written; add -o DIR"

RULES = (
    Rule("memory", lambda v: v["no_memory"], "--memory and --no-memory contradict each other; give one of them"),
    Rule(
        "near_hits", lambda v: v["no_memory"],
        "--near-hits are found in the memory, which --no-memory leaves out; give one of them",
    ),
    Rule(
        "libretranslate_key", lambda v: not v["libretranslate_url"],
        "--libretranslate-key is for a server, and none is named; add --libretranslate-url ADDRESS",
    ),
    Rule(
        "libretranslate_url", _leaves_server_out,
        "--engine leaves the server of --libretranslate-url out; name libretranslate there as well",
    ),
)  # fmt: skip
TRANSLATE_RULES = (
    *RULES,
    Rule("overwrite", _writes_nothing, "--overwrite is of files, and without a folder none is written; add -o DIR"),
    Rule("exports", _writes_nothing, f"what --export names {_FOR_FILES}"),
    Rule("alternatives", _writes_nothing, f"what --alternatives asks for {_FOR_FILES}"),
    Rule("near_hits", _writes_nothing, f"what --near-hits asks for {_FOR_FILES}"),
)
BATCH_RULES = (
    *RULES,
    Rule(
        "ray_address", lambda v: v["runner"] != "ray",
        "--ray-address is of a Ray cluster, and the workers of this run are none; add --runner ray",
    ),
)  # fmt: skip


def refuse_useless(rules: tuple[Rule, ...], values: Values) -> None:
    """Raise UsageError for the first option of the running command that can do nothing; `values` are by parameter."""
    context = click.get_current_context()
    for rule in rules:
        is_given = context.get_parameter_source(rule.param) is ParameterSource.COMMANDLINE and values[rule.param]
        if is_given and rule.is_useless(values):
            raise UsageError(rule.message)
