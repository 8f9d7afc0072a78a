"""GET /v1/documents and /v1/sources: what the archive holds, and the text to which all spans refer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from bot.api import kinds, schemas
from bot.api.deps import ArchiveDep, DeskDep, require_ask
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.problems import RefusedError
from retrieval.errors import ProvenanceError

__all__ = ["DocumentId", "router"]

router = APIRouter(prefix="/v1", tags=["documents"], dependencies=[Depends(require_ask)])
DocumentId = Annotated[str, Path(description="The document's id.", max_length=200)]


@router.get(
    "/documents",
    operation_id="listDocuments",
    summary="List the documents",
    response_description="A part of the list, sorted by source.",
    responses=problems(kinds.FILTER_INVALID, kinds.REQUEST_INVALID, *ARCHIVE_PROBLEMS),
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
    responses=problems(kinds.DOCUMENT_UNKNOWN, kinds.REQUEST_INVALID, *ARCHIVE_PROBLEMS),
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
    "/documents/{document_id}/around",
    operation_id="readAround",
    summary="Read on around a quote",
    description=(
        "Gives a quote with the whole sentences before and after it in its article, as many as fit; the words at the "
        "spans that were asked for are the highlights."
    ),
    response_description="The longer quote.",
    responses=problems(kinds.DOCUMENT_UNKNOWN, kinds.PASSAGE_UNKNOWN, kinds.REQUEST_INVALID, *ARCHIVE_PROBLEMS),
)
def read_around(
    archive: ArchiveDep, document_id: DocumentId, query: Annotated[schemas.AroundQuery, Query()]
) -> schemas.Quote:
    """Give a quote with the whole sentences before and after it.

    :raises RefusedError: when no passage stands at the spans.
    """
    try:
        quote = archive.around(document_id, schemas.spans_of(query.spans), query.characters)
    except ProvenanceError as error:
        raise RefusedError(kinds.PASSAGE_UNKNOWN) from error
    return schemas.Quote.model_validate(quote.to_dict())


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
