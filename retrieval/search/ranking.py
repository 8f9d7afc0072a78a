import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from retrieval.search.features import FEATURES

__all__ = ["Ranker", "load_ranker"]


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """A learned ranking of sentences: two linear models, mixed by how much of the question the archive's words cover.

    ``native`` weighs the features of a question in the archive's own words, ``foreign`` those of one in words that
    the archive does not have, such as another language's. Both are float32 ``(len(FEATURES),)``. Trained by
    ``training/ranking.py``.
    """

    native: NDArray[np.float32]
    foreign: NDArray[np.float32]

    def scores(self, features: NDArray[np.float32], known_share: float) -> NDArray[np.float32]:
        """Score sentences: float32 ``(n,)`` from features ``(n, len(FEATURES))``.

        :param known_share: how much of the question's words, by rarity, the archive has: 0 to 1.
        """
        return self.all_scores((features,), known_share)[0]

    def all_scores(self, passages: Sequence[NDArray[np.float32]], known_share: float) -> list[NDArray[np.float32]]:
        """Score the sentences of several passages, each as :meth:`scores` does.

        A product of matrices rounds as their shapes tell it to, so that a passage must not be scored with others.
        """
        weights = self._weights(known_share)
        return [np.asarray(features @ weights, np.float32) for features in passages]

    def points(self, features: NDArray[np.float32], known_share: float) -> NDArray[np.float32]:
        """Give what each of a sentence's features adds to its score: float32 ``(len(FEATURES),)``."""
        return np.asarray(features * self._weights(known_share), np.float32)

    def _weights(self, known_share: float) -> NDArray[np.float32]:
        return np.asarray(known_share * self.native + (1 - known_share) * self.foreign, np.float32)


@lru_cache(maxsize=1)
def load_ranker() -> Ranker:
    """Load the ranker that comes with the package.

    :raises ValueError: if its file was trained for other features.
    """
    data = json.loads(files("retrieval.search").joinpath("ranker.json").read_text(encoding="utf-8"))
    if tuple(data["features"]) != FEATURES:
        raise ValueError("ranker.json was trained for other features; run training/ranking.py again")
    return Ranker(np.array(data["native"], np.float32), np.array(data["foreign"], np.float32))
