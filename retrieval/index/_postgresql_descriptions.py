"""What an archive in PostgreSQL tells of its documents without their texts."""

import os
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, func, select

from retrieval.index._postgresql_tables import STREAMED, Tables
from retrieval.index.records import KnownFile, Origin, PassageFacets
from retrieval.types import DocumentInfo


def read_infos(connection: Connection, tables: Tables, condition: ColumnElement[bool] | None) -> list[DocumentInfo]:
    """Describe the documents that fulfil a condition, or all, by source."""
    p, d, w = tables.passages.c, tables.documents.c, tables.warnings.c
    noted = select(w.document_id, w.reason).join_from(tables.warnings, tables.documents).order_by(*w[:2])
    count = select(func.count()).where(p.document_id == d.id).scalar_subquery().label("passages")
    described = select(
        d.id, d.source, d.title, d.publication, d.date, d.encoding, d.revision, d.characters, count, d.uploaded
    ).order_by(d.source)
    if condition is not None:
        noted, described = noted.where(condition), described.where(condition)
    warnings: defaultdict[str, list[str]] = defaultdict(list)
    for document_id, reason in connection.execute(noted):
        warnings[document_id].append(reason.decode())
    return [
        DocumentInfo(
            id=row.id,
            source=row.source,
            title=row.title.decode(),
            publication=row.publication.decode(),
            date=row.date,
            encoding=row.encoding,
            revision=row.revision,
            characters=row.characters,
            passages=row.passages,
            uploaded=row.uploaded,
            warnings=tuple(warnings[row.id]),
        )
        for row in connection.execute(described)
    ]


def read_files(connection: Connection, tables: Tables, condition: ColumnElement[bool] | None) -> dict[str, KnownFile]:
    """Give the files of the documents that fulfil a condition, or of all, by source."""
    d = tables.documents.c
    wanted = select(d.source, d.id, d.revision, d.location, d.uploaded, d.stamp).order_by(d.source)
    rows = connection.execute(wanted if condition is None else wanted.where(condition))
    return {
        source: KnownFile(document_id, revision, Origin(os.fsdecode(place) if place else None, uploaded, stamp))
        for source, document_id, revision, place, uploaded, stamp in rows
    }


def read_facets(connection: Connection, tables: Tables) -> Iterator[PassageFacets]:
    """Give what filters look at, of all passages by ascending id."""
    p, d = tables.passages.c, tables.documents.c
    wanted = select(p.id, d.source, p.kind, p.date, p.place).join_from(tables.passages, tables.documents)
    with connection.execute(wanted.order_by(p.id), execution_options=STREAMED) as rows:
        for passage_id, source, kind, date, place in rows:
            yield PassageFacets(passage_id, source, kind, date, place.decode())
