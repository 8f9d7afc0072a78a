import threading
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index._arrays import map_array, save_array
from retrieval.index._faiss import load_faiss, read_header
from retrieval.index._terms import to_bytes

__all__ = ["NearTerm", "TermVectors"]

_VECTORS_NAME = "vectors.faiss"
_BLOB_NAME = "term_bytes.npy"
_OFFSETS_NAME = "term_offsets.npy"
_QUANTISED = b"IxSQ"
_HALF_BYTES = 2
# Bytes of vectors up to which numpy looks through them as fast; FAISS takes a tenth of a second to import.
_SMALL = 16 << 20


@dataclass(frozen=True, slots=True)
class NearTerm:
    """A term of the archive and its cosine, -1 to 1, to what was looked up."""

    term: str
    cosine: float


class TermVectors:
    """The archive's own words by meaning: gives those nearest to a word that the archive does not have.

    Vectors are kept in half precision, which moves a cosine by less than 0.001.
    """

    def __init__(self, faiss_index: Any | Path, blob: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
        """Use ``build`` or ``load`` instead."""
        self._index = faiss_index
        self._rows: NDArray[np.float32] | None = None
        self._opening = threading.Lock()
        self._blob = blob
        self._offsets = offsets

    @classmethod
    def build(cls, terms: Sequence[str], vectors: NDArray[np.float32]) -> "TermVectors":
        """Index sorted, distinct ``terms`` under their ``vectors`` ``(len(terms), dimension)``, rows of length 1."""
        faiss = load_faiss()
        index = faiss.IndexScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        if len(terms):
            index.train(vectors)
            index.add(np.ascontiguousarray(vectors, np.float32))
        encoded = [to_bytes(term) for term in terms]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(term) for term in encoded], out=offsets[1:])
        return cls(index, np.frombuffer(b"".join(encoded), np.uint8), offsets)

    def terms(self) -> list[str]:
        """Give the terms in their order."""
        return [self._term(number) for number in range(len(self))]

    def vectors(self) -> NDArray[np.float32]:
        """Give the terms' vectors, rounded as they are kept: float32 ``(terms, dimension)``."""
        index = self._opened()
        return np.asarray(index.reconstruct_n(0, len(self)) if len(self) else np.empty((0, index.d)), np.float32)

    def __len__(self) -> int:
        """Count the terms."""
        return len(self._offsets) - 1

    def nearest(self, vectors: NDArray[np.float32], count: int, least: float) -> list[tuple[NearTerm, ...]]:
        """Find for each row of ``vectors`` the ``count`` nearest terms with a cosine of ``least`` or more.

        Nearest first, ties in the order of the terms.
        """
        if not len(self) or not len(vectors):
            return [()] * len(vectors)
        cosines, rows = self._search(np.ascontiguousarray(vectors, np.float32), min(count, len(self)))
        found = []
        for row_cosines, row_numbers in zip(cosines, rows, strict=True):
            near = sorted((-float(c), int(n)) for c, n in zip(row_cosines, row_numbers, strict=True) if c >= least)
            found.append(tuple(NearTerm(self._term(number), -negative) for negative, number in near))
        return found

    def vectors_of(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Give the vectors of terms, float32 ``(len(terms), dimension)``: zeros for one that the index lacks."""
        numbers = [self._find(term) for term in terms]
        found = [number for number in numbers if number is not None]
        if not found:
            return np.zeros((len(terms), 1), np.float32)
        rows = self._small()
        some = rows[found] if rows is not None else np.stack([self._opened().reconstruct(number) for number in found])
        given = np.zeros((len(terms), some.shape[1]), np.float32)
        given[[place for place, number in enumerate(numbers) if number is not None]] = some
        return given

    def save(self, folder: Path) -> None:
        """Write the index into an existing folder.

        :raises OSError: if that fails.
        """
        faiss = load_faiss()
        (folder / _VECTORS_NAME).write_bytes(faiss.serialize_index(self._opened()).tobytes())
        save_array(folder / _BLOB_NAME, self._blob)
        save_array(folder / _OFFSETS_NAME, self._offsets)

    @classmethod
    def load(cls, folder: Path) -> "TermVectors":
        """Open a saved index; its vectors stay on disk, mapped into memory.

        :raises ArchiveDamagedError: if files are missing or do not fit together; build the index again.
        """
        file = folder / _VECTORS_NAME
        try:
            count = read_header(file, _QUANTISED, _HALF_BYTES).count
            blob, offsets = map_array(folder / _BLOB_NAME), map_array(folder / _OFFSETS_NAME)
            if len(offsets) != count + 1 or offsets[-1] != len(blob):
                raise ValueError(f"{count} vectors, {len(offsets) - 1} terms")
        except (OSError, ValueError, EOFError, IndexError) as error:
            raise ArchiveDamagedError(f"{folder} is damaged ({error}). Remove it; it will be made anew") from error
        return cls(file, blob, offsets)

    def _search(
        self, vectors: NDArray[np.float32], count: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64] | NDArray[np.intp]]:
        """Give the ``count`` highest cosines of each vector and the rows that they are of, in any order."""
        small = self._small()
        if small is None:
            found: tuple[NDArray[np.float32], NDArray[np.int64]] = self._opened().search(vectors, count)
            return found
        cosines = vectors @ small.T
        rows = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        return np.take_along_axis(cosines, rows, axis=1), rows

    def _small(self) -> NDArray[np.float32] | None:
        """Give the rows of a small index, read when first needed; a new one is searched in the same way as a saved one.

        FAISS and numpy differ in the last bits, and the same archive must give the same scores in every process.
        """
        if self._rows is None:
            index = self._index
            if isinstance(index, Path):
                self._rows = _read_small(index)
            elif _HALF_BYTES * index.d * len(self) <= _SMALL:
                self._rows = self.vectors()
        return self._rows

    def _find(self, term: str) -> int | None:
        number = bisect_left(range(len(self)), term, key=self._term)
        return number if number < len(self) and self._term(number) == term else None

    def _opened(self) -> Any:
        """Open the index when the first word is looked up: many questions have none that the archive lacks.

        :raises ArchiveDamagedError: if its file is gone or damaged.
        """
        with self._opening:
            if isinstance(self._index, Path):
                faiss = load_faiss()
                try:
                    self._index = faiss.read_index(str(self._index), faiss.IO_FLAG_MMAP_IFC)
                except RuntimeError as error:
                    raise ArchiveDamagedError(
                        f"{self._index} is damaged ({error}). Remove its folder; it will be made anew"
                    ) from error
            return self._index

    def _term(self, number: int) -> str:
        return self._blob[self._offsets[number] : self._offsets[number + 1]].tobytes().decode("utf-8", "surrogatepass")


def _read_small(file: Path) -> NDArray[np.float32] | None:
    """Read the rows of a small index without FAISS, None if it is a large one.

    :raises ArchiveDamagedError: if its file is gone or damaged.
    """
    try:
        header = read_header(file, _QUANTISED, _HALF_BYTES)
        if _HALF_BYTES * header.dimension * header.count > _SMALL:
            return None
        rows = np.frombuffer(file.read_bytes(), "<f2", offset=header.rows_start).astype(np.float32)
    except (OSError, ValueError) as error:
        raise ArchiveDamagedError(f"{file} is damaged ({error}). Remove its folder; it will be made anew") from error
    return rows.reshape(header.count, header.dimension)
