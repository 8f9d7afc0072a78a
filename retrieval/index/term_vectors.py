import threading
from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index._arrays import map_arrays, save_arrays
from retrieval.index._faiss import half_index, load_faiss, read_header, to_halves
from retrieval.index._files import linked
from retrieval.index._terms import to_bytes
from retrieval.index.near_terms import NearTerm, NearTerms
from retrieval.index.term_sketch import TermSketch

__all__ = ["TermVectors"]

_VECTORS_NAME = "vectors.faiss"
_TERMS_NAME = "terms.bin"
_QUANTISED = b"IxSQ"
_HALF_BYTES = 2
# Bytes of vectors that numpy looks through in milliseconds; more are sketched by FAISS, which takes a tenth of a second
# to import.
_SMALL = 16 << 20
_FEW = 256
# Words whose place, or lack, is remembered, 100 bytes each.
_MOST_FOUND, _LACKING = 100_000, -1


class TermVectors:
    """The archive's own words by meaning: gives those nearest to a word that the archive does not have.

    Vectors are kept in half precision, which moves a cosine by less than 0.001. Of many, a sketch tells which few come
    into question.
    """

    def __init__(
        self, codes: NDArray[np.float16], blob: NDArray[np.uint8], offsets: NDArray[np.int64], passages: int
    ) -> None:
        """Use ``build`` or ``load`` instead."""
        self._codes = codes
        self._rows: NDArray[np.float32] | None = None
        self._sketch: TermSketch | None = None
        self._opening = threading.Lock()
        self._found: dict[str, int] = {}
        self._near = NearTerms()
        self._blob = blob
        self._offsets = offsets
        self._passages = passages
        self._folder: Path | None = None

    @classmethod
    def build(cls, terms: Sequence[str], vectors: NDArray[np.float32], passages: int = 0) -> "TermVectors":
        """Index sorted, distinct ``terms`` under their ``vectors`` ``(len(terms), dimension)``, rows of length 1.

        :param passages: how many passages they were chosen from; 0 where they are all of an archive's terms.
        """
        return cls._of_codes(terms, to_halves(vectors), passages)

    def changed(self, gone: Collection[str], added: Sequence[str], vectors: NDArray[np.float32]) -> "TermVectors":
        """Leave out some terms, of which nothing is left, and take in others, distinct and new, with their vectors."""
        if not gone and not added:
            return self
        own = self.terms()
        kept = np.array([term not in gone for term in own], bool)
        if kept.all() and not added:
            return self
        terms = [*(term for term, stays in zip(own, kept, strict=True) if stays), *added]
        order = np.array(sorted(range(len(terms)), key=terms.__getitem__), np.int64)
        halves, staying = to_halves(vectors), np.flatnonzero(kept)
        rows = np.concatenate([staying, np.zeros(len(added), np.int64)])[order]
        is_new = order >= len(staying)
        # Fifty megabytes are copied once.
        codes = self._codes.take(rows, axis=0) if len(self) else np.empty((len(rows), halves.shape[1]), np.float16)
        codes[is_new] = halves[order[is_new] - len(staying)]
        changed = TermVectors._of_codes([terms[number] for number in order.tolist()], codes, self._passages)
        if self._is_large and changed._is_large and self._sketched().fits(len(changed)):
            # Sketching the others again would take a second.
            changed._sketch = self._sketched().changed(kept, halves.astype(np.float32), order)
        return changed

    @classmethod
    def _of_codes(cls, terms: Sequence[str], codes: NDArray[np.float16], passages: int) -> "TermVectors":
        encoded = [to_bytes(term) for term in terms]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(term) for term in encoded], out=offsets[1:])
        return cls(codes, np.frombuffer(b"".join(encoded), np.uint8), offsets, passages)

    @property
    def passages(self) -> int:
        """How many passages the archive had when these were chosen of its terms; 0 where they are all of them."""
        return self._passages

    def terms(self) -> list[str]:
        """Give the terms in their order."""
        content, offsets = self._blob.tobytes(), self._offsets.tolist()
        return [content[start:end].decode("utf-8", "surrogatepass") for start, end in pairwise(offsets)]

    def vectors(self) -> NDArray[np.float32]:
        """Give the terms' vectors, rounded as they are kept: float32 ``(terms, dimension)``."""
        return self._codes.astype(np.float32)

    def __len__(self) -> int:
        """Count the terms."""
        return len(self._offsets) - 1

    def __contains__(self, term: str) -> bool:
        """Tell whether a term is among them."""
        return self._find(term) is not None

    def nearest(self, vectors: NDArray[np.float32], count: int, least: float) -> list[tuple[NearTerm, ...]]:
        """Find for each row of ``vectors`` the ``count`` nearest terms with a cosine of ``least`` or more.

        Nearest first, ties in the order of the terms.
        """
        if not len(self) or not len(vectors):
            return [()] * len(vectors)
        queries = np.ascontiguousarray(vectors, np.float32)
        wanted = min(count, len(self))
        if self._is_large:
            chosen = self._sketched().candidates(queries, wanted, least)
            edges = list(pairwise(accumulate(map(len, chosen), initial=0)))
            vectors = self._codes[np.concatenate(chosen)].astype(np.float32)
            scored = [
                (rows, np.einsum("ij,j->i", vectors[first:last], query))
                for rows, (first, last), query in zip(chosen, edges, queries, strict=True)
            ]
        else:
            cosines = queries @ self._small().T
            chosen = list(np.argpartition(-cosines, wanted - 1, axis=1)[:, :wanted].astype(np.int64))
            scored = [(rows, own[rows]) for rows, own in zip(chosen, cosines, strict=True)]
        found = []
        for rows, own in scored:
            order = np.lexsort((rows, -own))[:wanted]
            near = zip(rows[order].tolist(), own[order].tolist(), strict=True)
            found.append(tuple([NearTerm(self._term(row), cosine) for row, cosine in near if cosine >= least]))
        return found

    def near(self, terms: Sequence[str], count: int, least: float) -> list[tuple[NearTerm, ...]]:
        """Find for each of some terms what :meth:`nearest` finds for its vector; () for one that the index lacks."""
        if not self._is_large:
            vectors = self.vectors_of(terms)
            return self.nearest(vectors, count, least) if vectors.any() else [()] * len(terms)
        return [self._near_one(term, count, least) for term in terms]

    def _near_one(self, term: str, count: int, least: float) -> tuple[NearTerm, ...]:
        near = self._near.get((term, count, least))
        if near is None:
            # Alone: what is remembered must not depend on what it was asked with.
            near = self.nearest(vector, count, least)[0] if (vector := self.vectors_of((term,))).any() else ()
            self._near.keep((term, count, least), near)
        return near

    def vectors_of(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Give the vectors of terms, float32 ``(len(terms), dimension)``: zeros for one that the index lacks."""
        numbers = [self._find(term) for term in terms]
        found = [number for number in numbers if number is not None]
        if not found:
            return np.zeros((len(terms), 1), np.float32)
        some = self._codes[found].astype(np.float32)
        given = np.zeros((len(terms), some.shape[1]), np.float32)
        given[[place for place, number in enumerate(numbers) if number is not None]] = some
        return given

    def save(self, folder: Path) -> None:
        """Write the index into an existing folder; files that are written already are given a second name there.

        :raises OSError: if that fails.
        """
        if self._folder is not None and linked(self._folder, folder):
            return
        faiss, index = load_faiss(), half_index(self._codes.shape[1])
        faiss.copy_array_to_vector(np.ascontiguousarray(self._codes).view(np.uint8).reshape(-1), index.codes)
        index.ntotal = len(self)
        (folder / _VECTORS_NAME).write_bytes(faiss.serialize_index(index).data)
        if self._is_large:
            self._sketched().save(folder)
        passages = np.array([self._passages], np.int64)
        save_arrays(folder / _TERMS_NAME, {"blob": self._blob, "offsets": self._offsets, "passages": passages})

    @classmethod
    def load(cls, folder: Path) -> "TermVectors":
        """Open a saved index; its vectors stay on disk, mapped into memory.

        :raises ArchiveDamagedError: if files are missing or do not fit together; build the index again.
        """
        file = folder / _VECTORS_NAME
        try:
            header = read_header(file, _QUANTISED, _HALF_BYTES)
            shape = (header.count, header.dimension)
            rows = np.memmap(file, "<f2", "r", header.rows_start, shape) if header.count else np.empty(shape, "<f2")
            arrays = map_arrays(folder / _TERMS_NAME)
            blob, offsets, passages = arrays["blob"], arrays["offsets"], int(arrays["passages"][0])
            if len(offsets) != header.count + 1 or offsets[-1] != len(blob):
                raise ValueError(f"{header.count} vectors, {len(offsets) - 1} terms")
            loaded = cls(np.asarray(rows), blob, offsets, passages)
            if loaded._is_large and not TermSketch.is_in(folder):
                raise ValueError(f"no sketch of {header.count} terms")
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise ArchiveDamagedError(f"{folder} is damaged ({error}). Remove it; it will be made anew") from error
        loaded._folder = folder
        return loaded

    @property
    def _is_large(self) -> bool:
        return _HALF_BYTES * self._codes.size > _SMALL and len(self) > _FEW

    def _small(self) -> NDArray[np.float32]:
        """Give the rows of a small index, read when first needed: many questions have no word to look up."""
        if self._rows is None:
            self._rows = self.vectors()
        return self._rows

    def _sketched(self) -> TermSketch:
        """Give the sketch of a large index, opened or made when first needed.

        :raises ArchiveDamagedError: if its file is gone or damaged.
        """
        with self._opening:
            if self._sketch is None and self._folder is not None:
                try:
                    self._sketch = TermSketch.load(self._folder, len(self))
                except (OSError, ValueError) as error:
                    raise ArchiveDamagedError(
                        f"{self._folder} is damaged ({error}). Remove it; it will be made anew"
                    ) from error
            elif self._sketch is None:
                self._sketch = TermSketch.build(self.vectors())
            return self._sketch

    def _find(self, term: str) -> int | None:
        # The words of passages come again and again, and a search takes a hundred times as long as this.
        known = self._found.get(term)
        if known is None:
            known = bisect_left(range(len(self)), term, key=self._term)
            if known == len(self) or self._term(known) != term:
                known = _LACKING
            self._found = {} if len(self._found) >= _MOST_FOUND else self._found
            self._found[term] = known
        return None if known == _LACKING else known

    def _term(self, number: int) -> str:
        return self._blob[self._offsets[number] : self._offsets[number + 1]].tobytes().decode("utf-8", "surrogatepass")
