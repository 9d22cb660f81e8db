"""The command `glossary check`: what in the glossaries is wrong, or will not do what was meant."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.glossary.choosing import chosen_glossary, glossary_options, read_articles
from pipeline.cli.messages import SCHEMA, Failure, emit, emit_json, say
from pipeline.cli.options import common_options, input_options, setting
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.glossary import Glossary
    from pipeline.glossary.linting import Problem

_LEVELS = ("error", "warning", "note")
_EXIT_FINDINGS = 3


@click.command(short_help="Look for mistakes in the glossaries.")
@input_options
@glossary_options
@click.option(
    "--level", type=click.Choice(_LEVELS), default="warning", metavar="LEVEL",
    help="Show what is at least this bad: error, warning (the default), note.",
)  # fmt: skip
@setting("--strict", is_flag=True, help="Exit with 3 when there is a warning.")
@common_options
def check(**values: Any) -> int:
    """Look for mistakes in the glossaries: damaged files, duplicates, terms with two translations, forbidden ones
    without a replacement, markup, characters that nobody sees, what changed since it was approved, and more.

    A FILE is a glossary (.po), a folder of them as with --glossaries, or an article: with articles, --level note also
    lists the entries that none of them uses. Exit codes: 0 no error, 1 an error, 3 a warning under --strict.

    \b
    Example:
      translate-article glossary check our-glossaries --level note
    """
    from pipeline.glossary.linting import lint_glossary

    values = _sort_out(values)
    glossary = chosen_glossary(values)
    failures: list[Failure] = []
    seen = _seen(glossary, values, failures) if values["files"] else None
    problems = lint_glossary(glossary, seen)
    wanted = _LEVELS[: _LEVELS.index(values["level"]) + 1]
    shown = [problem for problem in problems if problem.level in wanted]
    if values["as_json"]:
        rows = [{**asdict(problem), "level": problem.level} for problem in shown]
        emit_json({"schema": SCHEMA, "files": len(glossary.files), "problems": rows})
    else:
        emit("".join(f"{each.origin}: {each.level}: {each.message} [{each.rule}]\n" for each in shown))
    _conclude(glossary, problems)
    levels = {problem.level for problem in problems}
    if "error" in levels or failures:
        return 1
    return _EXIT_FINDINGS if values["strict"] and "warning" in levels else 0


def _sort_out(values: dict[str, Any]) -> dict[str, Any]:
    """Tell the glossaries among the files from the articles."""
    glossaries = [name for name in values["files"] if Path(name).suffix == ".po"]
    folders = [name for name in values["files"] if Path(name).is_dir() and any(Path(name).rglob("*.po"))]
    if len([*folders, *filter(None, [values["glossaries"]])]) > 1:
        raise UsageError("more than one folder of glossaries; name one, and more files with --glossary")
    return {
        **values,
        "files": tuple(name for name in values["files"] if name not in (*glossaries, *folders)),
        "glossary": (*values["glossary"], *glossaries),
        "glossaries": folders[0] if folders else values["glossaries"],
    }


def _seen(glossary: "Glossary", values: dict[str, Any], failures: list[Failure]) -> frozenset[str]:
    from pipeline.surveying import survey_articles

    return survey_articles(read_articles(values["files"], values, failures), glossary).seen


def _conclude(glossary: "Glossary", problems: Sequence["Problem"]) -> None:
    counts = Counter(problem.level for problem in problems)
    said = ", ".join(f"{counts[level]} {level}{'' if counts[level] == 1 else 's'}" for level in _LEVELS)
    files = len(glossary.files)
    say(f"{files} {'glossary' if files == 1 else 'glossaries'}: {said}")
