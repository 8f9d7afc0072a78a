"""From an archive in PostgreSQL to one of SQLite's: the same rows under the same ids."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from retrieval.index import _sqlite
from retrieval.index._postgresql_tables import Tables

_ROWS_AT_ONCE = 1000
_COPIED = ("encoder", "dimension", "backend", "generation", "token")
# Bytes there, texts here.
_TEXTS = frozenset({"text", "title", "publication", "reason"})


def copy_to_sqlite(connection: Connection, tables: Tables, folder: Path) -> None:
    """Write what ``connection`` sees to a new database in ``folder``; it is there completely or not at all.

    :raises StorageError: if there is one already, or it cannot be written.
    """
    meta = {row.key: row.value for row in connection.execute(select(tables.meta)) if row.key in _COPIED}
    with _sqlite.new_archive(folder / _sqlite.DATABASE_NAME, meta) as target:
        for table in (tables.documents, tables.passages, tables.vectors, tables.layouts, tables.warnings):
            _copy(connection, table, target)
        _copy(connection, tables.loose_uploads, target)


def _copy(source: Connection, table: Table, target: sqlite3.Connection) -> None:
    names = [row[1] for row in target.execute(f"PRAGMA table_info({table.name})")]
    conversions = [_conversion(name) for name in names]
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"
    wanted = select(*(table.c[name] for name in names)).order_by(*table.primary_key.columns)
    with source.execute(wanted, execution_options={"stream_results": True, "max_row_buffer": _ROWS_AT_ONCE}) as rows:
        for some in _cut(
            tuple(convert(value) for convert, value in zip(conversions, row, strict=True)) for row in rows
        ):
            target.executemany(statement, some)


def _conversion(name: str) -> Callable[[Any], Any]:
    if name in _TEXTS:
        return bytes.decode
    return int if name == "uploaded" else _same


def _same(value: Any) -> Any:
    return value


def _cut(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        yield some
