"""What a lexical index is asked, and what it gives."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LexicalScores", "SynonymGroup", "WeightedTerm"]


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """A term of a query and how much it counts.

    :raises ValueError: if ``weight`` is negative or not finite.
    """

    term: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Check the weight."""
        _check_weight(self.weight)


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Terms that stand for the same thing and are scored as one term.

    A member's weight says how well it stands for the thing, ``weight`` how much the thing counts in the query.

    :raises ValueError: if ``weight`` is negative or not finite.
    """

    members: tuple[WeightedTerm, ...]
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Check the weight."""
        _check_weight(self.weight)


@dataclass(frozen=True, slots=True, eq=False)
class LexicalScores:
    """Each row's score for a query, float32 ``(rows,)``, and ``ideal``, which no text can exceed.

    ``ideal`` is the score of a text that repeats every term without end. Terms that the index lacks count in it with
    the highest rarity, so ``scores / ideal`` is low for a question about other things.
    """

    scores: NDArray[np.float32]
    ideal: float


def _check_weight(weight: float) -> None:
    if not (math.isfinite(weight) and weight >= 0):
        raise ValueError(f"a weight must be finite and not negative, got {weight}")
