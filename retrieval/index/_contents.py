"""What stands in the columns of every store, whichever database holds it: how it is checked, written and read."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EncoderError, ProvenanceError, SourceError, UnknownDocumentError
from retrieval.index.records import Origin
from retrieval.types import BlockKind, Context, Document, Passage, PassageDraft, Span


def to_checksum(text: bytes) -> int:
    """Give the checksum by which a change of a text on the disk is noticed; databases have none of their own."""
    return crc32(text)


def to_passage(row: Sequence[Any], text: str) -> Passage:
    """Give a passage of its id, document's id, kind, and spans, sentences and context as JSON.

    :param text: the text of its document.
    :raises KeyError: or ``TypeError`` or ``ValueError`` if the row is damaged.
    """
    passage_id, document_id, kind, spans_json, sentences_json, context_json = row
    spans = _to_spans(json.loads(spans_json))
    context: dict[str, Any] = json.loads(context_json)
    context["headings"] = tuple(context["headings"])
    context["people"] = tuple(context.get("people", ()))
    return Passage(
        id=passage_id,
        document_id=document_id,
        kind=BlockKind(kind),
        spans=spans,
        text="".join(text[span.start : span.end] for span in spans),
        sentences=tuple(_to_spans(pieces) for pieces in json.loads(sentences_json)),
        context=Context(**context),
    )


def spans_json(passage: PassageDraft) -> str:
    """Write a passage's spans."""
    return _to_json(_to_pairs(passage.spans))


def sentences_json(passage: PassageDraft) -> str:
    """Write the spans of a passage's sentences."""
    return _to_json([_to_pairs(sentence) for sentence in passage.sentences])


def context_json(passage: PassageDraft) -> str:
    """Write a passage's context."""
    return _to_json(passage.context.to_dict())


def encode_location(origin: Origin) -> bytes:
    """Write the place of a file: a path need not be valid text."""
    return os.fsencode(origin.location) if origin.location else b""


def to_blobs(name: str, sentences: int, units: NDArray[np.float32], dimension: int) -> list[bytes]:
    """Write the vectors of a passage, which ``name`` tells in errors.

    :raises EncoderError: if they do not fit the passage, or are not finite numbers.
    """
    shape = (1 + sentences, dimension)
    if units.shape != shape:
        raise EncoderError(
            f"{name} needs vectors of shape {shape}, not {units.shape}. Use the encoder that the archive was built with"
        )
    if not np.isfinite(units).all():
        raise EncoderError(f"{name} has a vector that is not finite")
    return [row.tobytes() for row in np.ascontiguousarray(units, dtype="<f4")]


def peeked(
    passages: Iterable[tuple[PassageDraft, NDArray[np.float32]]],
) -> tuple[Context | None, Iterator[tuple[PassageDraft, NDArray[np.float32]]]]:
    """Give what the first passage says of its document, None if there is no passage, and all of them again."""
    remaining = iter(passages)
    first = next(remaining, None)
    return (None, remaining) if first is None else (first[0].context, chain((first,), remaining))


def checked_blobs(
    document: Document, position: int, passage: PassageDraft, units: NDArray[np.float32], dimension: int
) -> list[bytes]:
    """Write the vectors of a document's passage, and make sure that it stands there.

    :raises ProvenanceError: if it does not.
    :raises EncoderError: if the vectors do not fit the passage, or are not finite numbers.
    """
    if passage.document_id != document.id:
        raise ProvenanceError(f"passage {position} is of document {passage.document_id!r}, not of {document.id!r}")
    if passage.text != "".join(document.text[span.start : span.end] for span in passage.spans):
        raise ProvenanceError(
            f"passage {position} of {document.source!r} differs from the text at its spans {passage.spans}"
        )
    return to_blobs(f"passage {position} of {document.source!r}", len(passage.sentences), units, dimension)


def unwritable(source: str, error: UnicodeEncodeError) -> SourceError:
    """Word the error for a text that is none."""
    return SourceError(
        f"{source!r} holds half of a surrogate pair at character {error.start}, which no text file "
        "may. Save the file as UTF-8 and sync again"
    )


def unknown_document(document_id: str) -> UnknownDocumentError:
    """Word the error for an id that no document has."""
    return UnknownDocumentError(f"No document has the id {document_id!r}. List the ids with: wenju sources")


def unknown_passage(passage_id: int) -> UnknownDocumentError:
    """Word the error for an id that no passage has."""
    return UnknownDocumentError(
        f"No passage has the id {passage_id}: its document was changed or removed. Search again"
    )


def _to_spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)


def _to_pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
