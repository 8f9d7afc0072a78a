"""Where words stand: in a document's text, and on a page's picture."""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "Box",
    "Place",
    "Span",
    "located",
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


def located(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Give the document's spans of what stands at offsets ``[start, end)`` of the joined text of ``spans``."""
    found, offset = [], 0
    for span in spans:
        low, high = max(start - offset, 0), min(end - offset, len(span))
        if low < high:
            found.append(Span(span.start + low, span.start + high))
        offset += len(span)
    return tuple(found)
