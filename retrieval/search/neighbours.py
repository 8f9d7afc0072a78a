"""The channel for words that the archive does not have: by the archive's own words of nearest meaning."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from retrieval.encoding import Encoder, Vectors
from retrieval.index import LexicalIndex, SynonymGroup, TermVectors, WeightedTerm
from retrieval.language.dictionary import Translation, WeightedTranslation
from retrieval.language.tokens import stem

__all__ = [
    "build_vocabulary",
    "by_stem",
    "changed_vocabulary",
    "merged",
    "neighbour_scores",
    "related",
    "stemmed",
    "synonym_groups",
]

# The words with vectors of their own: the commonest, when an archive has more.
_MAX_TERMS = 50_000
# Fitted on the even questions of XQuAD zh/en and zh/ru; 6 to 12 terms and 0.3 to 0.45 differ by less than .01.
_NEAREST = 8
_LEAST_COSINE = 0.4
# A neighbour at the threshold still counts this much beside the nearest one.
_FLOOR = 0.1
# A related word at a cosine of 0.8 counts half as much as the word itself.
_RELATED = 1.25
# How much the nearest terms count beside a translation of the dictionary.
_NEAR_SHARE = 0.5
# How much a word without any neighbour lowers the channel's say, beside one that the archive lacks.
_UNKNOWN_SHARE = 0.5


def build_vocabulary(
    frequencies: Iterable[tuple[str, int]], passages: int, encoder: Encoder, earlier: TermVectors | None = None
) -> TermVectors:
    """Encode the words of an archive's passages.

    :param frequencies: each word, and how many of the ``passages`` have it.
    :param earlier: vectors of the same encoder, from which those of words that are there already are taken.
    """
    counts = {word: n for word, n in frequencies if _has_meaning(word)}
    terms = sorted(sorted(counts, key=lambda word: (-counts[word], word))[:_MAX_TERMS])
    numbers = {term: number for number, term in enumerate(earlier.terms())} if earlier is not None else {}
    taken = np.array([numbers.get(term, -1) for term in terms], np.int64)
    vectors = np.empty((len(terms), encoder.dimension), np.float32)
    if earlier is not None and numbers:
        vectors[taken >= 0] = earlier.vectors()[taken[taken >= 0]]
    new = [term for term, number in zip(terms, taken, strict=True) if number < 0]
    if new:
        vectors[taken < 0] = encoder.encode_passages(new)
    return TermVectors.build(terms, vectors, passages if len(terms) < len(counts) else 0)


def changed_vocabulary(
    earlier: TermVectors, gone: Iterable[str], added: Iterable[str], encoder: Encoder
) -> TermVectors | None:
    """Leave out words that no passage has any more, and encode new ones.

    Where the words were chosen among an archive's, new ones come in while there is room, in their order. None where
    they were all of its words and are too many now: they have to be chosen.
    """
    new = [word for word in sorted(added) if _has_meaning(word)]
    leaving = {word for word in gone if word in earlier}
    room = _MAX_TERMS - len(earlier) + len(leaving)
    if not earlier.passages and len(new) > room:
        return None
    new = new[: max(0, room)]
    vectors = encoder.encode_passages(new) if new else np.empty((0, encoder.dimension), np.float32)
    return earlier.changed(leaving, new, vectors)


def _has_meaning(word: str) -> bool:
    return len(word) > 1 and not word[0].isdigit()


def synonym_groups(words: Sequence[str], vectors: Vectors, terms: TermVectors, *, itself: bool) -> list[SynonymGroup]:
    """Give for each word the archive's nearest terms as one group; an empty group when there are none.

    :param vectors: the words' vectors, ``(len(words), dimension)``.
    :param itself: whether a word may be its own neighbour.
    """
    groups = []
    for word, nearest in zip(words, terms.nearest(vectors, _NEAREST, _LEAST_COSINE), strict=True):
        near = [term for term in nearest if itself or term.term != word]
        best = near[0].cosine if near else 0.0
        scale = best - _LEAST_COSINE + _FLOOR
        members = tuple(WeightedTerm(term.term, (term.cosine - _LEAST_COSINE + _FLOOR) / scale) for term in near)
        groups.append(SynonymGroup(members, weight=max(best, 0.0)))
    return groups


def related(words: Sequence[str], terms: TermVectors, alike: Sequence[Translation] = ()) -> list[SynonymGroup]:
    """Give for each word, which the archive has, itself and its nearest terms, weighted by how near they are.

    :param alike: what a dictionary gives for each word, if anything.
    """
    nearest = terms.near(words, _NEAREST, _LEAST_COSINE)
    if not any(nearest):
        return [SynonymGroup((WeightedTerm(word),)) for word in words]
    groups = []
    for number, (word, near) in enumerate(zip(words, nearest, strict=True)):
        weights = {term.term: _RELATED * (term.cosine - _LEAST_COSINE) for term in near}
        for term in alike[number].terms if alike else ():
            weights[term.term] = max(weights.get(term.term, 0.0), term.weight)
        weights[word] = 1.0
        groups.append(SynonymGroup(tuple(WeightedTerm(term, weight) for term, weight in weights.items())))
    return groups


def by_stem(translation: Translation) -> Translation:
    """Give a translation with stems in place of words, each with its highest weight."""
    weights: dict[str, float] = {}
    for term in translation.terms:
        weights[stem(term.term)] = max(weights.get(stem(term.term), 0.0), term.weight)
    return replace(translation, terms=tuple(WeightedTranslation(term, weight) for term, weight in weights.items()))


def stemmed(group: SynonymGroup) -> SynonymGroup:
    """Give a group with stems in place of words, each with its highest weight."""
    weights: dict[str, float] = {}
    for member in group.members:
        weights[stem(member.term)] = max(weights.get(stem(member.term), 0.0), member.weight)
    return replace(group, members=tuple(WeightedTerm(term, weight) for term, weight in weights.items()))


def merged(translation: Translation, near: SynonymGroup, index: LexicalIndex) -> SynonymGroup:
    """Put a word's translations and its nearest terms into one group: of both, those that the archive has."""
    weights = {member.term: _NEAR_SHARE * member.weight for member in near.members}
    for term in translation.terms:
        if index.document_frequency(term.term):
            weights[term.term] = max(weights.get(term.term, 0.0), term.weight)
    return SynonymGroup(tuple(WeightedTerm(term, weight) for term, weight in weights.items()), translation.weight)


def neighbour_scores(
    groups: Sequence[SynonymGroup], known: Sequence[str], index: LexicalIndex, at: NDArray[np.int64] | None = None
) -> NDArray[np.float32]:
    """Score every passage by the neighbours of unknown words, as a share of what the whole question could reach.

    :param groups: a group for each word of the question that the archive lacks.
    :param known: the words that it has, which other channels score and which only lower this one's say.
    :param at: score only these rows, ascending.
    """
    found = [group for group in groups if group.members]
    if not found:
        return np.zeros(len(index) if at is None else len(at), np.float32)
    scored = index.groups_scores(found, at)
    lost = sum(index.most(word) for word in known) + _UNKNOWN_SHARE * (len(groups) - len(found)) * index.most("")
    return np.asarray(scored.scores / np.float32(scored.ideal + lost), np.float32)
