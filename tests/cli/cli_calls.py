"""What one call of the command line comes to, for the tests of this folder."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ARTICLE = "Link to main version\n\nThe mayor visits Lisbon\n\nСнимка: БГНЕС\n\nThe mayor will visit Lisbon on Monday.\n"


@dataclass(frozen=True)
class Result:
    """What one call came to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Call = Callable[..., Result]
