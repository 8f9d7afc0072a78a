import numpy as np
from numpy.typing import NDArray

from retrieval.index._terms import ends
from retrieval.index.exact import unit_counts
from retrieval.index.milvus_passages import MilvusPassages, passing_condition
from retrieval.index.protocol import Snapshot
from retrieval.index.vectors import Nearest, UnitScores, check_query
from retrieval.types import VectorIndexInfo

__all__ = ["MilvusVectors", "rows_of"]

# A passage has several vectors near to a query when it has one.
_UNITS_PER_PASSAGE = 4


class MilvusVectors:
    """Has Milvus find the nearest vectors; exact scores of few passages come from the store."""

    is_exact = False

    def __init__(self, passages: MilvusPassages, passage_ids: NDArray[np.int64], dimension: int, units: int) -> None:
        """Find those of ``passage_ids``, ascending, among ``passages``; ``units`` is how many vectors they have."""
        self._passages = passages
        self._passage_ids = passage_ids
        self._dimension = dimension
        self._units = units

    @property
    def info(self) -> VectorIndexInfo:
        """What kind of index this is."""
        return VectorIndexInfo("milvus", self._units)

    def nearest(self, query: NDArray[np.float32], count: int, passing: NDArray[np.bool_] | None = None) -> Nearest:
        """Find up to ``count`` passages of the highest scores, as Milvus finds them.

        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        :raises BackendError: if Milvus cannot be asked.
        """
        vector = check_query(query, self._dimension)
        if passing is not None and not passing.any():
            return Nearest(np.empty(0, np.int64), np.empty(0, np.float32))
        condition = passing_condition(self._passage_ids, passing)
        found = self._passages.nearest_units(vector, count * _UNITS_PER_PASSAGE, condition)
        # The first of a passage's vectors is its best; ties go by passage.
        best: dict[int, float] = {}
        for passage_id, score in sorted(found, key=lambda unit: (-unit[1], unit[0])):
            best.setdefault(passage_id, score)
        rows = rows_of(self._passage_ids, list(best))
        known = rows >= 0
        scores = np.array(list(best.values()), np.float32)
        return Nearest(rows[known][:count], scores[known][:count])

    def score(
        self, query: NDArray[np.float32], snapshot: Snapshot, rows: NDArray[np.int64] | None = None
    ) -> UnitScores:
        """Score, by the vectors in the store, every unit of the passages of ``rows``, ascending, or of all.

        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        """
        vector = check_query(query, self._dimension)
        passage_ids = self._passage_ids if rows is None else self._passage_ids[rows]
        block = snapshot.vectors_of(passage_ids.tolist())
        scores = np.einsum("ij,j->i", block.vectors, vector)
        return UnitScores(passage_ids, ends(unit_counts(passage_ids, block)), np.asarray(scores, np.float32))


def rows_of(passage_ids: NDArray[np.int64], wanted: list[int]) -> NDArray[np.int64]:
    """Give the places of ids among ``passage_ids``, ascending and some at least; -1 for one that is not there."""
    ids = np.array(wanted, np.int64)
    places = np.minimum(np.searchsorted(passage_ids, ids), len(passage_ids) - 1)
    return np.where(passage_ids[places] == ids, places, -1).astype(np.int64)
