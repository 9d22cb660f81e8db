"""The stages of one article: bytes in, parallel article out. `STAGES` states their order; targeting.py goes on."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

from pipeline.documents import (
    Decoded,
    Rendition,
    decode_article,
    drops_furniture,
    encoding_in,
    mark_of,
    parser_for,
    renderer_for,
)
from pipeline.enforcing import Memo
from pipeline.engines.routes import Router
from pipeline.errors import EngineMissing, UsageError
from pipeline.fragments import Explained, explain_fragments, find_fragments, find_language
from pipeline.glossary import Glossary
from pipeline.languages import LANGUAGES, base_language, is_same_language, parse_language
from pipeline.marking import add_code, place_tags
from pipeline.memory import NEAR_HITS, Memory, Review, Reviews, reviews_digest
from pipeline.model import Article, Fragment, LocalisedSegment, ParallelArticle, Role, Segment, Signature
from pipeline.naming import DEFAULT_LAYOUT, article_path, language_in_name, output_stem, version_address
from pipeline.program import program_digest
from pipeline.remembering import RememberedRouter
from pipeline.repeating import fill_repeats, mark_repeats, without_repeats
from pipeline.segmenting import segment_article
from pipeline.signing import Made, find_fragment_pairs, sign, texts_of
from pipeline.sourcing import has_straight_quotes, normalise_segment
from pipeline.targeting import Choices, localise_target

LEFT_OUT = frozenset({Role.BOILERPLATE, Role.COUNTER})  # unless `Options.keep` brings them back
# Characters of prose; below, the language that a file names is surer than the one found. Its own name ("budget.en.md")
# is given by hand and trusted for longer: names of people can make 200 characters look like any language.
MIN_EVIDENCE, MIN_EVIDENCE_NAMED = 100, 400


@dataclass(frozen=True, slots=True)
class Options:
    """What a user chooses for a run."""

    targets: tuple[str, ...]  # language tags, in the order of the output
    source: str = "auto"  # a language tag, or "auto"
    keep: frozenset[Role] = frozenset()  # roles that stay in the localised article
    near_hits: int = NEAR_HITS  # percent of likeness from which reviews of other sentences are offered; 0 for none
    alternatives: int = 0  # other routes along which sentences are translated too, for reviewers
    no_typography: frozenset[str] = frozenset()  # names of typography.REPAIRS to leave out
    exports: tuple[str, ...] = ()  # of naming.EXTRA_EXPORTS
    engine: str = ""  # "" = the route with the lowest measured cost; else these engines alone, "firefox,apertium"
    via: tuple[str, ...] = ()  # languages that every route goes through, in order
    encoding: str = ""  # "" = strict UTF-8
    layout: str = DEFAULT_LAYOUT  # where the versions are written, which is how they link to each other
    base_url: str = ""  # address of the output folder on the web; "" = links are relative


class Tools:
    """What outlives an article: the glossary and the engines. Close it to end their processes."""

    def __init__(
        self, glossary: Glossary, router: Router, memory: Memory | None = None, reviews: Reviews | None = None
    ) -> None:
        """Take tools made elsewhere; see `open`."""
        self.reviews = reviews
        self.glossary = glossary
        self.memory = memory
        self.router = router

    @classmethod
    def open(
        cls,
        glossary: Glossary,
        options: Options | None = None,
        *,
        memory: Path | Memory | None = None,
        frugal: bool = False,
    ) -> "Tools":
        """Make the tools of a run; frugal ones, with less memory, for a single article.

        `memory` is the file of a translation memory, made if it is not there, or one that is open. Raises
        MemoryUnusable.
        """
        chosen = options or Options(())
        if memory is None:
            return cls(glossary, Router(chosen.engine, via=chosen.via, frugal=frugal))
        opened = Memory(memory) if isinstance(memory, Path) else memory
        router = RememberedRouter(opened, program_digest(), chosen.engine, via=chosen.via, frugal=frugal)
        return cls(glossary, router, opened, Reviews(opened, chosen.near_hits))

    def remember(self, parallel: ParallelArticle) -> None:
        """Keep what is about to be written in the memory, if there is one. Raises MemoryUnusable."""
        if self.memory:
            self.memory.record(parallel)

    def find_reviews(self, parsed: Article, segments: Sequence[LocalisedSegment], target: str) -> dict[str, Review]:
        """Return what people reviewed of an article, by segment id."""
        if self.reviews is None:
            return {}
        texts = [(item.segment.id, item.normalised) for item in segments]
        return self.reviews.find(parsed.name + parsed.suffix, (parsed.language, target), texts)

    def warm_up(self, source: str, targets: Sequence[str], segments: Iterable[LocalisedSegment] = ()) -> None:
        """Start every engine of every route now, so that their loading overlaps; with a memory, only those processes
        that the segments will need.

        Raises EngineMissing for a target without a route.
        """
        texts = [item.normalised for item in segments if item.role not in LEFT_OUT and not item.fragments]
        for target in targets:
            self._load_route(source, target)
            if isinstance(self.router, RememberedRouter):
                self.router.start_ahead(self.router.find_route(source, target), texts)

    def _load_route(self, source: str, target: str) -> None:
        """Load the engines of a route; where one cannot be loaded, those of the next best route.

        Raises EngineMissing where no route is left.
        """
        while True:
            route = self.router.find_route(source, target)
            # Those that load in a process of their own first: they load while the others do.
            try:
                for hop in sorted(route.hops, key=lambda hop: hop.engine != "apertium"):
                    self.router.engine(hop).load()
            except EngineMissing:
                if self.router.find_route(source, target) == route:
                    raise
            else:
                return

    def close(self) -> None:
        """End the engines and let go of the memory."""
        self.router.close()
        if self.memory:
            self.memory.close()

    def __enter__(self) -> "Tools":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class Localised:
    """An article in all its languages."""

    parallel: ParallelArticle
    rendered: Mapping[str, str]  # language -> the whole article, the source language included
    decoded: Decoded  # how the input was written; the outputs are written alike
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detected:
    """What `detect` finds in an article."""

    language: str
    text: str  # the file as decoded
    fragments: tuple[tuple[Segment, Fragment], ...]  # in document order
    article: Article  # each sentence once


@dataclass(frozen=True, slots=True)
class Draft:
    """An article on its way through the source-side stages."""

    data: bytes
    name: str
    suffix: str
    options: Options
    decoded: Decoded | None = None
    article: Article | None = None
    segments: tuple[LocalisedSegment, ...] = field(default=())

    @property
    def text(self) -> str:
        """The file as decoded."""
        assert self.decoded is not None
        return self.decoded.text

    @property
    def parsed(self) -> Article:
        """The article, from the stage `parse` on."""
        assert self.article is not None
        return self.article


Stage = Callable[[Draft, Tools], Draft]


def decode(draft: Draft, _tools: Tools) -> Draft:
    """Bytes to text, strictly."""
    label = f"{draft.name}{draft.suffix}"
    encoding = draft.options.encoding or encoding_in(draft.data, draft.suffix)
    return replace(draft, decoded=decode_article(draft.data, label, encoding=encoding or None))


def parse(draft: Draft, _tools: Tools) -> Draft:
    """Text to blocks with roles, and the article's language."""
    article = parser_for(draft.suffix)(draft.text, name=draft.name, suffix=draft.suffix)
    wanted = draft.options.source
    if wanted == "auto":
        prose = "\n\n".join(block.text for block in article.blocks if block.role not in LEFT_OUT)
        found = find_language(prose or draft.text)
        wanted = _check_named(draft.name, _check_declared(article.declared, found, prose), prose)
    return replace(draft, article=replace(article, language=parse_language(wanted)))


