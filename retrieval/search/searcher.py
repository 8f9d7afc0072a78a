from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from retrieval.encoding import Encoder
from retrieval.index import Snapshot, SynonymGroup
from retrieval.search.analysis import Query
from retrieval.search.candidates import Candidate
from retrieval.search.channels import CHANNEL_WEIGHTS, CHANNELS, Channels, ChannelScores
from retrieval.search.expectation import Furniture
from retrieval.search.features import ASKED_FURNITURE, sentence_features
from retrieval.search.filtering import RowFilter
from retrieval.search.lexicon import Lexicon
from retrieval.search.prepared import PreparedPassage, PreparedPassages
from retrieval.search.protocol import SearchIndexes
from retrieval.search.question_terms import QuestionTerms
from retrieval.search.ranking import Ranker, load_ranker
from retrieval.search.setting import Setting
from retrieval.search.word_vectors import WordVectors
from retrieval.types import ChannelScore, Filters, Hit, Passage

__all__ = ["Findings", "Searcher", "to_hits"]

_CANDIDATES = 24
# A question about the page itself is answered from the pages and articles of this many best candidates.
_PAGES = 4


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found: the candidates, best first, and the question's terms as the archive weighs them.

    ``translations`` are the archive's words that stand for those of the question that it lacks, a group for each,
    ``vectors`` those of words.
    """

    query: Query
    terms: QuestionTerms
    translations: tuple[SynonymGroup, ...]
    candidates: tuple[Candidate, ...]
    vectors: WordVectors | None = None

    def share(self, candidate: Candidate) -> float:
        """Give the probability, 0 to 1, that this candidate's best sentence answers, if any candidate's does.

        The ranking is a softmax over all candidates' sentences, so this is its own estimate.
        """
        return self.shares((candidate,))[0]

    def shares(self, candidates: Sequence[Candidate]) -> list[float]:
        """Give the probability of each of some candidates, as :meth:`share` does."""
        every = np.concatenate([other.scores for other in self.candidates]).astype(np.float64)
        highest = every.max()
        total = np.exp(every - highest).sum()
        return [float(np.exp(candidate.score - highest) / total) for candidate in candidates]


@dataclass(frozen=True, slots=True)
class Searcher:
    """Ranks the passages of one state of an archive."""

    indexes: SearchIndexes
    encoder: Encoder
    lexicon: Lexicon
    row_filter: RowFilter = field(default_factory=RowFilter)
    prepared: PreparedPassages = field(default_factory=PreparedPassages)
    channel_weights: NDArray[np.float32] = field(default_factory=lambda: CHANNEL_WEIGHTS)

    def search(self, query: Query, snapshot: Snapshot, top: int, filters: Filters | None = None) -> list[Hit]:
        """Find the ``top`` best passages, best first; ties go by passage id.

        :param snapshot: the store's contents that the indexes were built from.
        """
        found = self.find(query, snapshot, max(top, _CANDIDATES), filters=filters)
        return to_hits(found, top, snapshot)

    def find(
        self,
        query: Query,
        snapshot: Snapshot,
        count: int = _CANDIDATES,
        ranker: Ranker | None = None,
        filters: Filters | None = None,
        within: Collection[int] | None = None,
    ) -> Findings:
        """Choose ``count`` candidates by their channels and rank them by their sentences; none if no passage passes.

        :param ranker: the ranking to use in place of the one that comes with the package.
        :param filters: which passages to look at; None for all.
        :param within: the ids of the passages to look at; None for all.
        """
        passage_ids = self.indexes.passage_ids
        passing: NDArray[np.bool_] | None = None
        if filters:
            passing = self.row_filter.mask(filters, snapshot, passage_ids, self.lexicon.pinyin)
        if within is not None:
            inside = np.isin(passage_ids, np.fromiter(within, np.int64))
            passing = inside if passing is None else inside & passing
        channels = Channels.of(query, self.indexes, self.encoder, self.lexicon, self.channel_weights)
        pooled: NDArray[np.int64] | None = None
        if not self.indexes.dense.is_exact:
            # A few passages are scored one and all: in the clusters that are looked into there may be none of them.
            named = passing if within is not None else None
            pooled = channels.pool(snapshot, 2 * count, passing) if named is None else np.flatnonzero(named)
        scores = channels.scores(snapshot, pooled)
        rows = [int(scores.rows[n]) for n in _best(scores.fused, count, passing if pooled is None else None)]
        prepared = self.prepared.get([int(passage_ids[row]) for row in rows], snapshot)
        passages = dict(zip(rows, prepared, strict=True))
        if query.furniture is not Furniture.NONE:
            page = self._furniture(query.furniture, [passages[row].passage for row in rows[:_PAGES]], snapshot)
            passages.update((row, passage) for row, passage in page.items() if passing is None or passing[row])
            if pooled is not None:
                scores = channels.scores(snapshot, np.array(sorted(passages), np.int64))
        terms = QuestionTerms.of(query, self.indexes.words, self.indexes.bigrams, channels.groups, channels.related)
        candidates = self._rank(terms, passages, scores, channels.sounds, ranker or load_ranker())
        vectors = WordVectors(self.indexes.terms, self.encoder)
        return Findings(query, terms, channels.groups, tuple(candidates), vectors)

    def _rank(
        self,
        terms: QuestionTerms,
        passages: dict[int, PreparedPassage],
        channels: ChannelScores,
        sounds: frozenset[str],
        ranker: Ranker,
    ) -> list[Candidate]:
        if not passages:
            return []
        places = np.searchsorted(channels.rows, list(passages))
        prepared = list(passages.values())
        sums: list[float] = channels.fused[places].tolist()
        scored = [(one.passage, total) for one, total in zip(prepared, sums, strict=True)]
        setting = Setting.of(terms, scored, lambda place: self._sounds_like(place, sounds))
        matrix = channels.matrix[:, places]
        units = [channels.units.of_passage(one.passage.id) for one in prepared]
        described = sentence_features(terms, setting, prepared, matrix, units)
        scored_sentences = ranker.scores(described, terms.known_share)
        candidates = [
            Candidate(
                passage=one.passage,
                sentences=one.sentences,
                channels=tuple(scores),
                fused=total,
                features=features,
                scores=own,
            )
            for one, scores, total, features, own in zip(
                prepared, matrix.T.tolist(), sums, described, scored_sentences, strict=True
            )
        ]
        candidates.sort(key=lambda candidate: (-candidate.score, candidate.passage.id))
        return candidates

    def _sounds_like(self, place: str, sounds: frozenset[str]) -> bool:
        """Tell whether a question names a place by its sound: in pinyin, or with other characters."""
        return bool(sounds) and not sounds.isdisjoint(self.lexicon.pinyin.name_terms(place))

    def _furniture(self, asked: Furniture, best: Iterable[Passage], snapshot: Snapshot) -> dict[int, PreparedPassage]:
        """Give the blocks of the asked kind that belong to the best candidates' documents."""
        passage_ids = [
            passage_id
            for document_id in dict.fromkeys(passage.document_id for passage in best)
            for passage_id in snapshot.passage_ids(document_id, ASKED_FURNITURE[asked])
        ]
        rows = np.searchsorted(self.indexes.passage_ids, passage_ids).tolist()
        return dict(zip(rows, self.prepared.get(passage_ids, snapshot), strict=True))


def to_hits(found: Findings, top: int, snapshot: Snapshot) -> list[Hit]:
    """Give the ``top`` best candidates as callers of the library see them."""
    best = found.candidates[:top]
    if not best:
        return []
    sources = snapshot.sources([candidate.passage.document_id for candidate in best])
    return [
        Hit(
            passage=candidate.passage,
            source=source,
            score=share,
            channels=tuple(ChannelScore(name, score) for name, score in zip(CHANNELS, candidate.channels, strict=True)),
        )
        for candidate, source, share in zip(best, sources, found.shares(best), strict=True)
    ]


def _best(scores: NDArray[np.float32], count: int, passing: NDArray[np.bool_] | None) -> NDArray[np.intp]:
    """Give the rows of the ``count`` best scores among those that pass, best first, equals in row order."""
    rows = np.arange(len(scores)) if passing is None else np.flatnonzero(passing)
    if count < len(rows):
        allowed = scores[rows]
        threshold = np.partition(allowed, len(rows) - count)[len(rows) - count]
        rows = rows[allowed >= threshold]
    return rows[np.argsort(-scores[rows], kind="stable")][:count]
