"""Which texts of a page are the article, and which the furniture around it.

The page's own marks come first: the element that holds the article (data/html.toml), and the articleBody that the page
states in JSON-LD. Only a page without marks is given to trafilatura, whose opinion is a hint: a paragraph of running
text between two that it found is part of the article too. All of this decides on roles alone; no word leaves the page.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from pipeline.documents import wording
from pipeline.documents.building import Found
from pipeline.documents.evidence import fold, load_labels
from pipeline.documents.extracting import find_known
from pipeline.documents.html_context import Frame, load_lists
from pipeline.model import Role

MIN_SHARE = 0.6
"""An element inside another one holds the article if it has this share of its running text. Text of 60 characters and
more that stands in no furniture counts, so comments and teasers outweigh no story."""

MIN_PROSE = 60

MIN_KNOWN = 200
"""Characters of a page that an extracted article must hold; a shorter one is a teaser or a notice. A quarter of it is
enough for what the page itself states."""

# What markup says of a text, and no teaser has, stays beside the article's paragraphs.
_BESIDE = frozenset({Role.BYLINE, Role.DECK, Role.CREDIT, Role.CAPTION, Role.QUOTE, Role.TABLE})


@dataclass(frozen=True, slots=True)
class Read:
    """A text with what stood around it."""

    found: Found
    frame: Frame
    is_attribute: bool = False
    is_linked: bool = False  # all its words are links
    is_teaser: bool = False  # a link that is called one: "Read also: Council votes"


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a page beside its texts."""

    stated: str = ""  # the articleBody that it states
    extract: Callable[[], str] | None = None  # gives the article's text by another's opinion; None for a part of a page


NO_HINTS = Hints()


def tell_story(read: Sequence[Read], bodies: Sequence[int], hints: Hints) -> list[Read]:
    """Return the texts with the roles that their place gives: what is no story is furniture, one h1 the headline.

    `bodies` holds the parent of each element that may hold the article.
    """
    known = _find_known(read, hints.stated, MIN_KNOWN // 4)
    body = _choose_body(read, bodies, known)
    if not body and not known and hints.extract:
        known = _find_known(read, hints.extract(), MIN_KNOWN)
    inside = _descendants(body, bodies)
    story = set(known) if known and not body else {i for i, one in enumerate(read) if one.frame.body in inside} | known
    headline = _choose_headline(read, story)
    paragraphs = sorted(i for i in story if _counts(read[i]) or i in known)
    if paragraphs:
        begin = headline if 0 <= headline < paragraphs[0] else paragraphs[0]
        story.update(i for i in range(begin, paragraphs[0]) if _stands_beside(read[i]))
        if known and not body:
            story.update(i for i in range(begin, paragraphs[-1]) if _reads_like_story(read[i]))
    return [
        replace(one, found=replace(one.found, role=_role(one, i, (story, known), headline)))
        for i, one in enumerate(read)
    ]


def is_teaser(linked: str, plain: str) -> bool:
    """Whether a line sends its reader to another article: `linked` are its words in links, `plain` all others.

    >>> is_teaser("Council votes", "Read also:"), is_teaser("Read also: Council votes", ""), is_teaser("a list", "See")
    (True, True, False)
    """
    lists = load_labels().link_lists
    label, colon, rest = linked.partition(":")
    inside = not plain.strip() and bool(colon and rest.strip()) and fold(label) in lists
    return bool(linked) and (inside or fold(plain) in lists)


def _find_known(read: Sequence[Read], said: str, least: int) -> set[int]:
    """Return the texts that stand in `said`; none where they are fewer than `least` characters in all."""
    if not said:
        return set()
    at = [i for i, one in enumerate(read) if not one.is_attribute]
    found = {at[i] for i in find_known([read[i].found.text for i in at], said)}
    return found if sum(len(read[i].found.text) for i in found) >= least else set()


def _reads_like_story(one: Read) -> bool:
    if one.is_linked or one.is_teaser or one.is_attribute:
        return False
    text = one.found.text
    is_prose = len(text) >= MIN_PROSE or (one.frame.name == "p" and wording.ends_sentence(text))
    return _stands_beside(one) or (one.found.role in (Role.BODY, Role.LIST_ITEM) and is_prose)


def _stands_beside(one: Read) -> bool:
    """Whether a text is a byline, a caption and the like, by its markup or by its wording."""
    if one.found.role is not Role.BODY:
        return one.found.role in _BESIDE
    text, labels = " ".join(one.found.text.split()), load_labels()
    by_words = (wording.is_byline, wording.is_marked_byline, wording.is_labelled_date, wording.is_bare_date)
    return any(is_label(text, labels) for is_label in (*by_words, wording.is_credit))


def _choose_headline(read: Sequence[Read], story: Collection[int]) -> int:
    """Return the number of the headline, -1 for none: the first h1 of the story, else the last one above it.

    The name of a site may be an h1 too, and the name of a wrapper may call everything in it furniture.
    """
    titles = [i for i, one in enumerate(read) if one.frame.name == "h1" and not one.is_attribute]
    plain = [i for i in titles if read[i].found.role is Role.HEADLINE]
    inside = [i for i in plain if i in story]
    first = min((i for i in story if _counts(read[i])), default=len(read))
    above = [i for i in plain if i < first] or [i for i in titles if i < first and not read[i].frame.is_aside]
    return next(iter([*inside, *above[-1:], *plain]), -1)


def _role(one: Read, i: int, chosen: tuple[Collection[int], Collection[int]], headline: int) -> Role:
    story, known = chosen
    role = one.found.role
    if i == headline:
        return Role.HEADLINE
    if one.frame.name == "h1" and role is Role.HEADLINE:
        return Role.HEADING
    if one.is_attribute or one.frame.name == "title":
        return role
    if i in known and role is Role.BOILERPLATE:
        return load_lists().tags.get(one.frame.name, Role.BODY)
    is_section = one.is_linked and role is Role.BODY and i < headline  # the name of the section, above the headline
    is_link = one.is_teaser or (one.is_linked and role is Role.LIST_ITEM)
    return Role.BOILERPLATE if i not in story or is_link or is_section else role


def _choose_body(read: Sequence[Read], bodies: Sequence[int], known: Collection[int]) -> int:
    """Return the innermost element that holds most of the running text, or of what is known; 0 for the whole page."""
    sizes = Counter[int]()
    for i, one in enumerate(read):
        if i in known if known else _counts(one):
            sizes[one.frame.body] += len(one.found.text)
    children: dict[int, list[int]] = {}
    for body in range(len(bodies) - 1, 0, -1):  # a child has a higher number than its parent
        children.setdefault(bodies[body], []).append(body)
        sizes[bodies[body]] += sizes[body]
    chosen = 0
    while children.get(chosen):
        best = max(children[chosen], key=lambda body: (sizes[body], -body))
        if not sizes[best] or sizes[best] < MIN_SHARE * sizes[chosen]:
            break
        chosen = best
    return chosen


def _counts(one: Read) -> bool:
    is_prose = len(one.found.text) >= MIN_PROSE and not (one.is_attribute or one.is_linked or one.is_teaser)
    return is_prose and one.found.role is not Role.BOILERPLATE


def _descendants(body: int, bodies: Sequence[int]) -> set[int]:
    inside = {body}
    for each in range(body + 1, len(bodies)):
        if bodies[each] in inside:
            inside.add(each)
    return inside