def _check_named(name: str, found: str, prose: str) -> str:
    """Let the name of the file decide about a short text, if that is in the script of the language named."""
    named = language_in_name(name)
    is_open = named and len(prose) < MIN_EVIDENCE_NAMED
    return named if is_open and LANGUAGES[named].script == LANGUAGES[found].script else found


def _check_declared(declared: str, found: str, prose: str) -> str:
    """Choose between the language that a file names and the one found: templates name one, whatever stands in them."""
    try:
        tag = parse_language(declared.replace("_", "-")) if declared else found
    except UsageError:
        return found
    is_short = len(prose) < MIN_EVIDENCE
    return tag if is_short or base_language(tag) == base_language(found) else found


def segment(draft: Draft, _tools: Tools) -> Draft:
    """Blocks to sentences with ids; those that copies repeat go their way once."""
    article = mark_repeats(segment_article(draft.parsed))
    pairs = [(block, part) for block in without_repeats(article).blocks for part in block.segments]
    segments = tuple(LocalisedSegment(part, block.id, block.role, part.source) for block, part in pairs)
    return replace(draft, article=article, segments=segments)


def detect(draft: Draft, _tools: Tools) -> Draft:
    """Mark what is not in the article's language."""
    found = find_fragments(without_repeats(draft.parsed).blocks, draft.parsed.language)
    marked = (replace(item, fragments=add_code(item, found.get(item.segment.id, ()))) for item in draft.segments)
    return replace(draft, segments=tuple(marked))


