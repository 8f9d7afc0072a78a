"""Where the words of a document stand on the pages of its file, and what those look like."""

from collections.abc import Sequence

from retrieval.index import Snapshot
from retrieval.types import Original, PageSize, Place, Span

__all__ = ["draw_page", "find_page_sizes", "find_places"]


def find_places(snapshot: Snapshot, document_id: str, spans: Sequence[Span]) -> list[Place]:
    """Give a box for each line of print that the spans touch, none where the format has no pages.

    :raises UnknownDocumentError: if there is no document of this id.
    """
    layout = snapshot.layout(document_id)
    if layout is None or not layout.lines:
        return []
    return list(layout.places(spans, snapshot.document(document_id).text))


def find_page_sizes(snapshot: Snapshot, document_id: str) -> list[PageSize]:
    """Give the extents of a document's pages, none where the format has no pages.

    :raises UnknownDocumentError: if there is no document of this id.
    """
    layout = snapshot.layout(document_id)
    return [PageSize(page.number, page.width, page.height) for page in layout.pages] if layout is not None else []


def draw_page(original: Original, number: int, width: int) -> bytes:
    """Draw a page of a document's file as PNG.

    :raises ValueError: if the width is not between 100 and 4000.
    :raises OriginalMissingError: if the file has no such page or cannot be drawn.
    :raises MissingExtraError: if the package that draws the format is not installed.
    """
    from retrieval.reading import page_picture

    return page_picture(original.data, original.media_type, number, width)
