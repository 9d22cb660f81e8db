"""The engines there are: entry points of packages, the built-in ones among them (pyproject.toml).

A package of another's brings an engine in with

    [project.entry-points."translate_article.engines"]
    name = "package.module:PROVIDER"

where PROVIDER is an `engines.base.Provider`.
"""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from pipeline.engines.base import Offer, Provider
from pipeline.errors import PipelineError, UsageError

GROUP = "translate_article.engines"


@dataclass(frozen=True, slots=True)
class Offered:
    """What one engine offers, and why it offers nothing if something is wrong with it."""

    name: str
    offers: tuple[Offer, ...] = ()
    problem: str = ""


@cache
def engine_names() -> tuple[str, ...]:
    """Return the names of all engines, in alphabetical order; nothing of them is loaded."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def choose_engines(wanted: str) -> tuple[str, ...]:
    """Read a choice of engines, such as "firefox,apertium"; () for "" (all that need not be asked for).

    Raises UsageError for a name that is none.
    """
    names = tuple(name.strip() for name in wanted.split(",") if name.strip())
    for name in names:
        if name not in engine_names():
            raise UsageError(f"unknown engine {name!r}: the engines are {', '.join(engine_names())}")
    return names


def collect_offers(chosen: tuple[str, ...], *, frugal: bool) -> list[Offered]:
    """Ask the engines chosen, or all, for their pairs. One that fails at it does not stop the others."""
    return [offered for name in engine_names() if (offered := _ask(name, chosen, frugal=frugal))]


def _ask(name: str, chosen: tuple[str, ...], *, frugal: bool) -> Offered | None:
    if chosen and name not in chosen:
        return None
    try:
        provider = load_provider(name)
        if provider.on_request and not chosen:
            return None
        return Offered(name, tuple(provider.offers(frugal)))
    except UsageError:
        raise
    except PipelineError as exc:
        return Offered(name, problem=str(exc))
    except Exception as exc:  # an engine may be anyone's: nothing that it does stops the others
        return Offered(name, problem=f"engine {name}: {type(exc).__name__}: {exc}")


@cache
def load_provider(name: str) -> Provider:
    """Import what an entry point names; of several with one name the first.

    Raises EngineMissing's base, PipelineError, for something that is no Provider.
    """
    point = next(point for point in entry_points(group=GROUP) if point.name == name)
    provider = point.load()
    if not isinstance(provider, Provider):
        raise PipelineError(f"engine {name}: {point.value} is no Provider; ask whoever wrote it")
    return provider
