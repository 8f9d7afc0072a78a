from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from retrieval.index import _postgresql_vectors
from retrieval.index._contents import unknown_document, unknown_passage
from retrieval.index._postgresql import Server
from retrieval.index._postgresql_descriptions import read_facets, read_files, read_infos
from retrieval.index._postgresql_tables import STREAMED, Tables, among
from retrieval.index._postgresql_texts import read_texts
from retrieval.index._row_reader import RowReader
from retrieval.index.records import KnownFile, PassageFacets, StoreVersion, VectorBlock
from retrieval.types import BlockKind, Document, DocumentInfo, Passage

if TYPE_CHECKING:
    from retrieval.reading import Layout

__all__ = ["PostgresqlSnapshot"]


class PostgresqlSnapshot:
    """A ``Snapshot`` of an archive in PostgreSQL."""

    def __init__(self, connection: Connection, tables: Tables, server: Server) -> None:
        """Fix the moment: read the archive's description in the transaction of ``connection``.

        In a connection that is writing, the moment is that of its unfinished transaction.
        """
        self._connection = connection
        self._reader = RowReader(server.address.name)
        self._tables = tables
        self._documents = tables.documents
        self._passages = tables.passages
        self._vectors = tables.vectors
        p = self._passages.c
        self._passage = select(p.id, p.document_id, p.kind, p.spans, p.sentences, p.context)
        self._texts: dict[str, str] = {}
        meta: dict[str, str] = {row.key: row.value for row in connection.execute(select(tables.meta))}
        try:
            self.encoder = meta["encoder"]
            self.dimension = int(meta["dimension"])
            self.backend = meta["backend"]
            self.version = StoreVersion(int(meta["generation"]), meta["token"], meta["line"])
        except (KeyError, ValueError) as error:
            raise self._reader.damaged(f"its description reads {meta}") from error

    @property
    def generation(self) -> int:
        """How many times the contents have changed."""
        return self.version.generation

    def documents(self) -> list[DocumentInfo]:
        """List the documents, sorted by source."""
        return read_infos(self._connection, self._tables, None)

    def document_info(self, document_id: str) -> DocumentInfo:
        """Describe one document, whose text is not read.

        :raises UnknownDocumentError: if there is none of this id.
        """
        for info in read_infos(self._connection, self._tables, self._documents.c.id == document_id):
            return info
        raise unknown_document(document_id)

    def document(self, document_id: str) -> Document:
        """Give a document with its text.

        :raises UnknownDocumentError: if there is none of this id.
        """
        d = self._documents.c
        row = self._connection.execute(select(d.source, d.encoding, d.revision).where(d.id == document_id)).first()
        if row is None:
            raise unknown_document(document_id)
        return Document(document_id, row.source, self._read_text(document_id), row.encoding, row.revision)

    def files(self) -> Mapping[str, KnownFile]:
        """Give each source's file as it was read, for telling which have changed."""
        return read_files(self._connection, self._tables, None)

    def file(self, document_id: str) -> KnownFile:
        """Give the file that a document was read from.

        :raises UnknownDocumentError: if there is none of this id.
        """
        for file in read_files(self._connection, self._tables, self._documents.c.id == document_id).values():
            return file
        raise unknown_document(document_id)

    def loose_uploads(self) -> list[tuple[str, str]]:
        """Give source and revision of the uploads' files that no document may need."""
        u = self._tables.loose_uploads.c
        rows = self._connection.execute(select(u.source, u.revision).order_by(u.source, u.revision))
        return [(source, revision) for source, revision in rows]

    def layout(self, document_id: str) -> "Layout | None":
        """Give what a document's file says about its text beyond the characters: pages, places of lines, headings.

        :returns: None where its format has nothing of the kind.
        :raises UnknownDocumentError: if there is none of this id.
        """
        self.source(document_id)
        layouts = self._tables.layouts.c
        data = self._connection.scalar(select(layouts.data).where(layouts.document_id == document_id))
        return None if data is None else self._reader.layout(document_id, data)

    def document_count(self) -> int:
        """Count the documents."""
        return self._connection.execute(select(func.count()).select_from(self._documents)).scalar_one()

    def source(self, document_id: str) -> str:
        """Give a document's name in the archive without reading its text.

        :raises UnknownDocumentError: if there is none of this id.
        """
        return self.sources([document_id])[0]

    def sources(self, document_ids: Sequence[str]) -> list[str]:
        """Give documents' names in the archive in the order of ``document_ids``.

        :raises UnknownDocumentError: if there is none of one of these ids.
        """
        if not document_ids:
            return []
        d = self._documents.c
        rows = self._connection.execute(select(d.id, d.source).where(d.id.in_(sorted(set(document_ids)))))
        found: dict[str, str] = {row.id: row.source for row in rows}
        for document_id in document_ids:
            if document_id not in found:
                raise unknown_document(document_id)
        return [found[document_id] for document_id in document_ids]

    def passage_count(self) -> int:
        """Count the passages."""
        return self._connection.execute(select(func.count()).select_from(self._passages)).scalar_one()

    def passage(self, passage_id: int) -> Passage:
        """Give one passage.

        :raises UnknownDocumentError: if there is none of this id.
        """
        return self.passages([passage_id])[0]

    def passages(self, passage_ids: Sequence[int]) -> list[Passage]:
        """Give passages in the order of ``passage_ids``.

        :raises UnknownDocumentError: if there is none of one of these ids.
        """
        wanted = [int(passage_id) for passage_id in passage_ids]
        if not wanted:
            return []
        rows = self._connection.execute(self._passage.where(among(self._passages.c.id, wanted)))
        found = {row.id: row for row in rows}
        for passage_id in wanted:
            if passage_id not in found:
                raise unknown_passage(passage_id)
        # All texts at once too: each statement is a way to the server and back.
        lacking = {row.document_id for row in found.values()} - self._texts.keys()
        self._texts.update(read_texts(self._connection, self._documents, lacking, self._reader))
        return [
            self._reader.passage(found[passage_id], self._texts[found[passage_id].document_id]) for passage_id in wanted
        ]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Give a document's passages in reading order."""
        p = self._passages.c
        rows = self._connection.execute(self._passage.where(p.document_id == document_id).order_by(p.id)).all()
        text = self._read_text(document_id) if rows else ""
        return [self._reader.passage(row, text) for row in rows]

    def passage_ids(self, document_id: str, kinds: Collection[BlockKind]) -> list[int]:
        """Give the ids of a document's passages of some kinds, in reading order."""
        p = self._passages.c
        names = sorted(kind.value for kind in kinds)
        wanted = select(p.id).where(p.document_id == document_id, p.kind.in_(names)).order_by(p.id)
        return list(self._connection.scalars(wanted))

    def all_passage_ids(self) -> NDArray[np.int64]:
        """Give the ids of all passages, ascending."""
        # As one text, which takes a fifth of the time of as many rows.
        each: ColumnElement[str] = literal_column("id::text")
        ids = self._connection.scalar(select(func.string_agg(each, ",")).select_from(self._passages))
        return np.sort(np.fromstring(ids or "", np.int64, sep=","))

    def iter_passages(self, after: int = 0) -> Iterator[Passage]:
        """Give all passages by ascending id, with no more than one document's text in memory.

        :param after: leave out the passages up to this id.
        """
        document_id, text = "", ""
        p = self._passages.c
        wanted = self._passage.where(p.id > after).order_by(p.id)
        with self._connection.execute(wanted, execution_options=STREAMED) as rows:
            for row in rows:
                if row.document_id != document_id:
                    document_id, text = row.document_id, self._read_text(row.document_id)
                yield self._reader.passage(row, text)

    def facets(self) -> Iterator[PassageFacets]:
        """Give what filters look at, of all passages by ascending id: in one go, without their texts."""
        return read_facets(self._connection, self._tables)

    def vectors(self, after: int = 0, until: int | None = None) -> Iterator[VectorBlock]:
        """Give all vectors in blocks, ordered by (passage id, unit) over all of them.

        :param after: leave out those of the passages up to this id.
        :param until: leave out those of the passages after this id; None for none.
        """
        with self._reader.told():
            yield from _postgresql_vectors.read_range(self._connection, self._vectors, self.dimension, after, until)

    def vectors_of(self, passage_ids: Sequence[int]) -> VectorBlock:
        """Give the vectors of some passages, given by ascending id."""
        with self._reader.told():
            return _postgresql_vectors.read_some(self._connection, self._vectors, self.dimension, passage_ids)

    def vector_sample(self, count: int) -> VectorBlock:
        """Give ``count`` vectors, spread evenly over all, or all if there are fewer."""
        with self._reader.told():
            return _postgresql_vectors.read_sample(self._connection, self._vectors, self.dimension, count)

    def vector_count(self) -> int:
        """Count the vectors of passages and sentences."""
        return _postgresql_vectors.vector_count(self._connection, self._vectors)

    def check(self) -> None:
        """Read all texts and look for passages and vectors without what they belong to; takes seconds for many.

        The pages of its files are the server's to check, by its checksums.

        :raises ArchiveDamagedError: if anything is wrong.
        """
        p, d, v = self._passages.c, self._documents.c, self._vectors.c
        for child, parent, what in (
            (p.document_id, d.id, "passages without their document"),
            (v.passage_id, p.id, "vectors without their passage"),
        ):
            orphan = select(child).where(~select(parent).where(parent == child).exists()).limit(1)
            if self._connection.execute(orphan).first() is not None:
                raise self._reader.damaged(what)
        for info in self.documents():
            self._read_text(info.id)

    def _read_text(self, document_id: str) -> str:
        return read_texts(self._connection, self._documents, {document_id}, self._reader)[document_id]
