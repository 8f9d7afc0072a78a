import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.index.lexical import Found, LexicalIndex
from retrieval.index.term_counts import FIELDS, TermCounts, TermVector, dimension_of

__all__ = ["CountedIndex", "TermTexts"]


class TermTexts:
    """The terms of a few passages, each a row, ready to be looked up."""

    def __init__(self, texts: Sequence[TermVector]) -> None:
        """Sort the terms of ``texts``."""
        nothing = [np.empty(0, np.uint32)], [np.empty(0, np.uint16)]
        dimensions = np.concatenate([*nothing[0], *(text.dimensions for text in texts)])
        frequencies = np.concatenate([*nothing[1], *(text.frequencies for text in texts)])
        rows = np.repeat(np.arange(len(texts)), [len(text.dimensions) for text in texts])
        order = np.argsort(dimensions, kind="stable")
        self._dimensions, self._frequencies, self._rows = dimensions[order], frequencies[order], rows[order]
        self.lengths: NDArray[np.int32] = np.array([text.lengths for text in texts], np.int32).reshape(-1, len(FIELDS))

    def find(self, dimension: int) -> Found:
        """Give the rows that have a term, ascending, and how often."""
        start, end = np.searchsorted(self._dimensions, np.array([dimension, dimension + 1], np.uint32)).tolist()
        return Found(self._rows[start:end], self._frequencies[start:end].astype(np.float64))


class CountedIndex(LexicalIndex):
    """BM25 over a field of a few passages, with the rarities and the mean length of all that were counted."""

    def __init__(self, counts: TermCounts, field: str, texts: TermTexts, *, k1: float, b: float) -> None:
        """Score ``texts`` as passages of those counted in ``counts``."""
        super().__init__([], k1=k1, b=b)
        self._counts = counts
        self._field = field
        self._texts = texts
        self._lengths = texts.lengths[:, FIELDS.index(field)]
        self._mean = counts.mean_length(field)
        self._population = counts.passages

    def document_frequency(self, term: str) -> int:
        """Count the passages that have the term, of all."""
        return self._counts.having(self._field, term)

    def _find(self, term: str, at: NDArray[np.int64] | None = None) -> Found:  # noqa: ARG002 - as LexicalIndex has it
        return self._texts.find(dimension_of(self._field, term))

    def _count_any(self, terms: Sequence[str], having: NDArray[np.bool_]) -> int:
        """Estimate how many passages have any of some terms, as if none made another likelier."""
        if not self._population:
            return 0
        shares = [self.document_frequency(term) / self._population for term in terms]
        together = round(self._population * (1 - math.prod(1 - share for share in shares)))
        return max(together, int(np.count_nonzero(having)))
