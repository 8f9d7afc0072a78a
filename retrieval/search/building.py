from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.encoding import Encoder
from retrieval.index import (
    ClusteredIndex,
    ClusteredVectors,
    Codebook,
    LexicalIndex,
    Segment,
    Snapshot,
    TermVectors,
    segment_rows,
    settled,
)
from retrieval.language.pinyin import Pinyin
from retrieval.search.indexes import Indexes, make_segment, segment_vectors, words_of
from retrieval.search.neighbours import build_vocabulary, changed_vocabulary
from retrieval.search.pooling import NEAREST

__all__ = ["EXACT_UNITS", "IndexBuilder"]

# Up to so many vectors all are looked at, in 25 ms and 100 MB; an archive that shrinks goes back at half of them.
EXACT_UNITS = 50_000
_QUESTIONS = 200
_WANTED = 10
# The nearest words are looked up among the commonest, which are chosen anew when a large archive has changed so much.
_CHANGED_SHARE = 0.02


class IndexBuilder:
    """Makes the indexes of one state of an archive, from its contents or from the indexes of another state."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, pinyin: Pinyin, workshop: Path | None = None) -> None:
        """Index the contents of ``snapshot``, whose vectors ``encoder`` made.

        :param workshop: a folder that takes finished segments, so that memory holds one of them at a time.
        """
        self._snapshot = snapshot
        self._encoder = encoder
        self._pinyin = pinyin
        self._workshop = workshop

    def build(self) -> Indexes:
        """Index everything."""
        codebook = self._codebook(None, self._snapshot.vector_count())
        segments = list(self._new_segments(0, self._snapshot.passage_count(), codebook))
        codebook = self._measured(segments, codebook) if codebook is not None else None
        return self._over(segments, codebook, self._vocabulary(words_of(segments), None))

    def grown(self, earlier: Indexes) -> Indexes | None:
        """Change indexes as far as the contents have changed; None if they are not of the same line."""
        had, has = earlier.passage_ids, self._snapshot.all_passage_ids()
        last = int(had[-1]) if len(had) else 0
        kept = np.isin(had, has, assume_unique=True)
        # Ids only grow, and a passage never changes under its id.
        if len(has) != int(kept.sum()) + int((has > last).sum()):
            return None
        left = _left(earlier.segments, kept)
        segments = settled([*left, *self._new_segments(last, len(has), earlier.codebook)], len(has))
        terms = self._grown_vocabulary(earlier, segments)
        units = sum(segment.vectors.units for segment in segments)
        codebook = self._codebook(earlier.codebook, units)
        if codebook is not earlier.codebook:
            segments = [self._kept(self._with_vectors(segment, codebook)) for segment in segments]
            codebook = self._measured(segments, codebook) if codebook is not None else None
        return self._over(segments, codebook, terms)

    def _over(self, segments: Sequence[Segment], codebook: Codebook | None, terms: TermVectors) -> Indexes:
        return Indexes.over(segments, codebook, terms, self._snapshot.dimension)

    def _codebook(self, earlier: Codebook | None, units: int) -> Codebook | None:
        """Choose how vectors are searched: None is exactly."""
        if units <= (EXACT_UNITS if earlier is None else EXACT_UNITS // 2):
            return None
        if earlier is not None and earlier.fits(units):
            return earlier
        return Codebook.train(self._snapshot.vector_sample(Codebook.samples(units)).vectors, units)

    def _new_segments(self, after: int, total: int, codebook: Codebook | None) -> Iterator[Segment]:
        passages = self._snapshot.iter_passages(after)
        while some := list(islice(passages, segment_rows(total))):
            yield self._kept(make_segment(some, self._snapshot, codebook, self._pinyin))

    def _with_vectors(self, segment: Segment, codebook: Codebook | None) -> Segment:
        return segment.with_vectors(segment_vectors(segment.passage_ids, self._snapshot, codebook))

    def _kept(self, segment: Segment) -> Segment:
        """Put a large segment onto the disk, from where it is mapped."""
        if self._workshop is None or len(segment) < segment_rows(0):
            return segment
        folder = self._workshop / str(int(segment.passage_ids[0]))
        try:
            folder.mkdir()
            segment.save(folder)
        except OSError:
            # On a full or read-only disk it stays in memory.
            return segment
        codebook = segment.vectors.codebook if isinstance(segment.vectors, ClusteredVectors) else None
        return Segment.load(folder, codebook)

    def _measured(self, segments: Sequence[Segment], codebook: Codebook) -> Codebook:
        """Find out how many clusters a search has to look into, with the archive's own sentences as questions."""
        asked = self._snapshot.vector_sample(_QUESTIONS)
        ids = np.concatenate([segment.passage_ids for segment in segments])
        vectors = [segment.vectors for segment in segments if isinstance(segment.vectors, ClusteredVectors)]

        def found(tried: Codebook) -> list[NDArray[np.int64]]:
            index = ClusteredIndex(vectors, ids, tried)
            return [ids[index.nearest(vector, NEAREST).rows] for vector in asked.vectors]

        return codebook.measured(found, self._nearest(asked.vectors, asked.passage_ids))

    def _nearest(self, queries: NDArray[np.float32], own: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Look at all passages for the ten nearest to each query, leaving out the one that it is of; give their ids."""
        # A passage at the edge of two blocks may come twice, and its own is left out.
        most = _WANTED + 4
        ids = np.zeros((len(queries), most), np.int64)
        scores = np.full((len(queries), most), -np.inf, np.float32)
        for block in self._snapshot.vectors():
            there, starts = np.unique(block.passage_ids, return_index=True)
            best = np.maximum.reduceat(queries @ block.vectors.T, starts, axis=1)
            both = np.concatenate([scores, best], axis=1)
            names = np.concatenate([ids, np.broadcast_to(there, best.shape)], axis=1)
            order = np.argsort(-both, axis=1, kind="stable")[:, :most]
            scores, ids = np.take_along_axis(both, order, 1), np.take_along_axis(names, order, 1)
        return [
            np.array(list(dict.fromkeys(n for n in row.tolist() if n and n != mine))[:_WANTED], np.int64)
            for row, mine in zip(ids, own.tolist(), strict=True)
        ]

    def _vocabulary(self, words: LexicalIndex, earlier: TermVectors | None) -> TermVectors:
        return build_vocabulary(words.document_frequencies(), len(words), self._encoder, earlier)

    def _grown_vocabulary(self, earlier: Indexes, segments: Sequence[Segment]) -> TermVectors:
        """Give the words with vectors: those of before, but for words that are gone or new, while these are few."""
        words, before = words_of(segments), earlier.terms.passages
        if before and abs(len(words) - before) > _CHANGED_SHARE * before:
            return self._vocabulary(words, earlier.terms)
        had, has = ({id(segment) for segment in some} for some in (earlier.segments, segments))
        removed = [segment.postings["words"] for segment in earlier.segments if id(segment) not in has]
        added = [segment.postings["words"] for segment in segments if id(segment) not in had]
        gone = {word for postings in removed for word in postings.terms_beyond(added)}
        new = {word for postings in added for word in postings.terms_beyond(removed)}
        changed = changed_vocabulary(
            earlier.terms,
            {word for word in gone if not words.document_frequency(word)},
            {word for word in new if not earlier.words.document_frequency(word)},
            self._encoder,
        )
        return changed if changed is not None else self._vocabulary(words, earlier.terms)


def _left(segments: Iterable[Segment], kept: NDArray[np.bool_]) -> list[Segment]:
    """Give segments without the rows that are not ``kept``."""
    left, first = [], 0
    for segment in segments:
        own = kept[first : first + len(segment)]
        first += len(segment)
        if own.all():
            left.append(segment)
        elif own.any():
            left.append(segment.without_rows(own))
    return left
