"""The graph of engines: which hops there are here, what each costs, and the cheapest route for a pair."""

import heapq
import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pipeline.engines.base import Engine, Offer
from pipeline.engines.registry import Offered, choose_engines, collect_offers
from pipeline.engines.watching import Watched, watch
from pipeline.errors import EngineMissing
from pipeline.languages import LANGUAGES, apertium_codes, base_language

MAX_HOPS = 3


@dataclass(frozen=True, slots=True)
class Hop:
    """One engine for one pair."""

    source_lang: str
    target_lang: str
    engine: str
    cost: float  # points of chrF lost; see pipeline/data/routes.toml
    note: str  # what the cost rests on

    @property
    def text(self) -> str:
        """The hop in one word: "en-pt:firefox"."""
        return f"{self.source_lang}-{self.target_lang}:{self.engine}"


@dataclass(frozen=True, slots=True)
class Route:
    """The hops from a source to a target; at least one."""

    hops: tuple[Hop, ...]

    @property
    def text(self) -> str:
        """The route in one line: "en-pt:firefox > pt-es:apertium"."""
        return " > ".join(hop.text for hop in self.hops)

    @property
    def cost(self) -> float:
        """Points of chrF lost on the whole way."""
        return sum(hop.cost for hop in self.hops)


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """A row of `translate-article engines`."""

    name: str
    source_lang: str
    target_lang: str
    version: str
    cost: float
    note: str


