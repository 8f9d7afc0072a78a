"""POST /v1/ask: a question, answered with quotes, at once or as events."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

from fastapi import APIRouter, Depends, Request, Response

from bot.api import kinds, schemas
from bot.api.callers import Caller
from bot.api.citations import citations_of
from bot.api.deps import ArchiveDep, CallerDep, DeskDep, require_ask, require_json
from bot.api.description import ARCHIVE_PROBLEMS, problems
from bot.api.desk import HISTORY_TURNS, Desk
from bot.api.events import EVENT_CONTENT, EVENT_STREAM, event, event_stream, heartbeats, wants_events
from bot.state import turn_of
from retrieval.archive import Archive
from retrieval.types import Answer, Turn

__all__ = ["router"]

_IN_EVENTS_OF_THEIR_OWN = frozenset({"quotes", "near_misses", "summary", "citations", "timings_ms"})

router = APIRouter(tags=["questions"])


@router.post(
    "/v1/ask",
    operation_id="ask",
    summary="Ask a question",
    response_description="The quotes that answer, or that nothing was found.",
    response_model=schemas.AskResponse,
    dependencies=[Depends(require_ask), Depends(require_json)],
    responses={
        200: {"content": {EVENT_STREAM: EVENT_CONTENT}},
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
    http: Request, archive: ArchiveDep, caller: CallerDep, desk: DeskDep, request: schemas.AskRequest
) -> schemas.AskResponse | Response:
    """Answer a question with quotes from the archive, best first.

    Questions may be asked in any language. For a follow-up question, as "那攸县呢？", send the history, or the id of a
    conversation that the server keeps.

    With "stream" set, or with the header Accept: text/event-stream, the answer comes as events: "understood" with how
    the question was read, a "quote" or a "near_miss" for each with its number, "summarising" and "summary" where a
    language model writes one, and last "answer" with the whole answer and its citations. What takes long is bridged by
    comments; should it fail when the stream has begun, the last event is a "problem".
    """
    finding = _find(http, archive, caller, desk, request)
    if request.stream or wants_events(http):
        return await event_stream(http.scope, finding, partial(_events, desk, request.conversation_id))
    return _told(await desk.summarised(await finding), desk, request.conversation_id)


async def _find(http: Request, archive: Archive, caller: Caller, desk: Desk, request: schemas.AskRequest) -> Answer:
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
    return answer


def _told(answer: Answer, desk: Desk, conversation_id: str | None) -> schemas.AskResponse:
    return schemas.AskResponse.model_validate(
        {
            **answer.to_dict(),
            "citations": [each.model_dump() for each in citations_of(answer, desk.options.public_url)],
            "conversation_id": conversation_id,
        }
    )


async def _events(desk: Desk, conversation_id: str | None, answer: Answer) -> AsyncIterator[str]:
    told = _told(answer, desk, conversation_id).model_dump(mode="json")
    yield event({name: value for name, value in told.items() if name not in _IN_EVENTS_OF_THEIR_OWN}, "understood")
    for name, quotes in (("quote", told["quotes"]), ("near_miss", told["near_misses"])):
        for number, quote in enumerate(quotes, start=1):
            yield event({"number": number, **quote}, name)
    if desk.summarises(answer):
        yield event({}, "summarising")
        summarising = asyncio.ensure_future(desk.summarised(answer))
        async for beat in heartbeats(summarising):
            yield beat
        told = _told(summarising.result(), desk, conversation_id).model_dump(mode="json")
        if told["summary"] is not None:
            yield event(told["summary"], "summary")
    yield event(told, "answer")
