"""Train the decision whether the archive answers: from the examples of ``training.ranking``, by ``fit_decision``.

Each example gives two: as it is, the archive answers; without the passages that answer, it does not, and what is left
are near misses, the hardest case. Questions of the tune split that the archive does not answer are added as they are.
Logistic regression with a squared penalty; the same data give the same weights.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from retrieval.answering.decision import EVIDENCE, Decision, evidence
from retrieval.search.ranking import Ranker

__all__ = ["Case", "cases", "fit_decision"]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What the best sentence tells, float64 ``(len(EVIDENCE),)``, and whether the archive answers."""

    told: NDArray[np.float64]
    known_share: float
    answered: bool


def cases(
    ranker: Ranker,
    features: NDArray[np.float32],
    answers: NDArray[np.bool_],
    passages: NDArray[np.int64],
    known_share: float,
) -> Iterator[Case]:
    """Make a question's cases: with the passages that answer, if any do, and without them."""
    scores = ranker.scores(features, known_share)
    if answers.any():
        yield _case(features, scores, passages, known_share, answered=True)
    left = ~np.isin(passages, passages[answers])
    if left.any():
        yield _case(features[left], scores[left], passages[left], known_share, answered=False)


def fit_decision(groups: Sequence[tuple[Sequence[Case], float]], penalty: float) -> Decision:
    """Fit the logistic model.

    :param groups: cases and how much each group counts altogether; within a group answered and not count the same.
    """
    size = len(EVIDENCE) + 1
    rows, signs, counts = [], [], []
    for members, weight in groups:
        for answered in (True, False):
            some = [case for case in members if case.answered is answered]
            for case in some:
                told = np.append(case.told, 1.0)
                rows.append(np.concatenate((case.known_share * told, (1 - case.known_share) * told)))
                signs.append(1.0 if answered else -1.0)
                counts.append(weight / len(some) / 2)
    matrix, sign, count = np.stack(rows), np.array(signs), np.array(counts)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = sign * (matrix @ weights)
        apart = weights[:size] - weights[size:]
        total = float(count @ np.logaddexp(0, -margins)) + penalty * float(weights @ weights + apart @ apart)
        gradient = -(count * sign / (1 + np.exp(np.clip(margins, -50, 50)))) @ matrix
        return total, gradient + 2 * penalty * (weights + np.concatenate((apart, -apart)))

    weights = minimize(loss, np.zeros(2 * size), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return Decision(weights[: size - 1], weights[size:-1], (float(weights[size - 1]), float(weights[-1])))


def _case(
    features: NDArray[np.float32],
    scores: NDArray[np.float32],
    passages: NDArray[np.int64],
    known_share: float,
    *,
    answered: bool,
) -> Case:
    best = int(np.argmax(scores))
    others = scores[passages != passages[best]]
    ranked = [float(scores[best]), *([float(others.max())] if len(others) else [])]
    return Case(evidence(features[best], ranked, known_share), known_share, answered)
