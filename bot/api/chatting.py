"""From OpenAI's messages to a question, and from an answer to OpenAI's messages."""

import asyncio
import re
import time
import uuid
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from bot.api import schemas
from bot.api.events import event, heartbeats
from bot.api.kinds import REQUEST_INVALID
from bot.api.markdown import Piece, quoted_words
from bot.api.problems import RefusedError
from bot.api.schemas import ChatMessage, ChatRequest, Citation
from retrieval.types import Turn

__all__ = ["MODEL", "Chat", "completion", "completion_events", "link_base", "read_chat"]

MODEL = "wenju"
"""The name of the one model."""
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Chat:
    """What a list of messages comes to."""

    question: str
    history: tuple[Turn, ...]


def read_chat(request: ChatRequest, most_turns: int) -> Chat:
    """Give the question, the user's last message, and what was said before; a system's messages say nothing to it.

    :raises RefusedError: if the request wants what an archive cannot give.
    """
    _refuse_unknown_wishes(request)
    turns: list[Turn] = []
    question: str | None = None
    for position, message in enumerate(request.messages):
        text = _text(message, position)
        if message.role == "user":
            if question is not None:
                turns.append(Turn(question))
            question = text
        elif message.role == "assistant" and question is not None:
            turns.append(Turn(question, quoted_words(text)))
            question = None
    if question is None or request.messages[-1].role != "user":
        raise _refused("messages", "The last message is the question and must be the user's.")
    return Chat(question, tuple(turns[-most_turns:]))


def link_base(request: Request, public_url: str) -> str:
    """Give the address of this server as the client knows it, for links; empty when it names no proper host."""
    host = request.headers.get("host", "")
    return public_url or (f"{request.url.scheme}://{host}" if _HOST.fullmatch(host) else "")


def completion(model: str, pieces: list[Piece], citations: list[Citation]) -> schemas.ChatCompletion:
    """Give the answer in one piece."""
    notes, position = [], 0
    for piece in pieces:
        if piece.citation is not None:
            notes.append(_annotation(piece, piece.citation, position))
        position += len(piece.text)
    reply = schemas.ChatReply(content="".join(piece.text for piece in pieces), annotations=notes)
    return schemas.ChatCompletion(
        id=_new_id(),
        created=int(time.time()),
        model=model,
        choices=[schemas.ChatChoice(message=reply)],
        citations=citations,
    )


async def completion_events(
    model: str,
    pieces: list[Piece],
    later: Coroutine[Any, Any, list[Piece]],
    citations: list[Citation],
    *,
    with_usage: bool,
) -> AsyncIterator[str]:
    """Give the answer as OpenAI's chunks, the citations with the last one that has a choice.

    :param later: gives the pieces that are not there yet when those of ``pieces`` are sent.
    """
    common = {"id": _new_id(), "object": "chat.completion.chunk", "created": int(time.time()), "model": model}
    if with_usage:
        common["usage"] = None

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return event({**common, "choices": [choice], **more})

    yield chunk({"role": "assistant", "content": ""})
    for piece in pieces:
        yield chunk({"content": piece.text})
    waiting = asyncio.ensure_future(later)
    async for beat in heartbeats(waiting):
        yield beat
    for piece in waiting.result():
        yield chunk({"content": piece.text})
    yield chunk({}, "stop", citations=[citation.model_dump() for citation in citations])
    if with_usage:
        yield event({**common, "choices": [], "usage": schemas.Usage().model_dump()})
    yield event("[DONE]")


def _refuse_unknown_wishes(request: ChatRequest) -> None:
    if request.n is not None and request.n != 1:
        raise _refused("n", f"n is {request.n}: only 1 is possible, since the archive says the same each time.")
    if request.tool_choice not in (None, "none", "auto"):
        raise _refused("tool_choice", "This model calls no tools: leave tool_choice out, or set it to none or auto.")
    wanted = request.response_format
    if wanted is not None and not (isinstance(wanted, dict) and wanted.get("type") == "text"):
        raise _refused("response_format", "This model answers in text only: leave response_format out.")


def _text(message: ChatMessage, position: int) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    texts = []
    for part in message.content:
        if part.type not in ("text", "refusal") or (part.type == "text" and part.text is None):
            field = f"messages.{position}.content"
            raise _refused(field, f"This model reads text only, not {part.type[:40]!r}: send parts of the type text.")
        texts.append(part.text or "")
    return "\n".join(texts)


def _refused(param: str, detail: str) -> RefusedError:
    return RefusedError(REQUEST_INVALID, detail, param=param)


def _annotation(piece: Piece, citation: Citation, position: int) -> schemas.Annotation:
    start, end = piece.mark
    return schemas.Annotation(
        url_citation=schemas.UrlCitation(
            start_index=position + start,
            end_index=position + end,
            url=citation.url,
            title=citation.title or citation.source,
        )
    )


def _new_id() -> str:
    return f"chatcmpl-{uuid.uuid4().hex}"
