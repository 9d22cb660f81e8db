"""What the commands below `glossary` share: the glossaries that they are about, and articles to hold them against."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.cli.inputs import name_sources, read_source
from pipeline.cli.messages import Failure, tell_failure
from pipeline.cli.options import setting

if TYPE_CHECKING:
    from pipeline.glossary import Glossary
    from pipeline.localise import Detected

_Command = TypeVar("_Command", bound=Callable[..., Any])


def glossary_options(command: _Command) -> _Command:
    """Add the options that name glossaries, as `translate` has them."""
    command = setting("--no-builtin-glossaries", is_flag=True, help="Leave the built-in entries out.")(command)
    command = setting(
        "--glossary", type=click.Path(), multiple=True, metavar="FILE.po",
        help="One more glossary, which wins over all folders; may be given again.",
    )(command)  # fmt: skip
    return setting(
        "--glossaries", metavar="DIR", help="Your team's glossary folder; its entries win over the built-in ones."
    )(command)


def chosen_glossary(values: dict[str, Any]) -> "Glossary":
    """Open the glossaries that the options name. Raises UsageError, GlossaryError."""
    from pipeline.cli.glossaries import open_glossary

    return open_glossary(
        folder=values["glossaries"], files=values["glossary"], builtin=not values["no_builtin_glossaries"]
    )


def read_articles(files: Sequence[str], values: dict[str, Any], failures: list[Failure]) -> Iterator["Detected"]:
    """Read articles and find their fragments; what went wrong with one is told and added to `failures`."""
    from pipeline.localise import detect_article

    for source in name_sources(files):
        try:
            data = read_source(source)
            yield detect_article(data, source.name, source.suffix, values["source"], values["encoding"] or "")
        except Exception as exc:  # even a fault of ours in one article must not cost the others
            failures.append(tell_failure(exc, source, debug=values["debug"]))
