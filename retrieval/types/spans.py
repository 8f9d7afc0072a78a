"""Where words stand: in a document's text, and on a page's picture."""

from dataclasses import dataclass

__all__ = [
    "Box",
    "Place",
    "Span",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters ``[start, end)`` of a document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse an empty or negative range: it could quote nothing.

        :raises ValueError: if not ``0 <= start < end``.
        """
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got [{self.start}, {self.end})")

    def __len__(self) -> int:
        """Count the characters of the span."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in the page's unit, from its upper left corner: ``left < right``, ``top < bottom``."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Give the extent from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Give the extent from top to bottom."""
        return self.bottom - self.top

    def union(self, other: "Box") -> "Box":
        """Give the smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand on a page: its number, from 1, and the box around those of its characters asked for."""

    page: int
    box: Box
