"""/v1/conversations and /v1/feedback: what the server remembers for its clients."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from bot.api import kinds, schemas
from bot.api.contents import iso_time
from bot.api.deps import CallerDep, DeskDep, StateDep, require_admin, require_ask, require_json
from bot.api.description import problems
from bot.api.problems import RefusedError
from bot.state import Conversation, Feedback, KeptTurn
from retrieval.types import Span

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["conversations"])
ConversationId = Annotated[str, Path(description="The conversation's id.", max_length=200)]
_MOST_OFFSET = 2**31


@router.post(
    "/conversations",
    operation_id="createConversation",
    summary="Begin a conversation",
    status_code=201,
    response_description="The conversation; its id goes into POST /v1/ask.",
    dependencies=[Depends(require_ask)],
    responses=problems(kinds.REQUEST_INVALID),
)
def create(state: StateDep, caller: CallerDep, desk: DeskDep) -> schemas.Conversation:
    """Begin a conversation that the server keeps, so that questions may follow up on others."""
    return _told(state.conversations.create(caller.owner), [], desk.options.conversation_days)


@router.get(
    "/conversations/{conversation_id}",
    operation_id="readConversation",
    summary="Read a conversation",
    response_description="The conversation and its last questions.",
    dependencies=[Depends(require_ask)],
    responses=problems(kinds.CONVERSATION_UNKNOWN, kinds.REQUEST_INVALID),
)
def read(state: StateDep, caller: CallerDep, desk: DeskDep, conversation_id: ConversationId) -> schemas.Conversation:
    """Give what was asked and answered, of long conversations the last hundred questions."""
    conversation = desk.conversation(caller, conversation_id)
    turns = state.conversations.kept(conversation.id)
    return _told(conversation, turns, desk.options.conversation_days)


@router.delete(
    "/conversations/{conversation_id}",
    operation_id="deleteConversation",
    summary="Delete a conversation",
    status_code=204,
    response_description="The conversation is gone.",
    dependencies=[Depends(require_ask)],
    responses=problems(kinds.CONVERSATION_UNKNOWN, kinds.REQUEST_INVALID),
)
def delete(state: StateDep, caller: CallerDep, desk: DeskDep, conversation_id: ConversationId) -> None:
    """Delete a conversation with its questions."""
    state.conversations.forget(desk.conversation(caller, conversation_id).id)


@router.post(
    "/feedback",
    operation_id="giveFeedback",
    summary="Say what an answer is worth",
    status_code=201,
    response_description="It was kept.",
    dependencies=[Depends(require_ask), Depends(require_json)],
    responses=problems(kinds.BODY_MALFORMED, kinds.MEDIA_TYPE_UNSUPPORTED, kinds.REQUEST_INVALID),
)
def give_feedback(state: StateDep, request: schemas.FeedbackRequest) -> schemas.Received:
    """Keep what a reader thinks of an answer, for the operator to read."""
    spans = tuple(_span(start, end) for start, end in request.spans)
    kept = state.feedback.add(
        Feedback(
            surface=request.surface,
            helpful=request.helpful,
            question=request.question,
            document_id=request.document_id,
            spans=spans,
            comment=request.comment,
        )
    )
    return schemas.Received(id=kept)


@router.get(
    "/feedback",
    operation_id="readFeedback",
    summary="Read the feedback",
    response_description="A part of it, latest first.",
    dependencies=[Depends(require_admin)],
    responses=problems(kinds.REQUEST_INVALID),
)
def read_feedback(state: StateDep, query: Annotated[schemas.FeedbackQuery, Query()]) -> schemas.FeedbackList:
    """Give what readers have said, latest first."""
    return schemas.FeedbackList(
        total=state.feedback.count(),
        feedback=[
            schemas.FeedbackRecord(
                id=each.id,
                given=iso_time(each.given),
                surface=each.surface,
                helpful=each.helpful,
                question=each.question,
                document_id=each.document_id,
                spans=[(span.start, span.end) for span in each.spans],
                comment=each.comment,
            )
            for each in state.feedback.latest(query.limit, query.offset)
        ],
    )


def _told(conversation: Conversation, turns: list[KeptTurn], days: int) -> schemas.Conversation:
    return schemas.Conversation(
        id=conversation.id,
        created=iso_time(conversation.created),
        expires=iso_time(conversation.used + days * 86_400),
        turns=[
            schemas.KeptTurn(question=turn.question, answer=turn.answer, asked=iso_time(turn.asked)) for turn in turns
        ],
    )


def _span(start: int, end: int) -> Span:
    if not 0 <= start < end < _MOST_OFFSET:
        raise RefusedError(
            kinds.REQUEST_INVALID, f"spans holds [{start}, {end}]: a span is [start, end), as [123, 170]."
        )
    return Span(start, end)
