import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from retrieval.errors import SourceError
from retrieval.reading.extraction import Extraction, missing_extra
from retrieval.reading.flow import PageLines, flow
from retrieval.reading.layout import Page
from retrieval.reading.recognition import Recogniser
from retrieval.reading.running_heads import without_running_heads
from retrieval.reading.text_blocks import refuse_blank
from retrieval.types import ProgressCallback

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["MAX_PAGES", "PDFIUM_LOCK", "read_pdf"]

MAX_PAGES = 20_000
# Pages are drawn for recognition at this resolution, or at less where they are posters.
_DOTS_PER_INCH = 200
_POINTS_PER_INCH = 72
_MOST_PIXELS = 40_000_000
# A page with fewer characters and a picture on it is a scan with, at most, a stamp or a number.
_FEWEST_CHARACTERS = 12
_MOST_UNREADABLE = 0.3
_PASSWORD_ERROR = 4

PDFIUM_LOCK = threading.Lock()
"""PDFium must not be entered by two threads at once."""


def read_pdf(data: bytes, source: str, progress: ProgressCallback | None = None) -> Extraction:
    """Read a PDF document with page numbers, columns in reading order, and the place of each line.

    Heads and page numbers that come again on many pages are left out. Pages that are pictures are read by OCR where the
    extra 'ocr' is installed, and named in a warning where it is not.

    :raises SourceError: if it is no PDF, is damaged, locked, has no pages or holds no text, or the extra 'documents' is
        missing, or 'ocr' where every page is a picture.
    """
    return _PdfFile(data, source, progress).read()


class _PdfFile:
    """One reading of a PDF file."""

    def __init__(self, data: bytes, source: str, progress: ProgressCallback | None) -> None:
        self._data = data
        self._source = source
        self._progress = progress
        self._recogniser = Recogniser()
        self._unread: list[int] = []
        self._damaged: list[int] = []

    def read(self) -> Extraction:
        try:
            import pypdfium2
        except ImportError:
            raise missing_extra(self._source, "PDF", "documents") from None
        with PDFIUM_LOCK:
            try:
                document = pypdfium2.PdfDocument(self._data)
            except pypdfium2.PdfiumError as error:
                raise self._refusal(error) from error
            try:
                count = len(document)
                if not 0 < count <= MAX_PAGES:
                    raise SourceError(
                        f"{self._source}: the PDF has {count} pages; between 1 and {MAX_PAGES} can be read. "
                        + ("Leave it out." if not count else "Split it.")
                    )
                pages = list(self._pages(document, count, pypdfium2.PdfiumError))
            finally:
                document.close()
        flowing = flow(without_running_heads(pages))
        if not flowing.text and self._unread:
            raise missing_extra(self._source, "a PDF of scanned pages", "ocr")
        refuse_blank(flowing.text, self._source)
        return Extraction(flowing.text, "pdf", flowing.layout, self._warnings())

    def _pages(self, document: Any, count: int, failure: type[Exception]) -> Iterator[PageLines]:
        from retrieval.reading.pdf_text import PdfPageText

        for number in range(1, count + 1):
            try:
                page = document[number - 1]
                text = PdfPageText(page)
                yield self._page(page, text, number)
                page.close()
            except failure:
                self._damaged.append(number)
            if self._progress is not None:
                self._progress(number, count, f"{self._source}, page {number}")

    def _page(self, page: Any, text: Any, number: int) -> PageLines:
        width, height = text.width, text.height
        usable = text.characters >= _FEWEST_CHARACTERS and text.unreadable <= _MOST_UNREADABLE * text.characters
        if usable or not (text.has_pictures or text.unreadable):
            return PageLines(Page(number, width, height), text.pieces)
        if not self._recogniser.is_installed:
            self._unread.append(number)
            return PageLines(Page(number, width, height), () if text.unreadable else text.pieces)
        scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        picture: Image = page.render(scale=scale, draw_annots=False).to_pil()
        pieces = self._recogniser.pieces(picture, number, scale=1 / scale)
        return PageLines(Page(number, width, height, recognised=True), pieces)

    def _warnings(self) -> tuple[str, ...]:
        warnings = list(self._recogniser.warnings)
        if self._unread:
            warnings.append(
                f"{_pages(self._unread)} of scanned pictures not read: the extra 'ocr' is missing. Install it with: "
                "pip install 'wenju[ocr]', then sync again."
            )
        if self._damaged:
            warnings.append(f"{_pages(self._damaged)} damaged and not read. Get a whole copy of the PDF.")
        return tuple(warnings)

    def _refusal(self, error: Exception) -> SourceError:
        # PDFium keeps the error of an earlier file where it has none for this one.
        if getattr(error, "err_code", None) == _PASSWORD_ERROR and b"/Encrypt" in self._data:
            return SourceError(
                f"{self._source}: the PDF is locked with a password. Save a copy without one (qpdf --decrypt, or print "
                "it to PDF)."
            )
        return SourceError(
            f"{self._source}: this is not a PDF, or a damaged one. Get a whole copy of it, or repair it (qpdf, "
            "mutool clean)."
        )


def _pages(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:10])
    more = f" and {len(numbers) - 10} more" if len(numbers) > 10 else ""
    return f"{'page' if len(numbers) == 1 else 'pages'} {shown}{more}"
