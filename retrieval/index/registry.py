from pathlib import Path

from retrieval.errors import StorageError

__all__ = ["Registry"]


class Registry:
    """The names of what an archive has made on a server, so that it is removed when no state needs it any more.

    Each is an empty file, there before the thing itself is made and gone only after it: whatever is killed, no name is
    lost. A copy of the archive made by ``wenju backup`` has none of them.
    """

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
