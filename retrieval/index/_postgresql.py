"""The connection to a PostgreSQL database: how it is made, and what its errors mean here."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

from retrieval.errors import (
    ArchiveDamagedError,
    ArchiveError,
    ArchiveLockedError,
    ArchiveMissingError,
    StorageError,
)
from retrieval.index._damage import damaged

DEFAULT_SCHEMA = "wenju"
_CURE = "Give one as postgresql://USER:PASSWORD@HOST/NAME, with ?schema=ARCHIVE behind it for one of several archives"
_DRIVER = "postgresql+psycopg"
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_CONNECT_SECONDS = 10
# A host that is gone without a word is noticed within two minutes, by the server too, so that its locks do not stay.
_PATIENCE = {"keepalives_idle": 60, "keepalives_interval": 15, "keepalives_count": 4}
# A writer encodes for minutes between two statements.
_SESSION = " ".join(
    ["-c idle_in_transaction_session_timeout=0", *(f"-c tcp_{name}={value}" for name, value in _PATIENCE.items())]
)

_UNDEFINED = ("42P01", "3F000")
_LOCKED = "55P03"
_CORRUPTED = ("XX001", "XX002")
_DISK_FULL = "53100"


@dataclass(frozen=True, slots=True)
class Address:
    """Which database, and which schema of it, an archive is in."""

    url: URL
    schema: str

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read an address.

        :raises StorageError: if it is none.
        """
        try:
            url = make_url(text)
            schema = url.query.get("schema", DEFAULT_SCHEMA)
        except (ArgumentError, ValueError) as error:
            raise StorageError(f"The address of the archive's database cannot be read. {_CURE}") from error
        if url.drivername not in ("postgresql", _DRIVER):
            raise StorageError(f"The archive's database is {url.drivername[:40]!r}, which is not known. {_CURE}")
        if not isinstance(schema, str) or not _SCHEMA.fullmatch(schema) or _is_reserved(schema):
            raise StorageError(
                f"The schema {str(schema)[:80]!r} cannot hold an archive. Name it by small letters, digits and _, and "
                "not public or pg_…"
            )
        return cls(url.set(drivername=_DRIVER).difference_update_query(["schema"]), schema)

    @property
    def name(self) -> str:
        """The address as it is told in messages, without a password."""
        shown = self.url.set(drivername="postgresql", query={"schema": self.schema})
        return shown.render_as_string(hide_password=True)


class Server:
    """The connections to one database; any number of threads may use them."""

    def __init__(self, address: Address) -> None:
        """Take note of the address; a connection is made when one is needed.

        :raises StorageError: if the driver is not installed.
        """
        self.address = address
        self._closed = False
        connecting = {
            "application_name": f"wenju {socket.gethostname()[:40]} {os.getpid()}",
            "client_encoding": "utf8",
            "connect_timeout": _CONNECT_SECONDS,
            **_PATIENCE,
        }
        if "options" not in address.url.query:
            connecting["options"] = _SESSION
        try:
            # Whoever holds a snapshot may ask for another one: a pool with an end could wait for itself.
            engine = create_engine(
                address.url, pool_pre_ping=True, pool_size=8, max_overflow=-1, connect_args=connecting
            )
        except ModuleNotFoundError as error:
            raise StorageError(
                f"An archive in PostgreSQL needs a package that is not installed ({error}). "
                "Install it with: pip install 'wenju[postgresql]'"
            ) from error
        self._engine = engine
        self._readers = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._alone = engine.execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Close all connections; those that another thread is using close when it is done."""
        self._closed = True
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection whose statements all see the same moment."""
        with self.told(), self._connect(self._readers) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a connection in a transaction: all that is written is kept when the block ends, nothing if it raises."""
        with self.told(), self._connect(self._engine) as connection, connection.begin():
            yield connection

    @contextmanager
    def single(self) -> Iterator[Connection]:
        """Lend a connection each of whose statements is a transaction; it is closed for good afterwards."""
        with self.told(), self._connect(self._alone) as connection:
            try:
                yield connection
            finally:
                # What it holds of the server, as a lock, must not live on in the pool.
                connection.invalidate()

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn errors of the database in the block into this project's.

        :raises ArchiveError: the subclass that fits, in place of ``SQLAlchemyError``.
        """
        try:
            yield
        except (IntegrityError, ProgrammingError) as error:
            if _state(error) not in _UNDEFINED and _state(error) != "42501":
                raise
            raise self._meaning(error) from error
        except SQLAlchemyError as error:
            raise self._meaning(error) from error

    @property
    def missing(self) -> ArchiveMissingError:
        """The error for an archive that is not there."""
        return ArchiveMissingError(f"There is no archive in {self.address.name}. Make one with: wenju sync PATH…")

    def damaged(self, finding: str) -> ArchiveDamagedError:
        """Word the error for what must not be."""
        return damaged(self.address.name, finding)

    def _connect(self, engine: Engine) -> Connection:
        if self._closed:
            raise ArchiveError(f"The archive in {self.address.name} was closed. Open it again")
        return engine.connect()

    def _meaning(self, error: SQLAlchemyError) -> ArchiveError:
        name, state, reason = self.address.name, _state(error), _reason(error)
        if state in _UNDEFINED:
            return self.missing
        if state == _LOCKED:
            return ArchiveLockedError(f"Another process is using {name}. Wait until it is done and try again")
        if state in _CORRUPTED:
            return self.damaged(reason)
        if state == _DISK_FULL:
            return StorageError(f"The disk of {name} is full: the archive was left as it was. Make room and try again")
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            return StorageError(
                f"The connection to {name} was lost ({reason}). What was told as done is kept: try again, and a sync "
                "goes on where it stopped"
            )
        if state is None:
            return StorageError(
                f"{name} cannot be reached ({reason}). Check that the server runs and can be reached from here, and "
                "the user, the password and the database's name in the address"
            )
        return StorageError(f"{name} cannot be used ({reason}). Check the server, and what this user may do there")


def _is_reserved(schema: str) -> bool:
    return schema in ("public", "information_schema") or schema.startswith("pg_")


def _state(error: SQLAlchemyError) -> str | None:
    state: str | None = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state


def _reason(error: SQLAlchemyError) -> str:
    text = str(getattr(error, "orig", None) or error).strip()
    return " ".join(line.strip() for line in text.splitlines()[:2])