def normalise(draft: Draft, tools: Tools) -> Draft:
    """Bring the source itself into order: fragments through the glossary, quotation marks repaired."""
    lang = draft.parsed.language
    straight = has_straight_quotes(item for item in draft.segments if item.role not in LEFT_OUT)
    segments = (replace(item, straight=straight) for item in draft.segments)
    done = tuple(normalise_segment(item, lang, tools.glossary, tools.router.has_route) for item in segments)
    return replace(draft, segments=done)


STAGES: list[tuple[str, Stage]] = [
    ("decode", decode),
    ("parse", parse),
    ("segment", segment),
    ("detect", detect),
    ("normalise", normalise),
]


def localise_article(data: bytes, name: str, suffix: str, options: Options, tools: Tools) -> Localised:
    """Take one article through all stages, into every target language.

    `name` is the file's name without folder and suffix. Raises DocumentError for input that cannot be read and
    EngineMissing for a target without a route; nothing is written here.
    """
    draft = Draft(data, name, suffix, options)
    for _, stage in STAGES:
        draft = stage(draft, tools)
    lang = draft.parsed.language
    targets = targets_for(options, lang)
    if not targets:
        raise UsageError(f"{name}{suffix}: the article is in {lang} already; name another language with --to")
    memo: Memo = {}  # what each engine said: for one article, as memory is to stay flat
    segments = draft.segments
    tools.warm_up(lang, [target for target in targets if not is_same_language(target, lang)], segments)
    reviews = {target: tools.find_reviews(draft.parsed, segments, target) for target in targets}
    choices = Choices(options.alternatives, options.no_typography)
    for target in targets:
        chosen = (tools.glossary, tools.router, memo)
        segments = localise_target(segments, (lang, target), chosen, reviews=reviews[target], choices=choices)
    segments = tuple(place_tags(item) for item in segments)
    left_out = LEFT_OUT - options.keep if drops_furniture(draft.parsed.suffix) else frozenset()
    signature = _sign(draft, segments, tools, reviews)
    parallel = ParallelArticle(draft.parsed, segments, targets, left_out, signature)
    assert draft.decoded is not None
    mark = mark_of(draft.decoded)
    rendered = {lang: mark + text for lang, text in _render_all(parallel, options).items()}
    return Localised(parallel, rendered, draft.decoded, draft.decoded.warnings)


def read_segments(data: bytes, name: str, suffix: str, options: Options) -> tuple[Segment, ...]:
    """Return the segments of an article; it is searched for nothing. Raises DocumentError."""
    draft = Draft(data, name, suffix, options)
    tools = Tools(Glossary.empty(), Router())
    for _, stage in STAGES[:3]:
        draft = stage(draft, tools)
    return tuple(item.segment for item in draft.segments)


