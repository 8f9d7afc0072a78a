"""/v1/models and /v1/chat/completions: the archive as a model that OpenAI's clients can talk to."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from bot.api import kinds, schemas
from bot.api.chatting import MODEL, completion, completion_events, link_base, read_chat
from bot.api.citations import citations_of
from bot.api.deps import ArchiveDep, DeskDep, require_ask, require_json
from bot.api.description import ARCHIVE_PROBLEMS, openai_problems
from bot.api.desk import HISTORY_TURNS, Desk
from bot.api.events import EVENT_CONTENT, EVENT_STREAM, event_stream
from bot.api.markdown import Piece, pieces, summary_pieces
from bot.api.problems import RefusedError
from retrieval.types import Answer

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["chat programs"], dependencies=[Depends(require_ask)])


@router.get(
    "/models",
    operation_id="listModels",
    summary="List the models",
    description="Gives the one model, as OpenAI's clients look for it.",
    response_description="The list.",
    responses=openai_problems(),
)
async def list_models() -> schemas.ModelList:
    """Give the one model."""
    return schemas.ModelList(data=[schemas.Model(id=MODEL)])


@router.get(
    "/models/{model}",
    operation_id="readModel",
    summary="Look a model up",
    description="Gives the model of this name.",
    response_description="The model.",
    responses=openai_problems(kinds.MODEL_UNKNOWN, kinds.REQUEST_INVALID),
)
async def read_model(model: Annotated[str, Path(max_length=200, examples=[MODEL])]) -> schemas.Model:
    """Give the model of this name.

    :raises RefusedError: when there is none.
    """
    _check_model(model)
    return schemas.Model(id=MODEL)


@router.post(
    "/chat/completions",
    operation_id="createChatCompletion",
    summary="Ask as OpenAI's clients do",
    response_description="The answer in Markdown, its quotes numbered and linked, and the citations.",
    response_model=schemas.ChatCompletion,
    dependencies=[Depends(require_json)],
    responses={
        200: {"content": {EVENT_STREAM: EVENT_CONTENT}},
        **openai_problems(
            kinds.BODY_MALFORMED,
            kinds.MODEL_UNKNOWN,
            kinds.MEDIA_TYPE_UNSUPPORTED,
            kinds.QUESTION_INVALID,
            kinds.REQUEST_INVALID,
            kinds.OVERLOADED,
            kinds.QUESTION_TIMEOUT,
            *ARCHIVE_PROBLEMS,
        ),
    },
)
async def create_chat_completion(
    http: Request,
    archive: ArchiveDep,
    desk: DeskDep,
    request: schemas.ChatRequest,
) -> schemas.ChatCompletion | Response:
    """Answer the user's last message; those before it are the conversation that it may follow up on.

    What else the interface knows, as temperature or max_tokens, is left alone: the archive is quoted, not continued.
    """
    _check_model(request.model)
    chat = read_chat(request, HISTORY_TURNS)
    base = link_base(http, desk.options.public_url)
    finding = desk.answer(http.scope, archive, chat.question, history=chat.history)
    if request.stream:
        usage = request.stream_options is not None and bool(request.stream_options.include_usage)
        return await event_stream(http.scope, finding, partial(_events, desk, base, usage))
    answer = await desk.summarised(await finding)
    citations = citations_of(answer, base)
    return completion(MODEL, [*pieces(answer, citations), *summary_pieces(answer, citations)], citations)


async def _events(desk: Desk, base: str, usage: bool, answer: Answer) -> AsyncIterator[str]:
    citations = citations_of(answer, base)

    async def summary() -> list[Piece]:
        return summary_pieces(await desk.summarised(answer), citations)

    async for each in completion_events(MODEL, list(pieces(answer, citations)), summary(), citations, with_usage=usage):
        yield each


def _check_model(name: str) -> None:
    if name != MODEL:
        detail = f"The model {name[:80]!r} does not exist here. GET /v1/models lists what does."
        raise RefusedError(kinds.MODEL_UNKNOWN, detail, param="model")
