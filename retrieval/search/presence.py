from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from retrieval.search.prepared import PreparedPassage
from retrieval.search.termsets import TermSet

__all__ = ["Presence", "Shares"]

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """Which texts have which terms: row ``characters[term]`` or ``whole[term]`` of ``matrix``, bool (terms, texts).

    The texts are sentences of some passages, those of passage ``i`` from ``starts[i]`` to ``starts[i + 1]``, or whole
    passages.
    """

    starts: tuple[int, ...]
    characters: dict[str, int]
    whole: dict[str, int]
    matrix: NDArray[np.bool_]

    @classmethod
    def of(cls, passages: Sequence[PreparedPassage], characters: Iterable[str], whole: Iterable[str]) -> "Presence":
        """Look for distinct terms, none of them empty, in all sentences of at least one passage.

        :param characters: terms that are looked for as characters.
        :param whole: terms that must be words of a sentence, or their stems.
        """
        as_characters = {term: row for row, term in enumerate(characters)}
        as_whole = {term: row for row, term in enumerate(whole, len(as_characters))}
        starts = tuple(accumulate((len(passage.folded) for passage in passages), initial=0))
        matrix = np.zeros((len(as_characters) + len(as_whole), starts[-1]), bool)
        if as_characters:
            _spot(list(as_characters), passages, matrix)
        if as_whole:
            rows, columns = _having(as_whole, passages, starts)
            matrix[rows, columns] = True
        return cls(starts, as_characters, as_whole, matrix)

    def of_passages(self) -> "Presence":
        """Give which whole passages have the terms."""
        found = np.logical_or.reduceat(self.matrix, self.starts[:-1], axis=1)
        return Presence(self.starts, self.characters, self.whole, found)

    def share(self, terms: TermSet) -> Shares:
        """Give for each text how much it has of the terms, by weight."""
        if not terms.total:
            return np.zeros(self.matrix.shape[1])
        return np.asarray(self._of(terms).sum(axis=0) / terms.total, np.float64)

    def count(self, terms: Sequence[str]) -> Shares:
        """Count for each text the terms, looked for as characters, that it has."""
        return np.asarray(self.matrix[[self.characters[term] for term in terms]].sum(axis=0), np.float64)

    def share_of_groups(self, groups: Sequence[tuple[TermSet, float]]) -> Shares:
        """Give for each text how many of the groups it has a term of, by their weights."""
        total = sum(weight for _, weight in groups)
        if not total:
            return np.zeros(self.matrix.shape[1])
        weights = np.array([weight for _, weight in groups])
        return np.asarray(((self.best(groups) > 0) * weights[:, None]).sum(axis=0) / total, np.float64)

    def best(self, groups: Sequence[tuple[TermSet, float]]) -> Shares:
        """Give for each group and text, ``(groups, texts)``, the highest weight of a term that it has, 0 without."""
        best = np.zeros((len(groups), self.matrix.shape[1]))
        for row, (terms, _) in zip(best, groups, strict=True):
            if terms.characters or terms.whole:
                self._of(terms).max(axis=0, out=row)
        return best

    def _of(self, terms: TermSet) -> Shares:
        """Give for each term and text, ``(terms, texts)``, the term's weight where the text has it."""
        rows = [self.characters[term] for term, _ in terms.characters] + [self.whole[term] for term, _ in terms.whole]
        weights = np.array([weight for _, weight in (*terms.characters, *terms.whole)])
        return np.asarray(self.matrix[rows] * weights[:, None], np.float64)


def _having(
    terms: dict[str, int], passages: Sequence[PreparedPassage], starts: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Give the rows of the terms that are words of passages, and the numbers of the sentences that have them."""
    rows, columns = list[int](), list[int]()
    for first, passage in zip(starts, passages, strict=False):
        for term in terms.keys() & passage.tokens.keys():
            having = passage.tokens[term]
            rows += [terms[term]] * len(having)
            columns += [first + number for number in having]
    return rows, columns


def _spot(terms: Sequence[str], passages: Sequence[PreparedPassage], matrix: NDArray[np.bool_]) -> None:
    """Tell in the first rows of ``matrix`` which sentences have the terms, looked for as characters.

    All places of all texts are compared with all terms at once, one character after the other; the first leaves few.
    """
    text = np.concatenate([passage.codes for passage in passages])
    ends = np.cumsum(np.concatenate([passage.lengths for passage in passages]) + 1)
    # A row of character codes for each term, zeros behind its last.
    spelled = np.array(terms).view(np.uint32).reshape(len(terms), -1)
    begins = np.zeros(max(int(text.max()), int(spelled.max())) + 1, bool)
    begins[spelled[:, 0]] = True
    places = np.flatnonzero(begins[text])
    order = np.argsort(spelled[:, 0], kind="stable")
    firsts, there = spelled[order, 0], text[places]
    low = np.searchsorted(firsts, there)
    counts = np.searchsorted(firsts, there, "right") - low
    # For each place the terms that begin with its character, one after the other.
    rows = order[np.arange(counts.sum()) + np.repeat(low - np.cumsum(counts) + counts, counts)]
    places = np.repeat(places, counts)
    for column in range(1, spelled.shape[1]):
        sought = spelled[rows, column]
        fits = (sought == 0) | (sought == text[np.minimum(places + column, len(text) - 1)])
        places, rows = places[fits], rows[fits]
    matrix[rows, np.searchsorted(ends, places, "right")] = True
