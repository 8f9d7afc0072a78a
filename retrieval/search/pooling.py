"""Which passages of a large archive are worth a closer look: a few hundred that some way of searching puts high."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index import LexicalIndex, WeightedTerm

__all__ = ["NEAREST", "Lookup", "best_rows"]

NEAREST = 128
"""The passages that an index of vectors is asked for."""

# Rows with a term that are looked at for each way of searching, at 15 ns each; common terms beyond them only count in
# the scores of passages that were found without.
_MOST_POSTINGS = 150_000


@dataclass(frozen=True, slots=True)
class Lookup:
    """Terms to look up in the index of a field, and how much its best thinkable score counts."""

    field: str
    index: LexicalIndex
    terms: Sequence[WeightedTerm]
    weight: float


def best_rows(lookups: Sequence[Lookup], count: int, rows: int, passing: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    """Give up to ``count`` of so many rows that their rarer terms put highest, ascending; none that has no such term.

    :param passing: which rows may be given; None for all.
    """
    totals = np.zeros(rows, np.float32)
    for lookup in lookups:
        lookup.index.accumulate(totals, lookup.terms, lookup.weight, _MOST_POSTINGS)
    # Scores are never negative, and the places of truths are found in a quarter of the time of those of numbers.
    found = np.flatnonzero(totals > 0 if passing is None else (totals > 0) & passing)
    if len(found) <= count:
        return found
    scores = totals[found]
    threshold = np.partition(scores, len(scores) - count)[len(scores) - count]
    # Equal ones beyond the count go by row.
    better, equal = found[scores > threshold], found[scores == threshold]
    return np.sort(np.concatenate([better, equal[: count - len(better)]]))
