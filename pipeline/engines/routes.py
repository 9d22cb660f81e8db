"""The graph of engines: which hops there are here, what each costs, and the cheapest route for a pair."""

import heapq
import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

from pipeline.engines import apertium, argos, firefox, reference
from pipeline.engines.base import Engine
from pipeline.engines.watching import Watched, watch
from pipeline.errors import EngineMissing, UsageError
from pipeline.languages import LANGUAGES, apertium_codes, base_language

MAX_HOPS = 3

# name -> the pairs installed here, each with a function that makes the engine. Asked only when a route is looked for.
ENGINES = ("firefox", "apertium", "argos")
# Engines that take part only where they are asked for by name: the reference that "firefox" is measured against.
ON_REQUEST = ("fxtranslate",)


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

    def __init__(self, engine: str = "", *, frugal: bool = False) -> None:
        """Use every engine, or only the one named. A frugal router's engines take less memory and more time a call.

        Raises UsageError for a name that is none.
        """
        if engine and engine not in ENGINES + ON_REQUEST:
            raise UsageError(f"unknown engine {engine!r}: the engines are {', '.join(ENGINES + ON_REQUEST)}")
        self._only = engine
        self._frugal = frugal
        self._makers: dict[Hop, Callable[[], Engine]] | None = None
        self._engines: dict[Hop, Watched] = {}

    def _hops(self) -> dict[Hop, Callable[[], Engine]]:
        if self._makers is None:
            self._makers = dict(_installed(self._only, frugal=self._frugal))
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
        route = self._search(source, target, gone.union(without)) or self._search(source, target, frozenset(without))
        if route is None:
            raise EngineMissing(_no_route(source, target, self._only))
        return route

    def _search(self, source: str, target: str, without: Collection[Hop]) -> Route | None:
        start, goal = base_language(source), base_language(target)
        queue: list[tuple[float, int, tuple[Hop, ...]]] = [(0.0, 0, ())]
        count = 0
        while queue:
            cost, _, way = heapq.heappop(queue)
            here = way[-1].target_lang if way else start
            if here == goal and way:
                return Route(way)
            if len(way) == MAX_HOPS:
                continue
            seen = {start, *(hop.target_lang for hop in way)}
            for hop in self._hops():
                if hop.source_lang == here and hop.target_lang not in seen and hop not in without:
                    count += 1
                    heapq.heappush(queue, (cost + hop.cost, count, (*way, hop)))
        return None

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


@cache
def _costs() -> dict[str, Any]:
    return tomllib.loads(resources.files("pipeline").joinpath("data/routes.toml").read_text("utf-8"))


def _cost(source: str, target: str, engine: str) -> tuple[float, str]:
    table = _costs()
    pair = f"{source}-{target}"
    for row in table["hop"]:
        if (row["pair"], row["engine"]) == (pair, engine):
            return float(row["cost"]), row["measured"]
    default = table["default"]
    is_close = engine == "apertium" and "-".join(sorted((source, target))) in default["close"]
    return float(default["apertium_close" if is_close else engine]), "not measured"


def _installed(only: str, *, frugal: bool) -> Iterator[tuple[Hop, Callable[[], Engine]]]:
    sources: dict[str, Callable[[], Iterator[tuple[str, str, Callable[[], Engine]]]]] = {
        "firefox": _firefox,
        "apertium": partial(_apertium, frugal=frugal),
        "argos": _argos,
        "fxtranslate": _fxtranslate,
    }
    for name in ENGINES + ON_REQUEST:
        if only == name or (not only and name in ENGINES):
            for source, target, make in sources[name]():
                yield Hop(source, target, name, *_cost(source, target, name)), make


def _firefox() -> Iterator[tuple[str, str, Callable[[], Engine]]]:
    for (source, target), folder in firefox.bundled_models().items():

        def make(source: str = source, target: str = target, folder: Any = folder) -> Engine:
            return firefox.FirefoxEngine(source, target, folder=folder)

        yield source, target, make


def _fxtranslate() -> Iterator[tuple[str, str, Callable[[], Engine]]]:
    for (source, target), folder in firefox.bundled_models().items():

        def make(source: str = source, target: str = target, folder: Any = folder) -> Engine:
            return reference.FxtranslateEngine(source, target, folder=folder)

        yield source, target, make


def _apertium(*, frugal: bool) -> Iterator[tuple[str, str, Callable[[], Engine]]]:
    for (source, target), mode in apertium.installed_modes().items():

        def make(source: str = source, target: str = target, mode: Path = mode) -> Engine:
            return apertium.ApertiumEngine(source, target, mode, frugal=frugal)

        yield source, target, make


def _argos() -> Iterator[tuple[str, str, Callable[[], Engine]]]:
    for (source, target), package in argos.installed_packages().items():

        def make(package: argos.Package = package) -> Engine:
            return argos.ArgosEngine(package)

        yield source, target, make


# Debian package of Apertium by unordered pair, for the hint. Source: `apt-cache search apertium`, Debian 12.
_PACKAGES = {
    "es-pt": "apertium-es-pt", "ca-pt": "apertium-por-cat", "gl-pt": "apertium-pt-gl", "en-es": "apertium-eng-spa",
    "ca-en": "apertium-eng-cat", "en-gl": "apertium-en-gl", "bg-mk": "apertium-mkd-bul", "en-mk": "apertium-mkd-eng",
    "ca-es": "apertium-spa-cat", "es-gl": "apertium-es-gl", "es-it": "apertium-spa-ita", "es-ro": "apertium-es-ro",
    "ca-it": "apertium-cat-ita",
}  # fmt: skip


def _no_route(source: str, target: str, only: str) -> str:
    names = f"{LANGUAGES[source].name} to {LANGUAGES[target].name} ({source}-{target})"
    limit = f" with engine {only} alone" if only else ""
    goal = base_language(target)
    # English and Portuguese are always there, so a pair with either of them opens the way.
    for pivot in (base_language(source), "pt", "en"):
        package = _PACKAGES.get("-".join(sorted((pivot, goal))))
        if package and apertium_codes(target):
            return f"no route from {names}{limit}; try: apt-get install apertium {package}"
    return f"no route from {names}{limit}; try: translate-article engines install {base_language(source)} {goal}"
