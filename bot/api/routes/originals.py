"""GET /v1/documents/{id}/original, /pages and /pages/{n}.png: the file behind a text, and its pages' pictures."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Response

from bot.api import kinds, schemas
from bot.api.deps import ArchiveDep, require_ask
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.routes.documents import DocumentId

__all__ = ["router"]

router = APIRouter(prefix="/v1/documents/{document_id}", tags=["documents"], dependencies=[Depends(require_ask)])
# What a browser may show by itself: none of these can run anything. HTML and SVG can, and are always saved.
_SHOWN = frozenset({"application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"})
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_PICTURE_HEADERS = {"Cache-Control": "private, max-age=3600"}


@router.get(
    "/original",
    operation_id="readOriginal",
    summary="Get the file itself",
    response_class=Response,
    responses={
        200: {"description": "The file's bytes, with its media type and name.", "content": {"*/*": _BINARY}},
        **problems(kinds.DOCUMENT_UNKNOWN, kinds.ORIGINAL_MISSING, kinds.REQUEST_INVALID, *ARCHIVE_PROBLEMS),
    },
)
def read_original(archive: ArchiveDep, document_id: DocumentId) -> Response:
    """Give the file that the document was read from, byte for byte."""
    original = archive.original(document_id)
    name = original.source.rpartition("/")[2]
    shown = original.media_type in _SHOWN
    headers = {
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Type": original.media_type,
    }
    if not shown:
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return Response(original.data, headers=headers)


@router.get(
    "/pages",
    operation_id="readPages",
    summary="Find words on the pages",
    response_description="The pages' sizes, and the boxes around the words.",
    responses=problems(kinds.DOCUMENT_UNKNOWN, kinds.ORIGINAL_MISSING, kinds.REQUEST_INVALID, *ARCHIVE_PROBLEMS),
)
def read_pages(
    archive: ArchiveDep, document_id: DocumentId, query: Annotated[schemas.PagesQuery, Query()]
) -> schemas.Pages:
    """Give the pages of a document, and where the words of some spans stand on them."""
    sizes = archive.page_sizes(document_id)
    spans = schemas.spans_of(query.spans)
    places = archive.places(document_id, spans) if spans else []
    return schemas.Pages(
        pages=[schemas.Page(number=size.number, width=size.width, height=size.height) for size in sizes],
        places=[
            schemas.Place(
                page=place.page,
                box=schemas.Box(left=place.box.left, top=place.box.top, right=place.box.right, bottom=place.box.bottom),
            )
            for place in places
        ],
    )


@router.get(
    "/pages/{number}.png",
    operation_id="readPagePicture",
    summary="See a page",
    response_class=Response,
    responses={
        200: {"description": "The page's picture.", "content": {"image/png": _BINARY}},
        **problems(kinds.DOCUMENT_UNKNOWN, kinds.ORIGINAL_MISSING, kinds.REQUEST_INVALID, *ARCHIVE_PROBLEMS),
    },
)
def read_page_picture(
    archive: ArchiveDep,
    document_id: DocumentId,
    number: Annotated[int, Path(ge=1, le=100_000, description="The page's number, from 1.")],
    width: Annotated[int, Query(ge=100, le=4000, description="The picture's width in pixels.")] = 1200,
) -> Response:
    """Give a page of a PDF or a scan as a picture."""
    picture = archive.page_picture(document_id, number, width)
    return Response(picture, media_type="image/png", headers=_PICTURE_HEADERS)
