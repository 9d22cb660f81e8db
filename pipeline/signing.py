"""The signature of a result: all that its bytes depend on, so that equal signatures need no work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata

from pipeline import __version__
from pipeline.engines.routes import Route, Router
from pipeline.glossary import Glossary, concerned_entries
from pipeline.languages import is_same_language
from pipeline.marking import NO_LANGUAGE
from pipeline.model import LocalisedSegment, Signature
from pipeline.program import program_digest

SHAPING = ("babel", "sentencex")  # packages that every text depends on: CLDR's forms, the ends of sentences
WHOLE_KINDS = frozenset({"block", "line"})  # fragments of these kinds may be translated from their own language


@dataclass(frozen=True, slots=True)
class Made:
    """What an article was made of."""

    input_digest: str
    lang: str
    targets: tuple[str, ...]
    options: Mapping[str, str]
    fragment_pairs: tuple[tuple[str, str], ...] = ()  # (fragment's language, target) that a route was looked for
    reviews_digest: str = ""
    read_with: tuple[str, ...] = ()  # packages that had a say in what the file holds
    memory_digest: str = ""


def sign(made: Made, glossary: Glossary, router: Router, texts: Sequence[str] | None = None) -> Signature:
    """Return the signature that an article gets here and now, without loading an engine.

    `texts` are its segments, as they stand and normalised; without them `terms` stays empty, and no glossary
    is parsed. Raises EngineMissing for a target without a route.
    """
    lang = made.lang
    routes = {to: router.find_route(lang, to) for to in made.targets if not is_same_language(to, lang)}
    asked = {pair: _route(router, *pair) for pair in made.fragment_pairs}
    most = int(made.options.get("alternatives", "0"))
    others = [one for to in routes for one in router.find_others(lang, to, most)]
    used = [*routes.values(), *(route for route in asked.values() if route), *others]
    terms: Mapping[str, str] = {}
    if texts is not None:
        between = {hop.target_lang for route in used for hop in route.hops}
        terms = concerned_entries(texts, lang, {*made.targets, *between}, glossary)
    engines = {hop.text: router.engine(hop).version for route in used for hop in route.hops}
    return Signature(
        version=__version__,
        input_digest=made.input_digest,
        engines=dict(sorted(engines.items())),
        routes={target: route.text for target, route in routes.items()},
        glossary_digest=glossary.digest,
        options=made.options,
        program_digest=program_digest(),
        terms=terms,
        fragment_routes={f"{pair[0]}-{pair[1]}": route.text if route else "" for pair, route in asked.items()},
        reviews_digest=made.reviews_digest,
        libraries={name: _version(name) for name in sorted({*SHAPING, *made.read_with})},
        memory_digest=made.memory_digest,
    )


@cache
def _version(package: str) -> str:
    """Return the version of a package here; "" where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _route(router: Router, source: str, target: str) -> Route | None:
    return router.find_route(source, target) if router.has_route(source, target) else None


def find_fragment_pairs(
    segments: Iterable[LocalisedSegment], lang: str, targets: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return the pairs for which the fragment policy looks for a route: a whole line in another language."""
    found = {f.lang for item in segments for f in item.fragments if f.kind in WHOLE_KINDS}
    langs = found - {NO_LANGUAGE}  # a line of code takes no route
    return tuple((one, to) for one in sorted(langs) for to in (lang, *targets) if not is_same_language(one, to))


def texts_of(segments: Iterable[LocalisedSegment]) -> list[str]:
    """Return what the glossary is matched against: each segment as it stands, and normalised."""
    return list(dict.fromkeys(text for item in segments for text in (item.segment.source, item.normalised)))
