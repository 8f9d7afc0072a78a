import threading
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index._arrays import map_arrays, save_arrays
from retrieval.index._faiss import load_faiss, read_header
from retrieval.index._files import linked
from retrieval.index._terms import to_bytes

__all__ = ["NearTerm", "TermVectors"]

_VECTORS_NAME = "vectors.faiss"
_TERMS_NAME = "terms.bin"
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

    def __init__(
        self, faiss_index: Any | Path, blob: NDArray[np.uint8], offsets: NDArray[np.int64], passages: int
    ) -> None:
        """Use ``build`` or ``load`` instead."""
        self._index = faiss_index
        self._rows: NDArray[np.float32] | None = None
        self._opening = threading.Lock()
        self._blob = blob
        self._offsets = offsets
        self._passages = passages
        self._folder: Path | None = None

    @classmethod
    def build(cls, terms: Sequence[str], vectors: NDArray[np.float32], passages: int = 0) -> "TermVectors":
        """Index sorted, distinct ``terms`` under their ``vectors`` ``(len(terms), dimension)``, rows of length 1.

        :param passages: how many passages they are the terms of.
        """
        return cls._of_codes(terms, _coded(vectors), passages)

    def changed(self, gone: Collection[str], added: Sequence[str], vectors: NDArray[np.float32]) -> "TermVectors":
        """Leave out some terms, of which nothing is left, and take in others, distinct and new, with their vectors."""
        if not gone and not added:
            return self
        own = self.terms()
        kept = np.array([term not in gone for term in own], bool)
        if kept.all() and not added:
            return self
        terms = [*(term for term, stays in zip(own, kept, strict=True) if stays), *added]
        codes = np.concatenate([self._codes()[kept], _coded(vectors)])
        order = sorted(range(len(terms)), key=terms.__getitem__)
        return TermVectors._of_codes([terms[number] for number in order], codes[order], self._passages)

    @classmethod
    def _of_codes(cls, terms: Sequence[str], codes: NDArray[np.float16], passages: int) -> "TermVectors":
        faiss, index = load_faiss(), _empty_index(codes.shape[1])
        faiss.copy_array_to_vector(np.ascontiguousarray(codes).view(np.uint8).reshape(-1), index.codes)
        index.ntotal = len(terms)
        encoded = [to_bytes(term) for term in terms]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(term) for term in encoded], out=offsets[1:])
        return cls(index, np.frombuffer(b"".join(encoded), np.uint8), offsets, passages)

    def _codes(self) -> NDArray[np.float16]:
        """Give the terms' vectors as they are kept."""
        if isinstance(self._index, Path):
            header = read_header(self._index, _QUANTISED, _HALF_BYTES)
            rows = np.frombuffer(self._index.read_bytes(), "<f2", offset=header.rows_start).astype(np.float16)
            return rows.reshape(header.count, header.dimension)
        return self.vectors().astype(np.float16).reshape(len(self), -1)

    @property
    def passages(self) -> int:
        """How many passages the archive had when its terms were chosen."""
        return self._passages

    def terms(self) -> list[str]:
        """Give the terms in their order."""
        content, offsets = self._blob.tobytes(), self._offsets.tolist()
        return [content[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(offsets)]

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
        """Write the index into an existing folder; files that are written already are given a second name there.

        :raises OSError: if that fails.
        """
        if self._folder is not None and linked(self._folder, folder):
            return
        faiss = load_faiss()
        (folder / _VECTORS_NAME).write_bytes(faiss.serialize_index(self._opened()).data)
        passages = np.array([self._passages], np.int64)
        save_arrays(folder / _TERMS_NAME, {"blob": self._blob, "offsets": self._offsets, "passages": passages})

    @classmethod
    def load(cls, folder: Path) -> "TermVectors":
        """Open a saved index; its vectors stay on disk, mapped into memory.

        :raises ArchiveDamagedError: if files are missing or do not fit together; build the index again.
        """
        file = folder / _VECTORS_NAME
        try:
            count = read_header(file, _QUANTISED, _HALF_BYTES).count
            arrays = map_arrays(folder / _TERMS_NAME)
            blob, offsets, passages = arrays["blob"], arrays["offsets"], int(arrays["passages"][0])
            if len(offsets) != count + 1 or offsets[-1] != len(blob):
                raise ValueError(f"{count} vectors, {len(offsets) - 1} terms")
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise ArchiveDamagedError(f"{folder} is damaged ({error}). Remove it; it will be made anew") from error
        loaded = cls(file, blob, offsets, passages)
        loaded._folder = folder
        return loaded

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


def _empty_index(dimension: int) -> Any:
    faiss = load_faiss()
    index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.is_trained = True
    return index


def _coded(vectors: NDArray[np.float32]) -> NDArray[np.float16]:
    """Round vectors as FAISS does, whose last bit is not always numpy's."""
    if not len(vectors):
        return vectors.astype(np.float16)
    codes = _empty_index(vectors.shape[1]).sa_encode(np.ascontiguousarray(vectors, np.float32))
    return np.asarray(codes.view(np.float16).reshape(vectors.shape))


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
