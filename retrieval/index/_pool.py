import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from retrieval.errors import ArchiveError, ArchiveMissingError, StorageError
from retrieval.index._sqlite import Access, connect, has_log, missing, translated

_MOST_IDLE = 8


class ConnectionPool:
    """Reading connections, lent to one thread at a time and kept for the next."""

    def __init__(self, database: Path, *, read_only: bool) -> None:
        """Remember what to open; nothing is opened yet."""
        self._database = database
        self._preferred = Access.READ if read_only else Access.WRITE
        self._access = self._preferred
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._stamp: tuple[int, ...] = ()
        self._closed = False

    @contextmanager
    def borrow(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for the length of the block.

        :raises ArchiveMissingError: if the database is gone.
        :raises ArchiveDamagedError: if SQLite reports damage.
        :raises StorageError: if it cannot be read.
        :raises ArchiveError: if the pool is closed.
        """
        with translated(self._database):
            stamp = self._read_stamp()
            connection = self._take(stamp) or self._open()
            try:
                yield connection
                if connection.in_transaction:
                    connection.rollback()
            except BaseException:
                # Its state is unknown; a new one costs a third of a millisecond.
                connection.close()
                raise
            self._give_back(connection, stamp)

    def close(self) -> None:
        """Close the idle connections now, and those still lent when they come back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _read_stamp(self) -> tuple[int, ...]:
        try:
            status = self._database.stat()
        except FileNotFoundError as error:
            raise ArchiveMissingError(missing(self._database)) from error
        except OSError as error:
            raise StorageError(f"{self._database} cannot be read: {error.strerror}. Check who owns it") from error
        if self._access is Access.IMMUTABLE:
            # Such a connection does not notice changes by itself.
            log = has_log(self._database)
            return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, log
        return status.st_dev, status.st_ino

    def _take(self, stamp: tuple[int, ...]) -> sqlite3.Connection | None:
        """Take an idle connection; those of a file that was replaced since are closed instead."""
        stale: list[sqlite3.Connection] = []
        with self._lock:
            if self._closed:
                raise ArchiveError(f"The archive at {self._database.parent} was closed. Open it again")
            if stamp != self._stamp:
                stale, self._idle, self._stamp = self._idle, [], stamp
                self._access = self._preferred
            connection = self._idle.pop() if self._idle else None
        for old in stale:
            old.close()
        return connection

    def _give_back(self, connection: sqlite3.Connection, stamp: tuple[int, ...]) -> None:
        with self._lock:
            kept = not self._closed and stamp == self._stamp and len(self._idle) < _MOST_IDLE
            if kept:
                self._idle.append(connection)
        if not kept:
            connection.close()

    def _open(self) -> sqlite3.Connection:
        try:
            connection = connect(self._database, self._access)
        except sqlite3.OperationalError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
                raise
            if has_log(self._database):
                raise StorageError(
                    f"{self._database.parent} is read-only and its last changes were not folded into the database. "
                    "Make the folder writable and open the archive once, or copy it to a folder that is"
                ) from error
            connection = connect(self._database, Access.IMMUTABLE)
            self._access = Access.IMMUTABLE
        connection.execute("PRAGMA query_only = ON")
        return connection
