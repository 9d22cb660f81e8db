"""Every error that the pipeline raises on purpose: one small tree, one exit code a class.

A message is one line that says what is wrong, where, and what to try. Doubt about quality is a
`Finding`, never an exception.
"""


class PipelineError(Exception):
    """Something went wrong that a person can act on; `str(error)` is the line to show."""

    exit_code = 1


class UsageError(PipelineError):
    """The options or the configuration are wrong."""

    exit_code = 2


class UnknownLanguage(UsageError):
    """A language tag is not one that we know."""


class GlossaryError(PipelineError):
    """A glossary file is damaged or contradicts itself."""


class DocumentError(PipelineError):
    """An article cannot be read or parsed."""


class OutputError(PipelineError):
    """A result cannot be written; what stood there before is untouched."""


class StoreError(PipelineError):
    """Storage at an address does not answer, or refuses; what was put there before is whole."""


class EditedOutput(OutputError):
    """A person wrote what stands where a result would go."""


class EngineMissing(PipelineError):
    """An engine, a model or a route for a pair is not installed."""

    exit_code = 4


class ModelUnknown(EngineMissing):
    """A model is whole but of a form that the engine does not know; another engine may."""


class EngineFailed(PipelineError):
    """An engine died, hung or broke its contract."""


class InstallError(PipelineError):
    """A package cannot be had, or must not be installed; what is installed is as it was."""


class ClusterError(PipelineError):
    """A cluster does not answer, or its machines cannot do the work."""


class MemoryUnusable(PipelineError):
    """The translation memory cannot be opened, read or written; what it holds is untouched."""
