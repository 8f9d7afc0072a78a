from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index._terms import TermTable, ends, to_bytes, to_hash

__all__ = ["MOST_ROWS", "Postings"]

MOST_ROWS = 1 << 16
_MOST_FREQUENT = (1 << 16) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Which terms the rows of a segment have: term ``t`` occurs in ``rows[starts[t] : starts[t + 1]]``, ascending.

    ``frequencies`` say how often, ``lengths`` how many terms each row has. Both kinds of row are the same whether they
    were built, or grew out of others.
    """

    terms: TermTable
    starts: NDArray[np.int64]
    rows: NDArray[np.uint16]
    frequencies: NDArray[np.uint16]
    lengths: NDArray[np.int32]

    @classmethod
    def build(cls, documents: Iterable[Sequence[str]]) -> "Postings":
        """Index the terms of each document, of which there are ``MOST_ROWS`` at the most."""
        numbers: defaultdict[str, int] = defaultdict()
        # A term that is met for the first time gets the next number; three times as fast as setdefault.
        numbers.default_factory = numbers.__len__
        occurrences, lengths = array("q"), array("i")
        for document in documents:
            occurrences.extend(map(numbers.__getitem__, document))
            lengths.append(len(document))
        if len(lengths) > MOST_ROWS:
            raise ValueError(f"a segment has {MOST_ROWS} rows at the most, not {len(lengths)}")
        encoded = [to_bytes(term) for term in numbers]
        hashes = np.fromiter(map(to_hash, encoded), np.uint64, len(encoded))
        order = np.argsort(hashes, kind="stable")
        ranks = np.empty(len(encoded), np.int64)
        ranks[order] = np.arange(len(encoded))
        row_count = max(len(lengths), 1)
        row_of = np.repeat(np.arange(len(lengths)), np.asarray(lengths, np.int64))
        keys, counts = np.unique(ranks[np.asarray(occurrences)] * row_count + row_of, return_counts=True)
        return cls(
            TermTable.build([encoded[i] for i in order.tolist()], hashes[order]),
            np.searchsorted(keys, np.arange(len(encoded) + 1) * row_count).astype(np.int64),
            (keys % row_count).astype(np.uint16),
            np.minimum(counts, _MOST_FREQUENT).astype(np.uint16),
            np.asarray(lengths, np.int32),
        )

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.lengths)

    def terms_beyond(self, others: Sequence["Postings"]) -> list[str]:
        """Give the terms that none of the others has, in the order of their hashes."""
        beyond = np.ones(len(self.terms), bool)
        for other in others:
            left = np.flatnonzero(beyond)
            beyond[left] = ~np.isin(self.terms.hashes[left], other.terms.hashes, assume_unique=True)
        return [self.terms.term(number) for number in np.flatnonzero(beyond).tolist()]

    def without_rows(self, kept: NDArray[np.bool_]) -> "Postings":
        """Leave out the rows that are not ``kept``, close their gaps, and leave out the terms that no row has then."""
        staying = kept[self.rows]
        left = np.flatnonzero(staying)
        # Where each term's postings begin among those that stay.
        starts = np.searchsorted(left, self.starts)
        counts = np.diff(starts)
        used = counts > 0
        numbers = (np.cumsum(kept) - 1).astype(np.uint16)
        return Postings(
            self.terms.chosen(used),
            ends(counts[used]),
            numbers[self.rows[left]],
            self.frequencies[left],
            self.lengths[kept],
        )

    def joined(self, other: "Postings") -> "Postings":
        """Put the rows of ``other`` behind these."""
        hashes = np.sort(np.concatenate((self.terms.hashes, other.terms.hashes)))
        # As np.union1d does, which imports numpy's masked arrays for it: a tenth of a second of a sync of one file.
        hashes = np.concatenate((hashes[:1], hashes[1:][hashes[1:] != hashes[:-1]]))
        counts = np.zeros(len(hashes), np.int64)
        places = [np.searchsorted(hashes, postings.terms.hashes) for postings in (self, other)]
        own, others = np.diff(self.starts), np.diff(other.starts)
        counts[places[0]] = own
        before = counts[places[1]]
        counts[places[1]] += others
        starts = ends(counts)
        rows = np.empty(int(starts[-1]), np.uint16)
        frequencies = np.empty(int(starts[-1]), np.uint16)
        for postings, to, shift in (
            (self, starts[places[0]], 0),
            (other, starts[places[1]] + before, len(self)),
        ):
            found = _targets(postings.starts, to)
            rows[found] = postings.rows + np.uint16(shift)
            frequencies[found] = postings.frequencies
        terms = _joined_terms(hashes, self.terms, other.terms, places)
        return Postings(terms, starts, rows, frequencies, np.concatenate([self.lengths, other.lengths]))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Give the arrays that it consists of."""
        return {
            "hashes": self.terms.hashes,
            "blob": self.terms.blob,
            "offsets": self.terms.offsets,
            "starts": self.starts,
            "rows": self.rows,
            "frequencies": self.frequencies,
            "lengths": self.lengths,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Postings":
        """Use the arrays of ``to_arrays``.

        :raises ValueError: if one is missing or they do not fit together.
        """
        try:
            terms = TermTable(arrays["hashes"], arrays["blob"], arrays["offsets"])
            given = cls(terms, arrays["starts"], arrays["rows"], arrays["frequencies"], arrays["lengths"])
        except KeyError as error:
            raise ValueError(f"no {error.args[0]}") from error
        ended = len(given.rows) == len(given.frequencies) == int(given.starts[-1])
        if not ended or len(terms.offsets) != len(given.starts) or len(terms) + 1 != len(given.starts):
            raise ValueError(f"{len(terms)} terms, {len(given.starts)} starts, {len(given.rows)} postings")
        return given


def _targets(starts: NDArray[np.int64], to: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give for each posting its place when each term's postings move to begin at ``to``."""
    return np.arange(int(starts[-1])) + np.repeat(to - starts[:-1], np.diff(starts))


def _joined_terms(
    hashes: NDArray[np.uint64], first: TermTable, second: TermTable, places: Sequence[NDArray[np.intp]]
) -> TermTable:
    lengths = np.zeros(len(hashes), np.int64)
    for table, place in zip((first, second), places, strict=True):
        lengths[place] = np.diff(table.offsets)
    offsets = ends(lengths)
    blob = np.empty(int(offsets[-1]), np.uint8)
    for table, place in zip((first, second), places, strict=True):
        blob[_targets(table.offsets, offsets[place])] = table.blob
    return TermTable(hashes, blob, offsets)
