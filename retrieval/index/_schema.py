"""The layout of the database, its version, and how a database of an older version becomes one of this."""

import sqlite3
from pathlib import Path

from retrieval.errors import ArchiveFormatError, StorageError

FORMAT_VERSION = 2
# "Wenj" in ASCII: tells our databases from those of other programs.
APPLICATION_ID = 0x57656E6A
_HEADER_BYTES = 100

# Loose uploads are files that a killed process may have left without their document.
_FILES = """
CREATE TABLE layouts (
    document_id TEXT PRIMARY KEY NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    data BLOB NOT NULL
) STRICT;
CREATE TABLE warnings (
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (document_id, position)
) STRICT;
CREATE TABLE loose_uploads (
    source TEXT NOT NULL,
    revision TEXT NOT NULL,
    PRIMARY KEY (source, revision)
) STRICT;
"""
# A vector of 512 floats is 2 KiB: seven fit a page of 16 KiB, but only one the default page of 4 KiB, half of it empty.
LAYOUT = f"""
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
    characters INTEGER NOT NULL,
    location BLOB NOT NULL DEFAULT x'',
    uploaded INTEGER NOT NULL DEFAULT 0,
    stamp TEXT NOT NULL DEFAULT ''
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
{_FILES}"""
# What makes a database of each older version one of the next. The defaults mean that nothing is known yet of the file
# that a document was read from; the next sync looks at it and fills them in.
_STEPS = {
    1: f"""
ALTER TABLE documents ADD COLUMN location BLOB NOT NULL DEFAULT x'';
ALTER TABLE documents ADD COLUMN uploaded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN stamp TEXT NOT NULL DEFAULT '';
{_FILES}""",
}


def check_format(connection: sqlite3.Connection, database: Path) -> None:
    """Make sure that the database is an archive that this version reads.

    :raises ArchiveFormatError: if it is another program's, or of another format version.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    version = _version(connection)
    if application != APPLICATION_ID:
        raise ArchiveFormatError(f"{database} was not written by wenju. Choose another folder for the archive")
    if version > FORMAT_VERSION:
        raise ArchiveFormatError(
            f"{database} has format {version}, written by a newer wenju; this one reads format {FORMAT_VERSION}. "
            "Upgrade wenju, or build the archive anew from its files with: wenju sync --rebuild PATH…"
        )
    if version in _STEPS:
        raise ArchiveFormatError(
            f"{database} has format {version}, written by an older wenju; this one reads format {FORMAT_VERSION}. "
            "Open the archive once where its folder can be written, as any command does: that brings it up to date"
        )
    if version < FORMAT_VERSION:
        raise ArchiveFormatError(
            f"{database} has format {version}, written by an older wenju; this one reads format {FORMAT_VERSION}. "
            "Build the archive anew from its files with: wenju sync --rebuild PATH…"
        )


def is_outdated(database: Path) -> bool:
    """Tell from the file's first bytes whether the database is of a version that :func:`migrate` knows.

    The log may hold newer ones, so that this can be true of a database that has been migrated just now.
    """
    try:
        with database.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError:
        return False
    application, version = int.from_bytes(header[68:72], "big"), int.from_bytes(header[60:64], "big")
    return application == APPLICATION_ID and version in _STEPS


def migrate(connection: sqlite3.Connection, database: Path) -> None:
    """Bring the database up to date, completely or not at all; nothing happens if it is.

    :param connection: one in autocommit mode that may write.
    :raises StorageError: if the database cannot be written.
    :raises sqlite3.Error: if SQLite cannot do it for another reason.
    """
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        # Another process may have done it while this one waited.
        while (version := _version(connection)) in _STEPS:
            for statement in _STEPS[version].split(";"):
                connection.execute(statement)
            connection.execute("UPDATE meta SET value = ? WHERE key = 'format'", (str(version + 1),))
            connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY:
            raise StorageError(
                f"{database} was written by an older wenju and must be brought up to date, but cannot be written. "
                "Make its folder writable and open the archive once, or copy it to a folder that is"
            ) from error
        raise


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
