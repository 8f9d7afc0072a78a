from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index._terms import to_bytes, to_hash
from retrieval.index.bm25 import length_norms, rarity, saturation
from retrieval.index.postings import MOST_ROWS, Postings
from retrieval.index.weighted import LexicalScores, SynonymGroup, WeightedTerm

__all__ = ["Found", "LexicalIndex"]

# Terms whose place in the segments is remembered; a question asks for the same ones again and again.
_MOST_PLACES = 20_000
# Terms whose rows are kept, as each is looked for several times in a question.
_MOST_RECENT = 64
# Of a term that so many rows have, few rows are looked up in each segment rather than all of them listed.
_COMMON = 30_000
_NO_ROWS = np.empty(0, np.uint16)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The rows that have a term, ascending, and how often."""

    rows: NDArray[np.int64]
    frequencies: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A term's number in each segment, -1 where it is not, and how many rows have it."""

    numbers: tuple[int, ...]
    rows: int


class LexicalIndex:
    """BM25 over lists of terms, one row per list, in segments one after the other. What a term is, the caller decides.

    How rows are cut into segments changes no score.
    """

    def __init__(self, segments: Sequence[Postings], *, k1: float = 1.2, b: float = 0.75) -> None:
        """Search ``segments``. ``k1`` slows the saturation, ``b`` (0 to 1) punishes length."""
        self._segments = tuple(segments)
        self._firsts = list(accumulate(map(len, segments), initial=0))
        lengths = [segment.lengths for segment in segments]
        self._lengths = lengths[0] if len(lengths) == 1 else np.concatenate([np.empty(0, np.int32), *lengths])
        self._mean = float(self._lengths.mean()) if len(self._lengths) else 0.0
        self._population = len(self._lengths)
        self._k1 = k1
        self._b = b
        self._places: dict[str, _Placed] = {}
        self._recent: dict[str, Found] = {}

    @classmethod
    def build(cls, documents: Iterable[Sequence[str]], *, k1: float = 1.2, b: float = 0.75) -> "LexicalIndex":
        """Index the terms of each document."""
        rows, segments = iter(documents), list[Postings]()
        while not segments or len(segments[-1]) == MOST_ROWS:
            segments.append(Postings.build(islice(rows, MOST_ROWS)))
        return cls(segments, k1=k1, b=b)

    def document_frequencies(self) -> Iterator[tuple[str, int]]:
        """Give each term, in no particular order, and how many rows have it."""
        counts: dict[str, int] = {}
        for segment in self._segments:
            for term, count in zip(segment.terms, np.diff(segment.starts).tolist(), strict=True):
                counts[term] = counts.get(term, 0) + count
        yield from counts.items()

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._lengths)

    def document_frequency(self, term: str) -> int:
        """Count the rows that have the term."""
        return self._placed(term).rows

    def rarity(self, term: str) -> float:
        """Give the term's inverse document frequency, the highest for a term that no row has."""
        return rarity(self._population, self.document_frequency(term))

    def most(self, term: str) -> float:
        """Give the most that a term of weight 1 can add to a row's score."""
        return self.rarity(term) * (self._k1 + 1)

    def scores(self, terms: Sequence[WeightedTerm], at: NDArray[np.int64] | None = None) -> LexicalScores:
        """Score every row; a term given twice counts twice.

        :param at: score only these rows, ascending.
        """
        found = [self._find(term.term, at) for term in terms]
        factors = [term.weight * rarity(self._population, self.document_frequency(term.term)) for term in terms]
        return self._summed(found, factors, at)

    def groups_scores(self, groups: Sequence[SynonymGroup], at: NDArray[np.int64] | None = None) -> LexicalScores:
        """Score every row with each group counted as one term.

        Its frequency in a row is the sum of its members', each times its weight; its rarity is that of the rows with
        any member. A member given twice counts once, with its higher weight; one of weight 0 is left out.

        :param at: score only these rows, ascending.
        """
        merged = [self._merge(group, at) for group in groups]
        factors = [
            group.weight * rarity(self._population, count) for group, (_, count) in zip(groups, merged, strict=True)
        ]
        return self._summed([found for found, _ in merged], factors, at)

    def accumulate(
        self, totals: NDArray[np.float32], terms: Sequence[WeightedTerm], share: float, most_postings: int
    ) -> None:
        """Add to every row's total its score for the rarest terms, as a ``share`` of the ideal of all of them.

        :param most_postings: leave out common terms when that many rows have been looked at; the rarest is never.
        """
        counts = [self.document_frequency(term.term) for term in terms]
        factors = [term.weight * rarity(len(self), count) for term, count in zip(terms, counts, strict=True)]
        ideal = sum(factors) * (self._k1 + 1)
        looked_at = 0
        for number in sorted(range(len(terms)), key=counts.__getitem__):
            if (looked_at and looked_at + counts[number] > most_postings) or not factors[number]:
                return
            looked_at += counts[number]
            found = self._find(terms[number].term)
            gain = saturation(found.frequencies, self._norms(found.rows), self._k1)
            # Each row stands once; adding in place spares a copy of the totals that are taken out and put back.
            np.add.at(totals, found.rows, (share * factors[number] / ideal * gain).astype(np.float32))

    def _placed(self, term: str) -> "_Placed":
        places = self._places.get(term)
        if places is None:
            hashed = to_hash(to_bytes(term))
            found = [segment.terms.find(hashed) for segment in self._segments]
            rows = (
                int(s.starts[n + 1] - s.starts[n]) for s, n in zip(self._segments, found, strict=True) if n is not None
            )
            places = _Placed(tuple(-1 if number is None else number for number in found), sum(rows))
            if len(self._places) >= _MOST_PLACES:
                self._places = {}
            self._places[term] = places
        return places

    def _parts(self, term: str) -> Iterator[tuple[int, Postings, slice]]:
        """Give the segments that have the term: the segment's first row, the segment, and where its postings are."""
        numbers = self._placed(term).numbers
        for first, segment, number in zip(self._firsts, self._segments, numbers, strict=False):
            if number >= 0:
                yield first, segment, slice(int(segment.starts[number]), int(segment.starts[number + 1]))

    def _find(self, term: str, at: NDArray[np.int64] | None = None) -> Found:
        """Give the rows that have a term.

        :param at: the only rows that matter, ascending; others may be left out.
        """
        kept = self._recent.get(term)
        if kept is not None:
            return kept
        if at is not None and self._placed(term).rows > _COMMON:
            return self._find_among(term, at)
        parts = list(self._parts(term))
        if len(parts) == 1:
            ((first, segment, part),) = parts
            found = Found(segment.rows[part] + np.int64(first), segment.frequencies[part].astype(np.float64))
            return self._remembered(term, found)
        rows = np.concatenate([_NO_ROWS, *(segment.rows[part] for _, segment, part in parts)])
        counts = np.concatenate([_NO_ROWS, *(segment.frequencies[part] for _, segment, part in parts)])
        firsts = np.repeat(
            np.array([first for first, _, _ in parts], np.int64), [p.stop - p.start for _, _, p in parts]
        )
        return self._remembered(term, Found(rows.astype(np.int64) + firsts, counts.astype(np.float64)))

    def _remembered(self, term: str, found: Found) -> Found:
        if len(self._recent) >= _MOST_RECENT:
            self._recent = {}
        self._recent[term] = found
        return found

    def _find_among(self, term: str, at: NDArray[np.int64]) -> Found:
        """Give those of a few rows, ascending, that have a term, without listing all that have it."""
        rows, frequencies = [_NO_ROWS.astype(np.int64)], [_NO_ROWS]
        for first, segment, part in self._parts(term):
            start, end = np.searchsorted(at, (first, first + len(segment))).tolist()
            sought = (at[start:end] - first).astype(np.uint16)
            places, taken = _places(segment.rows[part], sought)
            rows.append(at[start:end][places])
            frequencies.append(segment.frequencies[part][taken])
        return Found(np.concatenate(rows), np.concatenate(frequencies).astype(np.float64))

    def _merge(self, group: SynonymGroup, at: NDArray[np.int64] | None) -> tuple[Found, int]:
        """Give the rows that have any member, of those ``at`` if given, and the number of all of them."""
        weights: dict[str, float] = {}
        for member in group.members:
            weights[member.term] = max(weights.get(member.term, 0.0), member.weight)
        having = np.zeros(len(self), bool)
        frequencies = np.zeros(len(self) if at is None else len(at))
        for term, weight in weights.items():
            found = self._find(term)
            if weight:
                having[found.rows] = True
            if at is None:
                frequencies[found.rows] += weight * found.frequencies
            else:
                places, taken = _places(found.rows, at)
                frequencies[places] += weight * found.frequencies[taken]
        places = np.flatnonzero(frequencies)
        count = self._count_any([term for term, weight in weights.items() if weight], having)
        return Found(places if at is None else at[places], frequencies[places]), count

    def _count_any(self, terms: Sequence[str], having: NDArray[np.bool_]) -> int:  # noqa: ARG002 - for those that see few rows
        """Count the rows that have any of some terms, which are those ``having`` one."""
        return int(np.count_nonzero(having))

    def _summed(self, found: Sequence[Found], factors: Sequence[float], at: NDArray[np.int64] | None) -> LexicalScores:
        """Add up the scores of terms, each with the rows that have it and its factor: rarity times weight."""
        places = [of_term.rows for of_term in found]
        if at is not None:
            cut = [_places(of_term.rows, at) for of_term in found]
            places = [own for own, _ in cut]
            found = [Found(f.rows[taken], f.frequencies[taken]) for f, (_, taken) in zip(found, cut, strict=True)]
        rows = np.concatenate([_NO_ROWS.astype(np.int64), *(of_term.rows for of_term in found)])
        frequencies = np.concatenate([np.empty(0), *(of_term.frequencies for of_term in found)])
        gains = np.repeat(np.array(factors, np.float64), [len(of_term.rows) for of_term in found])
        gains *= saturation(frequencies, self._norms(rows), self._k1)
        # A row's scores are added term after term, as in a loop over the terms.
        every = np.concatenate([np.empty(0, np.intp), *places])
        totals = np.bincount(every, gains, len(self) if at is None else len(at))
        return LexicalScores(totals.astype(np.float32), sum(factor * (self._k1 + 1) for factor in factors))

    def _norms(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return length_norms(self._lengths[rows], self._mean, self._k1, self._b)


def _places(rows: NDArray[Any], at: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the places in ``at`` that have a row of ``rows``, and the places of these in ``rows``; both ascend."""
    if not len(rows):
        return np.empty(0, np.intp), np.empty(0, np.intp)
    near = np.minimum(np.searchsorted(rows, at), len(rows) - 1)
    places = np.flatnonzero(rows[near] == at)
    return places, near[places]
