from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from retrieval.errors import StorageError
from retrieval.index.derived import Saveable
from retrieval.index.records import StoreVersion

__all__ = ["FileRegistry", "Registry", "Shelf"]


class Registry(Protocol):
    """The names of what an archive has made on a server, so that it is removed when no state needs it any more.

    Each is there before the thing itself is made and gone only after it: whatever is killed, no name is lost.
    """

    def names(self) -> list[str]:
        """Give all names, sorted."""

    def add(self, name: str) -> None:
        """Note a name.

        :raises StorageError: if that cannot be written.
        """

    def remove(self, name: str) -> None:
        """Strike out a name.

        :raises StorageError: if that cannot be written.
        """


class Shelf(Registry, Protocol):
    """A registry that all machines see, with the files that each of them needs beside what is on the server."""

    def put(self, version: StoreVersion, recipe: str, folder: Path) -> None:
        """Keep a copy of the files of a version, which are in the subfolders of ``folder``.

        :raises StorageError: if they cannot be written.
        """

    def parts(self, version: StoreVersion, recipe: str) -> Mapping[str, Saveable]:
        """Give what was put there of a version, by subfolder; nothing if it was not, or of another recipe.

        :raises StorageError: if that cannot be read.
        """

    def remove_others(self, version: StoreVersion) -> None:
        """Remove the files of all other versions.

        :raises StorageError: if that cannot be written.
        """

    def close(self) -> None:
        """Let go of connections."""


class FileRegistry:
    """A registry of empty files. A copy of the archive made by ``wenju backup`` has none of them."""

    def __init__(self, folder: Path) -> None:
        """Keep names in ``folder``, which is made when need be."""
        self._folder = folder

    def names(self) -> list[str]:
        """Give all names, sorted."""
        return sorted(file.name for file in self._folder.iterdir()) if self._folder.is_dir() else []

    def add(self, name: str) -> None:
        """Note a name.

        :raises StorageError: if that cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / name).touch()
        except OSError as error:
            raise StorageError(
                f"{self._folder} cannot be written: {error.strerror}. Make room or check who owns it"
            ) from error

    def remove(self, name: str) -> None:
        """Strike out a name.

        :raises StorageError: if that cannot be written.
        """
        try:
            (self._folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{self._folder} cannot be written: {error.strerror}. Check who owns it") from error
