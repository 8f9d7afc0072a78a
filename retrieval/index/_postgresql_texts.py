"""The texts of documents in PostgreSQL."""

from collections.abc import Collection

from sqlalchemy import Connection, Table, select

from retrieval.index._row_reader import RowReader


def read_texts(
    connection: Connection, documents: Table, document_ids: Collection[str], reader: RowReader
) -> dict[str, str]:
    """Give the texts of documents by their ids, with one statement.

    :raises ArchiveDamagedError: if one is not there, or not what was written.
    """
    if not document_ids:
        return {}
    d = documents.c
    rows = connection.execute(select(d.id, d.text, d.checksum).where(d.id.in_(sorted(document_ids))))
    texts = {row.id: reader.text(row.id, row.text, row.checksum) for row in rows}
    for document_id in document_ids:
        if document_id not in texts:
            raise reader.missing(document_id)
    return texts
