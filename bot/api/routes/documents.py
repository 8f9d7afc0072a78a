"""GET /v1/documents: what the archive holds, and the text to which all spans refer."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from bot.api import schemas
from bot.api.deps import ArchiveDep
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.examples import DOCUMENT_ID, DOCUMENT_LISTS, DOCUMENTS
from bot.api.problems import DOCUMENT_UNKNOWN, REQUEST_INVALID
from retrieval.errors import UnknownDocumentError

__all__ = ["router"]

router = APIRouter(prefix="/v1/documents", tags=["documents"])


@router.get(
    "",
    operation_id="listDocuments",
    summary="List the documents",
    response_description="A part of the list, sorted by source.",
    responses={
        200: {"content": {"application/json": {"examples": DOCUMENT_LISTS}}},
        **problems(REQUEST_INVALID, *ARCHIVE_PROBLEMS),
    },
)
def list_documents(archive: ArchiveDep, query: Annotated[schemas.DocumentsQuery, Query()]) -> schemas.DocumentList:
    """List the documents of the archive without their texts."""
    documents = archive.documents()
    page = documents[query.offset : query.offset + query.limit]
    return schemas.DocumentList(
        total=len(documents), documents=[schemas.DocumentInfo.model_validate(info.to_dict()) for info in page]
    )


@router.get(
    "/{document_id}",
    operation_id="readDocument",
    summary="Read a document",
    description="Gives a document with its text: at the spans of a quote it reads as the quote does.",
    response_description="The document and its whole text.",
    responses={
        200: {"content": {"application/json": {"examples": DOCUMENTS}}},
        **problems(DOCUMENT_UNKNOWN, REQUEST_INVALID, *ARCHIVE_PROBLEMS),
    },
)
def read_document(
    archive: ArchiveDep,
    document_id: Annotated[str, Path(description="The document's id.", max_length=200, examples=[DOCUMENT_ID])],
) -> schemas.Document:
    """Give a document with its text: at the spans of a quote it reads as the quote does.

    :raises UnknownDocumentError: when no document has the id.
    """
    document = archive.document(document_id)
    info = next((each for each in archive.documents() if each.id == document_id), None)
    if info is None:  # removed by a sync since the line before the last
        raise UnknownDocumentError(f"no document has the id {document_id!r}: list them with GET /v1/documents")
    return schemas.Document.model_validate({**info.to_dict(), "text": document.text})
