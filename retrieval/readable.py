from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.engine import Engine
from retrieval.index import Store
from retrieval.search import analyse, explain
from retrieval.types import (
    Answer,
    ArchiveInfo,
    Copies,
    Document,
    DocumentInfo,
    Examination,
    Explanation,
    Filters,
    Hit,
    Original,
    Outline,
    PageSize,
    Place,
    Quote,
    Span,
    Turn,
)
from retrieval.views import View, Views

if TYPE_CHECKING:
    from retrieval.answering import Answerer

__all__ = ["ReadableArchive"]


class ReadableArchive:
    """What an archive tells: answers, hits, and its documents with their texts, pages and files.

    :class:`retrieval.archive.Archive` is the one that opens and changes it.
    """

    def __init__(self, path: Path, store: Store, engine: Engine) -> None:
        """Use ``Archive.open`` instead."""
        self._path = path
        self._store = store
        self._engine = engine
        self._views = Views(store, engine)

    def ask(
        self, question: str, history: Sequence[Turn] = (), top: int = 3, *, filters: Filters | None = None
    ) -> Answer:
        """Answer a question with quotes.

        :param history: the earlier turns of the conversation, oldest first.
        :param top: how many quotes to give at the most.
        :param filters: which passages to answer from; None for all.
        :raises QuestionError: if the question is empty, too long or not readable.
        :raises ArchiveEmptyError: if the archive holds no passage.
        :raises ValueError: if ``top`` is less than 1.
        """
        _check_top(top)
        return self._views.whole(
            lambda view: _answerer(view).answer(question, view.snapshot, history=history, top=top, filters=filters)
        )

    def search(self, query: str, top: int = 10, *, filters: Filters | None = None) -> list[Hit]:
        """Find the passages that fit a question or keywords best, best first; ties go by passage id.

        :param filters: which passages to look at; None for all.
        :raises QuestionError: if the query is empty, too long or not readable.
        :raises ArchiveEmptyError: if the archive holds no passage.
        :raises ValueError: if ``top`` is less than 1.
        """
        _check_top(top)
        analysed = analyse(query)
        return self._views.whole(lambda view: view.searcher.search(analysed, view.snapshot, top, filters))

    def explain(self, question: str, top: int = 5, *, filters: Filters | None = None) -> Explanation:
        """Tell how a question is understood and what puts its ``top`` best hits in their order.

        :param filters: which passages to look at; None for all.
        :raises QuestionError: if the question is empty, too long or not readable.
        :raises ArchiveEmptyError: if the archive holds no passage.
        :raises ValueError: if ``top`` is less than 1.
        """
        _check_top(top)

        def explained(view: View) -> Explanation:
            answer = _answerer(view).answer(question, view.snapshot, history=(), top=1, filters=filters)
            found = view.searcher.find(analyse(question), view.snapshot, filters=filters)
            return explain(found, view.snapshot, top, answer.probability)

        return self._views.whole(explained)

    def reading(self) -> AbstractContextManager[View]:
        """Lend one state of the contents and its searcher, to those who train or measure the search itself.

        :raises ArchiveEmptyError: if the archive holds no passage.
        """
        return self._views.lend()

    def documents(self) -> list[DocumentInfo]:
        """List the documents, sorted by source."""
        return self._store.documents()

    def document_info(self, document_id: str) -> DocumentInfo:
        """Describe one document, whose text is not read.

        :raises UnknownDocumentError: if there is none of this id.
        """
        with self._store.snapshot() as snapshot:
            return snapshot.document_info(document_id)

    def original(self, document_id: str) -> Original:
        """Give the file that a document was read from, byte for byte.

        :raises UnknownDocumentError: if there is none of this id.
        :raises OriginalMissingError: if the file is gone, cannot be read, or has changed since it was read.
        """
        from retrieval.originals import read_original

        with self._store.snapshot() as snapshot:
            source, file = snapshot.source(document_id), snapshot.file(document_id)
        return read_original(source, file, self._store.uploads)

    def document(self, document_id: str) -> Document:
        """Give a document with its text.

        :raises UnknownDocumentError: if there is none of this id.
        """
        return self._store.document(document_id)

    def outline(self, document_id: str) -> Outline:
        """Give a document's blocks and articles as they were understood.

        :raises UnknownDocumentError: if there is none of this id.
        """
        # Cutting pages is no part of answering, and its modules take a tenth of a second to import.
        from retrieval.segmenting import outline

        return outline(self._store.document(document_id))

    def examine(self, document_id: str) -> Examination:
        """Tell what was understood of a document: its description, its text, and its blocks and articles.

        :raises UnknownDocumentError: if there is none of this id.
        """
        with self._store.snapshot() as snapshot:
            info = snapshot.document_info(document_id)
            document = snapshot.document(document_id)
        from retrieval.segmenting import outline

        return Examination(info, document, outline(document))

    def copies(self, document_id: str | None = None) -> list[Copies]:
        """Tell which paragraphs stand more than once, in one document or in several, with what OCR read differently.

        The first call after a sync takes half a second for a thousand paragraphs.

        :param document_id: give those that stand in this document too; None for all.
        :raises UnknownDocumentError: if there is none of this id.
        """
        from retrieval.copying import archive_copies

        with self._store.snapshot() as snapshot:
            return archive_copies(snapshot, self._path, document_id)

    def places(self, document_id: str, spans: Sequence[Span]) -> list[Place]:
        """Tell where spans of a document stand on its pages: a box for each line of print that they touch.

        :returns: none where the document's format has no pages.
        :raises UnknownDocumentError: if there is none of this id.
        """
        from retrieval.viewing import find_places

        with self._store.snapshot() as snapshot:
            return find_places(snapshot, document_id, spans)

    def page_sizes(self, document_id: str) -> list[PageSize]:
        """Give the extents of a document's pages, in whose unit ``places`` counts; none where it has no pages.

        :raises UnknownDocumentError: if there is none of this id.
        """
        from retrieval.viewing import find_page_sizes

        with self._store.snapshot() as snapshot:
            return find_page_sizes(snapshot, document_id)

    def page_picture(self, document_id: str, number: int, width: int = 1200) -> bytes:
        """Draw a page of the PDF or picture that a document was read from, as PNG.

        :param number: the page's number, from 1.
        :param width: pixels, 100 to 4000; a picture is never made larger than it is.
        :raises UnknownDocumentError: if there is none of this id.
        :raises OriginalMissingError: if the file is gone or has changed, has no such page, or cannot be drawn.
        :raises MissingExtraError: if the package that draws the format is not installed.
        :raises ValueError: if the width is out of bounds.
        """
        from retrieval.viewing import draw_page

        return draw_page(self.original(document_id), number, width)

    def around(self, document_id: str, spans: Iterable[Span], characters: int | None = None) -> Quote:
        """Give a quote with the whole sentences before and after it in its article; the quote itself is highlighted.

        :param characters: how long the result may be, None for as long as a quote of an answer; a quote that is longer
            already comes back as it is.
        :raises UnknownDocumentError: if there is no document of this id.
        :raises ProvenanceError: if no passage of the document stands at the spans.
        """
        from retrieval.answering import MAX_QUOTE, around

        with self._store.snapshot() as snapshot:
            return around(snapshot, document_id, tuple(spans), MAX_QUOTE if characters is None else characters)

    def info(self) -> ArchiveInfo:
        """Count what the archive holds."""
        with self._store.snapshot() as snapshot:
            return ArchiveInfo(
                path=str(self._path),
                generation=snapshot.generation,
                documents=snapshot.document_count(),
                passages=snapshot.passage_count(),
                encoder=snapshot.encoder,
                backend=snapshot.backend,
            )


def _answerer(view: View) -> "Answerer":
    # A sync answers nothing, and this takes a tenth of a second to import.
    from retrieval.answering import Answerer

    return Answerer(view.searcher)


def _check_top(top: int) -> None:
    if top < 1:
        raise ValueError(f"top must be at least 1, got {top}")
