from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError, EncoderError
from retrieval.index._arrays import map_array, save_array
from retrieval.index._faiss import IndexHeader, load_faiss, read_header

__all__ = ["DenseHits", "DenseIndex", "UnitScores"]

_VECTORS_NAME = "vectors.faiss"
_IDS_NAME = "passage_ids.npy"
_UNITS_NAME = "units.npy"
# Bytes of vectors that numpy goes through in about two milliseconds; below it FAISS, which takes a tenth of a second to
# import, is left out of a first answer.
_SMALL = 16 << 20
_FLAT = b"IxFI"
_FLOAT_BYTES = 4


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
    """Inner products of a query with the vectors of passages and sentences, exact: by FAISS, or numpy while small."""

    def __init__(
        self, vectors: NDArray[np.float32], passage_ids: NDArray[np.int64], units: NDArray[np.int32], owner: Any = None
    ) -> None:
        """Use ``build`` or ``load`` instead; rows are in ascending order of (passage id, unit)."""
        self._vectors = vectors
        # Whatever object the vectors' memory belongs to lives as long as they are used.
        self._owner = owner
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
        if vectors.ndim != 2 or not len(passage_ids) == len(units) == len(vectors):
            raise ValueError(f"shapes do not match: {passage_ids.shape}, {units.shape}, {vectors.shape}")
        order = np.lexsort((units, passage_ids))
        rows = np.ascontiguousarray(vectors[order], np.float32)
        return cls(rows, passage_ids[order].astype(np.int64), units[order].astype(np.int32))

    def grown(self, kept: NDArray[np.bool_], added: "DenseIndex") -> "DenseIndex":
        """Give this index without the passages that are not ``kept``, with those of ``added``, of higher ids, behind.

        ``kept`` has a row for each of ``passage_ids``.
        """
        units = np.repeat(kept, np.diff(self._starts, append=len(self._row_ids)))
        return DenseIndex(
            np.concatenate([self._vectors[units], added._vectors]),
            np.concatenate([self._row_ids[units], added._row_ids]),
            np.concatenate([self._row_units[units], added._row_units]),
        )

    @property
    def passage_ids(self) -> NDArray[np.int64]:
        """The passages that have vectors, ascending; the rows of ``best_per_passage``."""
        return self._passage_ids

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._vectors.shape[1])

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
        faiss = load_faiss()
        # FAISS's own writer overlooks an error that comes when the file is closed.
        index = faiss.IndexFlatIP(self.dimension)
        index.add(self._vectors)
        (folder / _VECTORS_NAME).write_bytes(faiss.serialize_index(index).data)
        save_array(folder / _IDS_NAME, self._row_ids)
        save_array(folder / _UNITS_NAME, self._row_units)

    @classmethod
    def load(cls, folder: Path) -> "DenseIndex":
        """Open a saved index; its vectors stay on disk, mapped into memory.

        :raises ArchiveDamagedError: if files are missing or do not fit together; build the index again.
        """
        file = folder / _VECTORS_NAME
        try:
            passage_ids, units = map_array(folder / _IDS_NAME), map_array(folder / _UNITS_NAME)
            header = read_header(file, _FLAT, _FLOAT_BYTES)
            small = _FLOAT_BYTES * header.dimension * header.count <= _SMALL
            vectors, owner = (_read_small(file, header), None) if small else _map_large(file)
            if not len(passage_ids) == len(units) == len(vectors):
                raise ValueError(f"{len(passage_ids)} ids, {len(units)} units, {len(vectors)} vectors")
        except (OSError, RuntimeError, ValueError, EOFError) as error:
            raise ArchiveDamagedError(f"{folder} is damaged ({error}). Remove it; it will be made anew") from error
        return cls(vectors, passage_ids, units, owner)

    def _score(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        if query.shape != (self.dimension,):
            raise EncoderError(
                f"the query's vector has the shape {query.shape}, the archive's have {(self.dimension,)}. "
                "Ask with the encoder that the archive was built with"
            )
        vector = np.ascontiguousarray(query, np.float32)
        # Both ways give all scores, unsorted, and equal ones to equal vectors, as they take row after row in the same
        # way; a product of matrices rounds differently at the edges of its blocks.
        if self._vectors.nbytes <= _SMALL:
            return np.asarray(np.einsum("ij,j->i", self._vectors, vector), np.float32)
        faiss = load_faiss()
        scores = np.empty(len(self._vectors), np.float32)
        faiss.fvec_inner_products_ny(
            faiss.swig_ptr(scores), faiss.swig_ptr(vector), faiss.swig_ptr(self._vectors), self.dimension, len(scores)
        )
        return scores


def _read_small(file: Path, header: IndexHeader) -> NDArray[np.float32]:
    """Read the rows of a flat index without FAISS."""
    # A copy, as the rows do not begin where floats are aligned.
    rows = np.frombuffer(file.read_bytes(), "<f4", offset=header.rows_start).astype(np.float32)
    return rows.reshape(header.count, header.dimension)


def _map_large(file: Path) -> tuple[NDArray[np.float32], Any]:
    """Map the vectors of a flat FAISS index; they live as long as the second value does."""
    faiss = load_faiss()
    index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC)
    rows: NDArray[np.float32] = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
    return rows.reshape(index.ntotal, index.d), index
