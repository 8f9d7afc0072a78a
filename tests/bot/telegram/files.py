"""Files: those that users send, to be fetched with ``getFile``, and those that the bot sends as multipart/form-data."""

from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.bot.telegram.methods import ApiError, bad_request

__all__ = ["Files", "checked_photo", "parse_multipart"]

_DOWNLOAD_LIMIT = 20 << 20
_PHOTO_LIMIT = 10 * 1024 * 1024


class Files:
    """The files that users sent; ``size`` may be told larger than the data is, to spare the test's memory."""

    def __init__(self) -> None:
        self._data: dict[str, bytes] = {}
        self._sizes: dict[str, int] = {}

    def put(self, file_id: str, data: bytes, size: int | None = None) -> None:
        self._data[file_id] = data
        self._sizes[file_id] = len(data) if size is None else size

    def get_file(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Answer ``getFile``."""
        file_id = parameters.get("file_id", "")
        if file_id not in self._data:
            raise bad_request("invalid file_id")
        if self._sizes[file_id] > _DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        path = f"documents/{file_id}"
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": self._sizes[file_id], "file_path": path}

    def download(self, path: str) -> bytes:
        """Answer a request for a file's content."""
        try:
            return self._data[path.removeprefix("documents/")]
        except KeyError as error:
            raise ApiError(404, "Not Found") from error


def parse_multipart(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """Read a multipart/form-data body: its texts and its files by name."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    texts: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            raise bad_request("a part of the form has no content")
        if part.get_filename() is None:
            texts[name] = content.decode()
        else:
            files[name] = content
    return texts, files


def checked_photo(field: str, files: Mapping[str, bytes]) -> bytes:
    """Give the photo that ``field`` names, which must be a picture within Telegram's limits.

    :raises ApiError: if the real Bot API would refuse it.
    """
    photo = files.get(field.removeprefix("attach://"), b"")
    if len(photo) > _PHOTO_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    try:
        with Image.open(BytesIO(photo)) as picture:
            width, height = picture.size
    except UnidentifiedImageError as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return photo
