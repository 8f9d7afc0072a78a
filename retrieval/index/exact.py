from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index._arrays import map_arrays, save_arrays
from retrieval.index._faiss import load_faiss
from retrieval.index._terms import ends
from retrieval.index.protocol import Snapshot
from retrieval.index.records import VectorBlock
from retrieval.index.vectors import Nearest, UnitScores, check_query
from retrieval.types import VectorIndexInfo

__all__ = ["ExactIndex", "ExactVectors", "unit_counts"]

_FILE = "vectors.bin"
# Bytes of vectors that numpy goes through in about two milliseconds; below it FAISS, which takes a tenth of a second to
# import, is left out of a first answer.
_SMALL = 16 << 20


def unit_counts(passage_ids: NDArray[np.int64], block: VectorBlock) -> NDArray[np.int64]:
    """Count the vectors of each of ``passage_ids``, which ascend.

    :raises ArchiveDamagedError: if one has none.
    """
    counts = np.bincount(np.searchsorted(passage_ids, block.passage_ids), minlength=len(passage_ids))
    if not counts.all():
        raise ArchiveDamagedError(
            f"passage {passage_ids[int(np.argmin(counts))]} has no vector. Make the vectors anew with: "
            "wenju doctor --repair"
        )
    return counts


@dataclass(frozen=True, slots=True, eq=False)
class ExactVectors:
    """All of a segment's vectors as they are: those of row ``i`` are ``vectors[starts[i] : starts[i + 1]]``."""

    starts: NDArray[np.int64]
    vectors: NDArray[np.float32]

    @classmethod
    def build(cls, passage_ids: NDArray[np.int64], block: VectorBlock) -> "ExactVectors":
        """Lay out the vectors of ``passage_ids``.

        :raises ArchiveDamagedError: if a passage has none.
        """
        return cls(ends(unit_counts(passage_ids, block)), np.ascontiguousarray(block.vectors, np.float32))

    @property
    def units(self) -> int:
        """How many vectors there are."""
        return len(self.vectors)

    def without_rows(self, kept: NDArray[np.bool_], passage_ids: NDArray[np.int64]) -> "ExactVectors":  # noqa: ARG002 - SegmentVectors
        """Leave out the passages that are not ``kept``."""
        counts = np.diff(self.starts)
        return ExactVectors(ends(counts[kept]), self.vectors[np.repeat(kept, counts)])

    def joined(self, other: "ExactVectors") -> "ExactVectors":
        """Put the passages of ``other`` behind these."""
        return ExactVectors(
            np.concatenate([self.starts, self.starts[-1] + other.starts[1:]]),
            np.concatenate([self.vectors, other.vectors]),
        )

    def save(self, folder: Path) -> None:
        """Write them into an existing folder.

        :raises OSError: if that fails.
        """
        save_arrays(folder / _FILE, {"starts": self.starts, "vectors": self.vectors})

    @classmethod
    def load(cls, folder: Path) -> "ExactVectors":
        """Open what ``save`` wrote; it stays on disk, mapped into memory.

        :raises OSError: if it cannot be read.
        :raises ValueError: if it is damaged.
        """
        arrays = map_arrays(folder / _FILE)
        if arrays.keys() != {"starts", "vectors"} or int(arrays["starts"][-1]) != len(arrays["vectors"]):
            raise ValueError(f"{_FILE} does not fit together")
        return cls(arrays["starts"], arrays["vectors"])


class ExactIndex:
    """Inner products of a query with all vectors: by FAISS, or numpy while there are few."""

    is_exact = True

    def __init__(self, segments: Sequence[ExactVectors], passage_ids: NDArray[np.int64], dimension: int) -> None:
        """Search ``segments``, whose passages are ``passage_ids``, ascending."""
        self._segments = [segment.vectors for segment in segments]
        self._starts = ends(np.concatenate([np.empty(0, np.int64), *(np.diff(segment.starts) for segment in segments)]))
        self._passage_ids = passage_ids
        self._dimension = dimension

    @property
    def info(self) -> VectorIndexInfo:
        """What kind of index this is."""
        return VectorIndexInfo("exact", int(self._starts[-1]))

    def nearest(self, query: NDArray[np.float32], count: int, passing: NDArray[np.bool_] | None = None) -> Nearest:
        """Find the ``count`` passages of the highest scores, or all if there are fewer; ties go by row.

        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        """
        best = self._all(query).best_per_passage()
        rows = np.arange(len(best)) if passing is None else np.flatnonzero(passing)
        rows = rows[np.argsort(-best[rows], kind="stable")][:count]
        return Nearest(rows, best[rows])

    def score(
        self,
        query: NDArray[np.float32],
        snapshot: Snapshot,  # noqa: ARG002 - as VectorIndex has it
        rows: NDArray[np.int64] | None = None,
    ) -> UnitScores:
        """Score every unit of the passages of ``rows``, ascending, or of all.

        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        """
        every = self._all(query)
        if rows is None:
            return every
        counts = np.diff(self._starts)
        chosen = np.zeros(len(counts), bool)
        chosen[rows] = True
        return UnitScores(self._passage_ids[rows], ends(counts[rows]), every.scores[np.repeat(chosen, counts)])

    def _all(self, query: NDArray[np.float32]) -> UnitScores:
        vector = check_query(query, self._dimension)
        few = sum(vectors.nbytes for vectors in self._segments) <= _SMALL
        scores = [_by_numpy(vectors, vector) if few else _by_faiss(vectors, vector) for vectors in self._segments]
        every = scores[0] if len(scores) == 1 else np.concatenate([np.empty(0, np.float32), *scores])
        return UnitScores(self._passage_ids, self._starts, every)


# Both ways give all scores, unsorted, and equal ones to equal vectors, as they take row after row in the same way; a
# product of matrices rounds differently at the edges of its blocks.
def _by_numpy(vectors: NDArray[np.float32], query: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.einsum("ij,j->i", vectors, query), np.float32)


def _by_faiss(vectors: NDArray[np.float32], query: NDArray[np.float32]) -> NDArray[np.float32]:
    faiss = load_faiss()
    scores = np.empty(len(vectors), np.float32)
    faiss.fvec_inner_products_ny(
        faiss.swig_ptr(scores), faiss.swig_ptr(query), faiss.swig_ptr(vectors), vectors.shape[1], len(vectors)
    )
    return scores
