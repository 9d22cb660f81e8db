"""No engine grows on a long run: 5,000 sentences, each another one."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from growing import SENTENCES, STEP, measure
from translate_server import serve

from pipeline.engines.apertium import installed_modes

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux")

NEEDS_APERTIUM = pytest.mark.skipif(
    not shutil.which("apertium") or ("es", "pt") not in installed_modes(), reason="needs Apertium with es-pt"
)
WITHIN = 1.1


@pytest.fixture
def place(tiny: Path) -> Iterator[Callable[[str], str]]:
    """Say where an engine finds what it needs."""
    with serve() as stub:
        places = {"argos": str(tiny.parent), "firefox": "", "libretranslate": stub.address}
        yield lambda name: places.get(name) or str(installed_modes().get(("es", "pt"), ""))


@pytest.mark.parametrize("name", ["argos", "firefox", "libretranslate", pytest.param("apertium", marks=NEEDS_APERTIUM)])
def test_memory_is_flat_on_a_long_run(name: str, place: Callable[[str], str]) -> None:
    """The least of the last third is within a tenth of the most of the first: what a batch needs comes and goes."""
    sizes = measure(name, place(name))
    assert len(sizes) == SENTENCES // STEP
    third = len(sizes) // 3
    assert min(sizes[-third:]) <= WITHIN * max(sizes[:third]), sizes
