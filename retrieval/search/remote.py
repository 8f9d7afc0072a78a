"""Indexes whose passages are found by Milvus, and scored here."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.index import Saveable, Snapshot, TermVectors
from retrieval.index.counted import CountedIndex, TermTexts
from retrieval.index.milvus import MilvusServer
from retrieval.index.milvus_contents import MilvusContents
from retrieval.index.milvus_passages import MilvusPassages, passing_condition
from retrieval.index.milvus_vectors import MilvusVectors, rows_of
from retrieval.index.term_counts import TermCounts, TermVector, dimension_of
from retrieval.search.indexes import SHAPES, passage_terms
from retrieval.search.lexicon import Lexicon
from retrieval.search.pooling import Lookup
from retrieval.search.protocol import Lexical

__all__ = ["RemoteIndexes"]

_CONTENTS = "contents"
_COUNTS = "counts"
_TERMS = "terms"
# Passages whose terms are kept for the next question, some 10 KB each.
_MOST_KEPT = 2048


class RemoteIndexes:
    """The indexes over one state of an archive whose passages are in Milvus.

    Milvus proposes: by the vectors, and by the terms with the rarities that are kept here. What it proposes is scored
    from the store's vectors and texts, as in an archive that is searched here, so that what Milvus holds of other
    states, or lacks, changes no score.
    """

    def __init__(
        self,
        contents: MilvusContents,
        counts: TermCounts,
        terms: TermVectors,
        server: MilvusServer,
        dimension: int,
        lexicon: Lexicon,
    ) -> None:
        """Search what ``server`` has of ``contents``; ``counts`` and ``terms`` are those of its passages."""
        self.contents = contents
        self.counts = counts
        self.terms = terms
        self.passage_ids = contents.passage_ids
        self.passages = MilvusPassages(server, contents.name)
        self.dense = MilvusVectors(self.passages, contents.passage_ids, dimension, contents.units)
        self._lexicon = lexicon
        self._keeping = threading.Lock()
        self._kept: dict[int, TermVector] = {}
        nothing = TermTexts([])
        self.words = self._index("words", nothing)
        self.bigrams = self._index("bigrams", nothing)
        self.context = self._index("context", nothing)
        self.names = self._index("names", nothing)

    @classmethod
    def load(cls, folder: Path, server: MilvusServer, dimension: int, lexicon: Lexicon) -> "RemoteIndexes":
        """Open saved indexes.

        :raises ArchiveDamagedError: if files are missing or damaged; build the indexes again.
        """
        contents, counts = MilvusContents.load(folder / _CONTENTS), TermCounts.load(folder / _COUNTS)
        return cls(contents, counts, TermVectors.load(folder / _TERMS), server, dimension, lexicon)

    def parts(self) -> dict[str, Saveable]:
        """Give what is saved, by the names under which it is."""
        return {_CONTENTS: self.contents, _COUNTS: self.counts, _TERMS: self.terms}

    def best_rows(self, lookups: Sequence[Lookup], count: int, passing: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """Give up to ``count`` rows, ascending, that the terms of ``lookups`` put highest.

        :raises BackendError: if Milvus cannot be asked.
        """
        if passing is not None and not passing.any():
            return np.empty(0, np.int64)
        condition = passing_condition(self.passage_ids, passing)
        found = self.passages.nearest_terms(_to_vector(lookups), count, condition)
        rows = rows_of(self.passage_ids, [passage_id for passage_id, _ in found])
        return np.unique(rows[rows >= 0])

    def sums(self, lookups: Sequence[Lookup], rows: NDArray[np.int64]) -> NDArray[np.float32] | None:
        """Give the lookups' scores of rows, by their weights and summed up.

        :raises BackendError: if Milvus cannot be asked.
        """
        ids = self.passage_ids[rows].tolist()
        scores = self.passages.score_terms(_to_vector(lookups), ids)
        return np.array([scores.get(passage_id, 0.0) for passage_id in ids], np.float32)

    def among(self, snapshot: Snapshot, rows: NDArray[np.int64] | None) -> Lexical:
        """Give the indexes that score passages of some rows, ascending, or of all, from their texts."""
        ids = (self.passage_ids if rows is None else self.passage_ids[rows]).tolist()
        texts = TermTexts([self._terms_of(passage_id, snapshot) for passage_id in ids])
        return Lexical(
            words=self._index("words", texts),
            bigrams=self._index("bigrams", texts),
            context=self._index("context", texts),
            names=self._index("names", texts),
            at=None,
        )

    def _index(self, field: str, texts: TermTexts) -> CountedIndex:
        return CountedIndex(self.counts, field, texts, k1=SHAPES[field].k1, b=SHAPES[field].b)

    def _terms_of(self, passage_id: int, snapshot: Snapshot) -> TermVector:
        kept = self._kept.get(passage_id)
        if kept is not None:
            return kept
        terms = TermVector.of(passage_terms(snapshot.passage(passage_id), self._lexicon.pinyin))
        with self._keeping:
            if len(self._kept) >= _MOST_KEPT:
                self._kept = {}
            self._kept[passage_id] = terms
        return terms


def _to_vector(lookups: Sequence[Lookup]) -> dict[int, float]:
    """Give what each term counts: its share of the most that its lookup's terms can reach, by the lookup's weight."""
    vector: dict[int, float] = {}
    for lookup in lookups:
        ideal = sum(term.weight * lookup.index.most(term.term) for term in lookup.terms)
        for term in lookup.terms:
            if ideal and term.weight and lookup.index.document_frequency(term.term):
                dimension = dimension_of(lookup.field, term.term)
                share = lookup.weight * term.weight * lookup.index.rarity(term.term) / ideal
                vector[dimension] = vector.get(dimension, 0.0) + share
    return vector
