"""The values that flow through the pipeline. All frozen: a stage takes values and returns new ones.

Words are those of docs/architecture.md. Offsets are code points, half-open. Language fields hold
BCP 47 tags. Scores run from 0 to 1, higher is surer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a block is in the article."""

    HEADLINE = "headline"
    DECK = "deck"
    BYLINE = "byline"
    CREDIT = "credit"
    CAPTION = "caption"
    BODY = "body"
    QUOTE = "quote"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"
    BOILERPLATE = "boilerplate"
    COUNTER = "counter"


class State(StrEnum):
    """How the text of a target came about."""

    MACHINE = "machine"  # an engine wrote it
    COMPOSED = "composed"  # glossary entries alone wrote it
    KEPT = "kept"  # copied from the source on purpose (counter, code, the target's own language)
    UNTRANSLATED = "untranslated"  # no engine could do it; the source stands in, with a finding
    REVIEWED = "reviewed"  # a person approved it


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"  # a remark: it is shown, counted apart, and no fault under --strict


class Status(StrEnum):
    """The workflow state of a glossary entry."""

    APPROVED = "approved"
    CANDIDATE = "candidate"  # fuzzy or empty in the PO file; never enforced
    FORBIDDEN = "forbidden"  # the target must not be written


class Side(StrEnum):
    """What a piece of a marked-up text is."""

    TEXT = "text"
    OPEN = "open"  # a tag that begins something: "<b>", "**", "["
    CLOSE = "close"  # and its end
    VOID = "void"  # a tag that holds no text: a line break, an image, a footnote's number


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text with markup, as its file writes it: words or a tag."""

    written: str  # "&amp;", "**", '<a href="/x">'; "" for words of a target, which the renderer writes
    text: str = ""  # what it says; "" for a tag
    side: Side = Side.TEXT
    number: int = 0  # of the tag in its block, from 1, the same on both sides of a pair; 0 for words
    kept: bool = False  # words that no engine may change: code, translate="no"
    again: str = ""  # of a tag that goes by the words it holds: what to write where they change; "" = `written`


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence-level piece of a block; the unit that is translated, remembered and aligned."""

    id: str  # "b3s1": block number and sentence number, from 1; the same in every file and language
    source: str  # the text as the article has it, without markup; never empty, no outer white space
    start: int  # where it begins in the decoded file
    tail: str = ""  # what the file has between this segment and the next of the block; "" for the last
    pieces: tuple[Piece, ...] = ()  # text and markup, where the file writes more than `source`; else ()
    repeats: str = ""  # id of the segment that says the same, whose targets stand here too; "" for a segment of its own


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-level piece with a role."""

    id: str  # "b3", from 1 in document order
    role: Role
    segments: tuple[Segment, ...]  # in order; at least one
    lead: str  # what stands between the block before (or the start of the file) and this one
    form: str = ""  # how the file writes its text ("markdown", "attribute"); see documents.forms
    inside: bool = False  # stands in a tag of the block before, as an image's description in a sentence; `lead` is ""
    is_copy: bool = False  # for machines, mostly of what readers see elsewhere in the file: JSON-LD, meta, title

    @property
    def text(self) -> str:
        """The block as the article has it, without `lead`."""
        return "".join(segment.source + segment.tail for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Fact:
    """A place in the file that states the language or the origin of the text, and what a translation writes there."""

    start: int  # offset into the decoded file; start == end inserts
    end: int
    template: str  # for str.format, see documents.building; never text of an article
    own: str = ""  # the same for the source's own version, where it has translations
    each: str = ""  # written for each other version; together they stand in the others as {each}
    joint: str = ""  # what stands between those


@dataclass(frozen=True, slots=True)
class Article:
    """One document with one source language."""

    name: str  # file name without folder and suffix, e.g. "maduro.en"
    suffix: str  # with the dot, e.g. ".txt"
    language: str  # source language; "" as long as nobody knows it
    blocks: tuple[Block, ...]  # in document order; may not be empty
    tail: str = ""  # what stands after the last block
    facts: tuple[Fact, ...] = ()  # in order, each outside of all blocks
    declared: str = ""  # the language that the file itself names, unchecked
    read_with: tuple[str, ...] = ()  # names of the packages whose opinion on the file counts


@dataclass(frozen=True, slots=True)
class Fragment:
    """A span of a segment that is not in the article's language."""

    start: int  # into the segment's source
    end: int
    lang: str  # most likely language
    script: str  # ISO 15924, e.g. "Cyrl"
    score: float
    kind: str  # "block", "line", "quoted", "script_run", "run"
    reason: str  # one plain line for an editor
    text: str  # segment.source[start:end]
    alternatives: tuple[str, ...] = ()  # other languages that the evidence allows


