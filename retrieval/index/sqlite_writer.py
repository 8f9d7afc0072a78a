import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.index._contents import (
    checked_blobs,
    context_json,
    encode_location,
    peeked,
    sentences_json,
    spans_json,
    to_blobs,
    to_checksum,
    unwritable,
)
from retrieval.index.records import Origin
from retrieval.types import Context, Document, Passage, PassageDraft

if TYPE_CHECKING:
    from retrieval.reading import Layout

__all__ = ["SqliteWriter"]

_UNKNOWN = Origin()


class SqliteWriter:
    """A ``Writer`` of a database of SQLite's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Write through ``connection``, which is inside a transaction."""
        self._connection = connection
        self._changed = False
        (dimension,) = connection.execute("SELECT value FROM meta WHERE key = 'dimension'").fetchone()
        self._dimension = int(dimension)

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
        try:
            with self._all_or_nothing():
                self._discard("id = ? OR source = ?", document.id, document.source)
                self._insert_document(document, first, origin)
                self._insert_reading(document.id, layout, warnings)
                if origin.uploaded:
                    self.settle_upload(document.source, document.revision)
                for position, (passage, units) in enumerate(encoded):
                    blobs = checked_blobs(document, position, passage, units, self._dimension)
                    self._insert_vectors(self._insert_passage(passage, position), blobs)
        except UnicodeEncodeError as error:
            raise unwritable(document.source, error) from error
        self._changed = True

    def locate(self, document_id: str, origin: Origin) -> None:
        """Note where the file of a document is now; its contents, and so the generation, stay as they are."""
        self._connection.execute(
            "UPDATE documents SET location = ?, uploaded = ?, stamp = ? WHERE id = ?",
            (*_to_columns(origin), document_id),
        )

    def rename(self, document_id: str, new_id: str, source: str, origin: Origin) -> None:
        """Give a document another id and source, and all else of it stays; nothing happens if it is not there.

        :raises SourceError: if the name cannot be stored as UTF-8.
        """
        try:
            with self._all_or_nothing():
                self._connection.execute("PRAGMA defer_foreign_keys = ON")
                self._connection.execute(
                    "UPDATE documents SET id = ?, title = CASE title WHEN source THEN ? ELSE title END, source = ?, "
                    "location = ?, uploaded = ?, stamp = ? WHERE id = ?",
                    (new_id, source, source, *_to_columns(origin), document_id),
                )
                for table in ("passages", "layouts", "warnings"):
                    self._connection.execute(
                        f"UPDATE {table} SET document_id = ? WHERE document_id = ?", (new_id, document_id)
                    )
        except UnicodeEncodeError as error:
            raise unwritable(source, error) from error
        self._changed = True

    def annotate(self, document_id: str, layout: "Layout | None", warnings: Sequence[str]) -> None:
        """Note what the file of a document says beyond its text, which stays as it is."""
        with self._all_or_nothing():
            for table in ("layouts", "warnings"):
                self._connection.execute(f"DELETE FROM {table} WHERE document_id = ?", (document_id,))
            self._insert_reading(document_id, layout, warnings)

    def remove(self, document_id: str) -> bool:
        """Remove a document with its passages and vectors; tell whether it was there.

        The file of an upload becomes loose.
        """
        removed = self._discard("id = ?", document_id)
        self._changed = self._changed or removed
        return removed

    def expect_upload(self, source: str, revision: str) -> None:
        """Note that a file is about to be kept for a document that does not exist yet: until then it is loose."""
        self._connection.execute("INSERT OR IGNORE INTO loose_uploads VALUES (?, ?)", (source, revision))

    def settle_upload(self, source: str, revision: str) -> None:
        """Note that a kept file is no longer loose: a document has it, or it has been removed."""
        self._connection.execute("DELETE FROM loose_uploads WHERE source = ? AND revision = ?", (source, revision))

    def restart_vectors(self, *, encoder: str, dimension: int) -> None:
        """Remove all vectors, to be given anew with another encoder by :meth:`put_vectors` for every passage."""
        with self._all_or_nothing():
            self._connection.execute("DELETE FROM vectors")
            self._set("encoder", encoder)
            self._set("dimension", str(dimension))
        self._dimension = dimension
        self._changed = True

    def put_vectors(self, passage: Passage, units: NDArray[np.float32]) -> None:
        """Give a passage that has none its vectors, of the shape ``(1 + sentences, dimension)``.

        :raises EncoderError: if they do not fit the passage, or are not finite numbers.
        """
        name = f"passage {passage.id}"
        self._insert_vectors(passage.id, to_blobs(name, len(passage.sentences), units, self._dimension))
        self._changed = True

    def clear(self, *, encoder: str, dimension: int) -> None:
        """Remove everything and start again with another encoder; passage ids begin at 1 as in a new store."""
        with self._all_or_nothing():
            self._delete("true")
            self._connection.execute("DELETE FROM sqlite_sequence")
            self._set("encoder", encoder)
            self._set("dimension", str(dimension))
        self._dimension = dimension
        self._changed = True

    def set_backend(self, backend: str) -> None:
        """Note where the passages are searched from now on."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('backend', ?)", (backend,))
        self._changed = True

    def finish(self) -> bool:
        """Count the generation up if the contents changed, and tell whether; called by the store before it commits."""
        if self._changed:
            self._connection.execute("UPDATE meta SET value = CAST(value + 1 AS TEXT) WHERE key = 'generation'")
            self._set("token", os.urandom(8).hex())
        return self._changed

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        self._connection.execute("SAVEPOINT step")
        try:
            yield
        except BaseException:
            # After an error of the disk SQLite may have ended the whole transaction already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO step")
                self._connection.execute("RELEASE step")
            raise
        self._connection.execute("RELEASE step")

    def _delete(self, condition: str, *values: str) -> bool:
        return self._connection.execute(f"DELETE FROM documents WHERE {condition}", values).rowcount > 0

    def _discard(self, condition: str, *values: str) -> bool:
        self._connection.execute(
            "INSERT OR IGNORE INTO loose_uploads SELECT source, revision FROM documents "
            f"WHERE ({condition}) AND uploaded",
            values,
        )
        return self._delete(condition, *values)

    def _set(self, key: str, value: str) -> None:
        self._connection.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))

    def _insert_document(self, document: Document, first: Context | None, origin: Origin) -> None:
        # As bytes: of a string the database's driver keeps a copy in UTF-8 as long as the string is there.
        text = document.text.encode()
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, CAST(? AS TEXT), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                document.source,
                text,
                to_checksum(text),
                document.encoding,
                document.revision,
                (first.title if first else "") or document.source,
                first.publication if first else "",
                first.date if first else "",
                len(document.text),
                *_to_columns(origin),
            ),
        )

    def _insert_reading(self, document_id: str, layout: "Layout | None", warnings: Sequence[str]) -> None:
        if layout is not None:
            self._connection.execute("INSERT INTO layouts VALUES (?, ?)", (document_id, layout.to_bytes()))
        self._connection.executemany(
            "INSERT INTO warnings VALUES (?, ?, ?)",
            [(document_id, position, reason) for position, reason in enumerate(warnings)],
        )

    def _insert_passage(self, passage: PassageDraft, position: int) -> int:
        cursor = self._connection.execute(
            "INSERT INTO passages (document_id, position, kind, spans, sentences, context) VALUES (?, ?, ?, ?, ?, ?)",
            (
                passage.document_id,
                position,
                passage.kind.value,
                spans_json(passage),
                sentences_json(passage),
                context_json(passage),
            ),
        )
        if cursor.lastrowid is None:
            raise AssertionError("an insert gives a row id")
        return cursor.lastrowid

    def _insert_vectors(self, passage_id: int, blobs: Sequence[bytes]) -> None:
        self._connection.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?)", [(passage_id, unit, blob) for unit, blob in enumerate(blobs)]
        )


def _to_columns(origin: Origin) -> tuple[bytes, int, str]:
    return encode_location(origin), int(origin.uploaded), origin.stamp
