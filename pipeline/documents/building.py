"""From the texts found in a marked-up file to an article, and back: what is no text stays as it is, byte for byte."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from pipeline.documents.forms import FORMS, Form
from pipeline.documents.reading import UNUSABLE
from pipeline.inline import join_text, join_written, rebuild_pieces
from pipeline.languages import LANGUAGES
from pipeline.model import Article, Block, Piece, Role, Segment, Side

# A private use character, which no article holds (the reader replaces them), around the id of a block.
_REFER = "\ue0f0"
_REFERENCE = re.compile(f"{_REFER}(b[0-9]+){_REFER}")
_RTL_SCRIPTS = frozenset({"Arab", "Hebr"})


@dataclass(frozen=True, slots=True)
class Found:
    """A text found in a file: what is written from `start` on, cut into words and tags."""

    start: int  # offset into the file
    pieces: tuple[Piece, ...]  # joined as written they are exactly what the file has there
    role: Role
    form: str  # a key of FORMS
    is_copy: bool = False  # see model.Block

    @property
    def text(self) -> str:
        """What it says."""
        return join_text(self.pieces)


@dataclass(frozen=True, slots=True)
class Rendition:
    """What a renderer may know of the text that it writes, beside the text."""

    language: str = ""  # "" or the article's own: no fact changes
    pieces: Mapping[str, tuple[Piece, ...]] | None = None  # segment id -> its text with the tags in place
    digest: str = ""  # sha256 of the input file
    versions: Mapping[str, str] | None = None  # language -> address of each version, the source's first


def trim(found: Found) -> Found | None:
    """Take outer white space (and tags beyond it) off; None where no text is left."""
    pieces, start = list(found.pieces), found.start
    while pieces and not pieces[0].text.strip() and _is_balanced_alone(pieces[0]):
        start += len(pieces.pop(0).written)
    while pieces and not pieces[-1].text.strip() and _is_balanced_alone(pieces[-1]):
        pieces.pop()
    if pieces:
        first, gap = _strip_left(pieces[0])
        pieces[0] = first
        start += gap
        pieces[-1] = _strip_right(pieces[-1])
    pieces = _blank_edges(pieces)
    return replace(found, start=start, pieces=tuple(pieces)) if join_text(pieces) else None


def _is_balanced_alone(piece: Piece) -> bool:
    return piece.side in (Side.TEXT, Side.VOID)


def _strip_left(piece: Piece) -> tuple[Piece, int]:
    bare = piece.text.lstrip()
    if piece.written != piece.text:
        return piece, 0
    return replace(piece, written=bare, text=bare), len(piece.text) - len(bare)


def _strip_right(piece: Piece) -> Piece:
    bare = piece.text.rstrip()
    return piece if piece.written != piece.text else replace(piece, written=bare, text=bare)


def _blank_edges(pieces: Sequence[Piece]) -> list[Piece]:
    """Make white space just inside the first or last tags part of the markup: it is written, but says nothing."""
    done = list(pieces)
    for order in (range(len(done)), range(len(done) - 1, -1, -1)):
        for i in order:
            text = done[i].text
            bare = text.lstrip() if order.step > 0 else text.rstrip()
            if bare and bare != text:
                gap = text[: len(text) - len(bare)] if order.step > 0 else text[len(bare) :]
                done[i : i + 1] = _split_gap(done[i], bare, gap, before=order.step > 0)
            elif text and not bare:
                done[i] = replace(done[i], text="", kept=False)
            if bare:
                break
    return _join_blanks(done)


def _join_blanks(pieces: Sequence[Piece]) -> list[Piece]:
    """Write white space that says nothing with the tag beside it, before the first and behind the last words."""
    said = [i for i, piece in enumerate(pieces) if piece.text]
    if not said:
        return list(pieces)
    done: list[Piece] = []
    gap = ""  # for the tag that follows
    for i, piece in enumerate(pieces):
        is_blank = not piece.text and piece.side is Side.TEXT and not said[0] < i < said[-1]
        if is_blank and done and done[-1].side is not Side.TEXT:
            done[-1] = _lengthen(done[-1], "", piece.written)
        elif is_blank:
            gap += piece.written
        else:
            done.append(_lengthen(piece, gap, ""))
            gap = ""
    return [*done, Piece(gap, "")] if gap else done


def _lengthen(tag: Piece, before: str, after: str) -> Piece:
    again = before + tag.again + after if tag.again else ""
    return replace(tag, written=before + tag.written + after, again=again) if before or after else tag


def _split_gap(piece: Piece, bare: str, gap: str, *, before: bool) -> list[Piece]:
    if piece.written != piece.text:
        return [replace(piece, text=bare)]
    space, words = replace(piece, written=gap, text="", kept=False), replace(piece, written=bare, text=bare)
    return [space, words] if before else [words, space]


def build_article(text: str, found: Iterable[Found], *, name: str, suffix: str) -> Article:
    """Make an article of what was found in `text`; blanks go. Blocks, leads and tail together are `text`.

    A text may stand inside a tag of another (the description of an image in a sentence); in its words it may not.
    """
    clean = (replace(one, pieces=tuple(map(_clean, one.pieces))) for one in found)
    trimmed = sorted(filter(None, map(trim, clean)), key=lambda one: one.start)
    blocks: list[Block] = []
    end = 0
    for host, inner in _group(trimmed):
        number = len(blocks) + 1
        written = join_written(host.pieces)
        assert text.startswith(written, host.start)
        pieces = _refer(host, inner, number)
        blocks.append(_block(replace(host, pieces=pieces), number, text[end : host.start]))
        for i, one in enumerate(inner, start=number + 1):
            blocks.append(replace(_block(one, i, ""), inside=True))
        end = host.start + len(written)
    return Article(name, suffix, "", tuple(blocks), text[end:])


def _clean(piece: Piece) -> Piece:
    """Replace what a reference or an escape names and no text may hold: our own marks, controls, half a surrogate."""
    clean = UNUSABLE.sub("\N{REPLACEMENT CHARACTER}", piece.text)
    return piece if clean == piece.text else replace(piece, text=clean)


def _block(found: Found, number: int, lead: str) -> Block:
    pieces = found.pieces if join_written(found.pieces) != found.text else ()
    segment = Segment(f"b{number}s1", found.text, found.start, "", pieces)
    return Block(f"b{number}", found.role, (segment,), lead, found.form, is_copy=found.is_copy)


def _group(found: Iterable[Found]) -> Iterator[tuple[Found, list[Found]]]:
    """Give each text with those that stand in its tags."""
    host: Found | None = None
    inner: list[Found] = []
    edges: list[int] = []  # where the pieces of the host begin, and where it ends
    for one in found:
        if host is None or one.start >= edges[-1]:
            if host is not None:
                yield host, inner
            host, inner = one, []
            edges = list(accumulate((len(piece.written) for piece in one.pieces), initial=one.start))
        elif host.pieces[bisect_right(edges, one.start) - 1].side is not Side.TEXT:
            inner.append(one)
    if host is not None:
        yield host, inner


def _refer(host: Found, inner: Sequence[Found], number: int) -> tuple[Piece, ...]:
    """Write the number of a block in the place of its text, in the tags of its host."""
    if not inner:
        return host.pieces
    pieces: list[Piece] = []
    at, i = host.start, 0
    for piece in host.pieces:
        parts, done = [], at
        while i < len(inner) and inner[i].start < at + len(piece.written):
            parts += [piece.written[done - at : inner[i].start - at], f"{_REFER}b{number + 1 + i}{_REFER}"]
            done = inner[i].start + len(join_written(inner[i].pieces))
            i += 1
        at += len(piece.written)
        pieces.append(
            replace(piece, written="".join([*parts, piece.written[len(piece.written) - (at - done) :]]))
            if parts
            else piece
        )
    return tuple(pieces)


def render_marked(
    article: Article, texts: Mapping[str, str], left_out: Collection[Role], rendition: Rendition | None = None
) -> str:
    """Write the article with `texts`, segment id -> text, in place of its segments; nothing is left out.

    What `texts` leaves as it is stays as the file writes it. `left_out` has no effect: a page keeps its furniture.
    """
    rendition = rendition or Rendition()
    inside = {block.id: block for block in article.blocks if block.inside}
    edits: list[tuple[int, int, str]] = []
    source: list[str] = []
    at = 0
    for block in article.blocks:
        if block.inside:
            continue
        written = _expand(_as_written(block), {one: _as_written(inside[one]) for one in _referred(block)})
        source += [block.lead, written]
        start, at = at + len(block.lead), at + len(block.lead) + len(written)
        mine = [block, *(inside[one] for one in _referred(block))]
        if any(texts[segment.id] != segment.source for each in mine for segment in each.segments):
            new = {one.id: _write_block(one, texts, rendition) for one in mine}
            edits.append((start, at, _expand(new.pop(block.id), new)))
    edits += _state_facts(article, rendition)
    return _apply("".join([*source, article.tail]), sorted(edits))


def _state_facts(article: Article, rendition: Rendition) -> list[tuple[int, int, str]]:
    """Write what a version states of its language and of the other versions."""
    is_own = rendition.language in ("", article.language)
    versions = rendition.versions or {}
    others = {lang: href for lang, href in versions.items() if lang != rendition.language}
    if is_own and not others:
        return []
    values = _values(article, rendition)
    values |= {"href": versions.get(rendition.language, ""), "source_href": versions.get(article.language, "")}
    edits = []
    for fact in article.facts:
        template = fact.own if is_own else fact.template
        if (is_own and not template) or ("{href}" in template and not values["href"]):
            continue
        each = [fact.each.format(**{**values, "lang": lang, "href": href}) for lang, href in others.items()]
        edits.append((fact.start, fact.end, template.format(**values, each=fact.joint.join(each))))
    return edits


def _referred(block: Block) -> list[str]:
    """Return the ids of the blocks that stand in a block's tags."""
    return _REFERENCE.findall(_as_written(block))


