"""Read an article from a file's text and write it again in the same format: a parser and a renderer a format.

A parser gives one segment a block (`segmenting.segment_article` cuts blocks into sentences later) and leaves
the language empty. A renderer takes the texts of all segments and gives the file's text. With every
segment's own source and nothing left out, what a renderer writes is what the parser read.
"""

from collections.abc import Collection, Mapping
from typing import Protocol, TypeVar

from pipeline.documents.evidence import Furniture, load_furniture
from pipeline.documents.reading import Decoded, decode_article, encode_article, printable
from pipeline.documents.text import parse_text, render_text
from pipeline.errors import DocumentError
from pipeline.model import Article, Role

__all__ = [
    "PARSERS", "RENDERERS", "Decoded", "Furniture", "decode_article", "encode_article", "load_furniture",
    "parser_for", "printable", "renderer_for",
]  # fmt: skip


class Parser(Protocol):
    """Turn a decoded file into an article."""

    def __call__(self, text: str, *, name: str, suffix: str, furniture: Furniture | None = None) -> Article:
        """Parse `text`; `furniture` is the list of site lines, ours where None."""


class Renderer(Protocol):
    """Write an article with other texts in its segments."""

    def __call__(self, article: Article, texts: Mapping[str, str], left_out: Collection[Role]) -> str:
        """Render `article`; `texts` maps segment ids, blocks whose role is in `left_out` go."""


# By suffix, lower case. A file without suffix and standard input are plain text.
PARSERS: dict[str, Parser] = {".txt": parse_text, ".text": parse_text, "": parse_text}
RENDERERS: dict[str, Renderer] = {".txt": render_text, ".text": render_text, "": render_text}


def parser_for(suffix: str) -> Parser:
    """Return the parser of a file suffix such as ".txt"; case is free.

    Raises DocumentError, naming the suffixes that we read.
    """
    return _lookup(PARSERS, suffix)


def renderer_for(suffix: str) -> Renderer:
    """Return the renderer of a file suffix such as ".txt"; case is free.

    Raises DocumentError, naming the suffixes that we write.
    """
    return _lookup(RENDERERS, suffix)


_Format = TypeVar("_Format")


def _lookup(formats: Mapping[str, _Format], suffix: str) -> _Format:
    found = formats.get(suffix.lower())
    if found is None:
        names = ", ".join(name or "no suffix" for name in sorted(formats, reverse=True))
        raise DocumentError(f"cannot read {printable(suffix)} files: supported are {names}")
    return found
