import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, case, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql

from retrieval.index._contents import checked_blobs, peeked, to_blobs, unwritable
from retrieval.index._postgresql_rows import document_row, origin_columns, passage_row, vector_rows
from retrieval.index._postgresql_tables import Tables
from retrieval.index.records import Origin
from retrieval.types import Document, Passage, PassageDraft

if TYPE_CHECKING:
    from retrieval.reading import Layout

__all__ = ["PostgresqlWriter", "draw_token"]

_UNKNOWN = Origin()
# Passages sent to the server at once.
_AT_ONCE = 500


def draw_token() -> str:
    """Draw what tells a state of contents from all others."""
    return os.urandom(8).hex()


class PostgresqlWriter:
    """A ``Writer`` of an archive in PostgreSQL.

    It counts the passages itself: a sequence of the server's would not go back with a transaction that is undone, and
    the same files would not get the same ids.
    """

    def __init__(self, connection: Connection, tables: Tables) -> None:
        """Write through ``connection``, which is inside a transaction."""
        self._connection = connection
        self._tables = tables
        self._changed = False
        meta = {row.key: row.value for row in connection.execute(select(tables.meta))}
        self._dimension = int(meta["dimension"])
        self._generation = int(meta["generation"])
        self._next = int(meta["next_passage"])

    def put(
        self,
        document: Document,
        passages: Iterable[tuple[PassageDraft, NDArray[np.float32]]],
        *,
        origin: Origin = _UNKNOWN,
        layout: "Layout | None" = None,
        warnings: Sequence[str] = (),
    ) -> None:
        """Add a document, as :meth:`retrieval.index.protocol.Writer.put` says."""
        first, encoded = peeked(passages)
        d = self._tables.documents.c
        try:
            document.source.encode()
            row = document_row(document, first, origin)
        except UnicodeEncodeError as error:
            raise unwritable(document.source, error) from error
        with self._connection.begin_nested():
            self._discard(or_(d.id == document.id, d.source == document.source))
            self._connection.execute(insert(self._tables.documents).values(row))
            self._insert_reading(document.id, layout, warnings)
            if origin.uploaded:
                self.settle_upload(document.source, document.revision)
            count = self._insert_passages(document, encoded)
        self._next += count
        self._changed = True

    def locate(self, document_id: str, origin: Origin) -> None:
        """Note where the file of a document is now; its contents, and so the generation, stay as they are."""
        documents = self._tables.documents
        self._connection.execute(update(documents).where(documents.c.id == document_id).values(origin_columns(origin)))

    def rename(self, document_id: str, new_id: str, source: str, origin: Origin) -> None:
        """Give a document another id and source, and all else of it stays; nothing happens if it is not there.

        :raises SourceError: if the name cannot be stored as UTF-8.
        """
        documents = self._tables.documents
        try:
            title = source.encode()
        except UnicodeEncodeError as error:
            raise unwritable(source, error) from error
        with self._connection.begin_nested():
            earlier = self._connection.scalar(select(documents.c.source).where(documents.c.id == document_id))
            if earlier is not None:
                # What belongs to it follows by itself.
                self._connection.execute(
                    update(documents)
                    .where(documents.c.id == document_id)
                    .values(
                        id=new_id,
                        source=source,
                        title=case((documents.c.title == earlier.encode(), title), else_=documents.c.title),
                        **origin_columns(origin),
                    )
                )
        self._changed = True

    def annotate(self, document_id: str, layout: "Layout | None", warnings: Sequence[str]) -> None:
        """Note what the file of a document says beyond its text, which stays as it is."""
        with self._connection.begin_nested():
            for table in (self._tables.layouts, self._tables.warnings):
                self._connection.execute(delete(table).where(table.c.document_id == document_id))
            self._insert_reading(document_id, layout, warnings)

    def remove(self, document_id: str) -> bool:
        """Remove a document with its passages and vectors; tell whether it was there.

        The file of an upload becomes loose.
        """
        removed = self._discard(self._tables.documents.c.id == document_id)
        self._changed = self._changed or removed
        return removed

    def expect_upload(self, source: str, revision: str) -> None:
        """Note that a file is about to be kept for a document that does not exist yet: until then it is loose."""
        loose = postgresql.insert(self._tables.loose_uploads).values(source=source, revision=revision)
        self._connection.execute(loose.on_conflict_do_nothing())

    def settle_upload(self, source: str, revision: str) -> None:
        """Note that a kept file is no longer loose: a document has it, or it has been removed."""
        loose = self._tables.loose_uploads
        self._connection.execute(delete(loose).where(loose.c.source == source, loose.c.revision == revision))

    def restart_vectors(self, *, encoder: str, dimension: int) -> None:
        """Remove all vectors, to be given anew with another encoder by :meth:`put_vectors` for every passage."""
        self._connection.execute(delete(self._tables.vectors))
        self._start_line(encoder, dimension)

    def put_vectors(self, passage: Passage, units: NDArray[np.float32]) -> None:
        """Give a passage that has none its vectors, of the shape ``(1 + sentences, dimension)``.

        :raises EncoderError: if they do not fit the passage, or are not finite numbers.
        """
        blobs = to_blobs(f"passage {passage.id}", len(passage.sentences), units, self._dimension)
        self._insert_vectors([*vector_rows(passage.id, blobs)])
        self._changed = True

    def clear(self, *, encoder: str, dimension: int) -> None:
        """Remove everything and start again with another encoder; passage ids begin at 1 as in a new store."""
        self._connection.execute(delete(self._tables.documents))
        self._next = 1
        self._start_line(encoder, dimension)

    def set_backend(self, backend: str) -> None:
        """Note where the passages are searched from now on."""
        self._set("backend", backend)
        self._changed = True

    def finish(self) -> bool:
        """Count the generation up if the contents changed, and tell whether; called by the store before it commits."""
        if self._changed:
            self._set("generation", str(self._generation + 1))
            self._set("token", draw_token())
            self._set("next_passage", str(self._next))
        return self._changed

    def _start_line(self, encoder: str, dimension: int) -> None:
        self._set("encoder", encoder)
        self._set("dimension", str(dimension))
        # What was indexed before has other vectors, or other passages under the same ids.
        self._set("line", draw_token())
        self._dimension = dimension
        self._changed = True

    def _discard(self, condition: ColumnElement[bool]) -> bool:
        d = self._tables.documents.c
        uploaded = select(d.source, d.revision).where(condition, d.uploaded)
        loose = postgresql.insert(self._tables.loose_uploads).from_select(["source", "revision"], uploaded)
        self._connection.execute(loose.on_conflict_do_nothing())
        return self._connection.execute(delete(self._tables.documents).where(condition)).rowcount > 0

    def _set(self, key: str, value: str) -> None:
        meta = self._tables.meta
        self._connection.execute(update(meta).where(meta.c.key == key).values(value=value))

    def _insert_reading(self, document_id: str, layout: "Layout | None", warnings: Sequence[str]) -> None:
        if layout is not None:
            row = {"document_id": document_id, "data": layout.to_bytes()}
            self._connection.execute(insert(self._tables.layouts).values(row))
        rows = [
            {"document_id": document_id, "position": position, "reason": reason.encode()}
            for position, reason in enumerate(warnings)
        ]
        if rows:
            self._connection.execute(insert(self._tables.warnings), rows)

    def _insert_passages(self, document: Document, encoded: Iterator[tuple[PassageDraft, NDArray[np.float32]]]) -> int:
        """Write passages with their vectors, some hundreds at once, and give their number."""
        count = 0
        while some := list(islice(encoded, _AT_ONCE)):
            passages: list[dict[str, object]] = []
            vectors: list[dict[str, object]] = []
            for position, (passage, units) in enumerate(some, count):
                blobs = checked_blobs(document, position, passage, units, self._dimension)
                passages.append(passage_row(self._next + position, position, passage))
                vectors.extend(vector_rows(self._next + position, blobs))
            self._connection.execute(insert(self._tables.passages), passages)
            self._insert_vectors(vectors)
            count += len(some)
        return count

    def _insert_vectors(self, rows: Sequence[dict[str, object]]) -> None:
        if rows:
            self._connection.execute(insert(self._tables.vectors), rows)
