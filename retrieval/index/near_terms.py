from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["NearTerm", "NearTerms"]

# Of eight terms each, some 2 KB: 8 MB in all.
_MOST = 4096


@dataclass(frozen=True, slots=True)
class NearTerm:
    """A term of the archive and its cosine, -1 to 1, to what was looked up."""

    term: str
    cosine: float


_Asked: TypeAlias = tuple[str, int, float]


class NearTerms:
    """What is nearest to the terms that questions had: they have the same ones again and again."""

    def __init__(self, most: int = _MOST) -> None:
        """Remember what was found for so many terms."""
        self._most = most
        self._found: dict[_Asked, tuple[NearTerm, ...]] = {}

    def get(self, asked: _Asked, find: Callable[[], tuple[NearTerm, ...]]) -> tuple[NearTerm, ...]:
        """Give what was found for a term, a count and a least cosine, or ``find`` it."""
        found = self._found.get(asked)
        if found is None:
            # Threads that come at once find the same twice.
            found = find()
            if len(self._found) >= self._most:
                self._found = {}
            self._found[asked] = found
        return found

    def __len__(self) -> int:
        """Count the terms of which it is remembered."""
        return len(self._found)
