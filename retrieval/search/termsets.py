from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.language.scripts import has_han

__all__ = ["TermSet"]


@dataclass(frozen=True, slots=True)
class TermSet:
    """Terms with weights: those that are looked for as characters, and those that must be whole words."""

    characters: tuple[tuple[str, float], ...]
    whole: tuple[tuple[str, float], ...]
    total: float

    @classmethod
    def of(cls, terms: Sequence[tuple[str, float]]) -> "TermSet":
        """Sort terms by how they are looked for."""
        characters = tuple(entry for entry in terms if has_han(entry[0]) or entry[0].endswith("%"))
        whole = tuple(entry for entry in terms if entry not in characters)
        return cls(characters, whole, sum(weight for _, weight in terms))

    def share(self, text: str, tokens: frozenset[str]) -> float:
        """Tell how much of the terms, by weight, a text has: 0 to 1."""
        if not self.total:
            return 0.0
        found = sum([weight for term, weight in self.characters if term in text])
        return (found + sum([weight for term, weight in self.whole if term in tokens])) / self.total

    def best(self, text: str, tokens: frozenset[str]) -> float:
        """Give the highest weight of a term that a text has, 0 if it has none."""
        found = [weight for term, weight in self.characters if term in text]
        return max(found + [weight for term, weight in self.whole if term in tokens], default=0.0)
