"""The two models of the answers, fitted to questions that were searched and read: the selector and the decision."""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from retrieval.answering.decision import EVIDENCE, Decision
from retrieval.answering.selection import READ, SELECTING, Selector, sentence_evidence
from training.cases import Found

__all__ = ["Case", "cross_validated", "fit_decision", "fit_selector", "shares", "threshold"]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What a question's evidence is, float64 ``(len(EVIDENCE),)``, and whether the archive answers it."""

    told: NDArray[np.float64]
    known_share: float
    answered: bool
    group: str
    language: str
    id: str = ""


def fit_selector(found: Sequence[Found], penalty: float = 1e-3) -> Selector:
    """Fit the selector: the negative log-likelihood of the sentences that hold an answer, among all that were read."""
    rows = []
    for item in found:
        readings = item.readings[:READ]
        labels = np.concatenate([item.right(reading) for reading in readings]) if readings else np.zeros(0, bool)
        if labels.any():
            known = item.findings.terms.known_share
            table = np.concatenate([sentence_evidence(reading) for reading in readings])
            rows.append((np.hstack((known * table, (1 - known) * table)), labels))
    size = len(SELECTING)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = 0.0, np.zeros(2 * size)
        for table, labels in rows:
            scores = table @ weights
            grown = np.exp(scores - scores.max())
            right = grown * labels
            total += float(np.log(grown.sum()) - np.log(max(right.sum(), 1e-30)))
            gradient += (grown / grown.sum() - right / max(right.sum(), 1e-30)) @ table
        apart = weights[:size] - weights[size:]
        total = total / len(rows) + penalty * float(weights @ weights) + 0.05 * float(apart @ apart)
        pull = 2 * penalty * weights + 0.1 * np.concatenate((apart, -apart))
        return total, gradient / len(rows) + pull

    weights = minimize(loss, np.zeros(2 * size), jac=True, method="L-BFGS-B").x
    return Selector(weights[:size], weights[size:])


def fit_decision(members: Sequence[Case], weights: dict[str, float], penalty: float) -> Decision:
    """Fit the logistic model; within a group answered and not count the same.

    :param weights: what each group counts altogether.
    """
    size = len(EVIDENCE) + 1
    rows, signs = [], []
    for case in members:
        told = np.append(case.told, 1.0)
        rows.append(np.concatenate((case.known_share * told, (1 - case.known_share) * told)))
        signs.append(1.0 if case.answered else -1.0)
    matrix, sign, count = np.stack(rows), np.array(signs), shares(members, weights)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = sign * (matrix @ w)
        apart = w[:size] - w[size:]
        total = float(count @ np.logaddexp(0, -margins)) + penalty * float(w @ w + apart @ apart)
        gradient = -(count * sign / (1 + np.exp(np.clip(margins, -50, 50)))) @ matrix
        return total, gradient + 2 * penalty * (w + np.concatenate((apart, -apart)))

    w = minimize(loss, np.zeros(2 * size), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
    return Decision(w[: size - 1], w[size:-1], (float(w[size - 1]), float(w[-1])))


def shares(members: Sequence[Case], weights: dict[str, float]) -> NDArray[np.float64]:
    """Give what each case counts, float64 ``(n,)`` with sum 1: those of a group and outcome as much together."""
    sizes = Counter((case.group, case.answered) for case in members)
    counts = np.array([weights.get(case.group, 1.0) / sizes[case.group, case.answered] for case in members])
    return np.asarray(counts / counts.sum(), np.float64)


def threshold(
    probabilities: NDArray[np.float64], answered: NDArray[np.bool_], counts: NDArray[np.float64], cost: float
) -> float:
    """Give the probability below which refusing costs least, in hundredths.

    :param counts: what each case counts among those of its outcome.
    :param cost: what it costs to refuse what the archive answers; to answer what it does not costs 1.
    """
    places = np.arange(1, 100) / 100
    refused = probabilities[:, None] < places
    false, right = (counts[of] @ refused[of] / counts[of].sum() for of in (answered, ~answered))
    return float(places[np.argmin(cost * false - right)])


def cross_validated(members: Sequence[Case], weights: dict[str, float], penalty: float) -> NDArray[np.float64]:
    """Give each case's probability by a model that was fitted without it and its neighbours, in five parts."""
    parts = np.arange(len(members)) * 5 // max(len(members), 1)
    order = np.argsort([_spread(case.id) for case in members], kind="stable")
    part = np.empty(len(members), int)
    part[order] = parts
    given = np.zeros(len(members))
    for number in range(5):
        decision = fit_decision([c for c, p in zip(members, part, strict=True) if p != number], weights, penalty)
        for index in np.flatnonzero(part == number).tolist():
            given[index] = decision.probability(members[index].told, members[index].known_share)
    return given


def _spread(text: str) -> int:
    return zlib.crc32(text.encode())
