import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index._arrays import map_array, save_array
from retrieval.index._merging import Postings, joined, without_rows
from retrieval.index._terms import TermTable, to_bytes
from retrieval.index.bm25 import length_norms, rarity, saturation

__all__ = ["LexicalIndex", "LexicalScores", "SynonymGroup", "WeightedTerm"]

_ARRAYS = ("term_bytes", "term_offsets", "starts", "rows", "frequencies", "lengths")


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """A term of a query and how much it counts.

    :raises ValueError: if ``weight`` is negative or not finite.
    """

    term: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Check the weight."""
        _check_weight(self.weight)


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Terms that stand for the same thing and are scored as one term.

    A member's weight says how well it stands for the thing, ``weight`` how much the thing counts in the query.

    :raises ValueError: if ``weight`` is negative or not finite.
    """

    members: tuple[WeightedTerm, ...]
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Check the weight."""
        _check_weight(self.weight)


@dataclass(frozen=True, slots=True, eq=False)
class LexicalScores:
    """Each row's score for a query, float32 ``(rows,)``, and ``ideal``, which no text can exceed.

    ``ideal`` is the score of a text that repeats every term without end. Terms that the index lacks count in it with
    the highest rarity, so ``scores / ideal`` is low for a question about other things.
    """

    scores: NDArray[np.float32]
    ideal: float


class LexicalIndex:
    """BM25 over lists of terms, one row per list. What a term is, the caller decides."""

    def __init__(
        self,
        terms: TermTable,
        starts: NDArray[np.int64],
        rows: NDArray[np.int32],
        frequencies: NDArray[np.int32],
        lengths: NDArray[np.int32],
        *,
        k1: float,
        b: float,
    ) -> None:
        """Use ``build`` or ``load`` instead. Term ``t`` occurs in ``rows[starts[t] : starts[t + 1]]``, ascending."""
        self._terms = terms
        self._starts = starts
        self._rows = rows
        self._frequencies = frequencies
        self._lengths = lengths
        self._k1 = k1
        self._b = b
        self._norms = length_norms(lengths, k1, b)

    @classmethod
    def build(cls, documents: Iterable[Sequence[str]], *, k1: float = 1.2, b: float = 0.75) -> "LexicalIndex":
        """Index the terms of each document. ``k1`` slows the saturation, ``b`` (0 to 1) punishes length."""
        numbers: defaultdict[str, int] = defaultdict()
        # A term that is met for the first time gets the next number; three times as fast as setdefault.
        numbers.default_factory = numbers.__len__
        occurrences, lengths = array("q"), array("i")
        for document in documents:
            occurrences.extend(map(numbers.__getitem__, document))
            lengths.append(len(document))
        encoded = [to_bytes(term) for term in numbers]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        ranks = np.empty(len(encoded), np.int64)
        ranks[order] = np.arange(len(encoded))
        row_count = len(lengths)
        row_of = np.repeat(np.arange(row_count), np.asarray(lengths, np.int64))
        keys, frequencies = np.unique(ranks[np.asarray(occurrences)] * row_count + row_of, return_counts=True)
        starts = np.searchsorted(keys, np.arange(len(encoded) + 1) * row_count)
        return cls(
            TermTable.build([encoded[i] for i in order]),
            starts.astype(np.int64),
            (keys % max(row_count, 1)).astype(np.int32),
            frequencies.astype(np.int32),
            np.asarray(lengths, np.int32),
            k1=k1,
            b=b,
        )

    def grown(self, kept: NDArray[np.bool_], added: "LexicalIndex") -> "LexicalIndex":
        """Give this index without the rows that are not ``kept``, with those of ``added`` behind: as if built anew."""
        own = without_rows(Postings(self._terms, self._starts, self._rows, self._frequencies), kept)
        other = Postings(added._terms, added._starts, added._rows, added._frequencies)
        lengths = np.concatenate([self._lengths[kept], added._lengths])
        merged = joined(own, other, int(kept.sum()))
        return LexicalIndex(
            merged.terms, merged.starts, merged.rows, merged.frequencies, lengths, k1=self._k1, b=self._b
        )

    def document_frequencies(self) -> Iterator[tuple[str, int]]:
        """Give each term, in the order of their bytes, and how many rows have it."""
        for number, count in enumerate(np.diff(self._starts).tolist()):
            yield self._terms.term(number), count

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._lengths)

    def document_frequency(self, term: str) -> int:
        """Count the rows that have the term."""
        return len(self._postings(term)[0])

    def rarity(self, term: str) -> float:
        """Give the term's inverse document frequency, the highest for a term that no row has."""
        return rarity(len(self), self.document_frequency(term))

    def most(self, term: str) -> float:
        """Give the most that a term of weight 1 can add to a row's score."""
        return self.rarity(term) * (self._k1 + 1)

    def scores(self, terms: Sequence[WeightedTerm]) -> LexicalScores:
        """Score every row; a term given twice counts twice."""
        totals, ideal = np.zeros(len(self)), 0.0
        for term in terms:
            rows, frequencies = self._postings(term.term)
            ideal += self._add(totals, rows, frequencies.astype(np.float64), term.weight)
        return LexicalScores(totals.astype(np.float32), ideal)

    def groups_scores(self, groups: Sequence[SynonymGroup]) -> LexicalScores:
        """Score every row with each group counted as one term.

        Its frequency in a row is the sum of its members', each times its weight; its rarity is that of the rows with
        any member. A member given twice counts once, with its higher weight; one of weight 0 is left out.
        """
        totals, ideal = np.zeros(len(self)), 0.0
        for group in groups:
            rows, frequencies = self._merge(group)
            ideal += self._add(totals, rows, frequencies, group.weight)
        return LexicalScores(totals.astype(np.float32), ideal)

    def save(self, folder: Path) -> None:
        """Write the index into an existing folder; ``k1`` and ``b`` are not part of it.

        :raises OSError: if that fails.
        """
        terms, frequencies = self._terms, self._frequencies
        arrays: tuple[NDArray[Any], ...] = (
            terms.blob,
            terms.offsets,
            self._starts,
            self._rows,
            frequencies,
            self._lengths,
        )
        for name, values in zip(_ARRAYS, arrays, strict=True):
            save_array(folder / f"{name}.npy", values)

    @classmethod
    def load(cls, folder: Path, *, k1: float = 1.2, b: float = 0.75) -> "LexicalIndex":
        """Open a saved index; its arrays stay on disk, mapped into memory.

        :raises ArchiveDamagedError: if files are missing or do not fit together; build the index again.
        """
        try:
            blob, offsets, starts, rows, frequencies, lengths = (map_array(folder / f"{name}.npy") for name in _ARRAYS)
            if len(offsets) != len(starts) or len(rows) != len(frequencies) or starts[-1] != len(rows):
                raise ValueError(f"{len(offsets)} terms, {len(starts)} starts, {len(rows)} postings")
        except (OSError, ValueError, EOFError, IndexError) as error:
            raise ArchiveDamagedError(f"{folder} is damaged ({error}). Remove it; it will be made anew") from error
        return cls(TermTable(blob, offsets), starts, rows, frequencies, lengths, k1=k1, b=b)

    def _postings(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        number = self._terms.find(term)
        if number is None:
            return self._rows[:0], self._frequencies[:0]
        start, end = self._starts[number], self._starts[number + 1]
        return self._rows[start:end], self._frequencies[start:end]

    def _merge(self, group: SynonymGroup) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        weights: dict[str, float] = {}
        for member in group.members:
            weights[member.term] = max(weights.get(member.term, 0.0), member.weight)
        frequencies = np.zeros(len(self))
        for term, weight in weights.items():
            rows, counts = self._postings(term)
            frequencies[rows] += weight * counts
        found = np.flatnonzero(frequencies).astype(np.int32)
        return found, frequencies[found]

    def _add(
        self, totals: NDArray[np.float64], rows: NDArray[np.int32], frequencies: NDArray[np.float64], weight: float
    ) -> float:
        """Add a term's scores to ``totals`` and give the most that it could add."""
        factor = weight * rarity(len(self), len(rows))
        totals[rows] += factor * saturation(frequencies, self._norms[rows], self._k1)
        return factor * (self._k1 + 1)


def _check_weight(weight: float) -> None:
    if not (math.isfinite(weight) and weight >= 0):
        raise ValueError(f"a weight must be finite and not negative, got {weight}")
