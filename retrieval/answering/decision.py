import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.selection import Selection
from retrieval.language.folding import fold
from retrieval.language.pinyin import Pinyin
from retrieval.search import Findings
from retrieval.search.channels import CHANNELS
from retrieval.search.features import FEATURES, QuestionTerms, TermSet
from retrieval.search.indexes import context_text

__all__ = ["EVIDENCE", "Decision", "evidence", "load_decision"]

# What of the best sentence's features tells whether it answers at all.
_FROM_SENTENCE = (
    "sentence_words",
    "sentence_bigrams",
    "sentence_neighbours",
    "sentence_dense",
    "sentence_related",
    "passage_related",
    "kind_absent",
    "unit_present",
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
EVIDENCE = (
    "score",
    "certain",  # how far the best sentence is ahead of all others
    "answer",  # how well the pointer likes the highlighted words
    "answer_alone",  # how far the best words are ahead of those of the next candidate
    "known_share",
    "told",  # how much of the question, by rarity, the passage and its context say
    "told_pairs",
    "told_meanings",
    "rarest_untold",
    "told_related",  # the same by meaning: a word counts when one near to it is said
    "rarest_unrelated",
    "names_told",
    "names_untold",
    "dense_ahead",  # of the other candidates' mean
    *(f"channel_{name}" for name in _FROM_CHANNELS),
    *_FROM_SENTENCE,
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


def evidence(findings: Findings, selections: Sequence[Selection], pinyin: Pinyin) -> NDArray[np.float64]:
    """Read off what speaks for an answer, float64 ``(len(EVIDENCE),)``.

    :param selections: what is to be quoted, best first; at least one.
    :param pinyin: tells whether names of the question are said, however they are spelt.
    """
    terms, best = findings.terms, selections[0]
    candidate = best.candidate
    text = f"{candidate.passage.text}\n{context_text(candidate.passage.context)}"
    folded = fold(text)
    tokens = frozenset(_tokens(folded))
    words = terms.words.share(folded, tokens)
    meanings = sum(weight for members, weight in terms.groups if members.share(folded, tokens))
    asked = sum(weight for _, weight in terms.groups)
    named, said = _names(findings.query.text, text, pinyin)
    dense = [float(other.channels[CHANNELS.index("dense")]) for other in findings.candidates]
    share = min(max(best.score, 1e-6), 1 - 1e-6)
    next_best = selections[1].words if len(selections) > 1 else -50.0
    own = [
        float(candidate.scores[best.sentence]) / 10,
        math.log(share / (1 - share)) / 5,
        max(best.words, -20.0) / 10,
        min(max(best.words - next_best, -5.0), 10.0) / 10,
        terms.known_share,
        words,
        terms.bigrams.share(folded, tokens),
        meanings / asked if asked else 0.0,
        _rarest_untold(terms.words, folded, tokens),
        *_related(terms, folded, tokens),
        said,
        named - said,
        candidate.channels[CHANNELS.index("dense")] - sum(dense) / len(dense),
    ]
    row = candidate.features[best.sentence]
    return np.array([*own, *(candidate.channels[number] for number in _CHANNELS), *row[_COLUMNS]], np.float64)


@lru_cache(maxsize=1)
def load_decision() -> Decision:
    """Load the model that comes with the package.

    :raises ValueError: if its file was trained for other evidence.
    """
    data = json.loads(files("retrieval.answering").joinpath("decision.json").read_text(encoding="utf-8"))
    if tuple(data["evidence"]) != EVIDENCE:
        raise ValueError("decision.json was trained for other evidence; run training/answers.py again")
    bias = (float(data["bias"][0]), float(data["bias"][1]))
    return Decision(np.array(data["native"]), np.array(data["foreign"]), bias, float(data["answerable_at"]))


def _tokens(folded: str) -> list[str]:
    return "".join(character if character.isalnum() else " " for character in folded).split()


def _rarest_untold(terms: TermSet, folded: str, tokens: frozenset[str]) -> float:
    """Give the share that the rarest word which the text lacks has in all of the question's words, by rarity."""
    if not terms.total:
        return 0.0
    untold = [weight for term, weight in terms.characters if term not in folded]
    untold += [weight for term, weight in terms.whole if term not in tokens]
    return max(untold, default=0.0) / terms.total


def _related(terms: QuestionTerms, folded: str, tokens: frozenset[str]) -> tuple[float, float]:
    """Give how much of the question's words the text says by their meaning, and the share of the rarest it lacks."""
    total = sum(weight for _, weight in terms.related)
    if not total:
        return 0.0, 0.0
    untold = [weight for members, weight in terms.related if not members.share(folded, tokens)]
    return 1 - sum(untold) / total, max(untold, default=0.0) / total


def _names(question: str, text: str, pinyin: Pinyin) -> tuple[float, float]:
    """Tell whether the question names anybody or anything, 0 or 1, and how much of that the text says, 0 to 1."""
    groups = pinyin.query_terms(question)
    total = sum(group.weight for group in groups)
    if not total:
        return 0.0, 0.0
    sounds = frozenset(pinyin.name_terms(text))
    said = sum(group.weight for group in groups if any(term.term in sounds for term in group.terms))
    return 1.0, said / total
