import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.schema import DropSchema

from retrieval.errors import ArchiveDamagedError, ArchiveFormatError, ArchiveMissingError
from retrieval.index._postgresql import Address, Server
from retrieval.index._postgresql_copy import copy_to_sqlite
from retrieval.index._postgresql_tables import LAYOUT_VERSION, Tables, check_layout, create_tables
from retrieval.index.postgresql_lock import PostgresqlLock, take_turn
from retrieval.index.postgresql_shelf import PostgresqlShelf
from retrieval.index.postgresql_snapshot import PostgresqlSnapshot
from retrieval.index.postgresql_uploads import PostgresqlUploads
from retrieval.index.postgresql_writer import PostgresqlWriter, draw_token
from retrieval.index.protocol import Snapshot
from retrieval.index.store import Store

__all__ = ["PostgresqlHome", "PostgresqlStore"]

_PATIENCE_SECONDS = 5
_FOLDED = ("documents", "passages", "vectors", "layouts", "warnings", "uploads", "meta", "files")


class PostgresqlStore(Store):
    """A store in a schema of a PostgreSQL database; what is made from it lies in a folder of each machine."""

    def __init__(self, server: Server, path: Path) -> None:
        """Use ``PostgresqlHome.open`` or ``PostgresqlHome.create`` instead."""
        self._server = server
        self._path = path
        self._tables = Tables.of(server.address.schema)
        self._uploads = PostgresqlUploads(server, self._tables)
        self._held: PostgresqlLock | None = None

    @property
    def path(self) -> Path:
        """The folder of the archive's files on this machine."""
        return self._path

    @property
    def uploads(self) -> PostgresqlUploads:
        """The files that were given to the archive itself."""
        return self._uploads

    @property
    def is_shared(self) -> bool:
        """Whether processes with other folders use the same contents."""
        return True

    def close(self) -> None:
        """Close all connections; those that another thread is using close when it is done."""
        self._server.close()

    @contextmanager
    def snapshot(self) -> Iterator[PostgresqlSnapshot]:
        """Lend a view in which generation, documents, passages and vectors belong together.

        While one is open, the server keeps what others remove.
        """
        with self._server.reading() as connection:
            yield PostgresqlSnapshot(connection, self._tables, self._server)

    @contextmanager
    def writing(self, before_commit: Callable[[Snapshot], None] | None = None) -> Iterator[PostgresqlWriter]:
        """Lend a writer; all that it did is kept when the block ends, and none of it when the block raises.

        :param before_commit: called with the contents as they are going to be, if they have changed.
        :raises ArchiveLockedError: if another writer does not finish within five seconds.
        :raises StorageError: if the connection is lost, or the disk is full.
        """
        with self._server.writing() as connection:
            take_turn(connection, self._server)
            writer = PostgresqlWriter(connection, self._tables)
            yield writer
            if writer.finish() and before_commit is not None:
                before_commit(PostgresqlSnapshot(connection, self._tables, self._server))
            if self._held is not None:
                self._held.confirm()

    @contextmanager
    def lock(self, patience: float = 0.0) -> Iterator[PostgresqlLock]:
        """Keep other processes, on any machine, from changing the archive for the length of the block."""
        with PostgresqlLock(self._server, patience=patience) as lock:
            self._held = lock
            try:
                yield lock
            finally:
                self._held = None

    def fold(self) -> None:
        """Have the server clear the rows that no reader needs any more."""
        with self._server.single() as connection:
            tables = ", ".join(f'"{self._tables.schema}".{name}' for name in _FOLDED)
            connection.execute(text(f"VACUUM {tables}"))

    def compact(self) -> None:
        """Write the tables anew, one after the other; readers wait for each."""
        with self._server.single() as connection:
            connection.execute(text(f"SET lock_timeout = '{_PATIENCE_SECONDS}s'"))
            for name in _FOLDED:
                connection.execute(text(f'VACUUM (FULL) "{self._tables.schema}".{name}'))

    def backup(self, path: Path) -> None:
        """Copy the store, as it is at one moment, into the folder ``path``, as one of SQLite's.

        :raises StorageError: if ``path`` has a store already, or cannot be written.
        """
        with self._server.reading() as connection:
            copy_to_sqlite(connection, self._tables, path)


