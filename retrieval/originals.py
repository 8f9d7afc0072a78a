from hashlib import sha256
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
    read = _read_upload if location is None else _read_file
    return Original(source, media_type(source), read(source, file, uploads))


def _read_upload(source: str, file: KnownFile, uploads: Uploads) -> bytes:
    place = uploads.place(source, file.revision)
    try:
        data = uploads.read(source, file.revision)
    except OriginalMissingError as error:
        raise OriginalMissingError(
            f"{source}: the file at {place} cannot be shown: {error}. Upload it again"
        ) from error
    if sha256(data).hexdigest() != file.revision:
        raise OriginalMissingError(f"{source}: the file {place} has changed since it was read. Upload it again")
    return data


def _read_file(source: str, file: KnownFile, _: Uploads) -> bytes:
    path = Path(file.origin.location or "")
    try:
        loaded = load_file(SourceFile(path, source))
    except SourceError as error:
        reason = str(error).removeprefix(f"{source}: ")
        raise OriginalMissingError(f"{source}: the file at {path} cannot be shown: {reason}") from error
    if loaded.revision != file.revision:
        raise OriginalMissingError(
            f"{source}: the file at {path} has changed since it was read. Sync its folder again with: wenju sync PATH…"
        )
    return loaded.data