@dataclass(frozen=True, slots=True)
class Entry:
    """One glossary entry: a term, or a part from which labels and names are composed."""

    source: str
    source_lang: str
    target: str  # "" for a candidate without a proposal
    target_lang: str
    status: Status = Status.APPROVED
    type: str = "term"  # term, label, agency, person, place, office, institution, currency, month, country
    forms: tuple[str, ...] = ()  # other target forms that count as the term, e.g. plural, feminine
    source_forms: tuple[str, ...] = ()  # other source forms that are this term
    gender: str = ""  # of the target: "m", "f"; "" = by its ending
    plural: str = ""  # of the target; "" = by rule
    feminine: str = ""  # of the target, where it names a person
    feminine_plural: str = ""
    source_plural: str = ""  # "" = by rule
    domains: tuple[str, ...] = ()  # subjects that the entry holds for; () = every one
    outlets: tuple[str, ...] = ()  # houses that it holds for; () = every one
    case: str = "auto"  # "auto": a source with a capital matches exactly, else the first letter is free
    only: str = ""  # "credits": in credit lines and as a whole phrase, never inside a sentence
    use: str = ""  # what to write in place of a forbidden target
    note: str = ""
    origin: str = ""  # "glossaries/en/pt.po:120"
    msgctxt: str = ""  # the sense, where a source has several
    transliterate: str = ""  # the scheme that the target is written by, for a name

    @property
    def is_kept(self) -> bool:
        """Whether the target is the source itself (do not translate)."""
        return self.source == self.target

    @property
    def is_sought(self) -> bool:
        """Whether it is looked for inside sentences: not a label, nor a name that is a common word elsewhere."""
        return self.type != "label" and self.only != "credits"


@dataclass(frozen=True, slots=True)
class Match:
    """An entry found in a text."""

    start: int
    end: int
    text: str  # as it stands in the text
    entry: Entry
    is_plural: bool = False  # the text is the term's plural


@dataclass(frozen=True, slots=True)
class Decision:
    """What was done with a span and why; a segment's decisions replay its way through the pipeline."""

    stage: str  # the name in localise.STAGES
    action: str  # found, normalised, kept, composed, translated, protected, patched, repaired, flagged
    before: str
    after: str
    reason: str
    origin: str = ""  # glossary file and line, where an entry decided


@dataclass(frozen=True, slots=True)
class TermUse:
    """What became of one glossary term, name, sum or number in one target."""

    source: str
    target: str  # the form asked for
    kind: str  # term, name, money, number
    outcome: str  # "applied" (engine wrote it), "enforced" (we put it there), "missing", "verb" (not meant here)
    form: str  # the form that stands in the target; "" when missing or not meant
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check reports."""

    rule: str  # the check's name, e.g. "number_lost"
    severity: Severity
    message: str  # one plain line
    segment: str  # segment id; "" for the whole article
    lang: str = ""  # target language; "" for the source


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another text for a target, for reviewers; nobody has checked it."""

    text: str
    origin: str  # the route that wrote it, "en-es:apertium", or the file that a review came in
    quality: int  # 0 to 100: how near its source is to this one; of a route, the chrF to be expected of it
    source: str = ""  # what it translates, where that is not this segment's source
    is_earlier: bool = False  # that source is what this very segment said before


