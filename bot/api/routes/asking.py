"""POST /v1/ask: a question, answered with quotes, at once or as events."""

import asyncio
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response

from bot.api import kinds, schemas
from bot.api.citations import citations_of
from bot.api.deps import ArchiveDep, CallerDep, DeskDep, require_ask, require_json
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.desk import HISTORY_TURNS
from bot.api.events import EVENT_CONTENT, EVENT_STREAM, event, event_stream, wants_events
from bot.api.examples import ASK_ANSWERS, ASK_REQUESTS
from bot.state import turn_of
from retrieval.types import Turn

__all__ = ["router"]

router = APIRouter(tags=["questions"])


@router.post(
    "/v1/ask",
    operation_id="ask",
    summary="Ask a question",
    response_description="The quotes that answer, or that nothing was found.",
    response_model=schemas.AskResponse,
    dependencies=[Depends(require_ask), Depends(require_json)],
    responses={
        200: {
            "content": {
                "application/json": {"examples": ASK_ANSWERS},
                EVENT_STREAM: EVENT_CONTENT,
            }
        },
        **problems(
            kinds.BODY_MALFORMED,
            kinds.CONVERSATION_UNKNOWN,
            kinds.MEDIA_TYPE_UNSUPPORTED,
            kinds.QUESTION_INVALID,
            kinds.FILTER_INVALID,
            kinds.REQUEST_INVALID,
            kinds.OVERLOADED,
            kinds.QUESTION_TIMEOUT,
            *ARCHIVE_PROBLEMS,
        ),
    },
)
async def ask(
    http: Request,
    archive: ArchiveDep,
    caller: CallerDep,
    desk: DeskDep,
    request: Annotated[schemas.AskRequest, Body(openapi_examples=ASK_REQUESTS)],
) -> schemas.AskResponse | Response:
    """Answer a question with quotes from the archive, best first.

    Questions may be asked in any language. For a follow-up question, as "那攸县呢？", send the history, or the id of a
    conversation that the server keeps.

    With "stream" set, or with the header Accept: text/event-stream, the answer comes as events: "understood" with how
    the question was read, a "quote" or a "near_miss" for each with its number, and last "answer" with the whole answer
    and its citations.
    """
    filters = request.filters.to_filters()
    history = [Turn(turn.question, turn.answer) for turn in request.history]
    if request.conversation_id is not None:
        known = await asyncio.to_thread(desk.conversation, caller, request.conversation_id)
        kept = desk.state_gate.state().conversations
        history = await asyncio.to_thread(kept.turns, known.id, HISTORY_TURNS)
    answer = await desk.answer(http.scope, archive, request.question, history=history, top=request.top, filters=filters)
    turn = turn_of(answer)
    if request.conversation_id is not None and turn is not None:
        await asyncio.to_thread(kept.append, request.conversation_id, turn)
    response = schemas.AskResponse.model_validate(
        {
            **answer.to_dict(),
            "citations": [each.model_dump() for each in citations_of(answer, desk.options.public_url)],
            "conversation_id": request.conversation_id,
        }
    )
    return event_stream(_events(response)) if request.stream or wants_events(http) else response


def _events(response: schemas.AskResponse) -> Iterator[str]:
    answer = response.model_dump(mode="json")
    head = ("status", "question", "language", "understood_as", "reply", "conversation_id")
    yield event({name: answer[name] for name in head}, "understood")
    for name, quotes in (("quote", answer["quotes"]), ("near_miss", answer["near_misses"])):
        for number, quote in enumerate(quotes, start=1):
            yield event({"number": number, **quote}, name)
    yield event(answer, "answer")
