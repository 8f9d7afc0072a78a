from pathlib import PurePath

from retrieval.errors import SourceError
from retrieval.reading.epub import read_epub
from retrieval.reading.extraction import Extraction, Reader
from retrieval.reading.hypertext import read_hypertext
from retrieval.reading.pdf import read_pdf
from retrieval.reading.picture import read_picture
from retrieval.reading.text import decode_text
from retrieval.reading.word import read_word
from retrieval.types import ProgressCallback

__all__ = ["SUPPORTED_SUFFIXES", "reader_for", "supported_suffixes_text"]


def _read_text(data: bytes, source: str, progress: ProgressCallback | None) -> Extraction:
    decoded = decode_text(data, source)
    if progress is not None:
        progress(1, 1, source)
    return Extraction(decoded.text, decoded.encoding)


_READERS: dict[str, Reader] = {
    **dict.fromkeys((".markdown", ".md", ".text", ".txt"), _read_text),
    **dict.fromkeys((".htm", ".html", ".xhtml"), read_hypertext),
    **dict.fromkeys((".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"), read_picture),
    ".docx": read_word,
    ".epub": read_epub,
    ".pdf": read_pdf,
}
# A file that is named without a suffix (README) is text if anything.
_READER_WITHOUT_SUFFIX: Reader = _read_text

SUPPORTED_SUFFIXES: tuple[str, ...] = tuple(sorted(_READERS))
"""The suffixes, in lower case, of the files that a folder is searched for."""


def supported_suffixes_text() -> str:
    """Give the supported suffixes as a list for messages."""
    return ", ".join(SUPPORTED_SUFFIXES)


def reader_for(name: str) -> Reader:
    """Choose the reader of a file by its name's suffix, in whichever case.

    :raises SourceError: if no reader knows the suffix.
    """
    suffix = PurePath(name).suffix
    if not suffix:
        return _READER_WITHOUT_SUFFIX
    reader = _READERS.get(suffix.lower())
    if reader is None:
        raise SourceError(
            f"{name}: files with the suffix {suffix} cannot be read. Save the text with one of "
            f"{supported_suffixes_text()}."
        )
    return reader
