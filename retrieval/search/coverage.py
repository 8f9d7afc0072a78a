from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from retrieval.search.prepared import PAIR_BITS, PreparedPassage, pair_of
from retrieval.search.termsets import TermSet

__all__ = ["Coverage"]

_Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """How much of a question's terms the sentences of some passages have, and the whole passages: shares from 0 to 1.

    ``words`` to ``related`` have a number for each sentence, of all passages one after the other, the ``passage_``
    ones for each passage; the sentences of passage ``i`` are those from ``starts[i]`` to ``starts[i + 1]``.
    """

    starts: tuple[int, ...]
    words: _Shares
    bigrams: _Shares
    neighbours: _Shares
    phrases: _Shares
    related: _Shares
    passage_words: _Shares
    passage_bigrams: _Shares
    passage_phrases: _Shares
    passage_related: _Shares

    @classmethod
    def of(
        cls,
        passages: Sequence[PreparedPassage],
        words: TermSet,
        bigrams: TermSet,
        groups: Sequence[tuple[TermSet, float]],
        related: Sequence[tuple[TermSet, float]],
        phrases: Sequence[str],
    ) -> "Coverage":
        """Look for terms in at least one passage; a phrase is looked for as characters.

        :param groups: terms of which one stands for the whole group, and how much the group counts.
        :param related: the same, each term weighing how well it stands for the group.
        """
        sets = [words, bigrams, *(members for members, _ in chain(groups, related))]
        presence = _Presence.of(
            passages,
            dict.fromkeys([*(term for terms in sets for term, _ in terms.characters), *phrases]),
            dict.fromkeys(term for terms in sets for term, _ in terms.whole),
        )
        whole = presence.of_passages()
        best = [presence.best(members) for members, _ in related]
        weights = _normalised([weight for _, weight in related])
        passage_best = [np.maximum.reduceat(shares, presence.starts[:-1]) for shares in best]
        return cls(
            starts=presence.starts,
            words=presence.share(words),
            bigrams=presence.share(bigrams),
            neighbours=presence.share_of_groups(groups),
            phrases=presence.count(phrases) / max(len(phrases), 1),
            related=_sum(best, weights, presence.starts[-1]),
            passage_words=whole.share(words),
            passage_bigrams=whole.share(bigrams),
            passage_phrases=whole.count(phrases) / max(len(phrases), 1),
            passage_related=_sum(passage_best, weights, len(passages)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Presence:
    """Which texts have which terms: row ``characters[term]`` or ``whole[term]`` of ``matrix``, bool (terms, texts)."""

    starts: tuple[int, ...]
    characters: dict[str, int]
    whole: dict[str, int]
    matrix: NDArray[np.bool_]

    @classmethod
    def of(cls, passages: Sequence[PreparedPassage], characters: Iterable[str], whole: Iterable[str]) -> "_Presence":
        """Look for distinct terms in all sentences of passages."""
        as_characters = {term: row for row, term in enumerate(characters)}
        as_whole = {term: row for row, term in enumerate(whole, len(as_characters))}
        starts = tuple(accumulate((len(passage.folded) for passage in passages), initial=0))
        # The first two characters of a term tell nearly all passages without it.
        terms = list(as_characters)
        pairs = np.array([pair_of(term) for term in terms], np.uint64)
        # Of a single character whatever follows it.
        shifts = np.array([PAIR_BITS if len(term) < 2 else 0 for term in terms], np.uint64)
        rows: list[int] = []
        columns: list[int] = []
        for first, passage in zip(starts, passages, strict=False):
            places = np.minimum(np.searchsorted(passage.pairs, pairs), len(passage.pairs) - 1)
            for row in np.flatnonzero(passage.pairs[places] >> shifts == pairs >> shifts).tolist():
                term = terms[row]
                found = [column for column, sentence in enumerate(passage.folded, first) if term in sentence]
                columns += found
                rows += [row] * len(found)
            for term, row in as_whole.items():
                having = passage.tokens.get(term, ())
                columns += [first + number for number in having]
                rows += [row] * len(having)
        matrix = np.zeros((len(as_characters) + len(as_whole), starts[-1]), bool)
        matrix[rows, columns] = True
        return cls(starts, as_characters, as_whole, matrix)

    def of_passages(self) -> "_Presence":
        """Give which whole passages have the terms."""
        found = np.logical_or.reduceat(self.matrix, self.starts[:-1], axis=1)
        return _Presence(self.starts, self.characters, self.whole, found)

    def share(self, terms: TermSet) -> _Shares:
        """Give for each text how much it has of the terms, by weight."""
        rows = [self.characters[term] for term, _ in terms.characters], [self.whole[term] for term, _ in terms.whole]
        texts = self.matrix.shape[1]
        if not terms.total:
            return np.zeros(texts)
        found = _sum(self.matrix[rows[0]], [weight for _, weight in terms.characters], texts)
        return (found + _sum(self.matrix[rows[1]], [weight for _, weight in terms.whole], texts)) / terms.total

    def count(self, terms: Sequence[str]) -> _Shares:
        """Count for each text the terms, looked for as characters, that it has."""
        return np.asarray(self.matrix[[self.characters[term] for term in terms]].sum(axis=0), np.float64)

    def share_of_groups(self, groups: Sequence[tuple[TermSet, float]]) -> _Shares:
        """Give for each text how many of the groups it has a term of, by their weights."""
        texts, total = self.matrix.shape[1], sum(weight for _, weight in groups)
        if not total:
            return np.zeros(texts)
        return _sum([self.best(members) > 0 for members, _ in groups], [weight for _, weight in groups], texts) / total

    def best(self, terms: TermSet) -> _Shares:
        """Give for each text the highest weight of a term that it has, 0 if it has none."""
        rows = [self.characters[term] for term, _ in terms.characters] + [self.whole[term] for term, _ in terms.whole]
        weights = np.array([weight for _, weight in (*terms.characters, *terms.whole)])
        if not rows:
            return np.zeros(self.matrix.shape[1])
        return np.asarray((self.matrix[rows] * weights[:, None]).max(axis=0), np.float64)


def _normalised(weights: Sequence[float]) -> list[float]:
    total = sum(weights)
    return [weight / total for weight in weights] if total else [0.0] * len(weights)


def _sum(rows: Sequence[NDArray[np.generic]] | NDArray[np.bool_], weights: Sequence[float], texts: int) -> _Shares:
    """Add up rows, bool or float, by their weights: one after the other, so that a text's place changes nothing."""
    total = np.zeros(texts)
    for row, weight in zip(rows, weights, strict=True):
        total += row * weight
    return total
