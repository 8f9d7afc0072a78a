from dataclasses import dataclass
from typing import Any

from retrieval.types.hits import Hit

__all__ = ["Contribution", "Explanation", "HitExplanation"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature of a hit is, and what it adds to the hit's score; ``always`` is what no feature adds."""

    name: str
    value: float
    points: float


@dataclass(frozen=True, slots=True)
class HitExplanation:
    """A hit, the sentence of it that ranked best, and all that its score is the sum of, greatest first."""

    hit: Hit
    sentence: str
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a question was understood and why its hits stand in this order.

    ``terms`` are the question's words as they were searched, ``translations`` the groups of the archive's words that
    stand for one of the question's, ``expected`` the kind of answer.
    """

    question: str
    language: str
    expected: str
    terms: tuple[str, ...]
    translations: tuple[tuple[str, ...], ...]
    probability: float
    hits: tuple[HitExplanation, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON-ready values."""
        return {
            "question": self.question,
            "language": self.language,
            "expected": self.expected,
            "terms": list(self.terms),
            "translations": [list(group) for group in self.translations],
            "probability": self.probability,
            "hits": [
                {
                    **explained.hit.to_dict(),
                    "sentence": explained.sentence,
                    "contributions": [
                        {"name": part.name, "value": part.value, "points": part.points}
                        for part in explained.contributions
                    ],
                }
                for explained in self.hits
            ],
        }
