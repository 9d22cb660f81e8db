"""Argos packages: the ones installed, an engine for each, and how more are installed safely."""

from pipeline.engines.argos.engine import ArgosEngine
from pipeline.engines.argos.packages import (
    Package,
    installed_packages,
    list_damaged,
    list_packages,
    packages_folder,
)

__all__ = ["ArgosEngine", "Package", "installed_packages", "list_damaged", "list_packages", "packages_folder"]
