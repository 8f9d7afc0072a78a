from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.encoding import Encoder
from retrieval.index import LexicalIndex, LexicalScores, SynonymGroup, UnitScores, WeightedTerm
from retrieval.language.dictionary import Translation
from retrieval.language.scripts import has_han
from retrieval.search.analysis import Query
from retrieval.search.indexes import Indexes
from retrieval.search.lexicon import Lexicon
from retrieval.search.neighbours import by_stem, merged, neighbour_scores, related, stemmed, synonym_groups

__all__ = ["CHANNELS", "ChannelScores", "score_channels"]

# Words of one stem, roughly: mediated and mediate.
_STEM = 5
# Known words, the rarest, whose related ones are looked up; each costs about half a millisecond.
_MAX_RELATED = 8
# Names that these languages transcribe may stand for several sounds, most of which nothing has.
_TRANSCRIBING = frozenset(("ko", "ru"))


CHANNELS = ("words", "bigrams", "context", "neighbours", "dense", "names")


@dataclass(frozen=True, slots=True, eq=False)
class ChannelScores:
    """What each way of searching gives to every passage: float32 ``(len(CHANNELS), passages)``, 1 the best thinkable.

    A lexical channel divides by the score of a text that has all of the query's terms, those that the archive lacks
    included. So a channel that cannot see the question's language gives next to nothing, and has no vote. ``units``
    are the dense scores of passages and sentences, ``groups`` the archive's nearest terms for each word of the
    question that it lacks, ``related`` those for each that it has, ``sounds`` the pinyin of the names that the question
    may hold.
    """

    matrix: NDArray[np.float32]
    units: UnitScores
    groups: tuple[SynonymGroup, ...]
    related: tuple[SynonymGroup, ...]
    sounds: frozenset[str]


def score_channels(query: Query, indexes: Indexes, encoder: Encoder, lexicon: Lexicon) -> ChannelScores:
    """Score every passage in every channel."""
    known = [word for word in query.meanings if indexes.words.document_frequency(word) and not query.foreign]
    unknown = [word for word in query.meanings if word not in known]
    translations = _translations(query, unknown, lexicon)
    rest = [word for word in unknown if not _translated(word, translations)]
    # One batch: most of what a question costs is reading the encoder's weights.
    sought = [*(translation.source for translation in translations), *rest]
    familiar = sorted(known, key=indexes.words.document_frequency)[:_MAX_RELATED]
    vectors = encoder.encode_queries([query.text, *sought])
    near = synonym_groups(sought, vectors[1:], indexes.terms, itself=not query.foreign)
    index = indexes.words
    if query.language.startswith("zh") and not any(map(has_han, known)) and not query.foreign:
        # A Chinese question over texts in another script: a dictionary gives base forms, which only stems find.
        index = indexes.bigrams
        translations, near = [by_stem(translation) for translation in translations], [stemmed(group) for group in near]
    groups = [merged(translation, group, index) for translation, group in zip(translations, near, strict=False)] + near[
        len(translations) :
    ]
    units = indexes.dense.score(vectors[0])
    names = _names(query, indexes.names, lexicon)
    matrix = np.stack(
        (
            _share(indexes.words.scores(query.words)),
            _share(indexes.bigrams.scores(query.bigrams)),
            _share(indexes.context.scores(query.words)),
            neighbour_scores(groups, known, index),
            units.best_per_passage(),
            _share(indexes.names.groups_scores(names)),
        )
    )
    sounds = frozenset(member.term for group in names for member in group.members)
    alike = [lexicon.meanings.synonyms(word) for word in familiar] if query.language.startswith("zh") else []
    around = related(familiar, indexes.terms, alike)
    return ChannelScores(matrix, units, tuple(groups), tuple(around), sounds)


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
