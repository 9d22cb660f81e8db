"""Apertium with what its pairs lack: words that their dictionaries do not know, and repairs before and behind it."""

from pipeline.engines.apertium.engine import MODES_FOLDER, ApertiumEngine, installed_modes

__all__ = ["MODES_FOLDER", "ApertiumEngine", "installed_modes"]
