from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.encoding import Encoder
from retrieval.index import TermVectors

__all__ = ["WordRows", "WordVectors"]


@dataclass(frozen=True, slots=True, eq=False)
class WordRows:
    """Vectors of words, each once: float32 ``(distinct, dimension)``, row 0 zeros, and which row each word has."""

    vectors: NDArray[np.float32]
    numbers: NDArray[np.intp]

    @classmethod
    def empty(cls, count: int, dimension: int) -> "WordRows":
        """Give so many words of which no vector is known."""
        return cls(np.zeros((1, dimension), np.float32), np.zeros(count, np.intp))


@dataclass(frozen=True, slots=True, eq=False)
class WordVectors:
    """What words mean, as vectors of length 1: those of an archive as it keeps them, others by its encoder."""

    terms: TermVectors
    encoder: Encoder

    @property
    def dimension(self) -> int:
        """Give the length of a vector."""
        return self.encoder.dimension

    def own(self, words: Sequence[str]) -> WordRows:
        """Look up words of a passage; those that the archive keeps no vector of, and empty ones, have row 0."""
        distinct = [word for word in dict.fromkeys(words) if word]
        number = {word: row for row, word in enumerate(distinct, 1)}
        vectors = np.zeros((len(distinct) + 1, self.dimension), np.float32)
        vectors[1:] = self.terms.vectors_of(distinct)
        return WordRows(vectors, np.array([number.get(word, 0) for word in words], np.intp))

    def sought(self, words: Sequence[str]) -> WordRows:
        """Look up words of a question, and encode those that the archive lacks; empty ones have row 0."""
        found = self.own(words)
        place = dict(zip(found.numbers.tolist(), words, strict=True))
        lacking = [row for row in range(1, len(found.vectors)) if not found.vectors[row].any()]
        if lacking:
            found.vectors[lacking] = self.encoder.encode_passages([place[row] for row in lacking])
        return found
