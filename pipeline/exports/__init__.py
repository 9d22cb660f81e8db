"""Write the parallel files of an article, one module a format."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pipeline.errors import OutputError
from pipeline.exports.jsonl import render_jsonl, to_json
from pipeline.exports.manifest import Manifest, read_manifest, render_manifest, replace_glossary
from pipeline.exports.report import render_report
from pipeline.exports.tmx import render_tmx
from pipeline.exports.writing import show_path, was_interrupted, write_files
from pipeline.exports.xliff import render_xliff
from pipeline.languages import LANGUAGES
from pipeline.model import ParallelArticle

__all__ = [
    "EXPORTS", "MANIFEST", "PAIR_EXPORTS", "Manifest", "build_files", "output_stem", "possible_stems", "read_manifest",
    "replace_glossary", "show_path", "to_json", "was_interrupted", "write_article", "write_files",
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
MANIFEST = "manifest.json"


def output_stem(name: str, language: str) -> str:
    """Return the name that all files of an article share: its file name without its language.

    >>> output_stem("maduro.en", "en"), output_stem("maduro.v2", "en"), output_stem("budget.PT_br", "pt-BR")
    ('maduro', 'maduro.v2', 'budget')
    """
    stem, _, last = name.rpartition(".")
    return stem if stem and last.replace("_", "-").lower() == language.lower() else name


def possible_stems(name: str, source_lang: str = "auto") -> list[str]:
    """Return the stems that an article may get while its language is not known ("auto"): what follows the last dot
    goes if it is the language.
    """
    if source_lang != "auto":
        return [output_stem(name, source_lang)]
    return list(dict.fromkeys([name, *(output_stem(name, tag) for tag in LANGUAGES)]))


def build_files(parallel: ParallelArticle, rendered: Mapping[str, str], stem: str) -> dict[str, bytes]:
    """Return every file of an article, by name, in the order of writing.

    `rendered` has the whole localised text of the source language and of each target. Raises OutputError
    where a text has no UTF-8 form.
    """
    article = parallel.article
    targets = [language for language in parallel.languages if language != article.language]
    files = {}
    for language in (article.language, *targets):
        name = f"{stem}.{language}{article.suffix}"
        files[name] = _encode(rendered[language], name)
    for pattern, render in EXPORTS:
        files[pattern.format(stem=stem)] = render(parallel)
    for pattern, render_pair in PAIR_EXPORTS:
        for target in targets:
            name = pattern.format(stem=stem, source=article.language, target=target)
            files[name] = render_pair(parallel, target)
    files[MANIFEST] = render_manifest(parallel, files)
    return files


def write_article(
    parallel: ParallelArticle,
    rendered: Mapping[str, str],
    folder: Path,
    *,
    stem: str | None = None,
    inputs: Iterable[Path] = (),
) -> list[Path]:
    """Write all files of an article to `folder`/STEM/ and return their paths, localised articles first.

    All or none are written; see `writing.write_files`. `stem` is the article's name without its language
    unless given. No output may be one of `inputs`. Raises OutputError.
    """
    stem = stem or output_stem(parallel.article.name, parallel.article.language)
    if stem in (".", "..") or "/" in stem or "\0" in stem:
        raise OutputError(f"{show_path(Path(stem))} cannot name a folder; give the input a plain file name")
    files = build_files(parallel, rendered, stem)
    return write_files({folder / stem / name: data for name, data in files.items()}, folder, inputs=inputs)


def _encode(text: str, name: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise OutputError(
            f"cannot write {show_path(Path(name))}: character {exc.start + 1} is half of a surrogate pair,"
            " which UTF-8 cannot carry; correct it in the input"
        ) from exc
