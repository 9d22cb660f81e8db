"""Plain text: blocks from blank lines and line shapes, roles from wording and place."""

from collections.abc import Collection, Mapping

from pipeline.documents.blocks import split_blocks
from pipeline.documents.building import Rendition
from pipeline.documents.evidence import Furniture, load_furniture, load_labels
from pipeline.documents.roles import assign_roles, is_label
from pipeline.model import Article, Block, Role, Segment


def parse_text(text: str, *, name: str, suffix: str, furniture: Furniture | None = None) -> Article:
    """Parse plain text into an article: language "", one segment a block, offsets into `text`.

    `lead` of a block is white space and the marker of a list item ("- "). `furniture` is the list of site
    lines, `load_furniture()` where None. Blocks and tail together are exactly `text`.
    """
    furniture = furniture or load_furniture()
    labels = load_labels()
    pieces = split_blocks(text, lambda line: is_label(line, furniture, labels))
    roles = assign_roles(text, pieces, furniture, labels)
    blocks: list[Block] = []
    end = 0
    for number, (piece, role) in enumerate(zip(pieces, roles, strict=True), start=1):
        segment = Segment(f"b{number}s1", text[piece.start : piece.end], piece.start)
        blocks.append(Block(f"b{number}", role, (segment,), text[end : piece.start]))
        end = piece.end
    return Article(name, suffix, "", tuple(blocks), text[end:])


def render_text(
    article: Article, texts: Mapping[str, str], left_out: Collection[Role], rendition: Rendition | None = None
) -> str:
    """Write the article with `texts`, segment id -> text, in place of its segments.

    Blocks whose role is in `left_out` go, with what divides them from the block before; `texts` needs no
    entry for them. White space, list markers, line ends and the end of the file stay as they are. Nothing is
    left where no block is.
    """
    parts: list[str] = []
    skipped: list[str] = []
    for block in article.blocks:
        if block.role in left_out:
            skipped.append(block.lead)
            continue
        parts.append(_lead(block.lead, skipped, first=not parts))
        parts.extend(texts[segment.id] + segment.tail for segment in block.segments)
        skipped.clear()
    return "".join(parts) + article.tail if parts else ""


def _lead(own: str, skipped: list[str], *, first: bool) -> str:
    """What to write before a block when the blocks with the leads `skipped` were left out above it.

    The widest gap wins: a body line directly below a left-out line, itself two lines below the headline,
    stays two lines below the headline. Indent and list marker are the block's own.
    """
    if not skipped:
        return own
    gap, indent = _split_lead(own)
    if first:
        return indent
    gaps = [gap, *(_split_lead(lead)[0] for lead in skipped)]
    return max(gaps, key=lambda text: len(text.splitlines())) + indent


def _split_lead(lead: str) -> tuple[str, str]:
    """Divide a lead after its last line end."""
    lines = lead.splitlines(keepends=True)
    if not lines or lines[-1].splitlines()[0] != lines[-1]:
        return lead, ""
    return lead[: len(lead) - len(lines[-1])], lines[-1]
