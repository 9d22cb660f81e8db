"""What the runs of `translate` and `batch` are asked for, and share."""

from dataclasses import dataclass

from pipeline.cli.glossaries import open_glossary
from pipeline.cli.inputs import refuse_address
from pipeline.errors import UsageError
from pipeline.glossary import Glossary, Scope
from pipeline.localise import Options
from pipeline.model import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """The parsed options of a run (`options.run_options`); the field names are those of the parameters."""

    files: tuple[str, ...]
    source: str
    targets: tuple[str, ...] | None
    output: str | None
    glossaries: str | None
    glossary: tuple[str, ...]
    no_builtin_glossaries: bool
    domain: str
    outlet: str
    engine: str | None
    via: tuple[str, ...]
    keep: frozenset[Role]
    exports: tuple[str, ...]
    alternatives: int
    no_typography: frozenset[str]
    near_hits: int
    encoding: str | None
    form: str | None
    layout: str
    base_url: str | None
    memory: str | None
    no_memory: bool
    strict: bool
    quiet: bool
    verbose: bool
    as_json: bool
    debug: bool

    def open_glossary(self) -> Glossary:
        """Open the glossaries that are named, and the built-in ones."""
        return open_glossary(
            folder=self.glossaries,
            files=self.glossary,
            builtin=not self.no_builtin_glossaries,
            scope=Scope(self.domain, self.outlet),
        )

    def options(self) -> Options:
        """Return the options of the pipeline. Raises UsageError for what no run can do."""
        refuse_address(self.memory)
        if not self.targets:
            raise UsageError("no target language given; name them with --to, such as --to pt,es")
        if self.quiet and self.verbose:
            raise UsageError("-q and -v contradict each other; give one of them")
        return Options(
            targets=self.targets,
            source=self.source,
            keep=self.keep,
            exports=self.exports,
            alternatives=self.alternatives,
            no_typography=self.no_typography,
            near_hits=self.near_hits,
            engine=self.engine or "",
            via=self.via,
            encoding=self.encoding or "",
            layout=self.layout,
            base_url=self.base_url or "",
        )
