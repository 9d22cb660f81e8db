"""Say what each block of a plain-text article is: headline, deck, credit, byline, body and so on.

`RULES` is the order of evidence: the first rule that holds decides. Wording comes before place, because a
line such as "Share on Facebook" is furniture wherever it stands; place decides the rest: a title above the
first paragraph of running text is the headline, one below it a heading.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.documents import wording
from pipeline.documents.blocks import Piece
from pipeline.documents.evidence import Furniture, Labels
from pipeline.model import Role

MAX_TITLE = 200
"""Longest headline in characters; agency headlines stay below 120, tabloid ones reach 180."""

MAX_DECK = 350
"""Longest deck in characters."""

MAX_HEADING = 90
"""Longest heading between paragraphs in characters."""

_MIN_QUOTE = 30  # shorter quoted lines are titles or headings
_QUOTE_MARKS = '"“”„«»'


@dataclass(frozen=True, slots=True)
class Sight:
    """What one block is by its wording alone."""

    text: str
    item: bool  # is a list item
    label: Role | None  # boilerplate, credit or byline by wording
    is_number: bool
    is_prose: bool
    is_signed: bool  # "By NAME": a byline at the top or the end of an article
    is_title: bool  # may be a headline: one short line that does not end in a full stop, comma or colon


@dataclass(frozen=True, slots=True)
class Above:
    """What stands above a block."""

    headline: bool = False
    deck: bool = False
    prose: bool = False  # running text
    links: bool = False  # furniture such as "Read also:", and nothing but links since


@dataclass(frozen=True, slots=True)
class Below:
    """What stands below a block."""

    prose: bool = False  # running text, anywhere
    prose_next: bool = False  # the next block that is no label is running text, a list item or a number
    label_next: bool = False  # the next block is a credit or a byline
    title: bool = False  # a title, with no running text between
    number: bool = False  # another lone number
    few: bool = True  # at most one block that is no furniture


@dataclass(frozen=True, slots=True)
class Place:
    """One block with what is known of its neighbours."""

    sight: Sight
    above: Above
    below: Below
    labels: Labels

    @property
    def text(self) -> str:
        """The text of the block."""
        return self.sight.text

    @property
    def is_in_story(self) -> bool:
        """Whether the headline, or running text where there is no headline, stands above."""
        return self.above.headline or self.above.prose


Rule = Callable[[Place], bool]


def is_labelled(role: Role) -> Rule:
    """Make the rule that the wording alone names `role`."""
    return lambda place: place.sight.label is role


def is_counter(place: Place) -> bool:
    """A lone number above the headline, or below it where it is no year and no number follows in the body."""
    if not place.sight.is_number or place.above.prose:
        return False
    if not place.above.headline:
        return place.below.title
    return not place.below.number and not wording.is_year(place.text)


def is_section_name(place: Place) -> bool:
    """The name of the site's section, above the headline."""
    return not place.above.headline and place.below.title and wording.is_section(place.text, place.labels)


def is_link(place: Place) -> bool:
    """A title in the list of links that "Read also:" opens below the last running text."""
    is_below = place.above.links and place.above.prose and not place.below.prose
    return is_below and len(place.text) <= MAX_TITLE and not wording.ends_open(place.text)


def is_credit_by_place(place: Place) -> bool:
    """A picture label with a few plain words, below the headline: above it the line is the headline."""
    return place.is_in_story and wording.is_loose_credit(place.text, place.labels)


def is_caption(place: Place) -> bool:
    """The description of a picture, below the headline."""
    return place.is_in_story and wording.is_caption(place.text, place.labels)


def is_byline_by_place(place: Place) -> bool:
    """A writer's name or a date of publication, above the running text or at the very end."""
    if place.above.prose:
        return place.below.few and place.sight.is_signed
    return place.sight.is_signed or wording.is_bare_date(place.text, place.labels)


def is_headline(place: Place) -> bool:
    """The first title, above all running text."""
    return place.sight.is_title and not place.above.headline and not place.above.prose


def is_deck(place: Place) -> bool:
    """One sentence or title between headline and running text.

    With a full stop it counts only where a credit or a byline divides it from the running text: news
    stories often begin with a paragraph of one sentence.
    """
    if not place.above.headline or place.above.deck or place.above.prose or not place.below.prose:
        return False
    if len(place.text) > MAX_DECK or len(place.text.split()) < 4 or "\n\n" in place.text:
        return False
    return place.below.label_next if wording.ends_open(place.text) else not place.sight.is_number


