"""The values of a run of several articles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.exports import NO_INPUTS, Inputs, Manifest
from pipeline.glossary import Scope
from pipeline.glossary.pofiles import PoFile
from pipeline.localise import Options
from pipeline.model import ParallelArticle, Signature
from pipeline.stores import Found


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article is that is no file of this machine."""

    address: str  # opens the store
    path: str  # in the store
    found: Found  # as it was when the run began
    inside: str = ""  # its name below the output's address; "" where it lies elsewhere


@dataclass(frozen=True, slots=True)
class Task:
    """One article to look at."""

    number: int  # its place in the run; results are put in this order
    label: str  # as the user wrote it, safe to print
    path: Path  # of one with an origin, where its copy is; there is one only while it is staged (staging.py)
    name: str  # file name without suffix
    suffix: str  # with the dot; "" where there is none
    data: bytes | None = None  # what stands there, where it was read already
    beside: tuple["Task", ...] = ()  # articles that go to the engines together with this one; these have none
    origin: Origin | None = None
    there: tuple[str, ...] = ()  # files at the output's address that its versions may replace, its own folder's aside


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs, once for all its articles."""

    options: Options
    glossary: tuple[PoFile, ...]  # the files' bytes as they were when the run began: no article sees a later edit
    output: Path
    inputs: Inputs = NO_INPUTS  # those that lie in the output folder: no output may take their place
    memory: Path | None = None  # the translation memory's file
    scope: Scope | None = None  # the subject and the house that entries may be for
    frugal: bool = False  # less memory, more time: for a single article
    threads: int = 0  # how many an engine may use; 0: as many as the machine has processors
    writes: bool = True  # False: the article in the first target comes back instead
    overwrite_with: str = ""  # the option that has a person's files written over; "" where it was given
    hands_back: bool = False  # the parallel article comes back with the result
    address: str = ""  # where outputs are put; `output` is then a folder that nobody sees
    inside: frozenset[str] = frozenset()  # the inputs that lie below that address, by name
    stages: Path | None = None  # where copies of what is in stores are kept for a while


class Action(StrEnum):
    """What the run does with an article."""

    LOCALISE = "localise"
    SKIP = "skip"  # its files are those that the run would write
    REFRESH = "refresh"  # the same, but for digests of the whole glossary or memory in its manifest
    LEAVE = "leave"  # a person edited its files: they are not overwritten
    FAIL = "fail"  # it cannot be read


class Status(StrEnum):
    """The state of an article after a run, whichever run made it."""

    DONE = "done"
    FAILED = "failed"
    LEFT = "left"  # edited by a person, not overwritten
    WAITING = "waiting"  # the run was interrupted before its turn


@dataclass(frozen=True, slots=True)
class Row:
    """One article in the batch report."""

    path: str
    status: Status
    reason: str = ""  # why it failed or was left
    output: str = ""  # the folder of its files, in the output folder
    segments: int = 0
    findings: Mapping[str, int] = field(default_factory=dict)  # rule -> how many
    remarks: Mapping[str, int] = field(default_factory=dict)  # the same of severity info


@dataclass(frozen=True, slots=True)
class Plan:
    """What the run does with one article, and why."""

    task: Task
    action: Action
    reasons: tuple[str, ...] = ()  # plain phrases for people, such as "new"
    folder: Path | None = None  # where its manifest is; None for one that has none
    error: PipelineError | None = None  # for FAIL
    manifest: Manifest | None = None  # of the earlier run, where it matters
    wanted: Signature | None = None  # what it would be made of now
    advice: str = ""  # for LEAVE: what a person can do
    row: Row | None = None  # for SKIP and REFRESH: what the report says


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an article could not be done."""

    error: PipelineError | None  # what was raised on purpose
    internal: str = ""  # else what was not: "ValueError: ..."
    trace: str = field(default="", repr=False)
    concerns_all: bool = False  # every other article would fail too: the disk is full, a glossary is damaged


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one task."""

    task: Task
    folder: Path | None = None  # where its manifest is; None when it failed
    fault: Fault | None = None
    warnings: tuple[str, ...] = ()
    written: tuple[Path, ...] = ()  # all files, localised articles first
    parallel: ParallelArticle | None = None  # where the run asks for it
    row: Row | None = None  # in the report, where the files are elsewhere
    text: str | None = None  # the article in the first target, where nothing is written
    beside: tuple["Result", ...] = ()  # of the tasks beside
