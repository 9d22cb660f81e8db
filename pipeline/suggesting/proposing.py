"""What could stand as the translation of a candidate: what the engines say, what the alphabet's scheme says."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.engines.routes import Route, Router
from pipeline.errors import PipelineError
from pipeline.glossary import scheme_of, scheme_title, write_by_scheme
from pipeline.languages import LANGUAGES
from pipeline.suggesting.gathering import Candidate, Proposal

MAX_ASKED = 500  # candidates of a pair that engines are asked about, the most frequent first


def propose(candidates: Sequence[Candidate], router: Router | None) -> list[Candidate]:
    """Give each candidate its proposals, in its own order; without a router no engine is asked.

    A name in the script of its target keeps its spelling first; one in another script is written by the declared
    scheme first; a fragment gets first what the cheapest route says.
    """
    said = _ask(candidates, router) if router else {}
    return [replace(item, proposals=_order(item, said.get(_key(item), []))) for item in candidates]


def _key(item: Candidate) -> tuple[str, str, str]:
    return item.source, item.source_lang, item.target_lang


def _order(item: Candidate, engines: Iterable[Proposal]) -> tuple[Proposal, ...]:
    written = list(_by_alphabet(item))
    is_name = item.type in ("name", "agency")
    every = [*item.proposals, *written, *engines] if is_name else [*engines, *written]
    found: dict[str, Proposal] = {}
    for proposal in every:
        found.setdefault(proposal.text, proposal)
    return tuple(found.values())


def _by_alphabet(item: Candidate) -> Iterator[Proposal]:
    """Propose a spelling of a name; words that have a meaning are not written in other letters."""
    if item.type not in ("name", "agency"):
        return
    source, target = (LANGUAGES[tag].script if tag in LANGUAGES else "" for tag in (item.source_lang, item.target_lang))
    if source == target:
        yield Proposal("as it is", item.source)
        return
    scheme = scheme_of(item.source_lang, item.target_lang) if source and target else ""
    if scheme and (latin := write_by_scheme(item.source, scheme)) != item.source:
        yield Proposal(scheme_title(scheme), latin)


def _ask(candidates: Sequence[Candidate], router: Router) -> dict[tuple[str, str, str], list[Proposal]]:
    pairs: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for item in candidates:
        pairs[item.source_lang, item.target_lang].append(item)
    said: dict[tuple[str, str, str], list[Proposal]] = defaultdict(list)
    for (source, target), items in pairs.items():
        texts = [item.source for item in items[:MAX_ASKED]]
        for route in _routes(source, target, router):
            for item, text in zip(items, _translate(texts, route, router), strict=False):
                if tidy := _tidy(text, item.source):
                    said[_key(item)].append(Proposal(route.text, tidy))
    return said


def _tidy(text: str, source: str) -> str:
    """Take away what an engine adds to words without a sentence: a bracket that stays open, a full stop."""
    plain = " ".join(text.split())
    if plain.count("(") > plain.count(")"):
        plain = plain[: plain.rindex("(")]
    return plain.strip() if source.endswith((".", "!", "?")) else plain.strip().rstrip(".:;,")


def _routes(source: str, target: str, router: Router) -> Iterator[Route]:
    """Give the cheapest route, and those that avoid the engines of all before; at most three."""
    gone: set[object] = set()
    for _ in range(3):
        try:
            route = router.find_route(source, target, without=gone)  # type: ignore[arg-type]  # hops, by equality
        except PipelineError:
            return
        if gone.issuperset(route.hops):
            return
        yield route
        gone.update(route.hops)


def _translate(texts: Sequence[str], route: Route, router: Router) -> list[str]:
    """Take texts along a route; nothing where an engine of it fails."""
    now = list(texts)
    try:
        for hop in route.hops:
            engine = router.engine(hop)
            engine.load()
            now = engine.translate(now)
    except PipelineError:
        return []
    return now
