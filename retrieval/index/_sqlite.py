"""The database file: how it is made, opened, copied and brought up to date, and what SQLite's errors mean here."""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from enum import Enum
from pathlib import Path

from retrieval.errors import (
    ArchiveError,
    ArchiveLockedError,
    ArchiveMissingError,
    StorageError,
)
from retrieval.index._damage import damaged
from retrieval.index._schema import APPLICATION_ID, FORMAT_VERSION, LAYOUT, check_format, is_outdated, migrate

DATABASE_NAME = "archive.sqlite3"
# Long enough for another process to commit one document, short enough for a person to wait.
BUSY_SECONDS = 5.0


class Access(Enum):
    """How a connection opens the database file; the values are SQLite's URI parameters."""

    WRITE = "mode=rw"
    READ = "mode=ro"
    # For folders where SQLite may not make its -wal and -shm files.
    IMMUTABLE = "mode=ro&immutable=1"


def connect(database: Path, access: Access) -> sqlite3.Connection:
    """Open a connection in autocommit mode that any thread may use, one at a time.

    :raises sqlite3.Error: if SQLite cannot open the file.
    """
    uri = f"{database.absolute().as_uri()}?{access.value}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        # What is removed must not stay readable in the file.
        connection.execute("PRAGMA secure_delete = ON")
        check_format(connection, database)
    except BaseException:
        connection.close()
        raise
    return connection


def bring_up_to_date(database: Path) -> None:
    """Make a database of an older format one of this; one of another program or a newer format is left alone.

    :raises ArchiveError: the subclass that fits; the database is then as it was.
    """
    if not is_outdated(database):
        return
    uri = f"{database.absolute().as_uri()}?{Access.WRITE.value}"
    with (
        translated(database),
        closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as connection,
    ):
        migrate(connection, database)


def create(database: Path, *, encoder: str, dimension: int, backend: str) -> None:
    """Make an empty database; it appears under its name complete or not at all.

    :raises StorageError: if there is one already, or the folder cannot be written.
    """
    description = {
        "encoder": encoder,
        "dimension": str(dimension),
        "backend": backend,
        "generation": "0",
        "token": os.urandom(8).hex(),
    }
    with new_archive(database, description):
        pass


@contextmanager
def new_archive(database: Path, description: Mapping[str, str]) -> Iterator[sqlite3.Connection]:
    """Lend a connection that is filling a database of the newest format; it appears when the block ends, complete.

    :raises StorageError: if there is one already, or the folder cannot be written.
    """
    with _new_database(database) as connection:
        connection.executescript(LAYOUT)
        rows = [("format", str(FORMAT_VERSION)), *description.items()]
        connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
        yield connection
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        connection.execute("COMMIT")


def copy(source: sqlite3.Connection, database: Path) -> None:
    """Copy what ``source`` sees to a new database; it appears under its name complete or not at all.

    :raises StorageError: if there is one already, or the folder cannot be written.
    """
    with _new_database(database) as connection:
        source.backup(connection)


@contextmanager
def _new_database(database: Path) -> Iterator[sqlite3.Connection]:
    new = database.with_name(f"{database.name}.{os.urandom(4).hex()}.new")
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        if database.exists():
            raise FileExistsError
        # SQLite would replay a log that outlived its database into the new one.
        remove_logs(database)
        with translated(database), closing(sqlite3.connect(new, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            yield connection
            connection.execute("PRAGMA journal_mode = WAL")
        _move_without_replacing(new, database)
    except FileExistsError as error:
        raise StorageError(
            f"There is an archive at {database.parent} already. Open it, or choose another folder"
        ) from error
    except OSError as error:
        raise StorageError(
            f"No archive can be made at {database.parent}: {error.strerror}. Check the folder"
        ) from error
    finally:
        with suppress(OSError):
            new.unlink()


def remove_logs(database: Path) -> None:
    """Remove the files that SQLite keeps beside the database.

    :raises OSError: if one is there and cannot be removed.
    """
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def has_log(database: Path) -> bool:
    """Tell whether committed changes may lie in SQLite's log, outside the database file."""
    log = database.with_name(f"{database.name}-wal")
    return log.exists() and log.stat().st_size > 0


def sync_folder(folder: Path) -> None:
    """Make new names in the folder survive a power cut, where the system can do that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def translated(database: Path) -> Iterator[None]:
    """Turn SQLite's errors in the block into this project's.

    :raises ArchiveError: the subclass that fits, in place of ``sqlite3.DatabaseError``.
    """
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        raise
    except sqlite3.DatabaseError as error:
        raise _meaning(error, database) from error


def _meaning(error: sqlite3.DatabaseError, database: Path) -> ArchiveError:
    extended = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    code = extended & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ArchiveLockedError(f"Another process is writing to {database}. Wait until it is done and try again")
    if code == sqlite3.SQLITE_FULL:
        return StorageError(f"The disk is full: {database} was left as it was. Make room and try again")
    if code == sqlite3.SQLITE_CANTOPEN and not database.exists():
        return ArchiveMissingError(missing(database))
    storage = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR)
    if code in storage and extended != sqlite3.SQLITE_IOERR_SHORT_READ:
        return StorageError(f"{database} cannot be read or written ({error}). Check the disk, and who owns the folder")
    return damaged(database, error)


def missing(database: Path) -> str:
    """Word the message for an archive that is not there."""
    return f"There is no archive at {database.parent}. Make one with: wenju sync --archive {database.parent} PATH…"


def _move_without_replacing(new: Path, database: Path) -> None:
    try:
        # Unlike a rename, a link fails when another process made an archive here meanwhile.
        database.hardlink_to(new)
    except FileExistsError:
        raise
    except OSError:
        # The file system has no hard links.
        new.rename(database)
    sync_folder(database.parent)
