from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from retrieval.errors import OriginalMissingError
from retrieval.index._postgresql import Server
from retrieval.index._postgresql_tables import Tables

__all__ = ["PostgresqlUploads"]


class PostgresqlUploads:
    """Uploads in a table of the archive's, up to 1 GB each, so that all replicas have them."""

    def __init__(self, server: Server, tables: Tables) -> None:
        """Keep the uploads of the archive whose tables these are."""
        self._server = server
        self._table = tables.uploads

    def place(self, source: str, revision: str) -> str:
        """Tell where an upload's file is, or would be."""
        return f"{source} ({revision[:8]}…) in {self._server.address.name}"

    def read(self, source: str, revision: str) -> bytes:
        """Give an upload's file.

        :raises OriginalMissingError: if it is not there; the message is the reason alone.
        """
        u = self._table.c
        with self._server.reading() as connection:
            data = connection.scalar(select(u.data).where(u.source == source, u.revision == revision))
        if data is None:
            raise OriginalMissingError("it is not in the database")
        return bytes(data)

    def keep(self, source: str, revision: str, data: bytes) -> None:
        """Write an upload's file.

        :raises StorageError: if it cannot be written.
        """
        u = self._table.c
        with self._server.writing() as connection:
            number = connection.scalar(select(func.coalesce(func.max(u.number), 0)))
            row = insert(self._table).values(source=source, revision=revision, number=(number or 0) + 1, data=data)
            changed = row.on_conflict_do_update(index_elements=["source", "revision"], set_={"data": data})
            connection.execute(changed)

    def discard(self, source: str, revision: str, needed: Iterable[tuple[str, str]]) -> None:
        """Remove an upload's file, unless it is among the ``needed``.

        :raises StorageError: if it cannot be removed.
        """
        u = self._table.c
        if (source, revision) not in needed:
            with self._server.writing() as connection:
                connection.execute(delete(self._table).where(u.source == source, u.revision == revision))

    def kept(self) -> list[tuple[str, str]]:
        """List source and revision of the files that are there, sorted by source, the oldest of a source first."""
        u = self._table.c
        with self._server.reading() as connection:
            rows = connection.execute(select(u.source, u.revision).order_by(u.source, u.number))
            return [(source, revision) for source, revision in rows]
