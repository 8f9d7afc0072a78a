from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index._arrays import map_arrays, save_arrays
from retrieval.index._faiss import bitmap, lists_from_bytes, lists_to_bytes, load_faiss, map_lists
from retrieval.index._terms import ends
from retrieval.index.codebook import Codebook
from retrieval.index.exact import unit_counts
from retrieval.index.protocol import Snapshot
from retrieval.index.records import VectorBlock
from retrieval.index.vectors import Nearest, UnitScores, check_query
from retrieval.types import VectorIndexInfo

__all__ = ["ClusteredIndex", "ClusteredVectors"]

_FILE = "lists.faiss"
_SIZES = "lists.bin"
# A passage has several vectors near to a query when it has one.
_UNITS_PER_PASSAGE = 4


class ClusteredVectors:
    """A segment's vectors in a byte a number, each in the list of its cluster, under its passage's id."""

    def __init__(self, codebook: Codebook, lists: Any, units: int, file: Path | None = None) -> None:
        """Use ``build`` or ``load`` instead; ``lists`` are FAISS's, of the clusters of ``codebook``."""
        self.lists = lists
        self._codebook = codebook
        self._units = units
        self._file = file

    @classmethod
    def build(cls, codebook: Codebook, passage_ids: NDArray[np.int64], block: VectorBlock) -> "ClusteredVectors":
        """Sort the vectors of ``passage_ids`` into clusters.

        :raises ArchiveDamagedError: if a passage has none.
        """
        unit_counts(passage_ids, block)
        index = codebook.empty()
        index.add_with_ids(np.ascontiguousarray(block.vectors, np.float32), block.passage_ids)
        return cls(codebook, lists_from_bytes(lists_to_bytes(index.invlists)), len(block.passage_ids))

    @property
    def codebook(self) -> Codebook:
        """The clusters that the vectors are sorted into."""
        return self._codebook

    @property
    def units(self) -> int:
        """How many vectors there are."""
        return self._units

    def without_rows(self, kept: NDArray[np.bool_], passage_ids: NDArray[np.int64]) -> "ClusteredVectors":
        """Leave out the passages that are not ``kept`` among ``passage_ids``."""
        faiss = load_faiss()
        index, lists = self._codebook.empty(), lists_from_bytes(self._to_bytes())
        index.replace_invlists(lists, False)
        index.ntotal = self._units
        gone = bitmap(passage_ids[~kept])
        removed = index.remove_ids(faiss.IDSelectorBitmap(gone))
        return ClusteredVectors(self._codebook, lists, self._units - int(removed))

    def joined(self, other: "ClusteredVectors") -> "ClusteredVectors":
        """Put the passages of ``other``, which has the same codebook, behind these."""
        lists, others = lists_from_bytes(self._to_bytes()), lists_from_bytes(other._to_bytes())
        lists.merge_from(others, 0)
        return ClusteredVectors(self._codebook, lists, self._units + other._units)

    def save(self, folder: Path) -> None:
        """Write them into an existing folder.

        :raises OSError: if that fails.
        """
        content = self._to_bytes()
        (folder / _FILE).write_bytes(content)
        save_arrays(folder / _SIZES, {"sizes": np.array([self._units, len(content)], np.int64)})

    @classmethod
    def load(cls, codebook: Codebook, folder: Path) -> "ClusteredVectors":
        """Open what ``save`` wrote; it stays on disk, mapped into memory.

        :raises OSError: if it cannot be read.
        :raises ValueError: if it is damaged.
        """
        file = folder / _FILE
        units, size = map_arrays(folder / _SIZES)["sizes"].tolist()
        # FAISS maps a file without a look at how long it is; what is not there ends the process when it is read.
        if file.stat().st_size != size:
            raise ValueError(f"{_FILE} has {file.stat().st_size} bytes instead of {size}")
        try:
            lists = map_lists(file)
        except RuntimeError as error:
            raise ValueError(f"{_FILE} is damaged: {error}") from error
        if lists.nlist != codebook.info.clusters:
            raise ValueError(f"{_FILE} has {lists.nlist} lists for {codebook.info.clusters} clusters")
        return cls(codebook, lists, units, file)

    def _to_bytes(self) -> bytes:
        return self._file.read_bytes() if self._file is not None else lists_to_bytes(self.lists)


class ClusteredIndex:
    """Looks only into the clusters nearest to a query, in bytes; exact scores of few passages come from the store."""

    is_exact = False

    def __init__(
        self, segments: Sequence[ClusteredVectors], passage_ids: NDArray[np.int64], codebook: Codebook
    ) -> None:
        """Search ``segments`` of one ``codebook``, whose passages are ``passage_ids``, ascending."""
        faiss = load_faiss()
        self._codebook = codebook
        self._passage_ids = passage_ids
        # What FAISS points to has to be kept alive here.
        self._segments = tuple(segments)
        pointers = faiss.InvertedListsPtrVector()
        for segment in segments:
            pointers.push_back(segment.lists)
        self._lists = faiss.HStackInvertedLists(pointers.size(), pointers.data())
        self._index = codebook.empty()
        self._index.replace_invlists(self._lists, False)
        self._index.ntotal = self._units = sum(segment.units for segment in segments)

    @property
    def info(self) -> VectorIndexInfo:
        """What kind of index this is, and the recall that was measured when its clusters were made."""
        return replace(self._codebook.info, vectors=self._units)

    def nearest(self, query: NDArray[np.float32], count: int, passing: NDArray[np.bool_] | None = None) -> Nearest:
        """Find up to ``count`` passages whose rounded scores are the highest among those of the nearest clusters.

        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        """
        faiss = load_faiss()
        vector = check_query(query, self._index.d)
        chosen = faiss.SearchParametersIVF(nprobe=self._codebook.info.probes)
        if passing is not None:
            allowed = bitmap(self._passage_ids[passing])
            chosen.sel = selector = faiss.IDSelectorBitmap(allowed)
        most = max(1, min(count * _UNITS_PER_PASSAGE, self._units))
        scores, ids = self._index.search(vector[None], most, params=chosen)
        if passing is not None:
            del selector
        found = ids[0] >= 0
        # The first of a passage's vectors is its best.
        passages, firsts = np.unique(ids[0][found], return_index=True)
        order = np.argsort(firsts, kind="stable")[:count]
        rows = np.searchsorted(self._passage_ids, passages[order])
        return Nearest(rows.astype(np.int64), scores[0][found][firsts[order]])

    def score(
        self, query: NDArray[np.float32], snapshot: Snapshot, rows: NDArray[np.int64] | None = None
    ) -> UnitScores:
        """Score, by the vectors in the store, every unit of the passages of ``rows``, ascending, or of all.

        :raises EncoderError: if ``query`` is not of shape ``(dimension,)``.
        """
        vector = check_query(query, self._index.d)
        passage_ids = self._passage_ids if rows is None else self._passage_ids[rows]
        block = snapshot.vectors_of(passage_ids.tolist())
        scores = np.einsum("ij,j->i", block.vectors, vector)
        return UnitScores(passage_ids, ends(unit_counts(passage_ids, block)), np.asarray(scores, np.float32))
