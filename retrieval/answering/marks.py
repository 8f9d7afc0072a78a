"""What a question makes of the units of a text, as numbers: with what they are, the input of the :class:`Pointer`."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.text_units import TextUnits
from retrieval.language.tokens import stem
from retrieval.search.expectation import AnswerKind, find_answers
from retrieval.search.question_terms import QuestionTerms
from retrieval.search.termsets import TermSet

__all__ = ["ASKED", "fading", "foreign_marks", "marks_of"]

ASKED = (
    "word",
    "bigram",
    "neighbour",
    "character",
    "left",
    "right",
    "near_left",
    "near_right",
    "share",
    "shared_bigrams",
    "shared_neighbours",
    "unit",
    "fits",
    "said",
)
"""What a question makes of a unit."""
_WORD = re.compile(r"[^\W_]+")
# How fast the question's words stop telling about the units after and before them: far and near.
_FAR, _NEAR = 0.06, 0.3


def marks_of(terms: QuestionTerms, units: TextUnits) -> NDArray[np.float32]:
    """Give what a question makes of each unit, float32 ``(units, len(ASKED))``."""
    size = len(units)
    text = units.folded
    tokens = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
    word = _covered(terms.words, text, tokens)
    bigram = _covered(terms.bigrams, text, tokens)
    neighbour = np.zeros(len(text), np.float32)
    highest = max((weight for _, weight in terms.groups), default=0.0) or 1.0
    for members, weight in terms.groups:
        neighbour = np.maximum(neighbour, _covered(members, text, tokens) * np.float32(weight / highest))
    starts = units.starts
    marks = np.zeros((size, len(ASKED)), np.float32)
    if not size:
        return marks
    marks[:, 0], marks[:, 1], marks[:, 2] = word[starts], bigram[starts], neighbour[starts]
    asked = frozenset(terms.folded) if not terms.query.foreign else frozenset[str]()
    marks[:, 3] = [len(name) == 1 and name in asked for name in units.names]
    said = np.max(marks[:, :3], axis=1)
    for name, value in fading(said).items():
        marks[:, ASKED.index(name)] = value
    _share_by_sentence(terms, units, tokens, marks)
    if terms.unit is not None:
        _fill(marks[:, 11], units, [match.span() for match in terms.unit.finditer(text)])
    kind = terms.query.expected
    fitting = find_answers(kind, text) if kind in _BY_PATTERN else []
    _fill(marks[:, 12], units, fitting)
    if not terms.query.foreign:
        _fill(marks[:, 13], units, [span for span in fitting if text[slice(*span)].strip() in terms.folded])
    return marks


def foreign_marks(marks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn a question's words in a text into words that are translations of the question's. For training."""
    turned = marks.copy()
    for neighbour, word in (("neighbour", "word"), ("shared_neighbours", "share")):
        turned[:, ASKED.index(neighbour)] = marks[:, ASKED.index(word)]
    for name in ("word", "bigram", "character", "share", "shared_bigrams", "said"):
        turned[:, ASKED.index(name)] = 0.0
    return turned


_BY_PATTERN = frozenset((AnswerKind.NUMBER, AnswerKind.DATE, AnswerKind.LIST))


def _share_by_sentence(
    terms: QuestionTerms, units: TextUnits, tokens: Sequence[tuple[str, int, int]], marks: NDArray[np.float32]
) -> None:
    total = sum(weight for _, weight in terms.groups)
    for first, last in _runs(units.sentence):
        start, end = int(units.starts[first]), int(units.ends[last - 1])
        sentence = units.folded[start:end]
        own = [token for token, begin, stop in tokens if start <= begin and stop <= end]
        have = frozenset((*own, *map(stem, own)))
        marks[first:last, 8] = terms.words.share(sentence, have)
        marks[first:last, 9] = terms.bigrams.share(sentence, have)
        if total:
            found = sum(weight for members, weight in terms.groups if members.share(sentence, have))
            marks[first:last, 10] = found / total


def _runs(numbers: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    edges = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    for first, last in pairwise(edges):
        if first < last:
            yield first, last


def _covered(terms: TermSet, text: str, tokens: Sequence[tuple[str, int, int]]) -> NDArray[np.float32]:
    """Give each character the weight of the weightiest term that covers it, the weightiest of all being 1."""
    covered = np.zeros(len(text), np.float32)
    highest = max((weight for _, weight in (*terms.characters, *terms.whole)), default=0.0) or 1.0
    for term, weight in terms.characters:
        at = text.find(term)
        while at >= 0:
            part = covered[at : at + len(term)]
            np.maximum(part, weight / highest, out=part)
            at = text.find(term, at + 1)
    if terms.whole:
        weights = dict(terms.whole)
        for token, start, end in tokens:
            # What stands for the pairs of characters of other scripts is the stems of words.
            found = token if token in weights else stem(token)
            if found in weights:
                part = covered[start:end]
                np.maximum(part, weights[found] / highest, out=part)
    return covered


def fading(said: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Carry each unit's weight on to those after it and before it, fading with the distance; the strongest counts."""
    return {
        "left": _faded(said, _FAR),
        "right": _faded(said[::-1], _FAR)[::-1],
        "near_left": _faded(said, _NEAR),
        "near_right": _faded(said[::-1], _NEAR)[::-1],
    }


def _faded(said: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
    steps = rate * np.arange(len(said))
    with np.errstate(divide="ignore"):
        grown = np.log(said) + steps
    return np.asarray(np.exp(np.maximum.accumulate(grown) - steps), np.float32)


def _fill(column: NDArray[np.float32], units: TextUnits, spans: Sequence[tuple[int, int]]) -> None:
    for start, end in spans:
        column[np.searchsorted(units.starts, start) : np.searchsorted(units.starts, end)] = 1.0
