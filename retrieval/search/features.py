"""What speaks for a sentence as the answer to a question, as numbers: the input of the learned ranking."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from retrieval.index import LexicalIndex, SynonymGroup
from retrieval.language.folding import fold
from retrieval.language.scripts import has_han
from retrieval.language.tokens import stem
from retrieval.search.analysis import Query
from retrieval.search.expectation import AnswerKind, Furniture, find_answers
from retrieval.search.units import asked_unit, has_unit
from retrieval.types import BlockKind, Passage

__all__ = ["ASKED_FURNITURE", "FEATURES", "QuestionTerms", "Setting", "TermSet", "sentence_features"]

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
_WORD = re.compile(r"[^\W_]+")
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
class TermSet:
    """Terms with weights: those that are looked for as characters, and those that must be whole words."""

    characters: tuple[tuple[str, float], ...]
    whole: tuple[tuple[str, float], ...]
    total: float

    @classmethod
    def of(cls, terms: Sequence[tuple[str, float]]) -> "TermSet":
        """Sort terms by how they are looked for."""
        characters = tuple(entry for entry in terms if has_han(entry[0]) or entry[0].endswith("%"))
        whole = tuple(entry for entry in terms if entry not in characters)
        return cls(characters, whole, sum(weight for _, weight in terms))

    def share(self, text: str, tokens: frozenset[str]) -> float:
        """Tell how much of the terms, by weight, a text has: 0 to 1."""
        if not self.total:
            return 0.0
        found = sum([weight for term, weight in self.characters if term in text])
        return (found + sum([weight for term, weight in self.whole if term in tokens])) / self.total

    @property
    def found(self) -> float:
        """Give the share of the terms left, 0 to 1."""
        left = sum([weight for _, weight in self.characters]) + sum([weight for _, weight in self.whole])
        return left / self.total if self.total else 0.0

    def present(self, text: str, tokens: frozenset[str]) -> "TermSet":
        """Give the terms that a text has, shares still being those of all: its sentences have no others."""
        return TermSet(
            tuple([entry for entry in self.characters if entry[0] in text]),
            tuple([entry for entry in self.whole if entry[0] in tokens]),
            self.total,
        )

    def best(self, text: str, tokens: frozenset[str]) -> float:
        """Give the highest weight of a term that a text has, 0 if it has none."""
        found = [weight for term, weight in self.characters if term in text]
        return max(found + [weight for term, weight in self.whole if term in tokens], default=0.0)


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """A question's terms with their rarity in the archive, ready to be looked for in sentences."""

    query: Query
    folded: str
    words: "TermSet"
    bigrams: "TermSet"
    groups: tuple[tuple["TermSet", float], ...]
    related: tuple[tuple["TermSet", float], ...]
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

    def present(self, text: str, tokens: frozenset[str]) -> "QuestionTerms":
        """Give the terms that a passage has: its sentences are looked through for these alone."""
        return replace(
            self,
            words=self.words.present(text, tokens),
            bigrams=self.bigrams.present(text, tokens),
            groups=tuple([(members.present(text, tokens), weight) for members, weight in self.groups]),
            related=tuple([(members.present(text, tokens), weight) for members, weight in self.related]),
            phrases=tuple([phrase for phrase in self.phrases if phrase in text]),
        )


