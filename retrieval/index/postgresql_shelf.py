from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql

from retrieval.index._postgresql import Server
from retrieval.index._postgresql_tables import Tables
from retrieval.index.records import StoreVersion

__all__ = ["PostgresqlShelf"]

# A value may have 1 GB, and is in memory as a whole.
_PART_BYTES = 8 << 20


class PostgresqlShelf:
    """A ``Shelf`` in two tables of an archive, each change a transaction of its own."""

    def __init__(self, server: Server) -> None:
        """Keep names and files in the archive of ``server``."""
        self._server = server
        tables = Tables.of(server.address.schema)
        self._names = tables.collections
        self._files = tables.files

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def names(self) -> list[str]:
        """Give all names, sorted."""
        with self._server.reading() as connection:
            return list(connection.scalars(select(self._names.c.name).order_by(self._names.c.name)))

    def add(self, name: str) -> None:
        """Note a name.

        :raises StorageError: if that cannot be written.
        """
        with self._server.writing() as connection:
            connection.execute(postgresql.insert(self._names).values(name=name).on_conflict_do_nothing())

    def remove(self, name: str) -> None:
        """Strike out a name.

        :raises StorageError: if that cannot be written.
        """
        with self._server.writing() as connection:
            connection.execute(delete(self._names).where(self._names.c.name == name))

    def put(self, version: StoreVersion, recipe: str, folder: Path) -> None:
        """Keep a copy of the files of a version, which are in the subfolders of ``folder``.

        :raises StorageError: if they cannot be written.
        """
        with self._server.writing() as connection:
            connection.execute(delete(self._files).where(self._files.c.token == version.token))
            for file in sorted(folder.glob("*/*")):
                place = {"token": version.token, "recipe": recipe, "folder": file.parent.name, "name": file.name}
                for part, data in enumerate(_pieces(file)):
                    connection.execute(insert(self._files).values(**place, part=part, data=data))

    def parts(self, version: StoreVersion, recipe: str) -> Mapping[str, "_Part"]:
        """Give what was put there of a version, by subfolder; nothing if it was not, or of another recipe.

        :raises StorageError: if that cannot be read.
        """
        f = self._files.c
        with self._server.reading() as connection:
            found = select(f.folder).where(f.token == version.token, f.recipe == recipe).distinct()
            return {folder: _Part(self, version.token, folder) for folder in connection.scalars(found)}

    def write(self, token: str, name: str, folder: Path) -> None:
        """Write the files of a subfolder of one version into ``folder``."""
        f = self._files.c
        wanted = select(f.name, f.part, f.data).where(f.token == token, f.folder == name).order_by(f.name, f.part)
        streamed = {"stream_results": True, "max_row_buffer": 1}
        with (
            self._server.reading() as connection,
            connection.execute(wanted, execution_options=streamed) as rows,
        ):
            for row in rows:
                with (folder / row.name).open("ab") as file:
                    file.write(row.data)

    def remove_others(self, version: StoreVersion) -> None:
        """Remove the files of all other versions.

        :raises StorageError: if that cannot be written.
        """
        with self._server.writing() as connection:
            connection.execute(delete(self._files).where(self._files.c.token != version.token))


@dataclass(frozen=True, slots=True)
class _Part:
    shelf: PostgresqlShelf
    token: str
    name: str

    def save(self, folder: Path) -> None:
        self.shelf.write(self.token, self.name, folder)


def _pieces(path: Path) -> Iterator[bytes]:
    """Give a file in pieces, one of them empty if it is."""
    with path.open("rb") as file:
        yield file.read(_PART_BYTES)
        while piece := file.read(_PART_BYTES):
            yield piece