def detect_article(data: bytes, name: str, suffix: str, source: str = "auto", encoding: str = "") -> Detected:
    """Find the fragments of an article; no glossary and no engine takes part."""
    draft = Draft(data, name, suffix, Options((), source=source, encoding=encoding))
    tools = Tools(Glossary.empty(), Router())
    for _, stage in STAGES[:4]:
        draft = stage(draft, tools)
    found = tuple((item.segment, fragment) for item in draft.segments for fragment in item.fragments)
    return Detected(draft.parsed.language, draft.text, found, without_repeats(draft.parsed))


def explain_detected(found: Detected) -> Iterator[tuple[Segment, Explained]]:
    """Search once more, and give all that was weighed, in order: fragments, and what looked like one."""
    said = explain_fragments(found.article.blocks, found.language)
    for block in found.article.blocks:
        for part in block.segments:
            yield from ((part, each) for each in said.get(part.id, ()))


def _render_all(parallel: ParallelArticle, options: Options) -> dict[str, str]:
    article, digest = parallel.article, parallel.signature.input_digest
    render = renderer_for(article.suffix)
    texts = {item.segment.id: item.normalised for item in parallel.segments}
    pieces = {item.segment.id: item.pieces for item in parallel.segments}
    stem = output_stem(article.name, article.language)
    versions = {
        lang: version_address(
            article_path(stem, lang, article.suffix, options.layout), options.layout, options.base_url
        )
        for lang in (article.language, *parallel.languages)
    }
    own = Rendition(article.language, pieces, digest, versions)
    rendered = {article.language: render(article, fill_repeats(article, texts), parallel.left_out, own)}
    for lang in parallel.languages:
        texts = {item.segment.id: item.targets[lang].text for item in parallel.segments}
        pieces = {item.segment.id: item.targets[lang].pieces for item in parallel.segments}
        rendition = Rendition(lang, pieces, digest, versions)
        rendered[lang] = render(article, fill_repeats(article, texts), parallel.left_out, rendition)
    return rendered


def _sign(
    draft: Draft, segments: Sequence[LocalisedSegment], tools: Tools, reviews: Mapping[str, Mapping[str, Review]]
) -> Signature:
    lang = draft.parsed.language
    targets = targets_for(draft.options, lang)
    made = Made(
        input_digest=hashlib.sha256(draft.data).hexdigest(),
        lang=lang,
        targets=targets,
        options=signed_options(draft.options, lang),
        fragment_pairs=find_fragment_pairs(segments, lang, targets),
        reviews_digest=reviews_digest(reviews),
        read_with=draft.parsed.read_with,
        memory_digest=tools.reviews.state(lang, targets) if tools.reviews else "",
    )
    return sign(made, tools.glossary, tools.router, texts_of(segments))


def targets_for(options: Options, lang: str) -> tuple[str, ...]:
    """Return the languages that an article in `lang` is written in: those asked for without its own."""
    return tuple(target for target in options.targets if target != lang)


def signed_options(options: Options, lang: str) -> dict[str, str]:
    """Return the options that change an article in `lang`, as they stand in its signature."""
    return {
        "source": options.source,
        "targets": ",".join(targets_for(options, lang)),
        "keep": ",".join(sorted(options.keep)),
        "engine": options.engine or "auto",
        **({"via": ",".join(options.via)} if options.via else {}),
        **({"encoding": options.encoding} if options.encoding else {}),
        **({"alternatives": str(options.alternatives)} if options.alternatives else {}),
        **({"no_typography": ",".join(sorted(options.no_typography))} if options.no_typography else {}),
        **({"near_hits": str(options.near_hits)} if options.near_hits != NEAR_HITS else {}),
        **({"export": ",".join(options.exports)} if options.exports else {}),
        **({"layout": options.layout} if options.layout != DEFAULT_LAYOUT else {}),
        **({"base_url": options.base_url} if options.base_url else {}),
    }
