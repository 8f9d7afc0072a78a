"""GET /v1/documents and /v1/sources: what the archive holds, and the text to which all spans refer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from bot.api import kinds, schemas
from bot.api.deps import ArchiveDep, DeskDep, require_ask
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.examples import DOCUMENT_ID, DOCUMENT_LISTS, DOCUMENTS

__all__ = ["DocumentId", "router"]

router = APIRouter(prefix="/v1", tags=["documents"], dependencies=[Depends(require_ask)])
DocumentId = Annotated[str, Path(description="The document's id.", max_length=200, examples=[DOCUMENT_ID])]


@router.get(
    "/documents",
    operation_id="listDocuments",
    summary="List the documents",
    response_description="A part of the list, sorted by source.",
    responses={
        200: {"content": {"application/json": {"examples": DOCUMENT_LISTS}}},
        **problems(kinds.FILTER_INVALID, kinds.REQUEST_INVALID, *ARCHIVE_PROBLEMS),
    },
)
def list_documents(
    archive: ArchiveDep, desk: DeskDep, query: Annotated[schemas.DocumentsQuery, Query()]
) -> schemas.DocumentList:
    """List the documents of the archive without their texts; those that fit all that is asked for."""
    documents = desk.contents.select(archive, query)
    page = documents[query.offset : query.offset + query.limit]
    return schemas.DocumentList(
        total=len(documents), documents=[schemas.DocumentInfo.model_validate(info.to_dict()) for info in page]
    )


@router.get(
    "/documents/{document_id}",
    operation_id="readDocument",
    summary="Read a document",
    description="Gives a document with its text: at the spans of a quote it reads as the quote does.",
    response_description="The document, its whole text, its articles and blocks.",
    responses={
        200: {"content": {"application/json": {"examples": DOCUMENTS}}},
        **problems(kinds.DOCUMENT_UNKNOWN, kinds.REQUEST_INVALID, *ARCHIVE_PROBLEMS),
    },
)
def read_document(archive: ArchiveDep, document_id: DocumentId) -> schemas.Document:
    """Give a document with its text: at the spans of a quote it reads as the quote does.

    :raises UnknownDocumentError: when no document has the id.
    """
    document = archive.document(document_id)
    info = archive.document_info(document_id)
    outline = archive.outline(document_id)
    return schemas.Document.model_validate({**info.to_dict(), "text": document.text, "outline": outline.to_dict()})


@router.get(
    "/sources",
    operation_id="sources",
    summary="What is the archive made of?",
    description="Gives the newspapers or series with their times, and the places that can be asked about.",
    response_description="Counts.",
    responses=problems(kinds.REQUEST_INVALID, *ARCHIVE_PROBLEMS),
)
def sources(archive: ArchiveDep, desk: DeskDep) -> schemas.Sources:
    """Tell what the archive is made of."""
    return desk.contents.sources(archive)
