"""What an index of vectors is: those of passages and of their sentences, of which a passage has the best score."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EncoderError
from retrieval.index.protocol import Snapshot
from retrieval.types import VectorIndexInfo

__all__ = ["Nearest", "SegmentVectors", "UnitScores", "VectorIndex", "check_query"]


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """Passages near to a query, best first: their rows, int64, and scores, float32, which may be rounded."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class UnitScores:
    """The score of every unit of some passages for one query: float32 ``(units,)``, those of a passage side by side.

    The units of ``passage_ids[i]`` are ``scores[starts[i] : starts[i + 1]]``, the whole passage first.
    """

    passage_ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    scores: NDArray[np.float32]

    def best_per_passage(self) -> NDArray[np.float32]:
        """Give each passage's score, the highest of its units': float32, a row for each of ``passage_ids``."""
        if not len(self.scores):
            return self.scores
        best: NDArray[np.float32] = np.maximum.reduceat(self.scores, self.starts[:-1])
        return best

    def of_passage(self, passage_id: int) -> NDArray[np.float32]:
        """Give the scores of a passage's units: the whole, then its sentences in order; none if it is unknown."""
        row = int(np.searchsorted(self.passage_ids, passage_id))
        if row == len(self.passage_ids) or self.passage_ids[row] != passage_id:
            return self.scores[:0]
        return self.scores[self.starts[row] : self.starts[row + 1]]


class SegmentVectors(Protocol):
    """The vectors of a segment's passages, as an index of one kind keeps them."""

    @property
    def units(self) -> int:
        """How many vectors there are."""

    def without_rows(self, kept: NDArray[np.bool_], passage_ids: NDArray[np.int64]) -> Self:
        """Leave out the passages that are not ``kept`` among ``passage_ids``, all of the segment's."""

    def joined(self, other: Self) -> Self:
        """Put the passages of ``other`` behind these."""

    def save(self, folder: Path) -> None:
        """Write them into an existing folder.

        :raises OSError: if that fails.
        """


class VectorIndex(Protocol):
    """Finds the passages whose vectors, or whose sentences' vectors, have the highest inner product with a query's."""

    @property
    def is_exact(self) -> bool:
        """Whether every passage can be scored for each query; otherwise only near ones, and those that are asked for.

        :meth:`score` of all passages takes milliseconds then, and minutes otherwise.
        """

    @property
    def info(self) -> VectorIndexInfo:
        """What kind of index this is, and how well it finds what there is."""

    def nearest(self, query: NDArray[np.float32], count: int, passing: NDArray[np.bool_] | None = None) -> Nearest:
        """Find about ``count`` passages of the highest scores.

        :param passing: which rows may be found; None for all.
        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        """

    def score(
        self, query: NDArray[np.float32], snapshot: Snapshot, rows: NDArray[np.int64] | None = None
    ) -> UnitScores:
        """Score, exactly, every unit of the passages of ``rows``, ascending, or of all.

        :param snapshot: the contents that the index was made from.
        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        """


def check_query(query: NDArray[np.float32], dimension: int) -> NDArray[np.float32]:
    """Give a query's vector as it is to be searched with.

    :raises EncoderError: if it is not of shape ``(dimension,)``.
    """
    if query.shape != (dimension,):
        raise EncoderError(
            f"the query's vector has the shape {query.shape}, the archive's have {(dimension,)}. "
            "Ask with the encoder that the archive was built with"
        )
    return np.ascontiguousarray(query, np.float32)
