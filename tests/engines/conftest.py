"""The tiny Argos package, installed into a folder of the test's own."""

import zipfile
from pathlib import Path

import pytest

MODEL = Path(__file__).parents[1] / "models/translate-en_es-1_0.argosmodel"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder of packages; HOME and all that argostranslate reads lie in the test's folder."""
    for name in ("ARGOS_BEAM_SIZE", "ARGOS_COMPUTE_TYPE", "ARGOS_INTER_THREADS", "ARGOS_PACKAGE_INDEX"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(folder))
    return folder


@pytest.fixture
def tiny(packages: Path) -> Path:
    """Return the folder of the tiny package, unpacked among the packages."""
    with zipfile.ZipFile(MODEL) as archive:
        archive.extractall(packages)
    return packages / MODEL.stem
