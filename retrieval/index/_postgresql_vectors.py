"""Vectors in PostgreSQL, by (passage id, unit)."""

from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import Connection, Row, Select, Table, func, select

from retrieval.index import _vectors
from retrieval.index._postgresql_tables import STREAMED, among
from retrieval.index.records import VectorBlock


def read_range(
    connection: Connection, table: Table, dimension: int, after: int, until: int | None
) -> Iterator[VectorBlock]:
    """Give the vectors of the passages after one id, up to another, in blocks.

    :raises ValueError: if one has not ``dimension`` numbers.
    """
    v = table.c
    wanted = _ordered(table).where(v.passage_id > after)
    if until is not None:
        wanted = wanted.where(v.passage_id <= until)
    with connection.execute(wanted, execution_options=STREAMED) as rows:
        yield from _vectors.in_blocks(lambda count: _plain(rows.fetchmany(count)), dimension)


def read_some(connection: Connection, table: Table, dimension: int, passage_ids: Sequence[int]) -> VectorBlock:
    """Give the vectors of some passages.

    :raises ValueError: if one has not ``dimension`` numbers.
    """
    rows = connection.execute(_ordered(table).where(among(table.c.passage_id, passage_ids)))
    return _vectors.to_block(_plain(rows.all()), dimension)


def read_sample(connection: Connection, table: Table, dimension: int, count: int) -> VectorBlock:
    """Give ``count`` vectors, spread evenly over all, or all if there are fewer.

    :raises ValueError: if one has not ``dimension`` numbers.
    """
    v, total = table.c, vector_count(connection, table)
    number = func.row_number().over(order_by=(v.passage_id, v.unit)).label("number")
    numbered = select(v.passage_id, v.unit, number).subquery()
    chosen = np.unique(np.linspace(1, total, min(count, total)).astype(np.int64)).tolist()
    wanted = (
        _ordered(table)
        .join(numbered, (numbered.c.passage_id == v.passage_id) & (numbered.c.unit == v.unit))
        .where(among(numbered.c.number, chosen))
    )
    return _vectors.to_block(_plain(connection.execute(wanted).all()), dimension)


def vector_count(connection: Connection, table: Table) -> int:
    """Count the vectors."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _ordered(table: Table) -> Select[tuple[int, int, bytes]]:
    v = table.c
    return select(v.passage_id, v.unit, v.vector).order_by(v.passage_id, v.unit)


def _plain(rows: Sequence[Row[tuple[int, int, bytes]]]) -> list[_vectors.Row]:
    return [(row.passage_id, row.unit, row.vector) for row in rows]
