from pathlib import Path, PurePath

from retrieval.errors import OriginalMissingError, SourceError
from retrieval.index import KnownFile, Uploads
from retrieval.reading import SourceFile, load_file
from retrieval.types import Original

__all__ = ["media_type", "read_original"]

_TEXT = "text/plain"
_MEDIA_TYPES = {
    ".bmp": "image/bmp",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".gif": "image/gif",
    ".htm": "text/html",
    ".html": "text/html",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".markdown": "text/markdown",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".text": _TEXT,
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".txt": _TEXT,
    ".webp": "image/webp",
    ".xhtml": "application/xhtml+xml",
}


def media_type(name: str) -> str:
    """Give the media type of a file by its name's suffix; one without a suffix is read as text, and so is text."""
    suffix = PurePath(name).suffix.lower()
    return _MEDIA_TYPES.get(suffix, "application/octet-stream") if suffix else _TEXT


def read_original(source: str, file: KnownFile, uploads: Uploads) -> Original:
    """Read the file of a document again, and make sure that it is still the one that was read.

    :raises OriginalMissingError: if it is gone, cannot be read or has changed.
    """
    location = file.origin.location
    if location is None and not file.origin.uploaded:
        raise OriginalMissingError(
            f"{source}: an older version did not note where the file is. Sync its folder again with: wenju sync PATH…"
        )
    path = Path(location) if location is not None else uploads.path(source, file.revision)
    return Original(source, media_type(source), _read_checked(source, path, file.revision))


def _read_checked(source: str, path: Path, revision: str) -> bytes:
    try:
        loaded = load_file(SourceFile(path, source))
    except SourceError as error:
        reason = str(error).removeprefix(f"{source}: ")
        raise OriginalMissingError(f"{source}: the file at {path} cannot be shown: {reason}") from error
    if loaded.revision != revision:
        raise OriginalMissingError(
            f"{source}: the file at {path} has changed since it was read. Sync its folder again with: wenju sync PATH…"
        )
    return loaded.data
