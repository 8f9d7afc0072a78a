"""What speaks for a sentence as the answer to a question, as numbers: the input of the learned ranking."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from retrieval.index import LexicalIndex, SynonymGroup
from retrieval.language.folding import fold
from retrieval.search.analysis import Query
from retrieval.search.coverage import Coverage
from retrieval.search.expectation import AnswerKind, Furniture
from retrieval.search.prepared import PreparedPassage
from retrieval.search.termsets import TermSet
from retrieval.search.units import asked_unit, has_unit
from retrieval.types import BlockKind, Passage

__all__ = ["ASKED_FURNITURE", "FEATURES", "QuestionTerms", "Setting", "sentence_features"]

FEATURES = (
    "words",  # the passage's channels
    "bigrams",
    "context",
    "neighbours",
    "dense",
    "names",
    "dense_passage",
    "article_best",  # how well the best passage of the same article does
    "sentence_words",  # how much of the question's words the sentence has, by rarity
    "sentence_bigrams",
    "sentence_neighbours",
    "sentence_dense",
    "sentence_phrases",  # how many of the question's runs of characters or pairs of words it has
    "sentence_related",  # how much of the question's words it has, or words near to them in meaning, by rarity
    "passage_words",  # the same four for the whole passage
    "passage_bigrams",
    "passage_phrases",
    "passage_related",
    "around_words",  # the same for the sentences before and after
    "around_dense",
    "kind_present",  # a number, date, person or place where one is asked for, and the question does not say it itself
    "kind_absent",
    "unit_present",  # a number with the unit that the question asks for
    "place_is",  # the article is about a place that the question names
    "place_said",  # the sentence names it
    "place_differs",  # the article is about another
    "year_agrees",
    "year_differs",
    "heading",
    "caption",
    "furniture",
    "furniture_asked",  # an imprint, by-line, card or headline where the question is about the page itself
    "length",
    "first",
)
_NUMBER_OF = {name: number for number, name in enumerate(FEATURES)}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PLACE_SUFFIX = re.compile(r"[县區区市州旗]$")
_FURNITURE_KINDS = frozenset((BlockKind.IMPRINT, BlockKind.BYLINE, BlockKind.CARD))
ASKED_FURNITURE = {
    Furniture.HEADLINE: frozenset((BlockKind.HEADLINE, BlockKind.HEADING)),
    Furniture.BYLINE: frozenset((BlockKind.BYLINE,)),
    Furniture.IMPRINT: frozenset((BlockKind.IMPRINT,)),
    Furniture.CARD: frozenset((BlockKind.CARD,)),
    Furniture.NONE: frozenset[BlockKind](),
}
_LONG = 120.0


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """A question's terms with their rarity in the archive, ready to be looked for in sentences."""

    query: Query
    folded: str
    words: TermSet
    bigrams: TermSet
    groups: tuple[tuple[TermSet, float], ...]
    related: tuple[tuple[TermSet, float], ...]
    phrases: tuple[str, ...]
    years: frozenset[str]
    known_share: float
    unit: re.Pattern[str] | None

    @classmethod
    def of(
        cls,
        query: Query,
        words: LexicalIndex,
        bigrams: LexicalIndex,
        groups: Sequence[SynonymGroup],
        related: Sequence[SynonymGroup],
    ) -> "QuestionTerms":
        """Weigh a question's terms.

        :param groups: for each word of the question that the archive lacks, the archive's nearest ones.
        :param related: for each word that it has, itself and the nearest ones.
        """
        weighed = tuple((term.term, words.rarity(term.term)) for term in query.words)
        total = sum(rarity for _, rarity in weighed)
        known = sum(rarity for term, rarity in weighed if words.document_frequency(term))
        return cls(
            query=query,
            folded=fold(query.text),
            words=TermSet.of(weighed),
            bigrams=TermSet.of([(term.term, bigrams.rarity(term.term)) for term in query.bigrams]),
            groups=tuple(
                (TermSet.of([(member.term, 1.0) for member in group.members]), group.weight) for group in groups
            ),
            related=tuple(_weigh(group, words) for group in (*groups, *related) if group.members),
            phrases=query.phrases,
            years=frozenset(_YEAR.findall(query.text)),
            known_share=known / total if total else 0.0,
            unit=_unit(query, counted=2 * known > total),
        )


def _unit(query: Query, *, counted: bool) -> re.Pattern[str] | None:
    return asked_unit(query.text, counted=counted) if query.expected is AnswerKind.NUMBER else None


def _weigh(group: SynonymGroup, words: LexicalIndex) -> tuple[TermSet, float]:
    """Weigh a group by the rarity of its likeliest member."""
    likeliest = max(group.members, key=lambda member: member.weight)
    members = TermSet.of([(member.term, member.weight) for member in group.members])
    return members, group.weight * words.rarity(likeliest.term)


@dataclass(frozen=True, slots=True)
class Setting:
    """What all candidates together tell: the places that the question names, and how well each article does."""

    places: frozenset[str]
    articles: Mapping[tuple[str, str], float]

    @classmethod
    def of(
        cls,
        terms: QuestionTerms,
        candidates: Sequence[tuple[Passage, float]],
        named_by_sound: Callable[[str], bool],
    ) -> "Setting":
        """Look over the candidates, each with the sum of its channels.

        :param named_by_sound: whether the question names a place in pinyin, or misspelt.
        """
        places = {passage.context.place for passage, _ in candidates if passage.context.place}
        articles: dict[tuple[str, str], float] = {}
        for passage, score in candidates:
            key = (passage.document_id, passage.context.article)
            articles[key] = max(articles.get(key, 0.0), score)
        named = (place for place in places if _base(place) in terms.folded or named_by_sound(place))
        return cls(frozenset(named), articles)

    def article_best(self, passage: Passage) -> float:
        """Give the score of the best candidate of the passage's article."""
        return self.articles.get((passage.document_id, passage.context.article), 0.0)


