"""What a search needs of indexes, wherever they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.index import LexicalIndex, Saveable, Snapshot, TermVectors, VectorIndex
from retrieval.search.pooling import Lookup

__all__ = ["Lexical", "SearchIndexes"]


@dataclass(frozen=True, slots=True, eq=False)
class Lexical:
    """The indexes of all fields, of which the rows ``at`` are to be scored, or all where it is None."""

    words: LexicalIndex
    bigrams: LexicalIndex
    context: LexicalIndex
    names: LexicalIndex
    at: NDArray[np.int64] | None

    def of_field(self, field: str) -> LexicalIndex:
        """Give the index of the field of this name."""
        return {"words": self.words, "bigrams": self.bigrams, "context": self.context, "names": self.names}[field]


class SearchIndexes(Protocol):
    """What a search needs of the indexes over an archive's passages; row ``i`` of each is ``passage_ids[i]``.

    The lexical indexes tell how rare terms are; passages are scored by those that :meth:`among` gives.
    """

    @property
    def passage_ids(self) -> NDArray[np.int64]:
        """The ids of all passages, ascending."""

    @property
    def terms(self) -> TermVectors:
        """The archive's words by meaning."""

    @property
    def dense(self) -> VectorIndex:
        """The vectors of passages and their sentences."""

    @property
    def words(self) -> LexicalIndex:
        """The words of passages."""

    @property
    def bigrams(self) -> LexicalIndex:
        """Their bigrams of characters, and the stems of words."""

    @property
    def context(self) -> LexicalIndex:
        """Their words and those of what stands above them."""

    @property
    def names(self) -> LexicalIndex:
        """How the names in them sound."""

    def best_rows(self, lookups: Sequence[Lookup], count: int, passing: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """Give up to ``count`` rows, ascending, that the terms of ``lookups`` put highest, or nearly.

        :param passing: which rows may be given; None for all.
        """

    def sums(self, lookups: Sequence[Lookup], rows: NDArray[np.int64]) -> NDArray[np.float32] | None:
        """Give the lookups' scores of rows, by their weights and summed up; None where exact ones cost no more."""

    def among(self, snapshot: Snapshot, rows: NDArray[np.int64] | None) -> Lexical:
        """Give the indexes that score passages of some rows, ascending, or of all."""

    def parts(self) -> dict[str, Saveable]:
        """Give what is saved, by the names under which it is."""