class Router:
    """Find routes and hand out their engines, each made once. Close it to end their processes."""

    def __init__(self, engine: str = "", *, via: Sequence[str] = (), frugal: bool = False) -> None:
        """Use every engine, or only those named ("firefox,apertium"); go through the languages of `via`, in order.

        A frugal router's engines take less memory and more time a call. Raises UsageError for a name that is none.
        """
        self._only = choose_engines(engine)
        self._via = tuple(base_language(tag) for tag in via)
        self._frugal = frugal
        self._makers: dict[Hop, Callable[[], Engine]] | None = None
        self._engines: dict[Hop, Watched] = {}
        self._best: dict[tuple[str, str, frozenset[Hop]], Route | None] = {}
        self.problems: tuple[str, ...] = ()
        """Why an engine offers nothing; known as soon as a route was looked for."""

    def _hops(self) -> dict[Hop, Callable[[], Engine]]:
        if self._makers is None:
            offered = collect_offers(self._only, frugal=self._frugal)
            self.problems = tuple(each.problem for each in offered if each.problem)
            self._makers = dict(_make_hops(offered))
        return self._makers

    def available(self) -> list[EngineInfo]:
        """List what is installed here, by engine and pair."""
        rows = [
            EngineInfo(hop.engine, hop.source_lang, hop.target_lang, self.engine(hop).version, hop.cost, hop.note)
            for hop in self._hops()
        ]
        return sorted(rows, key=lambda row: (row.name, row.source_lang, row.target_lang))

    def find_route(self, source: str, target: str, *, without: Collection[Hop] = ()) -> Route:
        """Find the cheapest route of at most three hops, none of them among those to do `without`.

        A hop whose engine was given up takes part only where nothing else does. Raises EngineMissing, saying how to
        get the pair, where there is no route.
        """
        gone = {hop for hop, engine in self._engines.items() if engine.gone}
        for avoided in (gone.union(without), without):
            if route := self._find_best(source, target, frozenset(avoided)):
                return route
        raise EngineMissing(self._no_route(source, target))

    def _find_best(self, source: str, target: str, without: frozenset[Hop]) -> Route | None:
        """Return the first of `_search`, remembered: every article asks for the same few."""
        asked = source, target, without
        if asked not in self._best:
            self._best[asked] = next(self._search(source, target, without), None)
        return self._best[asked]

    def list_routes(self, source: str, target: str, most: int) -> list[Route]:
        """Return the cheapest routes, the best first; [] where there is none."""
        found = self._search(source, target, ())
        return [route for _, route in zip(range(most), found, strict=False)]

    def find_others(self, source: str, target: str, most: int) -> list[Route]:
        """Return the cheapest routes beside the one that `find_route` gives, at most so many."""
        if not most:
            return []
        taken = self.find_route(source, target)
        return [route for route in self.list_routes(source, target, most + 1) if route != taken][:most]

    def _search(self, source: str, target: str, without: Collection[Hop]) -> Iterator[Route]:
        """Give all routes, the cheapest first; of equal ones that of fewer hops, then by the engines' names."""
        start, goal = base_language(source), base_language(target)
        via = tuple(lang for lang in self._via if lang not in (start, goal))
        by_source: dict[str, list[Hop]] = {}
        for hop in self._hops():
            by_source.setdefault(hop.source_lang, []).append(hop)
        queue: list[tuple[float, int, str, tuple[Hop, ...]]] = [(0.0, 0, "", ())]
        while queue:
            cost, _, _, way = heapq.heappop(queue)
            here = way[-1].target_lang if way else start
            if here == goal and way:
                yield Route(way)
            if (here == goal and way) or len(way) == max(MAX_HOPS, len(via) + 1):
                continue
            seen = {start, *(hop.target_lang for hop in way)}
            wanted = {(*via, goal)[len(way)]} if via else {goal} if len(way) == MAX_HOPS - 1 else None
            for hop in by_source.get(here, ()):
                if hop.target_lang not in seen and hop not in without and (not wanted or hop.target_lang in wanted):
                    longer = (*way, hop)
                    heapq.heappush(queue, (cost + hop.cost, len(longer), Route(longer).text, longer))

    def has_route(self, source: str, target: str) -> bool:
        """Whether `find_route` finds one."""
        try:
            self.find_route(source, target)
        except EngineMissing:
            return False
        return True

    def engine(self, hop: Hop) -> Watched:
        """Return the engine of a hop, under watch; made on the first call, not loaded."""
        if hop not in self._engines:
            self._engines[hop] = watch(self._hops()[hop]())
        return self._engines[hop]

    def close(self) -> None:
        """Close every engine handed out."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()

    def _no_route(self, source: str, target: str) -> str:
        names = f"{LANGUAGES[source].name} to {LANGUAGES[target].name} ({source}-{target})"
        engines = f"engine{'s' * (len(self._only) > 1)} {' and '.join(self._only)}"
        limit = f" with {engines} alone" if self._only else ""
        limit += f" through {', '.join(self._via)}" if self._via else ""
        problems = "".join(f" ({problem})" for problem in self.problems)
        return f"no route from {names}{limit}{problems}; try: {_how_to_get(source, target)}"


@cache
def _costs() -> dict[str, Any]:
    return tomllib.loads(resources.files("pipeline").joinpath("data/routes.toml").read_text("utf-8"))


def _cost(offer: Offer, engine: str) -> tuple[float, str]:
    if offer.cost is not None:
        return offer.cost, offer.note or "as the engine says"
    table = _costs()
    pair = f"{offer.source_lang}-{offer.target_lang}"
    for row in table["hop"]:
        if (row["pair"], row["engine"]) == (pair, engine):
            return float(row["cost"]), row["measured"]
    default = table["default"]
    is_close = engine == "apertium" and "-".join(sorted((offer.source_lang, offer.target_lang))) in default["close"]
    kind = "apertium_close" if is_close else engine if engine in default else "other"
    return float(default[kind]), "not measured"


def _make_hops(offered: Sequence[Offered]) -> Iterator[tuple[Hop, Callable[[], Engine]]]:
    for each in offered:
        for offer in each.offers:
            yield Hop(offer.source_lang, offer.target_lang, each.name, *_cost(offer, each.name)), offer.make


# Debian package of Apertium by unordered pair, for the hint. Source: `apt-cache search apertium`, Debian 12.
_PACKAGES = {
    "es-pt": "apertium-es-pt", "ca-pt": "apertium-por-cat", "gl-pt": "apertium-pt-gl", "en-es": "apertium-eng-spa",
    "ca-en": "apertium-eng-cat", "en-gl": "apertium-en-gl", "bg-mk": "apertium-mkd-bul", "en-mk": "apertium-mkd-eng",
    "ca-es": "apertium-spa-cat", "es-gl": "apertium-es-gl", "es-it": "apertium-spa-ita", "es-ro": "apertium-es-ro",
    "ca-it": "apertium-cat-ita",
}  # fmt: skip


def _how_to_get(source: str, target: str) -> str:
    """Return the command that opens a way from one language to another."""
    goal = base_language(target)
    # English and Portuguese are always there, so a pair with either of them opens the way.
    for pivot in (base_language(source), "pt", "en"):
        package = _PACKAGES.get("-".join(sorted((pivot, goal))))
        if package and apertium_codes(target):
            return f"apt-get install apertium {package}"
    return f"translate-article engines install {base_language(source)} {goal}"
