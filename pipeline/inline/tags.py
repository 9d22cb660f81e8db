"""A tag of a sentence, and where it stands in a translation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag and the words that it holds, start == end for one that holds none."""

    start: int  # into the source
    end: int
    opened_before: bool = False  # in a segment before: start is 0 and only the end is to be placed
    closes_later: bool = False  # in a later segment: end is the source's length and only the start is to be placed
    parent: int = -1  # index of the tag around it; one without words stays inside
    is_solid: bool = False  # holds words that stay as they are, such as code: no other tag may begin or end in them
    is_link: bool = False  # may hold no other link
    is_mark: bool = False  # a mark of Markdown, which counts only at the edge of a word

    @property
    def is_inner(self) -> bool:
        """Whether it begins and ends in this segment."""
        return not (self.opened_before or self.closes_later)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tag stands in the target."""

    start: int
    end: int
    how: str  # "whole", "verbatim", "aligned", or "guessed"

    def clip(self, start: int, end: int) -> "Place":
        """Return the same place with other ends."""
        return Place(start, end, self.how)
