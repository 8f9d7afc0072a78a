"""What is written into the tables of an archive in PostgreSQL: a row for each document, passage and vector."""

from collections.abc import Iterator, Sequence

from retrieval.index._contents import context_json, encode_location, sentences_json, spans_json, to_checksum
from retrieval.index.records import Origin
from retrieval.types import Context, Document, PassageDraft


def document_row(document: Document, first: Context | None, origin: Origin) -> dict[str, object]:
    """Write a document, with what its first passage says of it.

    :raises UnicodeEncodeError: if it is no valid text.
    """
    text = document.text.encode()
    return {
        "id": document.id,
        "source": document.source,
        "text": text,
        "checksum": to_checksum(text),
        "encoding": document.encoding,
        "revision": document.revision,
        "title": ((first.title if first else "") or document.source).encode(),
        "publication": (first.publication if first else "").encode(),
        "date": first.date if first else "",
        "characters": len(document.text),
        **origin_columns(origin),
    }


def origin_columns(origin: Origin) -> dict[str, object]:
    """Write where the file of a document is."""
    return {"location": encode_location(origin), "uploaded": origin.uploaded, "stamp": origin.stamp}


def passage_row(passage_id: int, position: int, passage: PassageDraft) -> dict[str, object]:
    """Write a passage of a document."""
    return {
        "id": passage_id,
        "document_id": passage.document_id,
        "position": position,
        "kind": passage.kind.value,
        "date": passage.context.date,
        "place": passage.context.place.encode(),
        "spans": spans_json(passage),
        "sentences": sentences_json(passage),
        "context": context_json(passage),
    }


def vector_rows(passage_id: int, blobs: Sequence[bytes]) -> Iterator[dict[str, object]]:
    """Write the vectors of a passage and its sentences."""
    for unit, blob in enumerate(blobs):
        yield {"passage_id": passage_id, "unit": unit, "vector": blob}
