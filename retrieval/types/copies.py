from dataclasses import dataclass
from typing import Any

from retrieval.types.spans import Span

__all__ = ["Copies", "CopyPlace"]


@dataclass(frozen=True, slots=True)
class CopyPlace:
    """Where a paragraph stands that stands more than once in an archive."""

    passage_id: int
    document_id: str
    source: str
    spans: tuple[Span, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON-ready values."""
        return {
            "passage_id": self.passage_id,
            "document_id": self.document_id,
            "source": self.source,
            "spans": [[span.start, span.end] for span in self.spans],
        }


@dataclass(frozen=True, slots=True)
class Copies:
    """A paragraph that is kept, the longest of those that say the same, and its copies, by passage id."""

    kept: CopyPlace
    copies: tuple[CopyPlace, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON-ready values."""
        return {"kept": self.kept.to_dict(), "copies": [place.to_dict() for place in self.copies]}
