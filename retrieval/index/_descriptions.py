"""What the store tells of its documents without their texts."""

import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from retrieval.index.records import KnownFile, Origin, PassageFacets
from retrieval.types import DocumentInfo


def read_infos(connection: sqlite3.Connection, condition: str, *values: str) -> list[DocumentInfo]:
    """Describe the documents ``d`` that fulfil a condition of SQL, by source."""
    warnings: defaultdict[str, list[str]] = defaultdict(list)
    for document_id, reason in connection.execute(
        f"SELECT d.id, reason FROM warnings w JOIN documents d ON d.id = w.document_id {condition} "
        "ORDER BY w.document_id, w.position",
        values,
    ):
        warnings[document_id].append(reason)
    rows = connection.execute(
        "SELECT d.id, source, title, publication, date, encoding, revision, characters, "
        "(SELECT count(*) FROM passages p WHERE p.document_id = d.id), uploaded "
        f"FROM documents d {condition} ORDER BY source",
        values,
    )
    # SQLite knows 0 and 1 where Python has booleans.
    return [
        replace(DocumentInfo(*columns), uploaded=bool(uploaded), warnings=tuple(warnings[columns[0]]))
        for *columns, uploaded in rows
    ]


def read_files(connection: sqlite3.Connection, condition: str, *values: str) -> dict[str, KnownFile]:
    """Give the files of the documents ``d`` that fulfil a condition of SQL, by source."""
    rows = connection.execute(
        f"SELECT source, d.id, revision, location, uploaded, stamp FROM documents d {condition} ORDER BY source", values
    )
    return {
        source: KnownFile(document_id, revision, Origin(os.fsdecode(place) if place else None, bool(uploaded), stamp))
        for source, document_id, revision, place, uploaded, stamp in rows
    }


def read_facets(connection: sqlite3.Connection) -> Iterator[PassageFacets]:
    """Give what filters look at, of all passages by ascending id."""
    rows = connection.execute(
        "SELECT p.id, d.source, p.kind, json_extract(p.context, '$.date', '$.place') "
        "FROM passages p JOIN documents d ON d.id = p.document_id ORDER BY p.id"
    )
    # Few of the pairs differ, and JSON is slow to read.
    read: dict[str, tuple[str, str]] = {}
    for passage_id, source, kind, pair in rows:
        if pair not in read:
            date, place = json.loads(pair)
            read[pair] = (date or "", place or "")
        yield PassageFacets(passage_id, source, kind, *read[pair])
