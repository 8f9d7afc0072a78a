import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from retrieval.errors import ArchiveDamagedError, ArchiveFormatError, ArchiveMissingError, StorageError
from retrieval.index import _sqlite
from retrieval.index._pool import ConnectionPool
from retrieval.index._schema import FORMAT_VERSION
from retrieval.index._sqlite import DATABASE_NAME
from retrieval.index.lock import WriteLock
from retrieval.index.sqlite_snapshot import SqliteSnapshot
from retrieval.index.sqlite_writer import SqliteWriter
from retrieval.index.store import Store
from retrieval.index.uploads import FileUploads
from retrieval.types import LOCAL

__all__ = ["DATABASE_NAME", "FORMAT_VERSION", "SqliteHome", "SqliteStore"]


class SqliteStore(Store):
    """A store in one SQLite database in the archive's folder."""

    def __init__(self, database: Path, *, read_only: bool) -> None:
        """Use ``SqliteStore.open`` or ``SqliteStore.create`` instead."""
        self._database = database
        self._read_only = read_only
        self._pool = ConnectionPool(database, read_only=read_only)

    @classmethod
    def create(cls, path: Path, *, encoder: str, dimension: int, backend: str = LOCAL) -> "SqliteStore":
        """Make an empty store in the folder ``path``, which is made too if need be.

        Hold a :class:`retrieval.index.lock.WriteLock` meanwhile if other processes may do the same.

        :raises StorageError: if the folder has a store already, or cannot be written.
        """
        if dimension < 1:
            raise ValueError(f"vectors need a dimension of at least 1, got {dimension}")
        _sqlite.create(path / DATABASE_NAME, encoder=encoder, dimension=dimension, backend=backend)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> "SqliteStore":
        """Open the store in the folder ``path``. A folder that cannot be written can still be read.

        A store of an older format is brought up to date first, in one transaction, unless ``read_only`` is set.

        :raises ArchiveMissingError: if there is none.
        :raises ArchiveFormatError: if it is of a format that cannot be brought up to date, or no store of this project.
        :raises ArchiveDamagedError: if it is no database, or a damaged one.
        :raises StorageError: if it is of an older format and cannot be written.
        """
        if not read_only:
            _sqlite.bring_up_to_date(path / DATABASE_NAME)
        store = cls(path / DATABASE_NAME, read_only=read_only)
        try:
            with store.snapshot():
                return store
        except BaseException:
            store.close()
            raise

    @staticmethod
    def set_aside_unreadable(path: Path) -> Path | None:
        """Rename a store in the folder ``path`` that cannot be opened or is damaged, so that another can be made there.

        :returns: where it is now, or None if there was none or it is sound.
        :raises StorageError: if it cannot be renamed.
        """
        try:
            with SqliteStore.open(path) as store:
                store.check()
        except ArchiveMissingError:
            return None
        except (ArchiveFormatError, ArchiveDamagedError):
            aside = path / f"{DATABASE_NAME}.unreadable-{os.urandom(4).hex()}"
            try:
                (path / DATABASE_NAME).rename(aside)
                _sqlite.remove_logs(path / DATABASE_NAME)
            except OSError as error:
                raise StorageError(
                    f"The archive at {path} cannot be renamed: {error.strerror}. Check who owns it"
                ) from error
            return aside
        return None

    def close(self) -> None:
        """Close all connections; those that another thread is using close when it is done."""
        self._pool.close()

    @contextmanager
    def snapshot(self) -> Iterator[SqliteSnapshot]:
        """Lend a view in which generation, documents, passages and vectors belong together.

        A view that stays open for long makes SQLite's log grow when others write.
        """
        with self._pool.borrow() as connection:
            yield SqliteSnapshot(connection, self._database)

    @contextmanager
    def writing(self, before_commit: Callable[[SqliteSnapshot], None] | None = None) -> Iterator[SqliteWriter]:
        """Lend a writer; all that it did is kept when the block ends, and none of it when the block raises.

        :param before_commit: called with the contents as they are going to be, if they have changed: what it makes from
            them is there when the first reader sees them.
        :raises ArchiveLockedError: if another writer does not finish within five seconds.
        :raises StorageError: if the store was opened for reading only, or the disk is full or read-only.
        """
        if self._read_only:
            raise StorageError(
                f"The archive at {self._database.parent} was opened for reading only. Open it for writing"
            )
        if not self._database.exists():
            raise ArchiveMissingError(_sqlite.missing(self._database))
        with _sqlite.translated(self._database), closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                writer = SqliteWriter(connection)
                yield writer
                if writer.finish() and before_commit is not None:
                    before_commit(SqliteSnapshot(connection, self._database))
                connection.execute("COMMIT")
            except BaseException:
                # After an error of the disk SQLite may have rolled back by itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def fold(self) -> None:
        """Move what SQLite's log holds into the database and empty the log, as far as no reader needs it yet."""
        if not _sqlite.has_log(self._database):
            return
        with _sqlite.translated(self._database), closing(self._connect()) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def path(self) -> Path:
        """The archive's folder."""
        return self._database.parent

    def compact(self) -> None:
        """Write the database anew; what was removed is overwritten as it is."""
        with _sqlite.translated(self._database), closing(self._connect()) as connection:
            connection.execute("VACUUM")
        self.fold()

    @property
    def uploads(self) -> FileUploads:
        """The files in ``uploads/`` of the archive's folder."""
        return FileUploads(self.path)

    @property
    def is_shared(self) -> bool:
        """Whether processes with other folders use the same contents: the database lies in the folder."""
        return False

    def lock(self, patience: float = 0.0) -> WriteLock:
        """Give a lock of the system's on a file of the folder."""
        return WriteLock(self.path, patience=patience)

    def backup(self, path: Path) -> None:
        """Copy the store, as it is at one moment, into the folder ``path``; others may write meanwhile.

        :raises StorageError: if ``path`` has a store already, or cannot be written.
        """
        with self._pool.borrow() as connection:
            _sqlite.copy(connection, path / DATABASE_NAME)

    def _connect(self) -> sqlite3.Connection:
        return _sqlite.connect(self._database, _sqlite.Access.WRITE)


class SqliteHome:
    """A folder, where a store is or is going to be."""

    def __init__(self, folder: Path) -> None:
        """Look in ``folder``, which need not be there."""
        self._folder = folder

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._folder)

    def open(self) -> SqliteStore:
        """Open the store, as ``SqliteStore.open`` does."""
        return SqliteStore.open(self._folder)

    def create(self, *, encoder: str, dimension: int, backend: str) -> SqliteStore:
        """Make an empty store, as ``SqliteStore.create`` does."""
        return SqliteStore.create(self._folder, encoder=encoder, dimension=dimension, backend=backend)

    def lock(self, patience: float = 0.0) -> WriteLock:
        """Give a lock of the system's on a file of the folder."""
        return WriteLock(self._folder, patience=patience)

    def shelf(self) -> None:
        """Give None: what the archive has on servers is noted in its folder."""
        return

    def set_aside_unreadable(self) -> str | None:
        """Rename the database if it cannot be opened or is damaged, as ``SqliteStore.set_aside_unreadable`` does."""
        aside = SqliteStore.set_aside_unreadable(self._folder)
        return str(aside) if aside is not None else None
