"""Postings of which some rows are taken out and others put behind, without a look at the texts they came from."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from retrieval.index._terms import TermTable, to_bytes


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Term ``t`` occurs in ``rows[starts[t] : starts[t + 1]]``, ascending, as often as ``frequencies`` say."""

    terms: TermTable
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    frequencies: NDArray[np.int32]


def without_rows(postings: Postings, kept: NDArray[np.bool_]) -> Postings:
    """Leave out the rows that are not ``kept``, close their gaps, and leave out the terms that no row has then."""
    staying = kept[postings.rows]
    passed = np.concatenate([[0], np.cumsum(staying)])
    counts = passed[postings.starts[1:]] - passed[postings.starts[:-1]]
    used = counts > 0
    numbers = (np.cumsum(kept) - 1).astype(np.int32)
    lengths = np.diff(postings.terms.offsets)
    return Postings(
        TermTable(postings.terms.blob[np.repeat(used, lengths)], _ends(lengths[used])),
        _ends(counts[used]),
        numbers[postings.rows[staying]],
        postings.frequencies[staying],
    )


def joined(first: Postings, second: Postings, first_rows: int) -> Postings:
    """Put the rows of ``second`` behind the ``first_rows`` rows of ``first``."""
    terms = [second.terms.term(number) for number in range(len(second.terms))]
    places = np.array([first.terms.place(term) for term in terms], np.int64)
    known = np.array([first.terms.find(term) is not None for term in terms], bool)
    new = np.flatnonzero(~known)
    # The new terms push those behind them on.
    of_first = np.arange(len(first.terms)) + np.searchsorted(places[new], np.arange(len(first.terms)), side="right")
    of_second = np.empty(len(terms), np.int64)
    of_second[known] = of_first[places[known]]
    of_second[new] = places[new] + np.arange(len(new))
    first_counts, second_counts = np.diff(first.starts), np.diff(second.starts)
    counts = np.zeros(len(first.terms) + len(new), np.int64)
    counts[of_first] = first_counts
    before = counts[of_second]
    counts[of_second] += second_counts
    starts = _ends(counts)
    rows = np.empty(int(starts[-1]), np.int32)
    frequencies = np.empty(int(starts[-1]), np.int32)
    for postings, found, shift in (
        (first, _targets(first.starts, first_counts, starts[of_first]), 0),
        (second, _targets(second.starts, second_counts, starts[of_second] + before), first_rows),
    ):
        rows[found] = postings.rows + np.int32(shift)
        frequencies[found] = postings.frequencies
    return Postings(_with_terms(first.terms, [to_bytes(terms[n]) for n in new], places[new]), starts, rows, frequencies)


def _targets(starts: NDArray[np.int64], counts: NDArray[np.int64], to: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give for each posting its place when each term's postings move to begin at ``to``."""
    return np.arange(int(starts[-1])) + np.repeat(to - starts[:-1], counts)


def _with_terms(table: TermTable, new: list[bytes], places: NDArray[np.int64]) -> TermTable:
    cuts = [0, *(int(table.offsets[place]) for place in places), len(table.blob)]
    blob = np.ascontiguousarray(table.blob)
    pieces = [blob[begin:end].tobytes() for begin, end in pairwise(cuts)]
    joined_blob = b"".join(part for pair in zip(pieces, [*new, b""], strict=True) for part in pair)
    lengths = np.insert(np.diff(table.offsets), places, [len(term) for term in new])
    return TermTable(np.frombuffer(joined_blob, np.uint8), _ends(lengths))


def _ends(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
