"""POST /v1/ask: a question, answered with quotes."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends

from bot.api import schemas
from bot.api.deps import ArchiveDep, require_json
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.examples import ASK_ANSWERS, ASK_REQUESTS
from bot.api.problems import BODY_MALFORMED, MEDIA_TYPE_UNSUPPORTED, QUESTION_INVALID, REQUEST_INVALID
from retrieval.types import Turn

__all__ = ["router"]

router = APIRouter(tags=["questions"])


@router.post(
    "/v1/ask",
    operation_id="ask",
    summary="Ask a question",
    response_description="The quotes that answer, or that nothing was found.",
    dependencies=[Depends(require_json)],
    responses={
        200: {"content": {"application/json": {"examples": ASK_ANSWERS}}},
        **problems(BODY_MALFORMED, MEDIA_TYPE_UNSUPPORTED, QUESTION_INVALID, REQUEST_INVALID, *ARCHIVE_PROBLEMS),
    },
)
def ask(
    archive: ArchiveDep, request: Annotated[schemas.AskRequest, Body(openapi_examples=ASK_REQUESTS)]
) -> schemas.Answer:
    """Answer a question with quotes from the archive, best first.

    Questions may be asked in any language. For a follow-up question, as "那攸县呢？", send the history.
    """
    history = [Turn(turn.question, turn.answer) for turn in request.history]
    answer = archive.ask(request.question, history=history, top=request.top)
    return schemas.Answer.model_validate(answer.to_dict())
