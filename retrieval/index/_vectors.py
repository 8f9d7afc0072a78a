"""Vectors as a database has them: blobs of little-endian single-precision floats."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from retrieval.index.records import VectorBlock

Row: TypeAlias = tuple[int, int, bytes]
_ROWS_AT_ONCE = 4096
_COLUMNS = "SELECT passage_id, unit, vector FROM vectors"


def read_range(connection: sqlite3.Connection, dimension: int, after: int, until: int | None) -> Iterator[VectorBlock]:
    """Give the vectors of the passages after one id, up to another, in blocks, by (passage id, unit).

    :raises ValueError: if one has not ``dimension`` numbers.
    """
    last = np.iinfo(np.int64).max if until is None else until
    cursor = connection.execute(
        f"{_COLUMNS} WHERE passage_id > ? AND passage_id <= ? ORDER BY passage_id, unit", (after, int(last))
    )
    return in_blocks(cursor.fetchmany, dimension)


def read_some(connection: sqlite3.Connection, dimension: int, passage_ids: Sequence[int]) -> VectorBlock:
    """Give the vectors of some passages, by (passage id, unit) if the ids ascend.

    :raises ValueError: if one has not ``dimension`` numbers.
    """
    statement = f"{_COLUMNS} WHERE passage_id = ? ORDER BY unit"
    rows = [row for passage_id in passage_ids for row in connection.execute(statement, (passage_id,))]
    return to_block(rows, dimension)


def read_sample(connection: sqlite3.Connection, dimension: int, count: int) -> VectorBlock:
    """Give ``count`` vectors, spread evenly over all, or all if there are fewer.

    :raises ValueError: if one has not ``dimension`` numbers.
    """
    first, last = connection.execute("SELECT min(rowid), max(rowid) FROM vectors").fetchone()
    if first is None:
        return to_block([], dimension)
    wanted = np.unique(np.linspace(first, last, min(count, last - first + 1)).astype(np.int64)).tolist()
    # Some rows may be gone; the next one stands for them.
    statement = f"{_COLUMNS} WHERE rowid >= ? ORDER BY rowid LIMIT 1"
    return to_block([connection.execute(statement, (row,)).fetchone() for row in wanted], dimension)


def in_blocks(fetch: Callable[[int], Sequence[Row]], dimension: int) -> Iterator[VectorBlock]:
    """Give the rows of which ``fetch`` brings so many in blocks.

    :raises ValueError: if one has not ``dimension`` numbers.
    """
    while rows := fetch(_ROWS_AT_ONCE):
        yield to_block(rows, dimension)


def to_block(rows: Sequence[Row], dimension: int) -> VectorBlock:
    """Give rows as one block.

    :raises ValueError: if one has not ``dimension`` numbers.
    """
    if any(len(row[2]) != 4 * dimension for row in rows):
        raise ValueError(f"a vector of passages {rows[0][0]} to {rows[-1][0]} has not {dimension} numbers")
    flat = np.frombuffer(b"".join(row[2] for row in rows), dtype="<f4")
    return VectorBlock(
        passage_ids=np.array([row[0] for row in rows], np.int64),
        units=np.array([row[1] for row in rows], np.int32),
        vectors=flat.astype(np.float32, copy=False).reshape(len(rows), dimension),
    )