def _unit(query: Query, *, counted: bool) -> re.Pattern[str] | None:
    return asked_unit(fold(query.text), counted=counted) if query.expected is AnswerKind.NUMBER else None


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
    passage: Passage,
    sentences: Sequence[str],
    channels: NDArray[np.float32],
    units: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Describe each sentence of a passage, float32 ``(len(sentences), len(FEATURES))``.

    :param channels: what the channels give the passage, in the order of the first features.
    :param units: the dense scores of the whole passage and then of its sentences.
    :param setting: what the candidates are about, all together.
    """
    matrix = np.zeros((len(sentences), len(FEATURES)), np.float32)
    matrix[:, : len(channels)] = channels
    matrix[:, _NUMBER_OF["dense_passage"]] = units[0]
    matrix[:, _NUMBER_OF["article_best"]] = setting.article_best(passage)
    # One call for all: folding keeps every character's place.
    folded = fold("\0".join(sentences)).split("\0")
    tokens = [_tokens(sentence) for sentence in folded]
    terms = terms.present("\0".join(folded), frozenset[str]().union(*tokens))
    word_shares = np.array([terms.words.share(text, have) for text, have in zip(folded, tokens, strict=True)])
    matrix[:, _NUMBER_OF["sentence_words"]] = word_shares
    for row, (text, have) in enumerate(zip(folded, tokens, strict=True)):
        matrix[row, _NUMBER_OF["sentence_bigrams"]] = terms.bigrams.share(text, have)
        matrix[row, _NUMBER_OF["sentence_neighbours"]] = _group_share(terms.groups, text, have)
        matrix[row, _NUMBER_OF["sentence_phrases"]] = _phrase_share(terms, text)
    _relate(terms, folded, tokens, matrix)
    dense = units[1:]
    matrix[:, _NUMBER_OF["sentence_dense"]] = dense
    matrix[:, _NUMBER_OF["around_words"]] = _around(word_shares)
    matrix[:, _NUMBER_OF["around_dense"]] = _around(dense)
    if terms.query.expected not in (AnswerKind.OTHER, AnswerKind.REASON):
        present = np.array([_has_kind(terms, sentence) for sentence in sentences], np.float32)
        matrix[:, _NUMBER_OF["kind_present"]] = present
        matrix[:, _NUMBER_OF["kind_absent"]] = 1 - present
    if terms.unit is not None:
        matrix[:, _NUMBER_OF["unit_present"]] = [has_unit(terms.unit, text) for text in folded]
    if setting.places:
        bases = [_base(place) for place in setting.places]
        matrix[:, _NUMBER_OF["place_said"]] = [any(base in text for base in bases) for text in folded]
        about = passage.context.place in setting.places
        matrix[:, _NUMBER_OF["place_is"]] = about
        matrix[:, _NUMBER_OF["place_differs"]] = not about
    _describe_passage(terms, passage, matrix)
    matrix[:, _NUMBER_OF["length"]] = np.minimum([len(sentence) / _LONG for sentence in sentences], 2.0)
    matrix[0, _NUMBER_OF["first"]] = 1.0
    return matrix


def _relate(
    terms: QuestionTerms, folded: Sequence[str], tokens: Sequence[frozenset[str]], matrix: NDArray[np.float32]
) -> None:
    """Fill in what the whole passage has of the question, and what each sentence has that is near to it in meaning."""
    matrix[:, _NUMBER_OF["passage_words"]] = terms.words.found
    matrix[:, _NUMBER_OF["passage_bigrams"]] = terms.bigrams.found
    matrix[:, _NUMBER_OF["passage_phrases"]] = len(terms.phrases) / max(len(terms.query.phrases), 1)
    total = sum(weight for _, weight in terms.related)
    if total:
        found = np.array(
            [
                [members.best(text, own) for members, _ in terms.related]
                for text, own in zip(folded, tokens, strict=True)
            ]
        )
        weights = np.array([weight for _, weight in terms.related]) / total
        matrix[:, _NUMBER_OF["sentence_related"]] = found @ weights
        matrix[:, _NUMBER_OF["passage_related"]] = found.max(axis=0) @ weights


def _tokens(sentence: str) -> frozenset[str]:
    """Give a folded sentence's words and their stems."""
    found = _WORD.findall(sentence)
    return frozenset((*found, *map(stem, found)))


def _phrase_share(terms: QuestionTerms, text: str) -> float:
    return sum([phrase in text for phrase in terms.phrases]) / max(len(terms.query.phrases), 1)


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


def _group_share(groups: Sequence[tuple[TermSet, float]], text: str, tokens: frozenset[str]) -> float:
    total = sum(weight for _, weight in groups)
    return sum(weight for members, weight in groups if members.share(text, tokens)) / total if total else 0.0


def _around(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give for each value the greater of those before and after it, 0 where there is none."""
    best = np.zeros(len(values), np.float32)
    for row, (before, after) in enumerate(pairwise(values)):
        best[row] = max(best[row], after)
        best[row + 1] = max(best[row + 1], before)
    return best


def _has_kind(terms: QuestionTerms, sentence: str) -> bool:
    return any(
        fold(sentence[start:end]).strip() not in terms.folded
        for start, end in find_answers(terms.query.expected, sentence)
    )
