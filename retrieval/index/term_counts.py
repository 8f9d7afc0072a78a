"""How often terms occur: what rarities are made of where the passages' own terms are kept elsewhere."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index._arrays import map_arrays, save_arrays
from retrieval.index._terms import to_bytes, to_hash

__all__ = ["FIELDS", "NO_TERM", "TermCounts", "TermVector", "dimension_of"]

FIELDS = ("words", "bigrams", "context", "names")
"""The lists of terms that a passage has, in the order of their lengths."""

NO_TERM = (1 << 32) - 2
"""A dimension that stands for no term: vectors that have none at all need one."""

_FILE = "counts.bin"
# A sparse vector's dimensions are below 2 ** 32 - 1 in Milvus.
_DIMENSIONS = (1 << 32) - 2
_MOST_FREQUENT = (1 << 16) - 1


@lru_cache(maxsize=200_000)
def dimension_of(field: str, term: str) -> int:
    """Give the dimension that stands for a term of a field in sparse vectors, the same in every process.

    Two of a million different terms share one in an archive of 120 of these; their passages are told apart by nothing
    but the other terms.
    """
    return to_hash(field.encode() + b"\0" + to_bytes(term)) % _DIMENSIONS


@dataclass(frozen=True, slots=True, eq=False)
class TermVector:
    """A passage's terms: ``dimensions`` uint32, ascending, ``frequencies`` uint16, ``lengths`` int32 by field.

    ``fields`` uint8 has the number of each term's field.
    """

    dimensions: NDArray[np.uint32]
    frequencies: NDArray[np.uint16]
    fields: NDArray[np.uint8]
    lengths: NDArray[np.int32]

    @classmethod
    def of(cls, terms: Mapping[str, Sequence[str]]) -> "TermVector":
        """Count the terms of each of the ``FIELDS``."""
        every = [dimension_of(field, term) for field in FIELDS for term in terms[field]]
        lengths = np.array([len(terms[field]) for field in FIELDS], np.int32)
        dimensions, firsts, counts = np.unique(np.array(every, np.uint32), return_index=True, return_counts=True)
        fields = np.repeat(np.arange(len(FIELDS), dtype=np.uint8), lengths)[firsts]
        return cls(dimensions, np.minimum(counts, _MOST_FREQUENT).astype(np.uint16), fields, lengths)


@dataclass(frozen=True, slots=True, eq=False)
class TermCounts:
    """How many of ``passages`` have each term: ``counts`` by ``dimensions``; ``lengths`` are all passages' by field."""

    passages: int
    dimensions: NDArray[np.uint32]
    counts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @classmethod
    def empty(cls) -> "TermCounts":
        """Count nothing yet."""
        return cls(0, np.empty(0, np.uint32), np.empty(0, np.int64), np.zeros(len(FIELDS), np.int64))

    def changed(self, gone: Iterable[TermVector], added: Iterable[TermVector]) -> "TermCounts | None":
        """Count passages that are ``added`` and no longer those that are ``gone``.

        :returns: None if passages would be gone that were never counted.
        """
        out, into = _sum(gone), _sum(added)
        dimensions = np.union1d(self.dimensions, np.union1d(out.dimensions, into.dimensions))
        counts = np.zeros(len(dimensions), np.int64)
        for part, sign in ((self, 1), (into, 1), (out, -1)):
            counts[np.searchsorted(dimensions, part.dimensions)] += sign * part.counts
        lengths = self.lengths + into.lengths - out.lengths
        passages = self.passages + into.passages - out.passages
        if passages < 0 or (counts < 0).any() or (lengths < 0).any():
            return None
        return TermCounts(passages, dimensions[counts > 0], counts[counts > 0], lengths)

    def having(self, field: str, term: str) -> int:
        """Count the passages that have a term in a field."""
        dimension = dimension_of(field, term)
        place = bisect_left(self.dimensions, dimension)
        found = place < len(self.dimensions) and int(self.dimensions[place]) == dimension
        return int(self.counts[place]) if found else 0

    def mean_length(self, field: str) -> float:
        """Give how many terms passages have in a field on the average."""
        return float(self.lengths[FIELDS.index(field)]) / self.passages if self.passages else 0.0

    def save(self, folder: Path) -> None:
        """Write it into an existing folder.

        :raises OSError: if that fails.
        """
        passages = np.array([self.passages], np.int64)
        arrays: dict[str, NDArray[Any]] = {
            "passages": passages,
            "dimensions": self.dimensions,
            "counts": self.counts,
            "lengths": self.lengths,
        }
        save_arrays(folder / _FILE, arrays)

    @classmethod
    def load(cls, folder: Path) -> "TermCounts":
        """Open what ``save`` wrote; it stays on disk, mapped into memory.

        :raises ArchiveDamagedError: if it is missing or damaged.
        """
        try:
            arrays = map_arrays(folder / _FILE)
            loaded = cls(int(arrays["passages"][0]), arrays["dimensions"], arrays["counts"], arrays["lengths"])
            if len(loaded.dimensions) != len(loaded.counts) or len(loaded.lengths) != len(FIELDS):
                raise ValueError("its parts do not fit together")
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise ArchiveDamagedError(f"{folder} is damaged ({error}). Remove it; it will be made anew") from error
        return loaded


def _sum(vectors: Iterable[TermVector]) -> TermCounts:
    dimensions, lengths, passages = [np.empty(0, np.uint32)], np.zeros(len(FIELDS), np.int64), 0
    for vector in vectors:
        dimensions.append(vector.dimensions)
        lengths += vector.lengths
        passages += 1
    named, counts = np.unique(np.concatenate(dimensions), return_counts=True)
    return TermCounts(passages, named, counts.astype(np.int64), lengths)
