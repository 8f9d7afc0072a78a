import time
from contextlib import ExitStack, suppress
from zlib import crc32

from sqlalchemy import Connection, text

from retrieval.errors import ArchiveLockedError, StorageError
from retrieval.index._postgresql import Server

__all__ = ["PostgresqlLock", "take_turn"]

# "Wenj" in ASCII: tells our locks from those of other programs; the second number is the schema's.
_CHANGING, _WRITING = 0x57656E6A, 0x57656E6B
_SECONDS_BETWEEN_TRIES = 0.05
_TURN_SECONDS = 5
_OWNER = text(
    "SELECT a.application_name, coalesce(host(a.client_addr), 'this host') FROM pg_locks l JOIN pg_stat_activity a "
    "USING (pid) WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = :kind "
    "AND l.objid = :schema AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class PostgresqlLock:
    """Keeps a second process from changing the same archive at once; the server lets go of it when a process dies.

    It is an advisory lock of a connection of its own.
    """

    def __init__(self, server: Server, *, patience: float = 0.0) -> None:
        """Prepare to lock the archive of ``server``.

        :param patience: for how many seconds to wait for whoever has the lock.
        """
        self._server = server
        self._patience = patience
        self._stack = ExitStack()
        self._connection: Connection | None = None

    def __enter__(self) -> "PostgresqlLock":
        """Take the lock.

        :raises ArchiveLockedError: if another process, or another lock of this one, has it.
        :raises StorageError: if the database cannot be reached.
        """
        deadline = time.monotonic() + self._patience
        with ExitStack() as stack:
            connection = stack.enter_context(self._server.single())
            numbers = {"kind": _CHANGING, "schema": _number(self._server)}
            while not connection.scalar(text("SELECT pg_try_advisory_lock(:kind, :schema)"), numbers):
                if time.monotonic() >= deadline:
                    raise self._taken(connection)
                time.sleep(_SECONDS_BETWEEN_TRIES)
            self._connection = connection
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the lock."""
        connection, self._connection = self._connection, None
        with self._stack:
            if connection is not None:
                # The server would notice only after a moment that the connection is closed.
                with suppress(StorageError), self._server.told():
                    connection.execute(text("SELECT pg_advisory_unlock_all()"))

    @property
    def is_held(self) -> bool:
        """Whether the block of this lock is being worked on."""
        return self._connection is not None

    def confirm(self) -> None:
        """Make sure that the connection which holds the lock is there still.

        :raises StorageError: if it was lost: another process may be changing the archive by now.
        """
        if self._connection is not None:
            with self._server.told():
                self._connection.execute(text("SELECT 1"))

    def _taken(self, connection: Connection) -> ArchiveLockedError:
        numbers = {"kind": _CHANGING, "schema": _number(self._server)}
        owner = connection.execute(_OWNER, numbers).first()
        who = f"{owner[0]!r} on {owner[1]}" if owner is not None else "Another process"
        return ArchiveLockedError(
            f"{who} is writing to the archive in {self._server.address.name}. Wait until it is done, or end it, and "
            "try again"
        )


def take_turn(connection: Connection, server: Server) -> None:
    """Wait until no other transaction writes to the archive; the turn ends with that of ``connection``.

    :raises sqlalchemy.exc.OperationalError: if another one does not finish within five seconds.
    """
    connection.execute(text(f"SET LOCAL lock_timeout = '{_TURN_SECONDS}s'"))
    numbers = {"kind": _WRITING, "schema": _number(server)}
    connection.execute(text("SELECT pg_advisory_xact_lock(:kind, :schema)"), numbers)


def _number(server: Server) -> int:
    return crc32(server.address.schema.encode()) & 0x7FFFFFFF
