"""Argos packages: the ones installed, an engine for each, and how more are installed safely."""

from collections.abc import Iterator
from functools import partial

from pipeline.engines.argos.engine import ArgosEngine
from pipeline.engines.argos.packages import (
    Package,
    installed_packages,
    list_damaged,
    list_packages,
    packages_folder,
)
from pipeline.engines.base import Offer, Provider


def _offers(_frugal: bool) -> Iterator[Offer]:
    for (source, target), package in installed_packages().items():
        yield Offer(source, target, partial(ArgosEngine, package))


PROVIDER = Provider(_offers)

__all__ = [
    "PROVIDER",
    "ArgosEngine",
    "Package",
    "installed_packages",
    "list_damaged",
    "list_packages",
    "packages_folder",
]
