"""Rough vectors of many terms, a quarter of a byte a number: they tell in .3 ms which few are worth exact ones."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index._arrays import map_arrays, save_arrays
from retrieval.index._faiss import load_faiss

__all__ = ["TermSketch"]

_INDEX = "sketch.faiss"
_BASIS = "sketch.bin"
# Of the 512 directions of an encoder's vectors, those in which 50,000 words of an archive differ most: .95 of it all.
_DIRECTIONS = 256
_SAMPLE = 8192
_ROUNDS = 8
_BITS = 4
# With these, .995 of the eight nearest of 50,000 terms are found; the others are as near as some that are (700 terms).
_CANDIDATES = 128
# Candidates whose rough cosines are lower by so many times the usual error are none.
_ERRORS = 4
_TRIED = 512
# So many times as many terms, or as few, are sketched anew.
_GROWN = 2


class TermSketch:
    """Product-quantised vectors, turned so that their first numbers say most (FAISS PQ, 4 bits, "fast scan").

    André, Kermarrec and Le Scouarnec 2015, "Cache locality is not enough: High-Performance Nearest Neighbor Search with
    Product Quantization Fast Scan", https://www.vldb.org/pvldb/vol9/p288-andre.pdf.
    """

    def __init__(self, coded: Any, basis: NDArray[np.float32], slack: float, trained: int) -> None:
        """Use ``build`` or ``load`` instead."""
        self._coded = coded
        # The same codes, laid out for looking through them.
        self._index = load_faiss().IndexPQFastScan(coded)
        self._basis = basis
        self._slack = slack
        self._trained = trained

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> "TermSketch":
        """Sketch vectors, float32 ``(terms, dimension)``, rows of length 1; the same ones always in the same way."""
        faiss = load_faiss()
        sample = vectors[np.unique(np.linspace(0, len(vectors) - 1, min(_SAMPLE, len(vectors))).astype(np.int64))]
        _, directions = np.linalg.eigh(sample.T.astype(np.float64) @ sample)
        # Pairs of numbers are rounded together.
        count = min(_DIRECTIONS, vectors.shape[1]) // 2 * 2
        basis = np.ascontiguousarray(directions[:, ::-1][:, :count], np.float32)
        coded = faiss.IndexPQ(count, count // 2, _BITS, faiss.METRIC_INNER_PRODUCT)
        coded.pq.cp.niter = _ROUNDS
        coded.train(sample @ basis)
        coded.add(vectors @ basis)
        tried = sample[:: max(1, len(sample) // _TRIED)]
        rough = coded.pq.decode(coded.pq.compute_codes(tried @ basis))
        error = float(np.std(tried @ tried.T - (tried @ basis) @ rough.T))
        return cls(coded, basis, _ERRORS * error, len(vectors))

    def fits(self, terms: int) -> bool:
        """Tell whether so many terms can be sketched in the same way: about as many as it was found out from."""
        return self._trained <= terms * _GROWN and terms <= self._trained * _GROWN

    def changed(self, kept: NDArray[np.bool_], vectors: NDArray[np.float32], order: NDArray[np.int64]) -> "TermSketch":
        """Leave out the terms that are not ``kept``, add those of ``vectors`` in the same way, and put all in order."""
        faiss = load_faiss()
        codes = faiss.vector_to_array(self._coded.codes).reshape(len(self), -1)[kept]
        if len(vectors):
            codes = np.concatenate([codes, self._coded.pq.compute_codes(vectors @ self._basis)])
        coded = faiss.clone_index(self._coded)
        faiss.copy_array_to_vector(np.ascontiguousarray(codes[order]).reshape(-1), coded.codes)
        coded.ntotal = len(order)
        return TermSketch(coded, self._basis, self._slack, self._trained)

    def __len__(self) -> int:
        """Count the terms."""
        return int(self._coded.ntotal)

    def candidates(self, vectors: NDArray[np.float32], count: int, least: float) -> list[NDArray[np.int64]]:
        """Give for each vector the terms among which are the ``count`` nearest with a cosine of ``least`` or more."""
        scores, numbers = self._index.search(vectors @ self._basis, min(max(_CANDIDATES, count), len(self)))
        threshold = np.maximum(scores[:, min(count, len(self)) - 1], least) - self._slack
        return [
            np.sort(some[(own >= lowest) & (some >= 0)])
            for own, some, lowest in zip(scores, numbers, threshold, strict=True)
        ]

    def save(self, folder: Path) -> None:
        """Write the sketch into an existing folder.

        :raises OSError: if that fails.
        """
        (folder / _INDEX).write_bytes(load_faiss().serialize_index(self._coded).data)
        save_arrays(
            folder / _BASIS,
            {"basis": self._basis, "slack": np.array([self._slack]), "trained": np.array([self._trained])},
        )

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Tell whether a sketch was saved in a folder."""
        return (folder / _INDEX).is_file() and (folder / _BASIS).is_file()

    @classmethod
    def load(cls, folder: Path, terms: int) -> "TermSketch":
        """Read the sketch of so many terms.

        :raises OSError: if it cannot be read.
        :raises ValueError: if it is damaged, or of other terms.
        """
        arrays = map_arrays(folder / _BASIS)
        if arrays.keys() != {"basis", "slack", "trained"}:
            raise ValueError(f"{_BASIS} does not fit together")
        try:
            coded = load_faiss().deserialize_index(np.fromfile(folder / _INDEX, np.uint8))
        except RuntimeError as error:
            raise ValueError(f"{_INDEX} is damaged: {error}") from error
        if coded.ntotal != terms or coded.d != arrays["basis"].shape[1]:
            raise ValueError(f"{_INDEX} has {coded.ntotal} terms of {coded.d} numbers")
        return cls(coded, arrays["basis"], float(arrays["slack"][0]), int(arrays["trained"][0]))
