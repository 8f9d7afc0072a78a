"""The database file: its layout, how it is made, opened and told from others, and what SQLite's errors mean here."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from enum import Enum
from pathlib import Path
from zlib import crc32

from retrieval.errors import (
    ArchiveDamagedError,
    ArchiveError,
    ArchiveFormatError,
    ArchiveLockedError,
    ArchiveMissingError,
    StorageError,
)

DATABASE_NAME = "archive.sqlite3"
FORMAT_VERSION = 1
# "Wenj" in ASCII: tells our databases from those of other programs.
APPLICATION_ID = 0x57656E6A
# Long enough for another process to commit one document, short enough for a person to wait.
BUSY_SECONDS = 5.0

# A vector of 512 floats is 2 KiB: seven fit a page of 16 KiB, but only one the default page of 4 KiB, half of it empty.
_LAYOUT = """
PRAGMA page_size = 16384;
BEGIN;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE documents (
    id TEXT PRIMARY KEY NOT NULL,
    source TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    encoding TEXT NOT NULL,
    revision TEXT NOT NULL,
    title TEXT NOT NULL,
    publication TEXT NOT NULL,
    date TEXT NOT NULL,
    characters INTEGER NOT NULL
) STRICT;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    spans TEXT NOT NULL,
    sentences TEXT NOT NULL,
    context TEXT NOT NULL,
    UNIQUE (document_id, position)
) STRICT;
CREATE TABLE vectors (
    passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    unit INTEGER NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (passage_id, unit)
) STRICT;
"""


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
        check_format(connection, database)
    except BaseException:
        connection.close()
        raise
    return connection


def check_format(connection: sqlite3.Connection, database: Path) -> None:
    """Make sure that the database is an archive that this version reads.

    :raises ArchiveFormatError: if it is another program's, or of another format version.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise ArchiveFormatError(f"{database} was not written by wenju. Choose another folder for the archive")
    if version > FORMAT_VERSION:
        raise ArchiveFormatError(
            f"{database} has format {version}, written by a newer wenju; this one reads format {FORMAT_VERSION}. "
            "Upgrade wenju, or build the archive anew from its files with: wenju sync --rebuild PATH…"
        )
    if version < FORMAT_VERSION:
        raise ArchiveFormatError(
            f"{database} has format {version}, written by an older wenju; this one reads format {FORMAT_VERSION}. "
            "Build the archive anew from its files with: wenju sync --rebuild PATH…"
        )


def create(database: Path, *, encoder: str, dimension: int) -> None:
    """Make an empty database; it appears under its name complete or not at all.

    :raises StorageError: if there is one already, or the folder cannot be written.
    """
    with _new_database(database) as connection:
        connection.executescript(_LAYOUT)
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [
                ("format", str(FORMAT_VERSION)),
                ("encoder", encoder),
                ("dimension", str(dimension)),
                ("generation", "0"),
                ("token", os.urandom(8).hex()),
            ],
        )
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


def to_checksum(text: str) -> int:
    """Give the checksum by which a change of a text on the disk is noticed; SQLite has none of its own."""
    return crc32(text.encode())


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
    return ArchiveDamagedError(
        f"{database} is damaged ({error}). Restore a backup, or build it anew with: wenju sync --rebuild PATH…"
    )


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
