import os
import sys
import time
from pathlib import Path

from retrieval.errors import ArchiveLockedError, StorageError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["LOCK_NAME", "WriteLock"]

LOCK_NAME = "write.lock"
# Windows forbids reading locked bytes, so the lock lies far behind the process id that others are to read.
_LOCKED_BYTE = 1 << 20
_SECONDS_BETWEEN_TRIES = 0.05


class WriteLock:
    """Keeps a second process from building the same archive at once; the system lets go of it when a process dies.

    The lock is the system's, on a file in the archive's folder that holds the owner's process id. The file stays:
    removing it would let two processes lock two files of the same name.
    """

    def __init__(self, path: Path, *, patience: float = 0.0) -> None:
        """Prepare to lock the archive in the folder ``path``.

        :param patience: for how many seconds to wait for whoever has the lock.
        """
        self._path = path / LOCK_NAME
        self._patience = patience
        self._descriptor: int | None = None

    def __enter__(self) -> "WriteLock":
        """Take the lock.

        :raises ArchiveLockedError: if another process, or another lock of this one, has it.
        :raises StorageError: if the folder cannot be written.
        """
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the lock."""
        self.release()

    def acquire(self) -> None:
        """Take the lock, after waiting for as long as the patience lasts.

        :raises ArchiveLockedError: if another process, or another lock of this one, has it.
        :raises StorageError: if the folder cannot be written, or its file system knows no locks.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StorageError(
                f"{self._path.parent} cannot be written: {error.strerror}. Check who owns the folder"
            ) from error
        try:
            self._wait_for(descriptor)
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, str(os.getpid()).encode())
        except BlockingIOError as error:
            owner = self._read_owner(descriptor)
            os.close(descriptor)
            raise ArchiveLockedError(
                f"Process {owner} is writing to the archive at {self._path.parent}. "
                f"Wait until it is done, or end process {owner}, and try again"
            ) from error
        except OSError as error:
            os.close(descriptor)
            raise StorageError(f"{self._path} cannot be locked: {error.strerror}. Check the disk") from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go of the lock; nothing happens if it is not held."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _wait_for(self, descriptor: int) -> None:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                _lock(descriptor)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(_SECONDS_BETWEEN_TRIES)
            else:
                return

    @staticmethod
    def _read_owner(descriptor: int) -> str:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"


def _lock(descriptor: int) -> None:
    """Lock the file or raise ``BlockingIOError``."""
    if sys.platform == "win32":
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
