"""How much memory an engine takes on a long run: it translates in a process of its own, which looks at itself."""

import os
import sys
from collections.abc import Iterator
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from pipeline.engines.base import Engine

sys.path.insert(0, str(Path(__file__).parents[1] / "models"))
from grammar import make_pairs

SENTENCES, STEP = 5000, 500


def measure(name: str, place: str) -> list[int]:
    """Translate SENTENCES sentences, each another one; return the kilobytes after each STEP of them.

    name: an engine of `make_engine`; place: its folder or address.
    """
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure, (name, place))


def make_engine(name: str, place: str) -> Engine:
    """Make an engine from English, Apertium from Spanish."""
    if name == "argos":
        from pipeline.engines.argos import ArgosEngine, installed_packages

        return ArgosEngine(installed_packages(Path(place))["en", "es"])
    if name == "firefox":
        from pipeline.engines.firefox import FirefoxEngine, bundled_models

        return FirefoxEngine("en", "pt", folder=bundled_models()["en", "pt"], threads=2)
    if name == "libretranslate":
        from pipeline.engines.libretranslate import LibreTranslateEngine, Server

        return LibreTranslateEngine(("en", "es"), ("en", "es"), Server(place))
    from pipeline.engines.apertium import ApertiumEngine

    return ApertiumEngine("es", "pt", Path(place))


def _measure(name: str, place: str) -> list[int]:
    engine = make_engine(name, place)
    texts = _sentences(1 if name == "apertium" else 0)
    sizes = []
    while batch := list(islice(texts, STEP)):
        answers = engine.translate(batch)
        assert len(answers) == len(batch) and all(answers)
        sizes.append(sum(_kilobytes(pid) for pid in _processes()))
    return sizes


def _sentences(side: int) -> Iterator[str]:
    seen = dict.fromkeys(islice((pair[side] for pair in make_pairs(4)), 2 * SENTENCES))
    assert len(seen) >= SENTENCES
    return islice(iter(seen), SENTENCES)


def _processes() -> Iterator[int]:
    """Give this process and those that it started, and theirs."""
    todo = [os.getpid()]
    while todo:
        pid = todo.pop()
        yield pid
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            todo += [int(each) for each in path.read_text("ascii").split()]


def _kilobytes(pid: int) -> int:
    """Return the memory that a process wrote, without files mapped into it, which count for less with each reader."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))
