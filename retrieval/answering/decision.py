import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.fitted_models import read_fitted
from retrieval.answering.missing import untold_places
from retrieval.answering.selection import Selection
from retrieval.answering.telling import Told, names_in, names_told, people_of, told_by, whole_text
from retrieval.language.folding import fold
from retrieval.language.pinyin import Pinyin
from retrieval.search import Findings, text_at
from retrieval.search.channels import CHANNELS
from retrieval.search.expectation import AnswerKind, find_answers
from retrieval.search.features import FEATURES
from retrieval.search.question_terms import QuestionTerms
from retrieval.search.units import has_unit
from retrieval.types import Missing, MissingKind, Span

__all__ = ["EVIDENCE", "Decision", "evidence", "load_decision"]

# What of the best sentence's features tells whether it answers at all.
_FROM_SENTENCE = (
    "sentence_dense",
    "place_said",
    "place_differs",
    "year_agrees",
    "year_differs",
    "heading",
    "caption",
    "furniture",
    "furniture_asked",
)
_COLUMNS = [FEATURES.index(name) for name in _FROM_SENTENCE]
_FROM_CHANNELS = ("words", "bigrams", "context", "neighbours", "dense")
_CHANNELS = [CHANNELS.index(name) for name in _FROM_CHANNELS]
_TEXTS = ("passage", "quoted", "near")
# Characters before and after the highlighted words that are near them.
_BEFORE, _AFTER = 40, 20
EVIDENCE = (
    "score",
    "certain",  # how far the best sentence is ahead of all others
    "answer",  # how well the pointer likes the highlighted words
    "answer_alone",  # how far the best words are ahead of those of the next candidate
    "known_share",
    # How much of the question three texts tell: the passage with its context, the sentence, what is near the highlight.
    *(f"{place}_{kind}" for place in _TEXTS for kind in Told._fields),
    "names_told",
    "names_untold",
    "place_untold",  # the passage says nothing of a place that the question names
    "dense_ahead",  # of the other candidates' mean
    "unit_untold",  # near the highlighted words the unit that the question asks for is not
    "kind_untold",  # they are of another kind than it asks for
    "year_untold",  # the quoted sentence, or the last before it that names a year, is of another than the question's
    *(f"channel_{name}" for name in _FROM_CHANNELS),
    *_FROM_SENTENCE,
    # What the question names and none of the nearest passages has, each 0 or 1.
    *(f"{kind.value}_missing" for kind in MissingKind),
)
"""What the decision goes by."""


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """A logistic model of whether the archive answers, over :data:`EVIDENCE`. Trained by ``training/answers.py``.

    Like the ranking it is two models, mixed by how much of the question the archive's words cover. ``answerable_at`` is
    the probability from which on the archive is said to answer.
    """

    native: NDArray[np.float64]
    foreign: NDArray[np.float64]
    bias: tuple[float, float]
    answerable_at: float = 0.5

    def probability(self, told: NDArray[np.float64], known_share: float) -> float:
        """Give the probability, 0 to 1, that the archive answers the question.

        :param told: what :func:`evidence` read off, float64 ``(len(EVIDENCE),)``.
        """
        z = known_share * (self.native @ told + self.bias[0]) + (1 - known_share) * (self.foreign @ told + self.bias[1])
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, float(z)))))


def evidence(
    findings: Findings, selections: Sequence[Selection], missing: Sequence[Missing], pinyin: Pinyin
) -> NDArray[np.float64]:
    """Read off what speaks for an answer, float64 ``(len(EVIDENCE),)``.

    :param selections: what is to be quoted, best first; at least one.
    :param missing: what of the question the archive lacks.
    :param pinyin: tells whether names of the question are said, however they are spelt.
    """
    terms, best = findings.terms, selections[0]
    candidate = best.candidate
    text = whole_text(candidate.passage)
    near = _near(best)
    names = names_in(findings.query.text, pinyin, [other.passage for other in findings.candidates])
    named, said = names_told(names, text, pinyin)
    dense = [float(other.channels[CHANNELS.index("dense")]) for other in findings.candidates]
    share = min(max(best.score, 1e-6), 1 - 1e-6)
    next_best = selections[1].words if len(selections) > 1 else -50.0
    own = [
        float(candidate.scores[best.sentence]) / 10,
        math.log(share / (1 - share)) / 5,
        max(best.words, -20.0) / 10,
        min(max(best.words - next_best, -5.0), 10.0) / 10,
        terms.known_share,
        *(value for place in (text, candidate.sentences[best.sentence], near) for value in told_by(terms, fold(place))),
        said,
        named - said,
        float(bool(untold_places(findings.query.text, (candidate.passage,), pinyin))),
        candidate.channels[CHANNELS.index("dense")] - sum(dense) / len(dense),
        *_fits(terms, text_at(candidate.passage, best.highlights), near, people_of(candidate.passage.context)),
        _dated_otherwise(terms, best),
    ]
    lacking = {part.kind for part in missing}
    lacks = [float(kind in lacking) for kind in MissingKind]
    row = candidate.features[best.sentence]
    return np.array([*own, *(candidate.channels[number] for number in _CHANNELS), *row[_COLUMNS], *lacks], np.float64)


@lru_cache(maxsize=1)
def load_decision() -> Decision:
    """Load the model that comes with the package.

    :raises ValueError: if its file was trained for other evidence.
    """
    data = read_fitted("decision", EVIDENCE, "answers")
    bias = (float(data["bias"][0]), float(data["bias"][1]))
    return Decision(np.array(data["native"]), np.array(data["foreign"]), bias, float(data["answerable_at"]))


def _near(selection: Selection) -> str:
    """Give the highlighted words with what stands around them in their sentence; the sentence where none are."""
    passage = selection.candidate.passage
    pieces = passage.sentences[selection.sentence]
    if selection.highlights:
        low, high = selection.highlights[0].start - _BEFORE, selection.highlights[-1].end + _AFTER
        clipped = ((max(piece.start, low), min(piece.end, high)) for piece in pieces)
        pieces = tuple(Span(start, end) for start, end in clipped if start < end)
    return text_at(passage, pieces)


def _dated_otherwise(terms: QuestionTerms, selection: Selection) -> float:
    """Tell whether the quoted sentence is of other years only than those that the question names."""
    if not terms.years:
        return 0.0
    # The room that cuts pages takes most of a second to import, and most questions name no year.
    from retrieval.segmenting.periods import years_of

    context = selection.candidate.passage.context
    for sentence in reversed(selection.candidate.sentences[: selection.sentence + 1]):
        if told := years_of(sentence, context.date):
            return float(terms.years.isdisjoint(map(str, told)))
    return 0.0


def _fits(terms: QuestionTerms, marked: str, near: str, people: Sequence[str]) -> tuple[float, float]:
    """Tell whether the highlighted words lack the unit that is asked for, and whether they are of another kind.

    That they have what is asked for tells nothing new: it would say how often questions of a kind are answered at all.
    """
    unit_untold = terms.unit is not None and not has_unit(terms.unit, fold(near))
    kind = terms.query.expected
    if kind in (AnswerKind.OTHER, AnswerKind.REASON):
        return float(unit_untold), 0.0
    at = near.find(marked) if marked else -1
    of_kind = at >= 0 and any(start < at + len(marked) and at < end for start, end in find_answers(kind, near))
    if kind is AnswerKind.PERSON:
        of_kind = of_kind or any(name in fold(marked) for name in people)
    return float(unit_untold), float(not of_kind)
