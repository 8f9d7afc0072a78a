from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Asked", "NearTerm", "NearTerms"]

# Of eight terms each, some 2 KB: 8 MB in all.
_MOST = 4096


@dataclass(frozen=True, slots=True)
class NearTerm:
    """A term of the archive and its cosine, -1 to 1, to what was looked up."""

    term: str
    cosine: float


Asked: TypeAlias = tuple[str, int, float]
"""A term, how many near it are wanted, and with which cosine at the least."""


class NearTerms:
    """What is nearest to the terms that questions had: they have the same ones again and again."""

    def __init__(self, most: int = _MOST) -> None:
        """Remember what was found for so many terms."""
        self._most = most
        self._found: dict[Asked, tuple[NearTerm, ...]] = {}

    def get(self, asked: Asked) -> tuple[NearTerm, ...] | None:
        """Give what was found for a term, a count and a least cosine, None if it is not remembered."""
        return self._found.get(asked)

    def keep(self, asked: Asked, found: tuple[NearTerm, ...]) -> None:
        """Remember what was found; of too many terms, only this."""
        if len(self._found) >= self._most:
            self._found = {}
        self._found[asked] = found

    def __len__(self) -> int:
        """Count the terms of which it is remembered."""
        return len(self._found)
