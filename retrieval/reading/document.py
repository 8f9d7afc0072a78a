import hashlib
import os
import stat
from dataclasses import dataclass

from retrieval.errors import SourceError
from retrieval.reading.formats import reader_for
from retrieval.reading.layout import Layout
from retrieval.reading.naming import SourceFile
from retrieval.types import Document, ProgressCallback

__all__ = ["MAX_SOURCE_BYTES", "LoadedFile", "Reading", "document_id", "interpret", "load_file", "read_document"]

MAX_SOURCE_BYTES = 512 * 1024 * 1024

_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """The bytes of a file and their ``revision``, which tells without long work whether it has changed."""

    source: str
    data: bytes
    revision: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A document and what its file says beyond the text.

    ``layout`` is None where the format knows neither pages nor headings. ``warnings`` say what could not be read while
    the rest was, each a sentence with its cure.
    """

    document: Document
    layout: Layout | None = None
    warnings: tuple[str, ...] = ()


def document_id(source: str) -> str:
    """Give the id of the document with this name: it stays while the contents change."""
    return hashlib.sha256(source.encode()).hexdigest()[:_ID_DIGITS]


def load_file(file: SourceFile, *, max_bytes: int = MAX_SOURCE_BYTES) -> LoadedFile:
    """Load a file's bytes.

    :param file: a file as ``find_sources`` gives it.
    :param max_bytes: the size of the largest file that is read.
    :raises SourceError: if no reader knows the suffix, or the file cannot be opened, is larger than ``max_bytes``, or
        changes while it is read.
    """
    reader_for(file.source)
    data = _read_bytes(file, max_bytes)
    return LoadedFile(file.source, data, hashlib.sha256(data).hexdigest())


def interpret(file: LoadedFile, progress: ProgressCallback | None = None) -> Reading:
    """Read what was loaded; OCR takes seconds for a page, and tells ``progress`` of each.

    :raises SourceError: if the bytes are not of the format that the suffix names, are damaged or locked, hold no text,
        or need an extra that is not installed.
    """
    extraction = reader_for(file.source)(file.data, file.source, progress)
    document = Document(
        id=document_id(file.source),
        source=file.source,
        text=extraction.text,
        encoding=extraction.encoding,
        revision=file.revision,
    )
    return Reading(document, extraction.layout, extraction.warnings)


def read_document(file: SourceFile, *, max_bytes: int = MAX_SOURCE_BYTES) -> Document:
    """Read a file as a document.

    :param file: a file as ``find_sources`` gives it.
    :param max_bytes: the size of the largest file that is read.
    :return: the document, its text exactly as a text file has it, and as it was extracted from another file.
    :raises SourceError: as ``load_file`` and ``interpret`` do.
    """
    return interpret(load_file(file, max_bytes=max_bytes)).document


def _read_bytes(file: SourceFile, max_bytes: int) -> bytes:
    try:
        with open(file.path, "rb", opener=_open_without_waiting) as stream:
            before = os.fstat(stream.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise _irregular(file)
            if before.st_size > max_bytes:
                raise SourceError(
                    f"{file.source}: {before.st_size} bytes are more than the limit of {max_bytes}. Split the file."
                )
            data = stream.read(before.st_size + 1)
            after = os.fstat(stream.fileno())
        now = file.path.stat()
    except IsADirectoryError:
        raise _irregular(file) from None
    except FileNotFoundError:
        raise SourceError(f"{file.source}: the file vanished before it was read. Sync again.") from None
    except OSError as error:
        raise SourceError(
            f"{file.source}: the file cannot be read: {error.strerror}. Check that it exists and may be read."
        ) from error
    if not _same(before, after) or not _same(after, now) or len(data) != after.st_size:
        raise SourceError(f"{file.source}: the file changed while it was read. Sync again when it is complete.")
    return data


def _open_without_waiting(path: str, flags: int) -> int:
    # Opening a named pipe waits for its writer otherwise.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _irregular(file: SourceFile) -> SourceError:
    return SourceError(f"{file.source}: this is not a regular file. Leave it out.")


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino, one.st_size, one.st_mtime_ns) == (
        other.st_dev,
        other.st_ino,
        other.st_size,
        other.st_mtime_ns,
    )
