from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.encoding import Encoder
from retrieval.index import LexicalIndex, LexicalScores, Snapshot, SynonymGroup, UnitScores, WeightedTerm
from retrieval.language.dictionary import Translation
from retrieval.language.scripts import has_han
from retrieval.search.analysis import Query
from retrieval.search.lexicon import Lexicon
from retrieval.search.neighbours import by_stem, merged, neighbour_scores, related, stemmed, synonym_groups
from retrieval.search.pooling import NEAREST, Lookup
from retrieval.search.protocol import Lexical, SearchIndexes

__all__ = ["CHANNELS", "CHANNEL_WEIGHTS", "ChannelScores", "Channels"]

# Words of one stem, roughly: mediated and mediate.
_STEM = 5
# Known words, the rarest, whose related ones are looked up; each costs about half a millisecond.
_MAX_RELATED = 8
# So many times the passages that are wanted get their exact scores for all terms.
_POOLED = 8
# Names that these languages transcribe may stand for several sounds, most of which nothing has.
_TRANSCRIBING = frozenset(("ko", "ru"))


CHANNELS = ("words", "bigrams", "context", "neighbours", "dense", "names")
"""The ways of searching, in the order of all their scores."""

CHANNEL_WEIGHTS = np.array([0.2, 0.35, 0.15, 0.2, 0.3, 0.1], np.float32)
"""How much each channel counts in choosing the candidates that the ranking looks at sentence by sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class ChannelScores:
    """What each way of searching gives to passages: float32 ``(len(CHANNELS), passages)``, 1 the best thinkable.

    A lexical channel divides by the score of a text that has all of the query's terms, those that the archive lacks
    included. So a channel that cannot see the question's language gives next to nothing, and has no vote. ``rows`` are
    the passages' rows in the indexes, ascending, ``units`` the dense scores of passages and sentences, ``fused`` is
    float32 ``(passages,)``: the channels' sum by their weights.
    """

    rows: NDArray[np.int64]
    matrix: NDArray[np.float32]
    units: UnitScores
    fused: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """A query as each way of searching asks it.

    ``groups`` are the archive's nearest terms for each word of the question that it lacks, ``related`` those for each
    that it has, ``sounds`` the pinyin of the names that the question may hold. ``neighbours`` is the field in which the
    members of ``groups`` are looked for.
    """

    query: Query
    indexes: SearchIndexes
    vector: NDArray[np.float32]
    known: tuple[str, ...]
    groups: tuple[SynonymGroup, ...]
    neighbours: str
    names: tuple[SynonymGroup, ...]
    related: tuple[SynonymGroup, ...]
    weights: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        query: Query,
        indexes: SearchIndexes,
        encoder: Encoder,
        lexicon: Lexicon,
        weights: NDArray[np.float32] = CHANNEL_WEIGHTS,
    ) -> "Channels":
        """Look up what the query's words mean, and encode it.

        :param weights: how much each channel counts in choosing candidates.
        """
        known = [word for word in query.meanings if indexes.words.document_frequency(word) and not query.foreign]
        unknown = [word for word in query.meanings if word not in known]
        translations = _translations(query, unknown, lexicon)
        rest = [word for word in unknown if not _translated(word, translations)]
        # One batch: most of what a question costs is reading the encoder's weights.
        sought = [*(translation.source for translation in translations), *rest]
        familiar = sorted(known, key=indexes.words.document_frequency)[:_MAX_RELATED]
        vectors = encoder.encode_queries([query.text, *sought])
        near = synonym_groups(sought, vectors[1:], indexes.terms, itself=not query.foreign)
        index, field = indexes.words, "words"
        if query.language.startswith("zh") and not any(map(has_han, known)) and not query.foreign:
            # A Chinese question over texts in another script: a dictionary gives base forms, which only stems find.
            index, field = indexes.bigrams, "bigrams"
            translations, near = [by_stem(translation) for translation in translations], [stemmed(g) for g in near]
        groups = [
            merged(translation, group, index) for translation, group in zip(translations, near, strict=False)
        ] + near[len(translations) :]
        alike = [lexicon.meanings.synonyms(word) for word in familiar] if query.language.startswith("zh") else []
        return cls(
            query=query,
            indexes=indexes,
            vector=vectors[0],
            known=tuple(known),
            groups=tuple(groups),
            neighbours=field,
            names=tuple(_names(query, indexes.names, lexicon)),
            related=tuple(related(familiar, indexes.terms, alike)),
            weights=weights,
        )

    @property
    def sounds(self) -> frozenset[str]:
        """The pinyin of the names that the question may hold."""
        return frozenset(member.term for group in self.names for member in group.members)

    def scores(self, snapshot: Snapshot, rows: NDArray[np.int64] | None = None) -> ChannelScores:
        """Score the passages of some rows, ascending, in every channel, or every passage.

        :param snapshot: the contents that the indexes were made from.
        """
        units = self.indexes.dense.score(self.vector, snapshot, rows)
        matrix = np.stack(self._lexical(self.indexes.among(snapshot, rows), units.best_per_passage()))
        every = np.arange(len(self.indexes.passage_ids)) if rows is None else rows
        return ChannelScores(every, matrix, units, np.asarray(self.weights @ matrix, np.float32))

    def pool(self, snapshot: Snapshot, count: int, passing: NDArray[np.bool_] | None) -> NDArray[np.int64]:
        """Give the rows, ascending, of ``count`` passages of a large archive that the channels put first, or nearly.

        :param snapshot: the contents that the indexes were made from.
        :param passing: which rows may be given; None for all.
        """
        weight = dict(zip(CHANNELS, self.weights.tolist(), strict=True))
        indexes, query = self.indexes, self.query
        neighbours = indexes.words if self.neighbours == "words" else indexes.bigrams
        lookups = [
            Lookup("words", indexes.words, query.words, weight["words"]),
            Lookup("bigrams", indexes.bigrams, query.bigrams, weight["bigrams"]),
            Lookup("context", indexes.context, query.words, weight["context"]),
            Lookup(self.neighbours, neighbours, _members(self.groups), weight["neighbours"]),
            Lookup("names", indexes.names, _members(self.names), weight["names"]),
        ]
        found = indexes.best_rows(lookups, _POOLED * count, passing)
        near = indexes.dense.nearest(self.vector, max(NEAREST, count), passing)
        rows = np.union1d(found, near.rows)
        # Whatever was not found is no nearer than the last that was.
        dense = np.full(len(rows), near.scores[-1] if len(near.scores) else 0.0, np.float32)
        dense[np.searchsorted(rows, near.rows)] = near.scores
        sums = indexes.sums(lookups, rows)
        if sums is None:
            fused = self.weights @ np.stack(self._lexical(indexes.among(snapshot, rows), dense))
        else:
            fused = sums + np.float32(weight["dense"]) * dense
        return np.sort(rows[np.argsort(-fused, kind="stable")[:count]])

    def _lexical(self, lexical: Lexical, dense: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Give all channels of some rows, in their order, ``dense`` in its place."""
        query, at = self.query, lexical.at
        return (
            _share(lexical.words.scores(query.words, at)),
            _share(lexical.bigrams.scores(query.bigrams, at)),
            _share(lexical.context.scores(query.words, at)),
            neighbour_scores(self.groups, self.known, lexical.of_field(self.neighbours), at),
            dense,
            _share(lexical.names.groups_scores(self.names, at)),
        )


