"""Write the parallel files of an article, one module a format."""

import posixpath
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.exports.guarding import Guard, advise, digest_file, find_edited, refuse_edited
from pipeline.exports.jsonl import render_jsonl, to_json
from pipeline.exports.manifest import (
    MANIFEST,
    Manifest,
    listed_digests,
    read_manifest,
    read_name,
    render_manifest,
    replace_digests,
)
from pipeline.exports.po import render_po
from pipeline.exports.report import render_report
from pipeline.exports.tmx import render_tmx
from pipeline.exports.writing import NO_INPUTS, Inputs, is_temporary, show_path, was_interrupted, write_files
from pipeline.exports.xliff import render_xliff
from pipeline.model import ParallelArticle
from pipeline.naming import DEFAULT_LAYOUT, article_path, language_in_name, output_stem, side_folder

__all__ = [
    "EXPORTS", "MANIFEST", "NO_INPUTS", "ON_DEMAND", "PAIR_EXPORTS", "Guard", "Inputs", "Manifest", "advise",
    "build_files", "find_edited", "is_temporary", "listed_digests", "output_stem", "possible_stems", "read_manifest",
    "read_name", "replace_digests", "show_path", "to_json", "was_interrupted", "write_article", "write_files",
]  # fmt: skip

# File name and what writes it, in the order of writing. The localised articles stand before these and the
# manifest, which holds the digests of all, stands after them.
EXPORTS: list[tuple[str, Callable[[ParallelArticle], bytes]]] = [
    ("{stem}.parallel.jsonl", render_jsonl),
    ("{stem}.tmx", render_tmx),
    ("{stem}.html", render_report),
]
# The same, for a file each target language.
PAIR_EXPORTS: list[tuple[str, Callable[[ParallelArticle, str], bytes]]] = [
    ("{stem}.{source}-{target}.xlf", render_xliff),
]
# And what is written only where it is asked for, by its name there.
ON_DEMAND: dict[str, tuple[str, Callable[[ParallelArticle, str], bytes]]] = {
    "po": ("{stem}.{source}-{target}.po", render_po),
}


def possible_stems(name: str, source_lang: str = "auto") -> list[str]:
    """Return the stems that an article may get while its language is not known ("auto"): what follows the last dot
    goes if it is the language.
    """
    if source_lang != "auto":
        return [output_stem(name, source_lang)]
    found = language_in_name(name)
    return [name, output_stem(name, found)] if found else [name]


def build_files(
    parallel: ParallelArticle, rendered: Mapping[str, str], stem: str, home: Path | None = None
) -> dict[str, bytes]:
    """Return every file of an article, in the order of writing, by its name beside the manifest.

    `rendered` has the whole localised text of the source language and of each target. `home` is the folder where the
    manifest of an earlier run may be: its files that stay are listed in this one. In a layout for site generators
    the articles stand elsewhere ("../../pt/harbour.md"). Raises OutputError where a text has no UTF-8 form.
    """
    article = parallel.article
    layout = parallel.signature.options.get("layout", DEFAULT_LAYOUT)
    targets = [language for language in parallel.languages if language != article.language]
    files = {}
    for language in (article.language, *targets):
        if language in rendered:
            path = article_path(stem, language, article.suffix, layout)
            name = posixpath.relpath(path, side_folder(stem, layout))
            files[name] = _encode(rendered[language], name)
    for pattern, render in EXPORTS:
        files[pattern.format(stem=stem)] = render(parallel)
    asked = parallel.signature.options.get("export", "").split(",")
    for pattern, render_pair in [*PAIR_EXPORTS, *(row for name, row in ON_DEMAND.items() if name in asked)]:
        for target in targets:
            name = pattern.format(stem=stem, source=article.language, target=target)
            files[name] = render_pair(parallel, target)
    files[MANIFEST] = render_manifest(parallel, files, _find_earlier(home, files) if home else None)
    return files


def _find_earlier(home: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the digests of what earlier runs wrote, this one does not write, and nobody changed."""
    known = {name: digests for name, digests in (listed_digests(home) or {}).items() if name not in files}
    there = {name: digest_file(home / name) for name in known if (home / name).is_file()}
    return {name: digest for name, digest in there.items() if digest in known[name]}


def write_article(
    parallel: ParallelArticle,
    rendered: Mapping[str, str],
    folder: Path,
    *,
    inputs: Inputs = NO_INPUTS,
    guard: Guard | None = None,
) -> list[Path]:
    """Write all files of an article below `folder` and return their paths, localised articles first.

    All or none are written; see `writing.write_files`. No output may be one of `inputs`. With a `guard` a file that a
    person wrote stands, and EditedOutput is raised. Raises OutputError.
    """
    return prepare_article(parallel, rendered, folder, inputs=inputs, guard=guard)()


def prepare_article(
    parallel: ParallelArticle,
    rendered: Mapping[str, str],
    folder: Path,
    *,
    inputs: Inputs = NO_INPUTS,
    guard: Guard | None = None,
) -> Callable[[], list[Path]]:
    """Build all files of an article, and return what writes them: `write_article` in two steps.

    The second mostly waits for the disk; it may be taken in another thread. Both raise OutputError.
    """
    stem = output_stem(parallel.article.name, parallel.article.language)
    if stem in (".", "..") or "/" in stem or "\0" in stem:
        raise OutputError(f"{show_path(Path(stem))} cannot name a folder; give the input a plain file name")
    layout = parallel.signature.options.get("layout", DEFAULT_LAYOUT)
    own = folder / article_path(stem, parallel.article.language, parallel.article.suffix, layout)
    if layout != DEFAULT_LAYOUT and inputs.find(own):
        # Translations go beside their source, which is its own version and stays as it is.
        rendered = {lang: text for lang, text in rendered.items() if lang != parallel.article.language}
    side = side_folder(stem, layout)
    files = build_files(parallel, rendered, stem, folder / side)
    names = {folder / posixpath.normpath(posixpath.join(side, name)): name for name in files}
    paths = {path: files[name] for path, name in names.items()}

    def check() -> None:
        if guard:
            refuse_edited(paths, folder / side, names, guard)

    return partial(write_files, paths, folder, inputs=inputs, home=folder / side, check=check)


def _encode(text: str, name: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise OutputError(
            f"cannot write {show_path(Path(name))}: character {exc.start + 1} is half of a surrogate pair,"
            " which UTF-8 cannot carry; correct it in the input"
        ) from exc
