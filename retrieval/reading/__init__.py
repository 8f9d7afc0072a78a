"""From files to documents: what there is to read, the exact text of each file, and where it stands on its pages.

A format is a module with one ``Reader``, entered by its suffix in ``formats``. The packages that a format needs are
imported when a file of it is read.
"""

from retrieval.reading.discovery import Discovery, SourceFile, find_sources
from retrieval.reading.document import (
    MAX_SOURCE_BYTES,
    LoadedFile,
    Reading,
    document_id,
    interpret,
    load_file,
    read_document,
)
from retrieval.reading.formats import SUPPORTED_SUFFIXES
from retrieval.reading.layout import Heading, Layout, Page, PlacedLine
from retrieval.reading.page_pictures import MAX_WIDTH, MIN_WIDTH, page_picture

__all__ = [
    "MAX_SOURCE_BYTES",
    "MAX_WIDTH",
    "MIN_WIDTH",
    "SUPPORTED_SUFFIXES",
    "Discovery",
    "Heading",
    "Layout",
    "LoadedFile",
    "Page",
    "PlacedLine",
    "Reading",
    "SourceFile",
    "document_id",
    "find_sources",
    "interpret",
    "load_file",
    "page_picture",
    "read_document",
]
