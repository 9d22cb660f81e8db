"""Read a lexical shortlist: for each source piece the target pieces that it may become.

The file (Bergamot's binary form), little-endian, 8 bytes each: magic, checksum, `frequent`, `best`, number of offsets,
number of ids; then the offsets (8 bytes each), then the ids (4 bytes each). Source piece s may become ids[offsets[s] :
offsets[s + 1]]; the first `frequent` pieces of the target vocabulary are always allowed.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import EngineMissing

MAGIC = 0xF11A48D5013417F5
_HEADER = struct.Struct("<6Q")


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The target pieces that a source piece may become."""

    frequent: int
    size: int  # of the target vocabulary
    offsets: NDArray[np.uint64]
    ids: NDArray[np.uint32]

    def choose(self, pieces: Sequence[int]) -> NDArray[np.int64]:
        """Return the target pieces for a sentence: sorted, each once. They depend on this sentence alone."""
        chosen = np.zeros(self.size, bool)
        chosen[: self.frequent] = True
        for piece in set(pieces):
            chosen[self.ids[int(self.offsets[piece]) : int(self.offsets[piece + 1])]] = True
        return np.flatnonzero(chosen)


def read_shortlist(data: bytes, where: str, sizes: tuple[int, int]) -> Shortlist:
    """Read a shortlist for a source and a target vocabulary of these sizes.

    Raises EngineMissing for a file that is damaged or made for other vocabularies.
    """
    try:
        magic, _, frequent, _, count, size = _HEADER.unpack_from(data)
        if magic != MAGIC or len(data) != _HEADER.size + 8 * count + 4 * size:
            raise ValueError(f"{len(data)} bytes, magic {magic:#x}")
        offsets = np.frombuffer(data, "<u8", count, _HEADER.size)
        ids = np.frombuffer(data, "<u4", size, _HEADER.size + 8 * count)
        if count < sizes[0] + 1 or frequent > sizes[1] or (size and int(ids.max()) >= sizes[1]):
            raise ValueError(f"made for other vocabularies: {count - 1} source pieces, {frequent} frequent")
        if (np.diff(offsets.astype(np.int64)) < 0).any() or int(offsets[-1]) > size:
            raise ValueError("offsets out of order")
    except (struct.error, ValueError) as exc:
        raise EngineMissing(f"{where}: damaged shortlist ({exc}); install the model again") from exc
    return Shortlist(frequent, sizes[1], offsets, ids)
