import os
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from retrieval.errors import OriginalMissingError, SourceError, StorageError
from retrieval.index._sqlite import sync_folder

__all__ = ["UPLOADS_NAME", "FileUploads", "Uploads", "upload_source"]

UPLOADS_NAME = "uploads"
"""The folder of the uploads in the archive's, and the first part of their documents' sources."""
_UNFINISHED = ".unfinished-"
_MOST_NAME_BYTES = 200
# What a file may not be called on one system or another, and what shows as nothing or turns the text around it.
_FORBIDDEN = frozenset('<>:"|?*')
_UNSHOWN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def upload_source(name: str) -> str:
    """Give the source of the document that is made of an upload called ``name``.

    Characters that cannot be shown are left out, those that some systems forbid become ``_``.

    :raises SourceError: if the name is a path, hidden, longer than 200 bytes, or nothing is left of it.
    """
    if "/" in name or "\\" in name or name.strip() in (".", ".."):
        raise SourceError(f"{name[:80]!r} is a path. Give the file's name alone.")
    shown = "".join(character for character in name if unicodedata.category(character) not in _UNSHOWN)
    plain = "".join("_" if character in _FORBIDDEN else character for character in unicodedata.normalize("NFC", shown))
    plain = plain.strip().rstrip(".")
    if not plain or plain.startswith("."):
        raise SourceError(f"{name[:80]!r} is no name for a file. Begin it with a letter or a digit.")
    if len(plain.encode()) > _MOST_NAME_BYTES:
        raise SourceError(
            f"{plain[:40]!r}… is a name of {len(plain.encode())} bytes; {_MOST_NAME_BYTES} are the most. Shorten it."
        )
    return f"{UPLOADS_NAME}/{plain}"


class Uploads(Protocol):
    """The files that were given to the archive itself.

    Which of them belong to documents the store knows. Whoever changes them holds the archive's write lock.
    """

    def place(self, source: str, revision: str) -> str:
        """Tell where an upload's file is, or would be."""

    def read(self, source: str, revision: str) -> bytes:
        """Give an upload's file.

        :raises OriginalMissingError: if it is not there, or cannot be read; the message is the reason alone.
        """

    def keep(self, source: str, revision: str, data: bytes) -> None:
        """Write an upload's file; it is there complete or not at all, and outlives the power.

        :raises StorageError: if it cannot be written.
        """

    def discard(self, source: str, revision: str, needed: Iterable[tuple[str, str]]) -> None:
        """Remove an upload's file.

        :param needed: source and revision of the uploads that documents need.
        :raises StorageError: if it cannot be removed.
        """

    def kept(self) -> list[tuple[str, str]]:
        """List source and revision of the files that are there, sorted by source, the oldest of a source first.

        :raises StorageError: if that cannot be told.
        """


class FileUploads:
    """Uploads in ``uploads/REVISION/NAME`` of the archive's folder."""

    def __init__(self, path: Path) -> None:
        """Keep the uploads of the archive in the folder ``path``."""
        self._root = path / UPLOADS_NAME

    def place(self, source: str, revision: str) -> str:
        """Give the path of an upload's file, which need not be there."""
        return str(self._path(source, revision))

    def read(self, source: str, revision: str) -> bytes:
        """Give an upload's file.

        :raises OriginalMissingError: if it cannot be read; the message is the reason alone.
        """
        try:
            return self._path(source, revision).read_bytes()
        except OSError as error:
            raise OriginalMissingError(error.strerror or str(error)) from error

    def keep(self, source: str, revision: str, data: bytes) -> None:
        """Write an upload's file; it appears under its name complete or not at all, and outlives the power.

        :raises StorageError: if it cannot be written.
        """
        path = self._path(source, revision)
        aside = path.with_name(f"{_UNFINISHED}{os.urandom(4).hex()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with aside.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                aside.replace(path)
            finally:
                aside.unlink(missing_ok=True)
            for folder in (path.parent, self._root, self._root.parent):
                sync_folder(folder)
        except OSError as error:
            raise StorageError(
                f"{path} cannot be written: {error.strerror}. Make room or check who owns the folder; nothing was added"
            ) from error

    def discard(self, source: str, revision: str, needed: Iterable[tuple[str, str]]) -> None:
        """Remove an upload's file, and what a killed process left beside it.

        :param needed: source and revision of the uploads that documents need; one that differs in case only is the
            same file on some systems.
        :raises StorageError: if it cannot be removed.
        """
        path = self._path(source, revision)
        if (source.casefold(), revision) not in {(other.casefold(), kept) for other, kept in needed}:
            try:
                path.unlink(missing_ok=True)
                for aside in path.parent.glob(f"{_UNFINISHED}*"):
                    aside.unlink(missing_ok=True)
            except NotADirectoryError:
                return
            except OSError as error:
                raise StorageError(
                    f"{path} cannot be removed: {error.strerror}. Check who owns it and remove it by hand"
                ) from error
            # Others may be there with the same contents under other names.
            with suppress(OSError):
                path.parent.rmdir()
                sync_folder(self._root)

    def kept(self) -> list[tuple[str, str]]:
        """List source and revision of the files that are there, sorted by source, the oldest of a source first.

        :raises StorageError: if the folder cannot be read.
        """
        try:
            found = [
                (f"{UPLOADS_NAME}/{path.name}", path.stat().st_mtime_ns, path.parent.name)
                for path in self._root.glob("*/*")
                if path.is_file() and not path.name.startswith(_UNFINISHED)
            ]
        except OSError as error:
            raise StorageError(f"{self._root} cannot be read: {error.strerror}. Check who owns it") from error
        return [(source, revision) for source, _, revision in sorted(found)]

    def _path(self, source: str, revision: str) -> Path:
        return self._root / revision / source.removeprefix(f"{UPLOADS_NAME}/")