def sentence_features(
    terms: QuestionTerms,
    setting: Setting,
    prepared: Sequence[PreparedPassage],
    channels: NDArray[np.float32],
    units: Sequence[NDArray[np.float32]],
) -> list[NDArray[np.float32]]:
    """Describe each sentence of each passage, float32 ``(sentences, len(FEATURES))`` for each of ``prepared``.

    :param channels: what the channels give the passages, ``(channels, passages)``, in the order of the first features.
    :param units: for each passage the dense scores of the whole and then of its sentences.
    :param setting: what the candidates are about, all together.
    """
    if not prepared:
        return []
    coverage = Coverage.of(prepared, terms.words, terms.bigrams, terms.groups, terms.related, terms.phrases)
    every = np.zeros((coverage.starts[-1], len(FEATURES)), np.float32)
    _cover(coverage, every)
    matrices = [every[first:end] for first, end in pairwise(coverage.starts)]
    for number, (passage, matrix) in enumerate(zip(prepared, matrices, strict=True)):
        matrix[:, : len(channels)] = channels[:, number]
        matrix[:, _NUMBER_OF["dense_passage"]] = units[number][0]
        matrix[:, _NUMBER_OF["sentence_dense"]] = units[number][1:]
        for around, own in (("around_words", "sentence_words"), ("around_dense", "sentence_dense")):
            matrix[:, _NUMBER_OF[around]] = _around(matrix[:, _NUMBER_OF[own]])
        _describe_sentences(terms, setting, passage, matrix)
        _describe_passage(terms, passage.passage, matrix)
    return matrices


def _cover(coverage: Coverage, matrix: NDArray[np.float32]) -> None:
    """Fill in how much of the question's terms each sentence has, and its passage."""
    matrix[:, _NUMBER_OF["sentence_words"]] = coverage.words
    matrix[:, _NUMBER_OF["sentence_bigrams"]] = coverage.bigrams
    matrix[:, _NUMBER_OF["sentence_neighbours"]] = coverage.neighbours
    matrix[:, _NUMBER_OF["sentence_phrases"]] = coverage.phrases
    matrix[:, _NUMBER_OF["sentence_related"]] = coverage.related
    counts = np.diff(coverage.starts)
    matrix[:, _NUMBER_OF["passage_words"]] = np.repeat(coverage.passage_words, counts)
    matrix[:, _NUMBER_OF["passage_bigrams"]] = np.repeat(coverage.passage_bigrams, counts)
    matrix[:, _NUMBER_OF["passage_phrases"]] = np.repeat(coverage.passage_phrases, counts)
    matrix[:, _NUMBER_OF["passage_related"]] = np.repeat(coverage.passage_related, counts)


def _describe_sentences(
    terms: QuestionTerms, setting: Setting, prepared: PreparedPassage, matrix: NDArray[np.float32]
) -> None:
    if terms.query.expected not in (AnswerKind.OTHER, AnswerKind.REASON):
        answers = prepared.answers(terms.query.expected)
        present = np.array([any(answer not in terms.folded for answer in found) for found in answers], np.float32)
        matrix[:, _NUMBER_OF["kind_present"]] = present
        matrix[:, _NUMBER_OF["kind_absent"]] = 1 - present
    if terms.unit is not None:
        matrix[:, _NUMBER_OF["unit_present"]] = [has_unit(terms.unit, text) for text in prepared.folded]
    if setting.places:
        bases = [_base(place) for place in setting.places]
        matrix[:, _NUMBER_OF["place_said"]] = [any(base in text for base in bases) for text in prepared.folded]
        about = prepared.passage.context.place in setting.places
        matrix[:, _NUMBER_OF["place_is"]] = about
        matrix[:, _NUMBER_OF["place_differs"]] = not about
    matrix[:, _NUMBER_OF["article_best"]] = setting.article_best(prepared.passage)
    matrix[:, _NUMBER_OF["length"]] = np.minimum([len(sentence) / _LONG for sentence in prepared.sentences], 2.0)
    matrix[0, _NUMBER_OF["first"]] = 1.0


def _describe_passage(terms: QuestionTerms, passage: Passage, matrix: NDArray[np.float32]) -> None:
    context = passage.context
    if terms.years:
        told = set(_YEAR.findall(f"{passage.text} {context.title} {context.article}")) | {
            context.date[:4],
            *context.period.split("/"),
        }
        if terms.years & told:
            matrix[:, _NUMBER_OF["year_agrees"]] = 1.0
        elif any(told):
            matrix[:, _NUMBER_OF["year_differs"]] = 1.0
    if passage.kind in (BlockKind.HEADING, BlockKind.HEADLINE):
        matrix[:, _NUMBER_OF["heading"]] = 1.0
    elif passage.kind is BlockKind.CAPTION:
        matrix[:, _NUMBER_OF["caption"]] = 1.0
    elif passage.kind in _FURNITURE_KINDS:
        matrix[:, _NUMBER_OF["furniture"]] = 1.0
    if passage.kind in ASKED_FURNITURE[terms.query.furniture]:
        matrix[:, _NUMBER_OF["furniture_asked"]] = 1.0


def _base(place: str) -> str:
    return place if len(place) <= 2 else _PLACE_SUFFIX.sub("", place)


def _around(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give for each value the greater of those before and after it, 0 where there is none."""
    best = np.zeros(len(values), np.float32)
    np.maximum(best[:-1], values[1:], out=best[:-1])
    np.maximum(best[1:], values[:-1], out=best[1:])
    return best