@dataclass(frozen=True, slots=True)
class Target:
    """One segment in one language."""

    text: str
    state: State
    route: str = ""  # e.g. "en-pt:firefox > pt-es:apertium"; "" where no engine took part
    terms: tuple[TermUse, ...] = ()
    findings: tuple[Finding, ...] = ()
    decisions: tuple[Decision, ...] = ()
    pieces: tuple[Piece, ...] = ()  # the text with the source's tags in place, where the source has any
    # Spans of words that belong together, where tags need it: start and end in the normalised source, then in `text`.
    alignment: tuple[tuple[int, int, int, int], ...] = ()
    alternatives: tuple[Alternative, ...] = ()  # other than `text`, the best first


@dataclass(frozen=True, slots=True)
class LocalisedSegment:
    """A segment of the source with all that was found in it and all its targets."""

    segment: Segment
    block: str  # block id
    role: Role
    normalised: str  # the source text after normalising; what the source-language file carries
    fragments: tuple[Fragment, ...] = ()
    decisions: tuple[Decision, ...] = ()  # on the source side
    findings: tuple[Finding, ...] = ()  # on the source side
    targets: Mapping[str, Target] = field(default_factory=dict)  # by language, in the order asked for
    straight: bool = True  # the article has straight quotation marks throughout, and keeps them
    pieces: tuple[Piece, ...] = ()  # `normalised` with the source's tags in place, where it has any


@dataclass(frozen=True, slots=True)
class Signature:
    """How a result was made. Equal signatures and equal input give equal bytes."""

    version: str  # of this program
    input_digest: str  # sha256 of the input file's bytes
    engines: Mapping[str, str]  # engine name -> version, of the engines used
    routes: Mapping[str, str]  # target language -> route
    glossary_digest: str  # sha256 over all glossary files used
    options: Mapping[str, str]  # the options that change the text
    program_digest: str = ""  # sha256 over the program's own files, tables included
    terms: Mapping[str, str] = field(default_factory=dict)  # glossary entries that are used, or could be -> digest
    fragment_routes: Mapping[str, str] = field(default_factory=dict)  # "bg-pt" -> route, "" for none: what was asked
    reviews_digest: str = ""  # sha256 over what people reviewed of the article, and what is like it; "" for nothing
    memory_digest: str = ""  # sha256 over all reviews of its language pairs, of whatever article; "" for none
    libraries: Mapping[str, str] = field(default_factory=dict)  # package -> version, of those that shape the texts


@dataclass(frozen=True, slots=True)
class ParallelArticle:
    """The source and all its targets, segment by segment."""

    article: Article
    segments: tuple[LocalisedSegment, ...]  # all segments of all blocks, in document order
    languages: tuple[str, ...]  # targets, in the order asked for
    left_out: frozenset[Role]  # roles that stay out of the localised article
    signature: Signature

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, source side first in each segment."""
        found: list[Finding] = []
        for item in self.segments:
            found.extend(item.findings)
            for target in item.targets.values():
                found.extend(target.findings)
        return tuple(found)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings without remarks: what is counted as findings, and what --strict is about."""
        return tuple(finding for finding in self.findings if finding.severity is not Severity.INFO)


@dataclass(frozen=True, slots=True)
class Unit:
    """One segment in one target language, as a file of a translation tool has it."""

    article: str  # file name of the article, with its suffix; "" where the file does not say
    segment: str  # segment id; "" where the file does not say
    source_lang: str
    target_lang: str
    source: str  # normalised
    target: str  # "" where there is none
    is_approved: bool  # the file itself says that a person approved it


# Marked text: a text in which spans are fenced, so that an engine carries each to its place and the span
# can be found again. Span number i opens with chr(MARK_FIRST + i) and closes with MARK_CLOSE; spans do not
# nest. The characters are from the private use area and never part of an article (parsers replace them).
MARK_FIRST = 0xE100
MARK_LIMIT = 0xE900  # so at most 2,048 spans a text
MARK_CLOSE = "\ue000"
