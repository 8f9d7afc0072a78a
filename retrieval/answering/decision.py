import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from retrieval.search.features import FEATURES

__all__ = ["ANSWERABLE_AT", "EVIDENCE", "Decision", "evidence", "load_decision"]

ANSWERABLE_AT = 0.25
"""The probability from which on the archive is said to answer."""

# What of the best sentence's features tells whether it answers at all.
_FROM_SENTENCE = (
    "words",
    "bigrams",
    "context",
    "neighbours",
    "dense",
    "sentence_words",
    "sentence_bigrams",
    "sentence_neighbours",
    "sentence_dense",
    "kind_absent",
    "unit_present",
    "place_said",
    "place_differs",
    "year_differs",
    "heading",
    "caption",
    "furniture",
    "furniture_asked",
)
_COLUMNS = [FEATURES.index(name) for name in _FROM_SENTENCE]
EVIDENCE = ("score", "margin", "known_share", *_FROM_SENTENCE)


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """A logistic model of whether the archive answers, over :data:`EVIDENCE`. Trained by ``training/decision.py``.

    Like the ranking it is two models, mixed by how much of the question the archive's words cover.
    """

    native: NDArray[np.float64]
    foreign: NDArray[np.float64]
    bias: tuple[float, float]

    def probability(self, told: NDArray[np.float64], known_share: float) -> float:
        """Give the probability, 0 to 1, that the archive answers the question.

        :param told: what :func:`evidence` read off, float64 ``(len(EVIDENCE),)``.
        """
        z = known_share * (self.native @ told + self.bias[0]) + (1 - known_share) * (self.foreign @ told + self.bias[1])
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, float(z)))))


def evidence(best: NDArray[np.float32], scores: Sequence[float], known_share: float) -> NDArray[np.float64]:
    """Read off what speaks for an answer, float64 ``(len(EVIDENCE),)``.

    :param best: the features of the best sentence.
    :param scores: the candidates' scores, best first.
    :param known_share: how much of the question's words, by rarity, the archive has: 0 to 1.
    """
    margin = scores[0] - scores[1] if len(scores) > 1 else 0.0
    return np.array([scores[0] / 10, min(margin, 5.0), known_share, *best[_COLUMNS]], np.float64)


@lru_cache(maxsize=1)
def load_decision() -> Decision:
    """Load the model that comes with the package.

    :raises ValueError: if its file was trained for other evidence.
    """
    data = json.loads(files("retrieval.answering").joinpath("decision.json").read_text(encoding="utf-8"))
    if tuple(data["evidence"]) != EVIDENCE:
        raise ValueError("decision.json was trained for other evidence; run training/decision.py again")
    return Decision(np.array(data["native"]), np.array(data["foreign"]), (data["bias"][0], data["bias"][1]))
