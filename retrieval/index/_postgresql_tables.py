"""The tables of an archive in PostgreSQL, one schema for each archive.

Texts are bytes of UTF-8, because PostgreSQL's own have no character 0, which documents may have. Names are compared as
SQLite compares them, by their characters' codes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.schema import CreateSchema

from retrieval.errors import ArchiveFormatError, StorageError
from retrieval.index._postgresql import Server

LAYOUT_VERSION = 1
ROWS_AT_ONCE = 2000
# Held by the server until they are asked for, rather than by this process all at once.
STREAMED = {"stream_results": True, "max_row_buffer": ROWS_AT_ONCE}
_ENCODING = "UTF8"
# A vector of 512 numbers is 2 KB, which PostgreSQL would put into another table, two rows for each.
_INLINE = ("ALTER COLUMN vector SET STORAGE MAIN", "SET (toast_tuple_target = 8160)")


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The tables of one archive."""

    schema: str
    metadata: MetaData
    meta: Table
    documents: Table
    passages: Table
    vectors: Table
    layouts: Table
    warnings: Table
    loose_uploads: Table
    uploads: Table
    collections: Table
    files: Table

    @classmethod
    def of(cls, schema: str) -> "Tables":
        """Describe the tables of the archive in ``schema``."""
        metadata = MetaData(schema=schema)
        document = f"{schema}.documents.id"
        return cls(
            schema=schema,
            metadata=metadata,
            meta=Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False)),
            documents=Table(
                "documents",
                metadata,
                Column("id", Text, primary_key=True),
                Column("source", Text(collation="C"), nullable=False, unique=True),
                Column("text", LargeBinary, nullable=False),
                Column("checksum", BigInteger, nullable=False),
                Column("encoding", Text, nullable=False),
                Column("revision", Text, nullable=False),
                Column("title", LargeBinary, nullable=False),
                Column("publication", LargeBinary, nullable=False),
                Column("date", Text, nullable=False),
                Column("characters", BigInteger, nullable=False),
                Column("location", LargeBinary, nullable=False),
                Column("uploaded", Boolean, nullable=False),
                Column("stamp", Text, nullable=False),
            ),
            passages=Table(
                "passages",
                metadata,
                Column("id", BigInteger, primary_key=True, autoincrement=False),
                _of_document(document, nullable=False),
                Column("position", Integer, nullable=False),
                Column("kind", Text, nullable=False),
                Column("date", Text, nullable=False),
                Column("place", LargeBinary, nullable=False),
                Column("spans", Text, nullable=False),
                Column("sentences", Text, nullable=False),
                Column("context", Text, nullable=False),
                UniqueConstraint("document_id", "position"),
            ),
            vectors=Table(
                "vectors",
                metadata,
                Column(
                    "passage_id", BigInteger, ForeignKey(f"{schema}.passages.id", ondelete="CASCADE"), primary_key=True
                ),
                Column("unit", Integer, primary_key=True),
                Column("vector", LargeBinary, nullable=False),
            ),
            layouts=Table(
                "layouts",
                metadata,
                _of_document(document, primary_key=True),
                Column("data", LargeBinary, nullable=False),
            ),
            warnings=Table(
                "warnings",
                metadata,
                _of_document(document, primary_key=True),
                Column("position", Integer, primary_key=True),
                Column("reason", LargeBinary, nullable=False),
            ),
            loose_uploads=Table("loose_uploads", metadata, *_upload()),
            uploads=Table(
                "uploads",
                metadata,
                *_upload(),
                Column("number", BigInteger, nullable=False),
                Column("data", LargeBinary, nullable=False),
            ),
            collections=Table("collections", metadata, Column("name", Text(collation="C"), primary_key=True)),
            files=Table(
                "files",
                metadata,
                Column("token", Text, primary_key=True),
                Column("recipe", Text, primary_key=True),
                Column("folder", Text, primary_key=True),
                Column("name", Text, primary_key=True),
                Column("part", Integer, primary_key=True),
                Column("data", LargeBinary, nullable=False),
            ),
        )


def create_tables(connection: Connection, tables: Tables, server: Server, description: dict[str, str]) -> None:
    """Make the tables, with a description of the archive, in the transaction of ``connection``.

    :raises StorageError: if there are some already, or the database is not of UTF-8.
    """
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != _ENCODING:
        raise StorageError(f"{server.address.name} has the encoding {encoding}. Make one with: createdb -E {_ENCODING}")
    if not inspect(connection).has_schema(tables.schema):
        connection.execute(CreateSchema(tables.schema))
    elif inspect(connection).get_table_names(schema=tables.schema):
        raise StorageError(
            f"There is an archive in {server.address.name} already. Open it, or choose another schema with ?schema="
        )
    tables.metadata.create_all(connection, checkfirst=False)
    for change in _INLINE:
        connection.execute(text(f'ALTER TABLE "{tables.schema}".vectors {change}'))
    connection.execute(tables.meta.insert(), [{"key": key, "value": value} for key, value in description.items()])


def check_layout(connection: Connection, tables: Tables, server: Server) -> None:
    """Make sure that the schema holds an archive that this version reads.

    :raises ArchiveMissingError: if it is not there, or empty.
    :raises ArchiveFormatError: if it holds an archive of a newer version.
    :raises StorageError: if it holds something else.
    """
    present = set(inspect(connection).get_table_names(schema=tables.schema))
    if not present:
        raise server.missing
    name = server.address.name
    found = (
        connection.scalar(select(tables.meta.c.value).where(tables.meta.c.key == "layout"))
        if "meta" in present
        else None
    )
    if found is None or not found.isdecimal():
        raise StorageError(f"{name} holds other tables than wenju's. Choose another schema with ?schema=")
    if int(found) > LAYOUT_VERSION:
        raise ArchiveFormatError(
            f"{name} has format {found}, written by a newer wenju; this one reads format {LAYOUT_VERSION}. "
            "Upgrade wenju, or build the archive anew from its files with: wenju sync --rebuild PATH…"
        )
    lacking = sorted({table.name for table in tables.metadata.tables.values()} - present)
    if lacking:
        raise server.damaged(f"the table {lacking[0]} is missing")


def _of_document(document: str, *, nullable: bool = True, primary_key: bool = False) -> Column[str]:
    key = ForeignKey(document, ondelete="CASCADE", onupdate="CASCADE")
    return Column("document_id", Text, key, nullable=nullable and not primary_key, primary_key=primary_key)


def _upload() -> tuple[Column[str], Column[str]]:
    return Column("source", Text(collation="C"), primary_key=True), Column("revision", Text, primary_key=True)


def among(column: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """Give the condition that a column has one of many numbers, as one value of the statement."""
    numbers = [int(number) for number in ids]
    return column == func.any(bindparam(None, numbers, unique=True))
