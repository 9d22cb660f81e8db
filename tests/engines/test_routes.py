"""Routes: the cheapest way and those beside it; a choice of engines or languages; engines that plug in."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines import registry
from pipeline.engines.routes import MAX_HOPS, Hop, Router
from pipeline.errors import EngineMissing, UsageError

LANGS = ["en", "pt", "es", "ca", "gl", "bg"]
PLUGIN = """
from pipeline.engines.base import Offer, Provider

class Shouting:
    name, version, source_lang, target_lang, marks = "shouting", "1.2", "en", "bg", "token"
    def load(self): pass
    def can_write(self, char): return True
    def translate(self, texts): return [text.upper() for text in texts]
    def close(self): pass

PROVIDER = Provider(lambda frugal: [Offer("en", "bg", Shouting, 12.5, "chrF 87.5")])
BROKEN = Provider(lambda frugal: 1 / 0)
NONE = 7
"""


def router(*hops: Hop, via: tuple[str, ...] = ()) -> Router:
    """Make a router of these hops; no engine is made."""
    made = Router(via=via)
    made._makers = {hop: lambda: pytest.fail("no engine is needed") for hop in hops}
    return made


hop = st.builds(Hop, st.sampled_from(LANGS), st.sampled_from(LANGS), st.just("x"), st.integers(0, 9), st.just(""))
hops = st.lists(hop.filter(lambda one: one.source_lang != one.target_lang), max_size=16, unique_by=lambda one: one.text)


@given(hops)
def test_routes_come_cheapest_first_and_are_ways(given_hops: list[Hop]) -> None:
    """Each leads from the source to the target over at most three hops, and passes no language twice."""
    routes = router(*given_hops).list_routes("en", "bg", 50)
    assert [route.cost for route in routes] == sorted(route.cost for route in routes)
    assert len({route.text for route in routes}) == len(routes)
    for route in routes:
        langs = ["en", *(hop.target_lang for hop in route.hops)]
        assert [hop.source_lang for hop in route.hops] == langs[:-1]
        assert len(set(langs)) == len(langs) <= MAX_HOPS + 1
        assert langs[-1] == "bg"
    if any((hop.source_lang, hop.target_lang) == ("en", "bg") for hop in given_hops):
        assert routes


@given(hops, st.sampled_from(["pt", "es", "ca"]))
def test_via_leads_through_these_languages_and_no_others(given_hops: list[Hop], via: str) -> None:
    """In order; where that is no way, there is none."""
    for route in router(*given_hops, via=(via, "gl")).list_routes("en", "bg", 50):
        assert [hop.target_lang for hop in route.hops] == [via, "gl", "bg"]
    for route in router(*given_hops, via=("en", via)).list_routes("en", "bg", 50):
        assert [hop.target_lang for hop in route.hops] == [via, "bg"]


def test_a_missing_route_names_what_limits_it() -> None:
    """The engines and languages that were chosen."""
    with pytest.raises(EngineMissing, match="with engines fxtranslate and apertium alone through ca; try: "):
        Router("fxtranslate,apertium", via=("ca",)).find_route("en", "bg")
    with pytest.raises(UsageError, match="unknown engine 'fire': the engines are apertium, argos, firefox, fxtrans"):
        Router("fire")


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a package with three entry points: a good engine, one that fails, and one that is none."""
    (tmp_path / "shouting.py").write_text(PLUGIN, "utf-8")
    info = tmp_path / "shouting-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shouting\nVersion: 1.2\n", "utf-8")
    lines = [f"[{registry.GROUP}]", "shouting = shouting:PROVIDER", "broken = shouting:BROKEN", "none = shouting:NONE"]
    (info / "entry_points.txt").write_text("\n".join([*lines, "absent = not_there:PROVIDER"]), "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for cached in (registry.engine_names, registry.load_provider):
        cached.cache_clear()
    yield
    for cached in (registry.engine_names, registry.load_provider):
        cached.cache_clear()
    sys.modules.pop("shouting", None)


@pytest.mark.usefixtures("plugins")
def test_an_engine_of_another_package_takes_part() -> None:
    """By its name, with its own cost; the built-in ones come through the same door."""
    made = Router()
    route = made.find_route("en", "bg")
    assert (route.text, route.cost, route.hops[0].note) == ("en-bg:shouting", 12.5, "chrF 87.5")
    assert made.engine(route.hops[0]).translate(["one"]) == ["ONE"]
    assert made.find_route("en", "pt").text == "en-pt:firefox"
    assert {"shouting", "firefox", "apertium", "argos", "libretranslate"} <= set(registry.engine_names())


@pytest.mark.usefixtures("plugins")
def test_a_broken_package_stops_nobody() -> None:
    """Its trouble is kept to be told."""
    made = Router()
    made.find_route("en", "pt")
    assert made.problems == (
        "engine absent: ModuleNotFoundError: No module named 'not_there'",
        "engine broken: ZeroDivisionError: division by zero",
        "engine none: shouting:NONE is no Provider; ask whoever wrote it",
    )
