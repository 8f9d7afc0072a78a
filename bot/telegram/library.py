from collections.abc import Sequence
from typing import Protocol

from retrieval.types import (
    Answer,
    ArchiveInfo,
    Document,
    DocumentInfo,
    Filters,
    Hit,
    Outline,
    PageSize,
    Place,
    Quote,
    Span,
    SyncReport,
    Turn,
)

__all__ = ["Library"]


class Library(Protocol):
    """What the bot needs of :class:`retrieval.Archive`, which says what each method does and raises."""

    def ask(
        self, question: str, history: Sequence[Turn] = (), top: int = 3, *, filters: Filters | None = None
    ) -> Answer:
        """Answer the question from the archive."""

    def search(self, query: str, top: int = 10, *, filters: Filters | None = None) -> list[Hit]:
        """Find the passages that fit best."""

    def documents(self) -> list[DocumentInfo]:
        """List the documents, sorted by source."""

    def document(self, document_id: str) -> Document:
        """Give a document with its text."""

    def info(self) -> ArchiveInfo:
        """Count what the archive holds."""

    def outline(self, document_id: str) -> Outline:
        """Give a document's blocks and articles."""

    def around(self, document_id: str, spans: Sequence[Span], characters: int) -> Quote:
        """Give a quote widened to whole sentences on both sides."""

    def places(self, document_id: str, spans: Sequence[Span]) -> list[Place]:
        """Say where spans stand on the pages of the file; empty for a file without pages."""

    def page_sizes(self, document_id: str) -> list[PageSize]:
        """Give the extent of each page."""

    def page_picture(self, document_id: str, number: int, width: int = 1200) -> bytes:
        """Give a page as a PNG."""

    def add(self, name: str, data: bytes) -> SyncReport:
        """Take a file into the archive."""

    def remove(self, document_id: str) -> None:
        """Take a document out of the archive."""
