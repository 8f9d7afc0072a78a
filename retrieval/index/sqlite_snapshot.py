import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.index import _vectors
from retrieval.index._contents import unknown_document, unknown_passage
from retrieval.index._descriptions import read_facets, read_files, read_infos
from retrieval.index._row_reader import RowReader
from retrieval.index.records import KnownFile, PassageFacets, StoreVersion, VectorBlock
from retrieval.types import LOCAL, BlockKind, Document, DocumentInfo, Passage

if TYPE_CHECKING:
    from retrieval.reading import Layout

__all__ = ["SqliteSnapshot"]

_PASSAGE = "SELECT id, document_id, kind, spans, sentences, context FROM passages"
_LOOSE = "SELECT source, revision FROM loose_uploads ORDER BY source, revision"


class SqliteSnapshot:
    """A ``Snapshot`` of a database of SQLite's."""

    def __init__(self, connection: sqlite3.Connection, database: Path) -> None:
        """Fix the moment: begin a transaction of ``connection`` and read the store's description in it.

        In a connection that is writing, the moment is that of its unfinished transaction.
        """
        self._connection = connection
        self._reader = RowReader(str(database))
        self._texts: dict[str, str] = {}
        if not connection.in_transaction:
            connection.execute("BEGIN")
        meta: dict[str, str] = dict(connection.execute("SELECT key, value FROM meta"))
        try:
            self.encoder = meta["encoder"]
            self.dimension = int(meta["dimension"])
            # An archive of an older version lacks it.
            self.backend = meta.get("backend", LOCAL)
            self.version = StoreVersion(int(meta["generation"]), meta["token"])
        except (KeyError, ValueError) as error:
            raise self._reader.damaged(f"its description reads {meta}") from error

    @property
    def generation(self) -> int:
        """How many times the contents have changed."""
        return self.version.generation

    def documents(self) -> list[DocumentInfo]:
        """List the documents, sorted by source."""
        return read_infos(self._connection, "")

    def document_info(self, document_id: str) -> DocumentInfo:
        """Describe one document, whose text is not read.

        :raises UnknownDocumentError: if there is none of this id.
        """
        infos = read_infos(self._connection, "WHERE d.id = ?", document_id)
        if not infos:
            raise unknown_document(document_id)
        return infos[0]

    def document(self, document_id: str) -> Document:
        """Give a document with its text.

        :raises UnknownDocumentError: if there is none of this id.
        """
        row = self._connection.execute(
            "SELECT source, encoding, revision FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        if row is None:
            raise unknown_document(document_id)
        source, encoding, revision = row
        return Document(document_id, source, self._read_text(document_id), encoding, revision)

    def files(self) -> Mapping[str, KnownFile]:
        """Give each source's file as it was read, for telling which have changed."""
        return read_files(self._connection, "")

    def file(self, document_id: str) -> KnownFile:
        """Give the file that a document was read from.

        :raises UnknownDocumentError: if there is none of this id.
        """
        for file in read_files(self._connection, "WHERE d.id = ?", document_id).values():
            return file
        raise unknown_document(document_id)

    def loose_uploads(self) -> list[tuple[str, str]]:
        """Give source and revision of the uploads' files that no document may need."""
        return [(source, revision) for source, revision in self._connection.execute(_LOOSE)]

    def layout(self, document_id: str) -> "Layout | None":
        """Give what a document's file says about its text beyond the characters: pages, places of lines, headings.

        :returns: None where its format has nothing of the kind, or an older version wrote it and no sync came since.
        :raises UnknownDocumentError: if there is none of this id.
        """
        self.source(document_id)
        row = self._connection.execute("SELECT data FROM layouts WHERE document_id = ?", (document_id,)).fetchone()
        return None if row is None else self._reader.layout(document_id, row[0])

    def document_count(self) -> int:
        """Count the documents."""
        (count,) = self._connection.execute("SELECT count(*) FROM documents").fetchone()
        return int(count)

    def source(self, document_id: str) -> str:
        """Give a document's name in the archive without reading its text.

        :raises UnknownDocumentError: if there is none of this id.
        """
        row = self._connection.execute("SELECT source FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row is None:
            raise unknown_document(document_id)
        return str(row[0])

    def sources(self, document_ids: Sequence[str]) -> list[str]:
        """Give documents' names in the archive in the order of ``document_ids``.

        :raises UnknownDocumentError: if there is none of one of these ids.
        """
        # A statement for each costs nothing here, where no server is asked.
        return [self.source(document_id) for document_id in document_ids]

    def passage_count(self) -> int:
        """Count the passages."""
        (count,) = self._connection.execute("SELECT count(*) FROM passages").fetchone()
        return int(count)

    def passage(self, passage_id: int) -> Passage:
        """Give one passage.

        :raises UnknownDocumentError: if there is none of this id.
        """
        row = self._connection.execute(f"{_PASSAGE} WHERE id = ?", (passage_id,)).fetchone()
        if row is None:
            raise unknown_passage(passage_id)
        return self._reader.passage(row, self._text(row[1]))

    def passages(self, passage_ids: Sequence[int]) -> list[Passage]:
        """Give passages in the order of ``passage_ids``.

        :raises UnknownDocumentError: if there is none of one of these ids.
        """
        return [self.passage(int(passage_id)) for passage_id in passage_ids]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Give a document's passages in reading order."""
        rows = self._connection.execute(f"{_PASSAGE} WHERE document_id = ? ORDER BY id", (document_id,)).fetchall()
        text = self._read_text(document_id) if rows else ""
        return [self._reader.passage(row, text) for row in rows]

    def passage_ids(self, document_id: str, kinds: Collection[BlockKind]) -> list[int]:
        """Give the ids of a document's passages of some kinds, in reading order."""
        marks = ", ".join("?" * len(kinds))
        rows = self._connection.execute(
            f"SELECT id FROM passages WHERE document_id = ? AND kind IN ({marks}) ORDER BY id",
            (document_id, *sorted(kind.value for kind in kinds)),
        )
        return [int(row[0]) for row in rows]

    def all_passage_ids(self) -> NDArray[np.int64]:
        """Give the ids of all passages, ascending."""
        # As one text, which takes a fifth of the time of as many rows.
        (ids,) = self._connection.execute("SELECT group_concat(id) FROM passages").fetchone()
        return np.sort(np.fromstring(ids or "", np.int64, sep=","))

    def iter_passages(self, after: int = 0) -> Iterator[Passage]:
        """Give all passages by ascending id, with no more than one document's text in memory.

        :param after: leave out the passages up to this id.
        """
        document_id, text = "", ""
        for row in self._connection.execute(f"{_PASSAGE} WHERE id > ? ORDER BY id", (after,)):
            if row[1] != document_id:
                document_id, text = row[1], self._read_text(row[1])
            yield self._reader.passage(row, text)

    def facets(self) -> Iterator[PassageFacets]:
        """Give what filters look at, of all passages by ascending id: in one go, without their texts."""
        return read_facets(self._connection)

    def vectors(self, after: int = 0, until: int | None = None) -> Iterator[VectorBlock]:
        """Give all vectors in blocks, ordered by (passage id, unit) over all of them.

        :param after: leave out those of the passages up to this id.
        :param until: leave out those of the passages after this id; None for none.
        """
        with self._reader.told():
            yield from _vectors.read_range(self._connection, self.dimension, after, until)

    def vectors_of(self, passage_ids: Sequence[int]) -> VectorBlock:
        """Give the vectors of some passages, given by ascending id."""
        with self._reader.told():
            return _vectors.read_some(self._connection, self.dimension, passage_ids)

    def vector_sample(self, count: int) -> VectorBlock:
        """Give ``count`` vectors, spread evenly over all, or all if there are fewer."""
        with self._reader.told():
            return _vectors.read_sample(self._connection, self.dimension, count)

    def vector_count(self) -> int:
        """Count the vectors of passages and sentences."""
        (count,) = self._connection.execute("SELECT count(*) FROM vectors").fetchone()
        return int(count)

    def check(self) -> None:
        """Let SQLite look through the whole database; takes seconds on a large one.

        :raises ArchiveDamagedError: if it finds anything.
        """
        findings = [str(row[0]).replace("\n", ", ") for row in self._connection.execute("PRAGMA integrity_check(3)")]
        if findings != ["ok"]:
            raise self._reader.damaged("; ".join(findings))
        if self._connection.execute("PRAGMA foreign_key_check").fetchone():
            raise self._reader.damaged("passages or vectors without their document")
        for info in self.documents():
            self._read_text(info.id)

    def _text(self, document_id: str) -> str:
        if document_id not in self._texts:
            self._texts[document_id] = self._read_text(document_id)
        return self._texts[document_id]

    def _read_text(self, document_id: str) -> str:
        row = self._connection.execute("SELECT text, checksum FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row is None:
            raise self._reader.missing(document_id)
        return self._reader.text(document_id, *row)
