from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index._arrays import map_arrays, save_arrays
from retrieval.index._files import linked
from retrieval.index.clustered import ClusteredVectors
from retrieval.index.codebook import Codebook
from retrieval.index.exact import ExactVectors
from retrieval.index.postings import MOST_ROWS, Postings
from retrieval.index.vectors import SegmentVectors

__all__ = ["Segment", "segment_rows", "settled"]

_ROWS = "rows.bin"
_SUFFIX = ".terms"
# A changed document makes the segments that it is in anew, some milliseconds for each MB; a question looks its words up
# in every segment, some microseconds for each.
_FEWEST_ROWS, _SEGMENTS = 4096, 32
# Segments as small as these are joined at once.
_TINY = 1024
# Otherwise a segment is joined with the one before when it has a quarter of its rows: each row is written anew a few
# times only, however small the changes are that an archive grows by.
_RATIO = 4


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """A run of passages, by ascending id, with all that is searched of them; it never changes.

    ``folder`` is where its files are, None while they are not written.
    """

    passage_ids: NDArray[np.int64]
    postings: Mapping[str, Postings]
    vectors: SegmentVectors
    folder: Path | None = None

    def __len__(self) -> int:
        """Count the passages."""
        return len(self.passage_ids)

    def without_rows(self, kept: NDArray[np.bool_]) -> "Segment":
        """Leave out the passages that are not ``kept``: nothing of them is left."""
        return Segment(
            self.passage_ids[kept],
            {name: postings.without_rows(kept) for name, postings in self.postings.items()},
            self.vectors.without_rows(kept, self.passage_ids),
        )

    def joined(self, other: "Segment") -> "Segment":
        """Put the passages of ``other``, of higher ids and with vectors of the same kind, behind these."""
        return Segment(
            np.concatenate([self.passage_ids, other.passage_ids]),
            {name: postings.joined(other.postings[name]) for name, postings in self.postings.items()},
            self.vectors.joined(other.vectors),
        )

    def with_vectors(self, vectors: SegmentVectors) -> "Segment":
        """Give the same passages with other vectors."""
        return replace(self, vectors=vectors, folder=None)

    def save(self, folder: Path) -> None:
        """Write it into an existing folder; files that are written already are given a second name there.

        :raises OSError: if that fails.
        """
        if self.folder is not None and linked(self.folder, folder):
            return
        save_arrays(folder / _ROWS, {"passage_ids": self.passage_ids})
        for name, postings in self.postings.items():
            save_arrays(folder / f"{name}{_SUFFIX}", postings.to_arrays())
        self.vectors.save(folder)

    @classmethod
    def load(cls, folder: Path, codebook: Codebook | None) -> "Segment":
        """Open a saved segment; it stays on disk, mapped into memory.

        :raises ArchiveDamagedError: if files are missing or do not fit together; build the segment again.
        """
        try:
            ids: NDArray[Any] = map_arrays(folder / _ROWS)["passage_ids"]
            postings = {
                file.stem: Postings.from_arrays(map_arrays(file)) for file in sorted(folder.glob(f"*{_SUFFIX}"))
            }
            vectors: SegmentVectors
            vectors = ExactVectors.load(folder) if codebook is None else ClusteredVectors.load(codebook, folder)
            counts = {len(ids), *map(len, postings.values())}
            if isinstance(vectors, ExactVectors):
                counts.add(len(vectors.starts) - 1)
            if len(counts) != 1 or not postings:
                raise ValueError(f"its files have different numbers of rows: {sorted(counts)}")
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise ArchiveDamagedError(f"{folder} is damaged ({error}). Remove it; it will be made anew") from error
        return cls(ids, postings, vectors, folder)


def segment_rows(total: int) -> int:
    """Give how many passages a segment of an archive of ``total`` passages has at the most."""
    return min(MOST_ROWS, max(_FEWEST_ROWS, total // _SEGMENTS))


def settled(segments: Iterable[Segment], total: int) -> list[Segment]:
    """Join segments that are small beside their neighbour, so that there are few, of ``total`` passages together."""
    most = segment_rows(total)
    result: list[Segment] = []
    for segment in segments:
        result.append(segment)
        while len(result) > 1 and _belong_together(len(result[-2]), len(result[-1]), most):
            last = result.pop()
            result[-1] = result[-1].joined(last)
    return result


def _belong_together(first: int, second: int, most: int) -> bool:
    together = first + second
    return together <= most and (together <= _TINY or min(first, second) * _RATIO >= max(first, second))
