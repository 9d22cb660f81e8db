"""Where the files of articles are, told from the manifests of earlier runs: what is ours, and what is a person's."""

import posixpath
from collections.abc import Iterator
from pathlib import Path

from pipeline.batch.reporting import find_report
from pipeline.batch.tasks import Task
from pipeline.exports import MANIFEST, Manifest, listed_digests, possible_stems, read_manifest, read_name
from pipeline.localise import Options
from pipeline.naming import DEFAULT_LAYOUT, article_path, side_folder, side_root


def find_made(task: Task, options: Options, output: Path) -> tuple[Path | None, Manifest | None]:
    """Return the folder with the manifest that an earlier run made of this very file; None twice where none did.

    A manifest of another version is None as well, with its folder.
    """
    for stem in possible_stems(task.name, options.source):
        folder = output / side_folder(stem, options.layout)
        manifest = read_manifest(folder / MANIFEST)
        if manifest and manifest.name == task.name + task.suffix:
            return folder, manifest
        if manifest is None and read_name(folder / MANIFEST) == task.name + task.suffix:
            return folder, None
    return None, None


def show_name(name: str, folder: Path, options: Options) -> str:
    """Return what a file of a manifest in `folder` is called below the output folder; beside it, by its name alone."""
    return posixpath.normpath(posixpath.join(side_folder(folder.name, options.layout), name)) if "/" in name else name


def find_strangers(
    task: Task, options: Options, output: Path, folder: Path | None, manifest: Manifest | None
) -> Iterator[str]:
    """Name the files that stand where versions of an article would, and are of no earlier run.

    `folder` and `manifest` are what `find_made` found. A folder of its own, without a manifest, is not searched: it
    tells only when it is written to (exports/guarding.py) whether its files are those that a run would write.
    """
    language = manifest.language if manifest else ""
    stems = possible_stems(task.name, options.source)
    if options.layout == DEFAULT_LAYOUT:
        if manifest is None or folder is None or {*options.targets} <= {*manifest.languages}:
            return
        stems = [folder.name]
    for stem in stems:
        own = language or task.name[len(stem) + 1 :] or options.source
        paths = {article_path(stem, lang, task.suffix, options.layout) for lang in (own, *options.targets)}
        there = [path for path in sorted(paths) if _is_other(output / path, task.path)]
        ours = _listed(stem, options.layout, output) if there else None
        yield from (path for path in there if ours is not None and path not in ours)


def _is_other(path: Path, article: Path) -> bool:
    return path.exists() and not path.samefile(article)


def _listed(stem: str, layout: str, output: Path) -> frozenset[str] | None:
    """Return what the manifests of an article list, as paths below the output folder; None where one is damaged."""
    side = side_folder(stem, layout)
    names = listed_digests(output / side)
    return None if names is None else frozenset(posixpath.normpath(posixpath.join(side, name)) for name in names)


def find_written(folder: Path, options: Options, output: Path) -> frozenset[str]:
    """Name the files of a folder that runs into `output` wrote: these are no articles to localise."""
    here, root = folder.resolve(), output.resolve()
    if not here.is_relative_to(root):
        return frozenset()
    written = set(find_report(output, options.layout))
    if options.layout != DEFAULT_LAYOUT:
        for side in (output / side_root(options.layout)).glob("*/"):
            written |= _listed(side.name, options.layout, output) or frozenset()
    inside = here.relative_to(root).as_posix()
    return frozenset(posixpath.basename(name) for name in written if (posixpath.dirname(name) or ".") == inside)
