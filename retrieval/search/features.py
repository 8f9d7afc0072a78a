"""What speaks for a sentence as the answer to a question, as numbers: the input of the learned ranking."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.search.coverage import Coverage
from retrieval.search.expectation import AnswerKind, Furniture
from retrieval.search.prepared import PreparedPassage
from retrieval.search.question_terms import YEAR, QuestionTerms
from retrieval.search.setting import Setting, base_of
from retrieval.search.units import has_unit
from retrieval.types import BlockKind, Passage

__all__ = ["ASKED_FURNITURE", "FEATURES", "sentence_features"]

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
_FURNITURE_KINDS = frozenset((BlockKind.IMPRINT, BlockKind.BYLINE, BlockKind.CARD))
ASKED_FURNITURE = {
    Furniture.HEADLINE: frozenset((BlockKind.HEADLINE, BlockKind.HEADING)),
    Furniture.BYLINE: frozenset((BlockKind.BYLINE,)),
    Furniture.IMPRINT: frozenset((BlockKind.IMPRINT,)),
    Furniture.CREDIT: frozenset((BlockKind.CAPTION, BlockKind.BYLINE)),
    Furniture.CARD: frozenset((BlockKind.CARD,)),
    Furniture.NONE: frozenset[BlockKind](),
}
_LONG = 120.0


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
    starts = np.array(coverage.starts)
    # A row for each passage, which its sentences share.
    shared = np.zeros((len(prepared), len(FEATURES)), np.float32)
    shared[:, : len(channels)] = channels.T
    shared[:, _NUMBER_OF["dense_passage"]] = [scores[0] for scores in units]
    shared[:, _NUMBER_OF["passage_words"]] = coverage.passage_words
    shared[:, _NUMBER_OF["passage_bigrams"]] = coverage.passage_bigrams
    shared[:, _NUMBER_OF["passage_phrases"]] = coverage.passage_phrases
    shared[:, _NUMBER_OF["passage_related"]] = coverage.passage_related
    for row, one in zip(shared, prepared, strict=True):
        _describe_passage(terms, setting, one.passage, row)
    matrix = np.repeat(shared, np.diff(starts), axis=0)
    matrix[:, _NUMBER_OF["sentence_words"]] = coverage.words
    matrix[:, _NUMBER_OF["sentence_bigrams"]] = coverage.bigrams
    matrix[:, _NUMBER_OF["sentence_neighbours"]] = coverage.neighbours
    matrix[:, _NUMBER_OF["sentence_phrases"]] = coverage.phrases
    matrix[:, _NUMBER_OF["sentence_related"]] = coverage.related
    matrix[:, _NUMBER_OF["sentence_dense"]] = np.concatenate([scores[1:] for scores in units])
    for around, own in (("around_words", "sentence_words"), ("around_dense", "sentence_dense")):
        matrix[:, _NUMBER_OF[around]] = _around(matrix[:, _NUMBER_OF[own]], starts)
    matrix[:, _NUMBER_OF["length"]] = np.minimum(np.concatenate([one.lengths for one in prepared]) / _LONG, 2.0)
    matrix[starts[:-1], _NUMBER_OF["first"]] = 1.0
    _describe_sentences(terms, setting, prepared, matrix)
    return np.split(matrix, starts[1:-1])


def _describe_sentences(
    terms: QuestionTerms, setting: Setting, prepared: Sequence[PreparedPassage], matrix: NDArray[np.float32]
) -> None:
    """Fill in what the sentences of all passages, one after the other, say themselves."""
    kind, asked = terms.query.expected, terms.folded
    if kind not in (AnswerKind.OTHER, AnswerKind.REASON):
        answers = (found for one in prepared for found in one.answers(kind))
        present = np.array([any(answer not in asked for answer in found) for found in answers], np.float32)
        matrix[:, _NUMBER_OF["kind_present"]] = present
        matrix[:, _NUMBER_OF["kind_absent"]] = 1 - present
    if terms.unit is not None:
        unit = terms.unit
        matrix[:, _NUMBER_OF["unit_present"]] = [has_unit(unit, text) for one in prepared for text in one.folded]
    if setting.places:
        bases = [base_of(place) for place in setting.places]
        said = [any(base in text for base in bases) for one in prepared for text in one.folded]
        matrix[:, _NUMBER_OF["place_said"]] = said


def _describe_passage(terms: QuestionTerms, setting: Setting, passage: Passage, row: NDArray[np.float32]) -> None:
    """Fill in what a passage is, and what it is about."""
    context = passage.context
    row[_NUMBER_OF["article_best"]] = setting.article_best(passage)
    if setting.places:
        about = context.place in setting.places
        row[_NUMBER_OF["place_is"]] = about
        row[_NUMBER_OF["place_differs"]] = not about
    if terms.years:
        told = set(YEAR.findall(f"{passage.text} {context.title} {context.article}")) | {
            context.date[:4],
            *context.period.split("/"),
        }
        if terms.years & told:
            row[_NUMBER_OF["year_agrees"]] = 1.0
        elif any(told):
            row[_NUMBER_OF["year_differs"]] = 1.0
    if passage.kind in (BlockKind.HEADING, BlockKind.HEADLINE):
        row[_NUMBER_OF["heading"]] = 1.0
    elif passage.kind is BlockKind.CAPTION:
        row[_NUMBER_OF["caption"]] = 1.0
    elif passage.kind in _FURNITURE_KINDS:
        row[_NUMBER_OF["furniture"]] = 1.0
    if passage.kind in ASKED_FURNITURE[terms.query.furniture]:
        row[_NUMBER_OF["furniture_asked"]] = 1.0


def _around(values: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Give for each sentence the greater of the values before and after it in its passage, 0 where there is none.

    :param starts: where the passages begin, and where the last ends.
    """
    before, after = np.zeros(len(values), np.float32), np.zeros(len(values), np.float32)
    before[1:], after[:-1] = values[:-1], values[1:]
    before[starts[:-1]], after[starts[1:] - 1] = 0.0, 0.0
    return np.maximum(np.maximum(before, after), 0.0, dtype=np.float32)
