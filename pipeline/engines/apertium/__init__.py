"""Apertium with what its pairs lack: words that their dictionaries do not know, and repairs before and behind it."""

from collections.abc import Iterator
from functools import partial

from pipeline.engines.apertium.engine import MODES_FOLDER, ApertiumEngine, installed_modes
from pipeline.engines.base import Offer, Provider


def _offers(frugal: bool) -> Iterator[Offer]:
    for (source, target), mode in installed_modes().items():
        yield Offer(source, target, partial(ApertiumEngine, source, target, mode, frugal=frugal))


PROVIDER = Provider(_offers)

__all__ = ["MODES_FOLDER", "PROVIDER", "ApertiumEngine", "installed_modes"]