def _members(groups: Iterable[SynonymGroup]) -> list[WeightedTerm]:
    return [WeightedTerm(m.term, m.weight * group.weight) for group in groups for m in group.members]


def _translations(query: Query, unknown: Sequence[str], lexicon: Lexicon) -> list[Translation]:
    """Look up the words that the archive lacks: English ones in Chinese, Chinese ones by their meaning."""
    if query.glossed:
        return [lexicon.meanings.back_and_forth(word) for word in unknown]
    if query.foreign or not unknown:
        return []
    if query.language.startswith("zh"):
        meant = [lexicon.meanings.translate(word) for word in unknown]
        return [translation for translation in meant if translation.terms]
    if query.language != "en":
        return []
    lacking = frozenset(unknown)
    return [t for t in lexicon.dictionary.translate(query.text) if not lacking.isdisjoint(_tokens(t.source, lacking))]


def _tokens(source: str, words: Iterable[str]) -> set[str]:
    """Give those of ``words`` that a dictionary entry's source stands for: it may be their base form."""
    parts = source.lower().split()
    return {word for word in words if any(word[:_STEM] == part[:_STEM] for part in parts)}


def _translated(word: str, translations: Sequence[Translation]) -> bool:
    return any(_tokens(translation.source, (word,)) for translation in translations)


def _names(query: Query, index: LexicalIndex, lexicon: Lexicon) -> list[SynonymGroup]:
    """Give the names that a question may hold by their sound; of Chinese ones those that are no known words."""
    if query.foreign:
        return []
    found = [
        SynonymGroup(tuple(WeightedTerm(term.term, term.weight) for term in translation.terms), translation.weight)
        for translation in lexicon.pinyin.query_terms(query.text)
    ]
    if query.language.startswith("zh"):
        return [group for group in found if group.weight == 1.0]
    if query.language in _TRANSCRIBING:
        return [group for group in found if any(index.document_frequency(member.term) for member in group.members)]
    return found


def _share(scores: LexicalScores) -> NDArray[np.float32]:
    return scores.scores / np.float32(scores.ideal) if scores.ideal > 0 else scores.scores
