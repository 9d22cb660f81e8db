"""The command `engines`: what is installed, and what more can be. The packages themselves are packages.py's."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.messages import SCHEMA, emit, emit_json
from pipeline.cli.options import common_options
from pipeline.cli.packages import COMMANDS
from pipeline.cli.routing import route
from pipeline.errors import EngineMissing
from pipeline.languages import LANGUAGES, base_language

if TYPE_CHECKING:
    from pipeline.engines.routes import EngineInfo, Router

_SOURCE = "en"  # the language of the articles that this program was made for; hints are given from it


@click.group(invoke_without_command=True, short_help="Show what is installed, and what more can be; install it.")
@common_options
@click.pass_context
def engines(ctx: click.Context, /, **values: Any) -> int:
    """Show the installed engines, their pairs, versions and costs, and what more can be installed.

    The cost of a pair is in points of chrF lost; the cheapest route is taken, over another language where
    that is better than the direct way. The commands below work on the packages of the engine argos.
    """
    return 0 if ctx.invoked_subcommand else _show(as_json=values["as_json"])


for _command in (*COMMANDS, route):
    engines.add_command(_command)


def _show(*, as_json: bool) -> int:
    from contextlib import closing

    from pipeline.engines.routes import Router

    with closing(Router()) as router:
        rows = router.available()
        missing = dict(_missing(router))
        problems = list(router.problems)
    if as_json:
        document = {"engines": [asdict(row) for row in rows], "missing": missing, "problems": problems}
        emit_json({"schema": SCHEMA, **document})
    else:
        lines = [*_lines(rows, missing), *(f"\nnot to be used: {problem}" for problem in problems)]
        emit("".join(f"{line}\n" for line in lines))
    return 0


def _missing(router: "Router") -> Iterator[tuple[str, str]]:
    """Give the languages that English has no route to, each with the command that opens one."""
    for tag in LANGUAGES:
        if base_language(tag) != tag or tag == _SOURCE:
            continue
        try:
            router.find_route(_SOURCE, tag)
        except EngineMissing as exc:
            yield tag, str(exc).rpartition("try: ")[2]


def _lines(rows: Sequence["EngineInfo"], missing: dict[str, str]) -> Iterator[str]:
    widths = [max((len(getattr(row, name)) for row in rows), default=0) for name in ("name", "version")]
    yield f"{'engine':<{widths[0]}}  {'pair':<9}  {'cost':>5}  {'version':<{widths[1]}}  cost rests on"
    for row in rows:
        pair = f"{row.source_lang}-{row.target_lang}"
        yield f"{row.name:<{widths[0]}}  {pair:<9}  {row.cost:>5.1f}  {row.version:<{widths[1]}}  {row.note}"
    packaged = {tag: hint for tag, hint in missing.items() if hint.startswith("apt-get")}
    if packaged:
        yield "\nMore languages from English, with Debian's packages:"
        for tag, hint in packaged.items():
            yield f"  {tag:<9}  {hint}"
    others = [tag for tag in missing if tag not in packaged]
    if others:
        yield f"\nWith a model of Argos (such as: {missing[others[0]]}):"
        yield f"  {' '.join(others)}"
