"""GET /v1/search: the passages that are near to a query, without a decision on whether they answer it."""

from typing import Annotated

from fastapi import APIRouter, Query

from bot.api import schemas
from bot.api.deps import ArchiveDep
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.examples import SEARCH_RESULTS
from bot.api.problems import QUESTION_INVALID, REQUEST_INVALID

__all__ = ["router"]

router = APIRouter(tags=["questions"])


@router.get(
    "/v1/search",
    operation_id="search",
    summary="Search for passages",
    response_description="The passages, best first.",
    responses={
        200: {"content": {"application/json": {"examples": SEARCH_RESULTS}}},
        **problems(QUESTION_INVALID, REQUEST_INVALID, *ARCHIVE_PROBLEMS),
    },
)
def search(archive: ArchiveDep, query: Annotated[schemas.SearchQuery, Query()]) -> schemas.SearchResult:
    """Give the passages that are nearest to a query, whether or not they answer it."""
    hits = archive.search(query.q, top=query.top)
    return schemas.SearchResult(query=query.q, hits=[schemas.Hit.model_validate(hit.to_dict()) for hit in hits])
