"""The command `engines route`: the way from one language to another, and why this one."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.messages import SCHEMA, emit, emit_json
from pipeline.cli.options import ParsedType, common_options, engine_options, use_server
from pipeline.errors import EngineMissing, UsageError
from pipeline.languages import is_same_language, parse_language

if TYPE_CHECKING:
    from pipeline.engines.routes import Hop, Route

_LANGUAGE = ParsedType("lang", parse_language)
SHOWN = 4  # routes: the one taken, and what else there is


@click.command(short_help="Show the route from one language to another, with its reasons.")
@click.argument("source", type=_LANGUAGE, metavar="SOURCE")
@click.argument("target", type=_LANGUAGE, metavar="TARGET")
@engine_options
@common_options
def route(**values: Any) -> int:
    """Show the route that is taken from SOURCE to TARGET, what each of its hops costs and what that rests on.

    Costs are points of chrF lost; those of the hops add up, and the cheapest route of at most three hops is taken.
    Below it stand the next best ones.

    \b
    Example:
      translate-article engines route en es
    """
    from pipeline.engines.routes import Router

    source, target = values["source"], values["target"]
    if is_same_language(source, target):
        raise UsageError(f"{source} to {target}: name two languages")
    use_server(values["libretranslate_url"], values["libretranslate_key"])
    with closing(Router(values["engine"] or "", via=values["via"])) as router:
        routes = router.list_routes(source, target, SHOWN)
        if not routes:
            router.find_route(source, target)  # raises, and says what to try
            raise EngineMissing(f"no route from {source} to {target}")
        problems = router.problems
    if values["as_json"]:
        rows = [{"route": each.text, "cost": each.cost, "hops": [asdict(hop) for hop in each.hops]} for each in routes]
        emit_json({"schema": SCHEMA, "routes": rows, "problems": list(problems)})
    else:
        emit("".join(f"{line}\n" for line in (*_lines(routes), *(f"not asked: {each}" for each in problems))))
    return 0


def _lines(routes: Sequence["Route"]) -> Iterator[str]:
    best, *others = routes
    yield f"{best.text}  (costs {best.cost:.1f})"
    width = max(len(hop.text) for hop in best.hops)
    yield from (_hop_line(hop, width) for hop in best.hops)
    if not others:
        yield "there is no other route here"
        return
    yield "next best:"
    for each in others:
        yield f"  {each.text}  (costs {each.cost:.1f}, {each.cost - best.cost:.1f} more)"
        yield from (f"  {_hop_line(hop, width)}" for hop in each.hops if hop not in best.hops)


def _hop_line(hop: "Hop", width: int) -> str:
    return f"  {hop.text:<{width}}  {hop.cost:>5.1f}  {hop.note}"
