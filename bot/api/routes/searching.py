"""GET /v1/search: the passages that are near to a query, without a decision on whether they answer it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from bot.api import kinds, schemas
from bot.api.deps import ArchiveDep, DeskDep, require_ask
from bot.api.description import ARCHIVE_PROBLEMS, problems

__all__ = ["router"]

router = APIRouter(tags=["questions"])


@router.get(
    "/v1/search",
    operation_id="search",
    summary="Search for passages",
    response_description="The passages, best first.",
    dependencies=[Depends(require_ask)],
    responses=problems(
        kinds.QUESTION_INVALID,
        kinds.FILTER_INVALID,
        kinds.REQUEST_INVALID,
        kinds.OVERLOADED,
        kinds.QUESTION_TIMEOUT,
        *ARCHIVE_PROBLEMS,
    ),
)
async def search(
    http: Request, archive: ArchiveDep, desk: DeskDep, query: Annotated[schemas.SearchQuery, Query()]
) -> schemas.SearchResult:
    """Give the passages that are nearest to a query, whether or not they answer it."""
    filters = query.to_filters()
    if query.explain:
        found = await desk.search(http.scope, query.q, lambda: archive.explain(query.q, query.top, filters=filters))
        explanation = schemas.Explanation.model_validate(found.to_dict())
        hits = [explained.hit for explained in found.hits]
    else:
        explanation = None
        hits = await desk.search(http.scope, query.q, lambda: archive.search(query.q, query.top, filters=filters))
    told = [schemas.Hit.model_validate(hit.to_dict()) for hit in hits]
    return schemas.SearchResult(query=query.q, hits=told, explanation=explanation)
