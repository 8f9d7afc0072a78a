from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.encoding import Encoder
from retrieval.index import LexicalScores, SynonymGroup, UnitScores, WeightedTerm
from retrieval.language.dictionary import Translation
from retrieval.search.analysis import Query
from retrieval.search.indexes import Indexes
from retrieval.search.lexicon import Lexicon
from retrieval.search.neighbours import merged, neighbour_scores, synonym_groups

__all__ = ["CHANNELS", "ChannelScores", "score_channels"]

# Words of one stem, roughly: mediated and mediate.
_STEM = 5
# Names in these scripts are no pinyin.
_WITHOUT_PINYIN = frozenset(("ja", "ko", "ru", "ar", "th"))


CHANNELS = ("words", "bigrams", "context", "neighbours", "dense", "names")


@dataclass(frozen=True, slots=True, eq=False)
class ChannelScores:
    """What each way of searching gives to every passage: float32 ``(len(CHANNELS), passages)``, 1 the best thinkable.

    A lexical channel divides by the score of a text that has all of the query's terms, those that the archive lacks
    included. So a channel that cannot see the question's language gives next to nothing, and has no vote. ``units``
    are the dense scores of passages and sentences, ``groups`` the archive's nearest terms for each word of the
    question that it lacks, ``sounds`` the pinyin of the names that the question may hold.
    """

    matrix: NDArray[np.float32]
    units: UnitScores
    groups: tuple[SynonymGroup, ...]
    sounds: frozenset[str]


def score_channels(query: Query, indexes: Indexes, encoder: Encoder, lexicon: Lexicon) -> ChannelScores:
    """Score every passage in every channel."""
    known = [word for word in query.meanings if indexes.words.document_frequency(word) and not query.foreign]
    unknown = [word for word in query.meanings if word not in known]
    translations = _translations(query, unknown, lexicon)
    rest = [word for word in unknown if not _translated(word, translations)]
    # One batch: most of what a question costs is reading the encoder's weights.
    sought = [*(translation.source for translation in translations), *rest]
    vectors = encoder.encode_queries([query.text, *sought])
    near = synonym_groups(sought, vectors[1:], indexes.terms, itself=not query.foreign)
    groups = [
        merged(translation, group, indexes.words) for translation, group in zip(translations, near, strict=False)
    ] + near[len(translations) :]
    units = indexes.dense.score(vectors[0])
    names = _names(query, lexicon)
    matrix = np.stack(
        (
            _share(indexes.words.scores(query.words)),
            _share(indexes.bigrams.scores(query.bigrams)),
            _share(indexes.context.scores(query.words)),
            neighbour_scores(groups, known, indexes.words),
            units.best_per_passage(),
            _share(indexes.names.groups_scores(names)),
        )
    )
    sounds = frozenset(member.term for group in names for member in group.members)
    return ChannelScores(matrix, units, tuple(groups), sounds)


def _translations(query: Query, unknown: Sequence[str], lexicon: Lexicon) -> list[Translation]:
    """Look up an English question's words in the dictionary, but for those that the archive has itself."""
    if query.language != "en" or query.foreign or not unknown:
        return []
    lacking = frozenset(unknown)
    return [t for t in lexicon.dictionary.translate(query.text) if not lacking.isdisjoint(_tokens(t.source, lacking))]


def _tokens(source: str, words: Iterable[str]) -> set[str]:
    """Give those of ``words`` that a dictionary entry's source stands for: it may be their base form."""
    parts = source.lower().split()
    return {word for word in words if any(word[:_STEM] == part[:_STEM] for part in parts)}


def _translated(word: str, translations: Sequence[Translation]) -> bool:
    return any(_tokens(translation.source, (word,)) for translation in translations)


def _names(query: Query, lexicon: Lexicon) -> list[SynonymGroup]:
    """Give the names that a question may hold by their sound; of Chinese ones those that are no known words."""
    if query.foreign or query.language in _WITHOUT_PINYIN:
        return []
    chinese = query.language.startswith("zh")
    return [
        SynonymGroup(tuple(WeightedTerm(term.term, term.weight) for term in translation.terms), translation.weight)
        for translation in lexicon.pinyin.query_terms(query.text)
        if not chinese or translation.weight == 1.0
    ]


def _share(scores: LexicalScores) -> NDArray[np.float32]:
    return scores.scores / np.float32(scores.ideal) if scores.ideal > 0 else scores.scores