def is_list_item(place: Place) -> bool:
    """A line with a list marker."""
    return place.sight.item


def is_quote(place: Place) -> bool:
    """A block that is one quotation from end to end."""
    text = place.text
    return (
        len(text) >= _MIN_QUOTE
        and text[0] in _QUOTE_MARKS
        and text.rstrip(".,")[-1] in _QUOTE_MARKS
        and not any(mark in text.rstrip(".,")[1:-1] for mark in _QUOTE_MARKS)
    )


def is_heading(place: Place) -> bool:
    """A short title directly above running text, a list or a number, but not above everything."""
    if not place.is_in_story or not place.below.prose_next:
        return False
    if len(place.text) > MAX_HEADING or "\n" in place.text or place.text[0].islower():
        return False
    return place.sight.is_title or place.sight.is_number or place.text.endswith(":")


def is_anything(_place: Place) -> bool:
    """What no other rule claims."""
    return True


RULES: tuple[tuple[Role, Rule], ...] = (
    (Role.BOILERPLATE, is_labelled(Role.BOILERPLATE)),
    (Role.CREDIT, is_labelled(Role.CREDIT)),
    (Role.BYLINE, is_labelled(Role.BYLINE)),
    (Role.BOILERPLATE, is_link),
    (Role.LIST_ITEM, is_list_item),
    (Role.COUNTER, is_counter),
    (Role.BOILERPLATE, is_section_name),
    (Role.BYLINE, is_byline_by_place),
    (Role.CREDIT, is_credit_by_place),
    (Role.CAPTION, is_caption),
    (Role.HEADLINE, is_headline),
    (Role.DECK, is_deck),
    (Role.QUOTE, is_quote),
    (Role.HEADING, is_heading),
    (Role.BODY, is_anything),
)


def is_label(text: str, furniture: Furniture, labels: Labels) -> bool:
    """Whether a line is furniture, a credit or a byline wherever it stands."""
    return _label_of(text, furniture, labels) is not None


def assign_roles(text: str, pieces: Sequence[Piece], furniture: Furniture, labels: Labels) -> Iterator[Role]:
    """Give the role of each piece of `text`, in order."""
    sights = [_look(text[piece.start : piece.end], piece, furniture, labels) for piece in pieces]
    above = Above()
    for sight, below in zip(sights, _look_below(sights), strict=True):
        place = Place(sight, above, below, labels)
        role = next(role for role, rule in RULES if rule(place))
        yield role
        above = Above(
            headline=above.headline or role is Role.HEADLINE,
            deck=above.deck or role is Role.DECK,
            prose=above.prose
            or (role in (Role.BODY, Role.QUOTE) and (sight.is_prose or wording.ends_sentence(sight.text))),
            links=role is Role.BOILERPLATE and (above.links or wording.opens_links(sight.text, labels)),
        )


def _label_of(text: str, furniture: Furniture, labels: Labels) -> Role | None:
    if furniture.matches(text):
        return Role.BOILERPLATE
    if wording.is_byline(text, labels) or wording.is_labelled_date(text, labels):
        return Role.BYLINE
    if wording.is_credit(text, labels) and not wording.is_marked_byline(text, labels):
        return Role.CREDIT
    return None


def _look(text: str, piece: Piece, furniture: Furniture, labels: Labels) -> Sight:
    label = None if piece.item else _label_of(text, furniture, labels)
    is_number = wording.is_lone_number(text)
    is_prose = label is None and wording.is_prose(text)
    is_other = label is not None or is_number or piece.item or (is_prose and not text.endswith(("?", "!")))
    is_title = not is_other and len(text) <= MAX_TITLE and not wording.ends_open(text)
    is_signed = wording.is_marked_byline(text, labels)
    return Sight(text, piece.item, label, is_number, is_prose, is_signed, is_title)


def _look_below(sights: Sequence[Sight]) -> list[Below]:
    """Give what stands below each sight."""
    below = Below()
    content = 0  # blocks so far that are no furniture
    found: list[Below] = []
    for sight in reversed(sights):
        found.append(below)
        content += sight.label is not Role.BOILERPLATE
        below = Below(
            prose=below.prose or sight.is_prose,
            prose_next=below.prose_next if sight.label else sight.is_prose or sight.item or sight.is_number,
            label_next=sight.label in (Role.CREDIT, Role.BYLINE) or sight.is_signed,
            title=(below.title or sight.is_title) and not sight.is_prose,
            number=below.number or sight.is_number,
            few=content <= 1,
        )
    return found[::-1]