class PostgresqlHome:
    """A schema of a PostgreSQL database, where a store is or is going to be."""

    def __init__(self, address: str, folder: Path) -> None:
        """Look in the database at ``address``, ``postgresql://USER:PASSWORD@HOST/NAME?schema=ARCHIVE``.

        :param folder: the folder of the archive's files on this machine.
        :raises StorageError: if the address is none.
        """
        self._address = Address.parse(address)
        self._folder = folder

    @property
    def name(self) -> str:
        """The address, without a password."""
        return self._address.name

    def open(self) -> PostgresqlStore:
        """Open the store.

        :raises ArchiveMissingError: if there is none.
        :raises ArchiveFormatError: if it is of a newer version.
        :raises ArchiveDamagedError: if a table is missing.
        :raises StorageError: if the database cannot be reached, or the schema holds something else.
        """
        server = Server(self._address)
        try:
            store = PostgresqlStore(server, self._folder)
            with server.reading() as connection:
                check_layout(connection, Tables.of(self._address.schema), server)
            with store.snapshot():
                return store
        except BaseException:
            server.close()
            raise

    def create(self, *, encoder: str, dimension: int, backend: str) -> PostgresqlStore:
        """Make an empty store.

        :raises StorageError: if there is one already, or none can be made.
        """
        if dimension < 1:
            raise ValueError(f"vectors need a dimension of at least 1, got {dimension}")
        with self._server() as server, server.writing() as connection:
            description = {
                "layout": str(LAYOUT_VERSION),
                "encoder": encoder,
                "dimension": str(dimension),
                "backend": backend,
                "generation": "0",
                "token": draw_token(),
                "line": draw_token(),
                "next_passage": "1",
            }
            create_tables(connection, Tables.of(self._address.schema), server, description)
        return self.open()

    @contextmanager
    def lock(self, patience: float = 0.0) -> Iterator[object]:
        """Keep other processes from making or changing the store, as ``PostgresqlStore.lock`` does."""
        with self._server() as server, PostgresqlLock(server, patience=patience) as lock:
            yield lock

    def shelf(self) -> PostgresqlShelf:
        """Give the notes of what the archive has on servers that all machines reach."""
        return PostgresqlShelf(Server(self._address))

    def set_aside_unreadable(self) -> str | None:
        """Rename the schema if its store cannot be opened or is damaged, so that another can be made.

        :returns: what it is called now, or None if there was none or it is sound.
        :raises StorageError: if it cannot be renamed.
        """
        try:
            with self.open() as store:
                store.check()
        except ArchiveMissingError:
            return None
        except (ArchiveFormatError, ArchiveDamagedError):
            schema = self._address.schema
            aside = f"{schema[:40]}_unreadable_{os.urandom(4).hex()}"
            with self._server() as server, server.writing() as connection:
                connection.execute(text(f'ALTER SCHEMA "{schema}" RENAME TO "{aside}"'))
            return aside
        return None

    def drop(self) -> None:
        """Remove the archive, all of its schema, for good.

        :raises ArchiveMissingError: if there is none.
        :raises ArchiveLockedError: if a process is writing to it.
        :raises StorageError: if it cannot be removed, or the schema holds something else.
        """
        with suppress(ArchiveDamagedError, ArchiveFormatError):
            self.open().close()
        with self._server() as server, PostgresqlLock(server), server.writing() as connection:
            connection.execute(DropSchema(self._address.schema, cascade=True))

    @contextmanager
    def _server(self) -> Iterator[Server]:
        server = Server(self._address)
        try:
            yield server
        finally:
            server.close()
