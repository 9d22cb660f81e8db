"""Read an article from a file's text and write it again in the same format: a parser and a renderer a format.

A parser gives one segment a block (`segmenting.segment_article` cuts blocks into sentences later) and leaves
the language empty. A renderer takes the texts of all segments and gives the file's text. With every
segment's own source and nothing left out, what a renderer writes is what the parser read.
"""

from collections.abc import Collection, Mapping
from typing import Protocol, TypeVar

from pipeline.documents.building import Rendition
from pipeline.documents.evidence import Furniture, load_furniture
from pipeline.documents.html_page import parse_html, render_html
from pipeline.documents.jsondoc import parse_json, render_json
from pipeline.documents.markdown import parse_markdown, render_markdown
from pipeline.documents.reading import Decoded, declared_encoding, decode_article, mark_of, printable
from pipeline.documents.text import parse_text, render_text
from pipeline.errors import DocumentError
from pipeline.model import Article, Role

__all__ = [
    "PARSERS",
    "RENDERERS",
    "Decoded",
    "Furniture",
    "Rendition",
    "decode_article",
    "drops_furniture",
    "encoding_in",
    "load_furniture",
    "mark_of",
    "parser_for",
    "printable",
    "renderer_for",
]


class Parser(Protocol):
    """Turn a decoded file into an article."""

    def __call__(self, text: str, *, name: str, suffix: str, furniture: Furniture | None = None) -> Article:
        """Parse `text`; `furniture` is the list of site lines, ours where None."""


class Renderer(Protocol):
    """Write an article with other texts in its segments."""

    def __call__(
        self,
        article: Article,
        texts: Mapping[str, str],
        left_out: Collection[Role],
        rendition: Rendition | None = None,
    ) -> str:
        """Render `article`; `texts` maps segment ids, blocks whose role is in `left_out` go.

        `rendition` holds what a format may write beside the texts: the language, where the tags stand.
        """


# By suffix, lower case. A file without suffix and standard input are plain text.
PARSERS: dict[str, Parser] = {
    **dict.fromkeys((".txt", ".text", ""), parse_text),
    **dict.fromkeys((".md", ".markdown"), parse_markdown),
    **dict.fromkeys((".html", ".htm", ".xhtml"), parse_html),
    **dict.fromkeys((".json", ".jsonld", ".ninjs"), parse_json),
}
RENDERERS: dict[str, Renderer] = {
    **dict.fromkeys((".txt", ".text", ""), render_text),
    **dict.fromkeys((".md", ".markdown"), render_markdown),
    **dict.fromkeys((".html", ".htm", ".xhtml"), render_html),
    **dict.fromkeys((".json", ".jsonld", ".ninjs"), render_json),
}


def drops_furniture(suffix: str) -> bool:
    """Whether site furniture and counters leave an article: only plain text, into which a copy took them along.

    A marked-up file is a page as it is published, and keeps all that it has.
    """
    return renderer_for(suffix) is render_text


def encoding_in(data: bytes, suffix: str) -> str:
    """Return the encoding that a file declares of itself, "" for none: HTML alone does."""
    return declared_encoding(data) if renderer_for(suffix) is render_html else ""


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
