from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError, EncoderError
from retrieval.index._arrays import map_array, save_array

__all__ = ["DenseHits", "DenseIndex", "UnitScores"]

_VECTORS_NAME = "vectors.faiss"
_IDS_NAME = "passage_ids.npy"
_UNITS_NAME = "units.npy"


@dataclass(frozen=True, slots=True, eq=False)
class DenseHits:
    """Units found for a query, best first, ties by (passage id, unit); three arrays of the same length.

    ``passage_ids`` is int64, ``units`` int32 (0 is the whole passage, 1 and up its sentences), ``scores`` float32.
    """

    passage_ids: NDArray[np.int64]
    units: NDArray[np.int32]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class UnitScores:
    """The score of every unit for one query: float32 ``(units,)``, those of a passage side by side.

    The units of ``passage_ids[i]`` are ``scores[starts[i] : starts[i + 1]]``, the whole passage first.
    """

    passage_ids: NDArray[np.int64]
    starts: NDArray[np.int64]
    scores: NDArray[np.float32]

    def best_per_passage(self) -> NDArray[np.float32]:
        """Give each passage's score, the highest of its units': float32, a row for each of ``passage_ids``."""
        if not len(self.scores):
            return self.scores
        best: NDArray[np.float32] = np.maximum.reduceat(self.scores, self.starts)
        return best

    def of_passage(self, passage_id: int) -> NDArray[np.float32]:
        """Give the scores of a passage's units: the whole, then its sentences in order; none if it is unknown."""
        row = int(np.searchsorted(self.passage_ids, passage_id))
        if row == len(self.passage_ids) or self.passage_ids[row] != passage_id:
            return self.scores[:0]
        end = self.starts[row + 1] if row + 1 < len(self.starts) else len(self.scores)
        return self.scores[self.starts[row] : end]


class DenseIndex:
    """Inner products of a query with the vectors of passages and their sentences, exact, by FAISS."""

    def __init__(self, faiss_index: Any, passage_ids: NDArray[np.int64], units: NDArray[np.int32]) -> None:
        """Use ``build`` or ``load`` instead; rows are in ascending order of (passage id, unit)."""
        self._index = faiss_index
        self._row_ids = passage_ids
        self._row_units = units
        first = np.ones(len(passage_ids), bool)
        first[1:] = passage_ids[1:] != passage_ids[:-1]
        self._starts = np.flatnonzero(first)
        self._passage_ids = passage_ids[self._starts]

    @classmethod
    def build(
        cls, passage_ids: NDArray[np.int64], units: NDArray[np.int32], vectors: NDArray[np.float32]
    ) -> "DenseIndex":
        """Index ``vectors`` ``(n, dimension)``, of which row ``i`` is of unit ``units[i]`` of ``passage_ids[i]``.

        :raises ValueError: if the three do not have the same length.
        """
        faiss = _faiss()
        if vectors.ndim != 2 or not len(passage_ids) == len(units) == len(vectors):
            raise ValueError(f"shapes do not match: {passage_ids.shape}, {units.shape}, {vectors.shape}")
        order = np.lexsort((units, passage_ids))
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors[order], np.float32))
        return cls(index, passage_ids[order].astype(np.int64), units[order].astype(np.int32))

    @property
    def passage_ids(self) -> NDArray[np.int64]:
        """The passages that have vectors, ascending; the rows of ``best_per_passage``."""
        return self._passage_ids

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._index.d)

    def best_per_passage(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give each passage's score, the highest of its units': float32, a row for each of ``passage_ids``.

        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        """
        return self.score(query).best_per_passage()

    def score(self, query: NDArray[np.float32]) -> UnitScores:
        """Score every unit.

        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        """
        return UnitScores(self._passage_ids, self._starts, self._score(query))

    def search(self, query: NDArray[np.float32], top_units: int) -> DenseHits:
        """Find the ``top_units`` units with the highest scores, or all if there are fewer.

        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        """
        scores = self._score(query)
        top = max(0, min(top_units, len(scores)))
        rows = np.arange(len(scores))
        if 0 < top < len(scores):
            threshold = np.partition(scores, len(scores) - top)[len(scores) - top]
            rows = np.flatnonzero(scores >= threshold)
        # A stable order keeps ties in row order, which is that of (passage id, unit).
        rows = rows[np.argsort(-scores[rows], kind="stable")][:top]
        return DenseHits(self._row_ids[rows], self._row_units[rows], scores[rows])

    def save(self, folder: Path) -> None:
        """Write the index into an existing folder.

        :raises OSError: if that fails.
        """
        faiss = _faiss()
        # FAISS's own writer overlooks an error that comes when the file is closed.
        (folder / _VECTORS_NAME).write_bytes(faiss.serialize_index(self._index).data)
        save_array(folder / _IDS_NAME, self._row_ids)
        save_array(folder / _UNITS_NAME, self._row_units)

    @classmethod
    def load(cls, folder: Path) -> "DenseIndex":
        """Open a saved index; its vectors stay on disk, mapped into memory.

        :raises ArchiveDamagedError: if files are missing or do not fit together; build the index again.
        """
        faiss = _faiss()
        try:
            index = faiss.read_index(str(folder / _VECTORS_NAME), faiss.IO_FLAG_MMAP_IFC)
            passage_ids, units = map_array(folder / _IDS_NAME), map_array(folder / _UNITS_NAME)
            if not len(passage_ids) == len(units) == index.ntotal:
                raise ValueError(f"{len(passage_ids)} ids, {len(units)} units, {index.ntotal} vectors")
        except (OSError, RuntimeError, ValueError, EOFError) as error:
            raise ArchiveDamagedError(f"{folder} is damaged ({error}). Remove it; it will be made anew") from error
        return cls(index, passage_ids, units)

    def _score(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        faiss = _faiss()
        if query.shape != (self.dimension,):
            raise EncoderError(
                f"the query's vector has the shape {query.shape}, the archive's have {(self.dimension,)}. "
                "Ask with the encoder that the archive was built with"
            )
        scores = np.empty(self._index.ntotal, np.float32)
        if len(scores):
            vector = np.ascontiguousarray(query, np.float32)
            # Unlike IndexFlatIP.search this gives all scores, unsorted, and equal ones to equal vectors, as it takes
            # row after row in the same way; a product of matrices rounds differently at the edges of its blocks.
            faiss.fvec_inner_products_ny(
                faiss.swig_ptr(scores), faiss.swig_ptr(vector), self._index.get_xb(), self.dimension, len(scores)
            )
        return scores


def _faiss() -> Any:
    # Its stubs lack half of it, and it takes a tenth of a second to import: only those who search need it.
    faiss: Any = import_module("faiss")
    # For single queries two threads were up to 70 times slower than one.
    faiss.omp_set_num_threads(1)
    return faiss
