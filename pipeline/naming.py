"""What the files of an article are called, and how its versions refer to each other."""

import posixpath
from urllib.parse import quote

from pipeline.languages import LANGUAGES

LAYOUTS = ("folder", "suffix", "tree")
DEFAULT_LAYOUT = "folder"

# What a user may call a format, and the suffix that its parser is known by.
FORMATS = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json"}

# Files for each language that are written only where they are asked for.
EXTRA_EXPORTS = ("po",)

_TAGS = {tag.lower(): tag for tag in LANGUAGES}
_SAFE = ":/?[]@!$()*+,;=%~"  # of an address that a user gives; "&", quotation marks and spaces are escaped


def output_stem(name: str, language: str) -> str:
    """Return the name that all files of an article share: its file name without its language.

    >>> output_stem("maduro.en", "en"), output_stem("maduro.v2", "en"), output_stem("budget.PT_br", "pt-BR")
    ('maduro', 'maduro.v2', 'budget')
    """
    stem, _, last = name.rpartition(".")
    return stem if stem and last.replace("_", "-").lower() == language.lower() else name


def language_in_name(name: str) -> str:
    """Return the language that a file name ends with, as site generators write it; "" where it ends with none.

    >>> language_in_name("maduro.en"), language_in_name("budget.PT_br"), language_in_name("maduro.v2")
    ('en', 'pt-BR', '')
    """
    stem, _, last = name.rpartition(".")
    return _TAGS.get(last.replace("_", "-").lower(), "") if stem else ""


def article_path(stem: str, language: str, suffix: str, layout: str = DEFAULT_LAYOUT) -> str:
    """Return where a version of an article is written, below the output folder.

    "suffix" is what Hugo and Eleventy call translation by file name, "tree" translation by folder.

    >>> [article_path("harbour", "pt", ".md", layout) for layout in LAYOUTS]
    ['harbour/harbour.pt.md', 'harbour.pt.md', 'pt/harbour.md']
    """
    patterns = {
        "folder": "{stem}/{stem}.{lang}{suffix}",
        "suffix": "{stem}.{lang}{suffix}",
        "tree": "{lang}/{stem}{suffix}",
    }
    return patterns[layout].format(stem=stem, lang=language, suffix=suffix)


def side_root(layout: str = DEFAULT_LAYOUT) -> str:
    """Return what holds the files that are no articles, below the output folder: for site generators, out of their way.

    >>> side_root(), side_root("suffix")
    ('', '.parallel')
    """
    return "" if layout == DEFAULT_LAYOUT else ".parallel"


def side_folder(stem: str, layout: str = DEFAULT_LAYOUT) -> str:
    """Return where all other files of an article are written: beside it or, for site generators, out of their way.

    >>> side_folder("harbour"), side_folder("harbour", "suffix")
    ('harbour', '.parallel/harbour')
    """
    return posixpath.join(side_root(layout), stem)


def version_address(path: str, layout: str = DEFAULT_LAYOUT, base_url: str = "") -> str:
    """Return the address of a version at `path` (see `article_path`), for a link in another version.

    Absolute below `base_url` where one is given, else relative to the version with the link. Fit for attributes.

    >>> version_address("pt/a b.html", "tree"), version_address("a/a.pt.html", base_url="https://example.org/news/")
    ('../pt/a%20b.html', 'https://example.org/news/a/a.pt.html')
    """
    if base_url:
        return quote(base_url.rstrip("/"), safe=_SAFE) + "/" + quote(path)
    return quote("../" + path if layout == "tree" else path.rpartition("/")[2])
