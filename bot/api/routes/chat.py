"""/v1/models and /v1/chat/completions: the archive as a model that OpenAI's clients can talk to."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Request, Response

from bot.api import kinds, schemas
from bot.api.chatting import MODEL, completion, completion_events, link_base, read_chat
from bot.api.citations import citations_of
from bot.api.deps import ArchiveDep, DeskDep, require_ask, require_json
from bot.api.description import ARCHIVE_PROBLEMS, openai_problems
from bot.api.desk import HISTORY_TURNS
from bot.api.events import EVENT_CONTENT, EVENT_STREAM, event_stream
from bot.api.markdown import pieces
from bot.api.problems import RefusedError

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["chat programs"], dependencies=[Depends(require_ask)])
_EXAMPLES = {
    "question": {
        "summary": "A question",
        "value": {"model": "wenju", "messages": [{"role": "user", "content": "炎陵县调解成功率是多少？"}]},
    },
    "follow_up": {
        "summary": "A follow-up question, streamed",
        "value": {
            "model": "wenju",
            "stream": True,
            "messages": [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": "炎陵县调解成功率是多少？"},
                {"role": "assistant", "content": "> 调解成功率99%"},
                {"role": "user", "content": "那攸县呢？"},
            ],
        },
    },
}


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
    request: Annotated[schemas.ChatRequest, Body(openapi_examples=_EXAMPLES)],
) -> schemas.ChatCompletion | Response:
    """Answer the user's last message; those before it are the conversation that it may follow up on.

    What else the interface knows, as temperature or max_tokens, is left alone: the archive is quoted, not continued.
    """
    _check_model(request.model)
    chat = read_chat(request, HISTORY_TURNS)
    answer = await desk.answer(http.scope, archive, chat.question, history=chat.history)
    citations = citations_of(answer, link_base(http, desk.options.public_url))
    parts = list(pieces(answer, citations))
    if request.stream:
        usage = request.stream_options is not None and bool(request.stream_options.include_usage)
        return event_stream(completion_events(MODEL, parts, citations, with_usage=usage))
    return completion(MODEL, parts, citations)


def _check_model(name: str) -> None:
    if name != MODEL:
        detail = f"The model {name[:80]!r} does not exist here. GET /v1/models lists what does."
        raise RefusedError(kinds.MODEL_UNKNOWN, detail, param="model")
