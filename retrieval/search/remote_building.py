from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from retrieval.encoding import Encoder
from retrieval.index import Snapshot
from retrieval.index.bm25 import length_norms, saturation
from retrieval.index.milvus import MilvusServer
from retrieval.index.milvus_contents import MilvusContents
from retrieval.index.milvus_passages import MilvusPassages, PassageWeights
from retrieval.index.registry import Registry
from retrieval.index.term_counts import FIELDS, TermCounts, TermVector
from retrieval.search.indexes import SHAPES, passage_terms
from retrieval.search.lexicon import Lexicon
from retrieval.search.neighbours import build_vocabulary
from retrieval.search.remote import RemoteIndexes
from retrieval.types import Passage

__all__ = ["RemoteBuilder"]

_AT_ONCE = 1000


@dataclass(slots=True)
class _Added:
    """What was counted of the passages that were put in: their number by word, and of their vectors."""

    counts: TermCounts
    words: Counter[str]
    units: int = 0


class RemoteBuilder:
    """Puts the passages of one state of an archive into Milvus, all of them or those that an earlier state lacks."""

    def __init__(
        self, snapshot: Snapshot, encoder: Encoder, lexicon: Lexicon, server: MilvusServer, registry: Registry
    ) -> None:
        """Index the contents of ``snapshot``, whose vectors ``encoder`` made; ``registry`` notes what is made."""
        self._snapshot = snapshot
        self._encoder = encoder
        self._lexicon = lexicon
        self._server = server
        self._registry = registry

    def build(self) -> RemoteIndexes:
        """Index everything, under a new name.

        :raises BackendError: if Milvus cannot be asked.
        """
        name = MilvusPassages.new_name()
        self._registry.add(name)
        passages = MilvusPassages(self._server, name)
        passages.create(self._snapshot.dimension)
        added, means = self._add(passages, 0, TermCounts.empty(), None)
        terms = build_vocabulary(added.words.items(), added.counts.passages, self._encoder)
        ids = self._snapshot.all_passage_ids()
        contents = MilvusContents(name, ids, np.empty(0, np.int64), means, added.units)
        return RemoteIndexes(contents, added.counts, terms, self._server, self._snapshot.dimension, self._lexicon)

    def grown(self, earlier: RemoteIndexes) -> RemoteIndexes | None:
        """Add the passages that are new, under the same name; None if the contents are not of the same line.

        Those that are gone stay in Milvus until :meth:`retrieval.search.backends.RemoteBackend.settle` removes them:
        the earlier state is still being searched.

        :raises BackendError: if Milvus cannot be asked.
        """
        had, has = earlier.passage_ids, self._snapshot.all_passage_ids()
        last = int(had[-1]) if len(had) else 0
        kept = np.isin(had, has, assume_unique=True)
        # Ids only grow, and a passage never changes under its id.
        if len(has) != int(kept.sum()) + int((has > last).sum()):
            return None
        passages = earlier.passages
        # What a killed update left has ids that are given anew.
        passages.delete_after(last)
        gone = had[~kept]
        counts = earlier.counts.changed(passages.terms(gone.tolist()), ())
        if counts is None:
            return None
        added, means = self._add(passages, last, counts, earlier.contents.mean_lengths)
        known = {*earlier.terms.terms(), *added.words}
        words = ((word, added.counts.having("words", word)) for word in known)
        present = [(word, count) for word, count in words if count]
        terms = build_vocabulary(present, added.counts.passages, self._encoder, earlier.terms)
        contents = MilvusContents(earlier.contents.name, has, gone, means, self._snapshot.vector_count())
        return RemoteIndexes(contents, added.counts, terms, self._server, self._snapshot.dimension, self._lexicon)

    def _add(
        self, passages: MilvusPassages, after: int, counts: TermCounts, means: NDArray[np.float64] | None
    ) -> tuple[_Added, NDArray[np.float64]]:
        """Put in the passages of higher ids; without ``means`` the first of them tell how long passages are."""
        added = _Added(counts, Counter())
        remaining = self._snapshot.iter_passages(after)
        while some := list(islice(remaining, _AT_ONCE)):
            cut = [passage_terms(passage, self._lexicon.pinyin) for passage in some]
            vectors = [TermVector.of(terms) for terms in cut]
            counted = added.counts.changed((), vectors)
            if counted is None:
                raise AssertionError("what is added cannot lack")
            added.counts = counted
            for terms in cut:
                added.words.update(set(terms["words"]))
            if means is None:
                means = np.mean([vector.lengths for vector in vectors], axis=0)
            weighed = _weighed(some, vectors, means)
            blocks = list(self._snapshot.vectors(some[0].id - 1, some[-1].id))
            passages.insert(weighed, blocks)
            added.units += sum(len(block.passage_ids) for block in blocks)
        if added.units:
            passages.settle()
        return added, np.zeros(len(FIELDS)) if means is None else means


def _weighed(
    passages: Sequence[Passage], vectors: Iterable[TermVector], means: NDArray[np.float64]
) -> Iterator[PassageWeights]:
    for passage, terms in zip(passages, vectors, strict=True):
        weights = np.zeros(len(terms.dimensions), np.float32)
        for number, field in enumerate(FIELDS):
            shape, own = SHAPES[field], terms.fields == number
            norm = length_norms(terms.lengths[number : number + 1], float(means[number]), shape.k1, shape.b)
            weights[own] = saturation(terms.frequencies[own].astype(np.float64), norm, shape.k1)
        yield PassageWeights(passage.id, terms, weights)
