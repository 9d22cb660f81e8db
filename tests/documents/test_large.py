"""Large files: what reading and writing one takes grows with its size, and no faster."""

import json
import tracemalloc
from dataclasses import replace

import pytest
from marked_samples import segments

from pipeline.documents import Rendition, parser_for, renderer_for
from pipeline.repeating import fill_repeats, mark_repeats
from pipeline.segmenting import segment_article

MOST = 60
"""Times its own size that a file may take, in bytes: a segment of 130 characters is some objects of 100 bytes and more.
Measured: 14 for text, 46 for Markdown, 33 for a page and for JSON."""

SENTENCES = [
    f"The gate of hall {n} was shut “by the mayor” on {n % 28 + 1} May, and it stayed shut." for n in range(2_000)
]
PARAGRAPHS = [" ".join(SENTENCES[n : n + 2]) for n in range(0, len(SENTENCES), 2)]
BODY = "".join(f"<p>{one.replace('gate', '<b>gate</b>')}</p>\n" for one in PARAGRAPHS)
ITEM = json.dumps({"@type": "NewsArticle", "headline": "Shut gates", "articleBody": " ".join(PARAGRAPHS)})
FILES = {
    "text": ("\n\n".join(PARAGRAPHS), ".txt"),
    "markdown": ("\n\n".join(one.replace("gate", "**gate**") for one in PARAGRAPHS), ".md"),
    "page": (f"<html lang=en><body><main><h1>Shut gates</h1>{BODY}</main></body></html>", ".html"),
    "page with JSON-LD": (
        f'<html lang=en><head><script type="application/ld+json">{ITEM}</script></head>'
        f"<body><main><h1>Shut gates</h1>{BODY}</main></body></html>",
        ".html",
    ),
    "json": (ITEM, ".json"),
}


def write_anew(text: str, suffix: str) -> str:
    """Read a file, cut it into sentences, and write it with other words."""
    article = parser_for(suffix)(text, name="a", suffix=suffix)
    article = mark_repeats(segment_article(replace(article, language="en")))
    texts = {one.id: f"{one.source} Zed" for one in segments(article) if not one.repeats}
    return renderer_for(suffix)(article, fill_repeats(article, texts), (), Rendition("pt"))


@pytest.mark.parametrize("name", FILES)
def test_memory_grows_with_the_file(name: str) -> None:
    """At its highest it is a small multiple of the file: no reader keeps something for each character."""
    text, suffix = FILES[name]
    write_anew('{"uri": "x", "headline": "Zed"}', suffix)  # loads tables and libraries
    tracemalloc.start()
    try:
        written = write_anew(text, suffix)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written.count("Zed") >= len(SENTENCES)
    assert peak / len(text.encode()) < MOST