def _expand(written: str, texts: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda match: texts[match[1]], written) if texts else written


def _values(article: Article, rendition: Rendition) -> dict[str, str]:
    direction, own = (_direction(lang) for lang in (rendition.language, article.language))
    name = article.name + article.suffix
    return {
        "lang": rendition.language,
        "locale": rendition.language.replace("-", "_"),
        "direction": direction,
        "turned": "" if direction == own else f' dir="{direction}"',
        "source": article.language,
        "digest": rendition.digest,
        "name": FORMS["json"].quote(name),
        "key": FORMS["json"].quote(article.name.removesuffix(f".{article.language}")),
    }


def _direction(language: str) -> str:
    row = LANGUAGES.get(language)
    return "rtl" if row and row.script in _RTL_SCRIPTS else "ltr"


def _as_written(block: Block) -> str:
    return "".join((join_written(one.pieces) if one.pieces else one.source) + one.tail for one in block.segments)


def _write_block(block: Block, texts: Mapping[str, str], rendition: Rendition) -> str:
    form = FORMS[block.form]
    parts: list[str] = []
    for segment in block.segments:
        parts += [_write_segment(segment, texts[segment.id], form, rendition, first=not parts), segment.tail]
    return form.finish("".join(parts))


def _write_segment(segment: Segment, text: str, form: Form, rendition: Rendition, *, first: bool) -> str:
    own = segment.pieces or (Piece(segment.source, segment.source),)
    if text == segment.source:
        return join_written(own)
    pieces = (rendition.pieces or {}).get(segment.id) or rebuild_pieces(own, text)[0]
    parts: list[str] = []
    begun = not first
    for before, piece in zip((None, *pieces), pieces, strict=False):
        if piece.side is not Side.TEXT:
            parts.append(piece.again or piece.written)
        elif piece.written:
            parts.append(piece.written)
        elif piece.kept:
            parts.append(form.code(piece.text))
        else:
            after_break = before is not None and before.side is Side.VOID and before.written[-1:].isspace()
            words = piece.text.lstrip(" ") if after_break else piece.text
            parts.append(form.escape(words, not begun))
        begun = begun or bool(parts[-1].strip())
    return "".join(parts)


def _apply(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, new in edits:
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])
