"""Run a real LibreTranslate server with the tiny Argos package, no network: make test-libretranslate.

Usage, in the environment that has libretranslate: python real_libretranslate.py FOLDER PORT
FOLDER is where the package is unpacked. A sentence splitter of its own, one sentence a text, stands in for the one
that stock argostranslate would download.
"""

import os
import sys
import zipfile
from pathlib import Path
from typing import Any

MODEL = Path(__file__).parents[1] / "models/translate-en_es-1_0.argosmodel"


class OneSentence:
    """Takes every text as one sentence."""

    def __init__(self, pkg: Any) -> None:
        self.pkg = pkg

    def split_sentences(self, text: str) -> list[str]:
        """Return the text."""
        return [text]


def main(folder: Path, port: str) -> None:
    """Unpack, and serve until the process ends."""
    packages = folder / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(MODEL) as archive:
        archive.extractall(packages)
    os.environ.update(HOME=str(folder), XDG_DATA_HOME=str(folder / "data"), ARGOS_PACKAGES_DIR=str(packages))
    from argostranslate import translate
    from libretranslate import init
    from libretranslate import main as serve

    translate.MiniSBDSentencizer = OneSentence
    init.check_and_install_models = lambda **_: None  # nothing is fetched
    sys.argv = ["libretranslate", "--host", "127.0.0.1", "--port", port, "--disable-web-ui"]
    sys.argv += ["--disable-files-translation"]
    serve()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
