from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retrieval.search.features import FEATURES

__all__ = ["Ranker", "best_of", "inputs_of", "load_ranker"]

_COUNT = len(FEATURES)


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """A learned ranking of sentences: a network of one hidden layer over the features of all candidates' sentences.

    Its inputs are a sentence's features, how far each falls short of the best sentence's, and how much of the
    question's words the archive has. A word missing tells little where no candidate has it, and much where another has:
    a sum of weighted features cannot say so. Trained by ``training/ranking.py``. All float64:

    - ``limits`` ``(len(FEATURES),)``: the shortfall of a feature beyond which more of it makes no difference,
    - ``hidden`` ``(2 * len(FEATURES) + 1, units)`` and ``hidden_bias`` ``(units,)``: the hidden layer's weights,
    - ``output`` ``(units,)``: what each of its rectified units adds to the score,
    - ``direct`` ``(2 * len(FEATURES) + 1,)``: what each input adds by itself.
    """

    limits: NDArray[np.float64]
    hidden: NDArray[np.float64]
    hidden_bias: NDArray[np.float64]
    output: NDArray[np.float64]
    direct: NDArray[np.float64]

    @classmethod
    def indifferent(cls) -> Self:
        """Make a ranking that scores every sentence 0."""
        inputs, none = 2 * _COUNT + 1, np.zeros(1)
        return cls(np.zeros(_COUNT), np.zeros((inputs, 1)), none, none, np.zeros(inputs))

    def scores(self, passages: Sequence[NDArray[np.float32]], known_share: float) -> list[NDArray[np.float32]]:
        """Score the sentences of all candidates: float32 ``(sentences,)`` for each of ``passages``.

        :param passages: the features of each passage's sentences, ``(sentences, len(FEATURES))``.
        :param known_share: how much of the question's words, by rarity, the archive has: 0 to 1.
        """
        if not passages:
            return []
        features = np.concatenate(passages)
        scores = self._score(inputs_of(features, features.max(axis=0), self.limits, known_share))
        return np.split(scores, np.cumsum([len(passage) for passage in passages])[:-1])

    def points(
        self, features: NDArray[np.float32], best: NDArray[np.float32], known_share: float
    ) -> tuple[NDArray[np.float32], float]:
        """Tell what a sentence's score is the sum of: what each feature adds, ``(len(FEATURES),)``, and the rest.

        A network of rectified units is linear wherever none of them switches: each input adds its value times the
        slope there, the rest is what no input adds.

        :param features: the sentence's, float32 ``(len(FEATURES),)``.
        :param best: the best of each feature among all candidates' sentences, as :func:`best_of` gives it.
        """
        inputs = inputs_of(features[None], best, self.limits, known_share)
        active = (inputs @ self.hidden + self.hidden_bias)[0] > 0
        added = inputs[0] * (self.hidden @ (self.output * active) + self.direct)
        points = np.asarray(added[:_COUNT] + added[_COUNT:-1], np.float32)
        return points, float(self._score(inputs)[0] - points.sum())

    def without(self, names: Sequence[str]) -> Self:
        """Give a ranking that makes nothing of some features."""
        kept = np.array([name not in names for name in FEATURES], np.float64)
        both = np.concatenate((kept, kept, np.ones(1)))
        return replace(self, hidden=self.hidden * both[:, None], direct=self.direct * both)

    def _score(self, inputs: NDArray[np.float64]) -> NDArray[np.float32]:
        units = np.maximum(inputs @ self.hidden + self.hidden_bias, 0)
        return np.asarray(units @ self.output + inputs @ self.direct, np.float32)


def best_of(passages: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Give the best of each feature among the sentences of some passages, ``(len(FEATURES),)``; zeros without any."""
    if not passages:
        return np.zeros(_COUNT, np.float32)
    return np.asarray(np.max([features.max(axis=0) for features in passages], axis=0), np.float32)


def inputs_of(
    features: NDArray[np.float32], best: NDArray[np.float32], limits: NDArray[np.float64], known_share: float
) -> NDArray[np.float64]:
    """Lay out what the ranking is computed from, ``(sentences, 2 * len(FEATURES) + 1)``, as :class:`Ranker` tells.

    In double precision: a product of matrices rounds as their shapes tell it to, and a passage's score must not depend
    on how many sentences the others have.
    """
    inputs = np.empty((len(features), 2 * _COUNT + 1), np.float64)
    inputs[:, :_COUNT] = features
    np.minimum(best - features, limits, out=inputs[:, _COUNT:-1])
    inputs[:, -1] = known_share
    return inputs


@lru_cache(maxsize=1)
def load_ranker() -> Ranker:
    """Load the ranker that comes with the package.

    :raises ValueError: if its file was trained for other features.
    """
    content = files("retrieval.search").joinpath("ranker.npz").read_bytes()
    with np.load(BytesIO(content), allow_pickle=False) as packed:
        if tuple(str(packed["features"]).split()) != FEATURES:
            raise ValueError("ranker.npz was trained for other features; run training/ranking.py again")
        names = ("limits", "hidden", "hidden_bias", "output", "direct")
        return Ranker(*(packed[name].astype(np.float64) for name in names))
