"""Server-sent events, as browsers and OpenAI's clients read them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from fastapi import Request
from starlette.responses import StreamingResponse
from starlette.types import Scope

from bot.api.kinds import INTERNAL
from bot.api.problems import kind_of, problem_response, speaks_openai
from retrieval.errors import WenjuError

__all__ = ["EVENT_CONTENT", "EVENT_STREAM", "HEARTBEAT", "event", "event_stream", "heartbeats", "wants_events"]

EVENT_STREAM = "text/event-stream"
EVENT_CONTENT: dict[str, Any] = {
    "schema": {
        "type": "object",
        "description": "One event; its data is JSON.",
        "required": ["data"],
        "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    }
}
"""How the OpenAPI document describes a stream."""
HEARTBEAT = ": still at it\n\n"
"""A comment, which clients pass over: it tells them, and the proxies between, that the server has not gone."""
_PROMPT_SECONDS = 1.0
_HEARTBEAT_SECONDS = 5.0
T = TypeVar("T")


def wants_events(request: Request) -> bool:
    """Tell whether the client asks for events in its header Accept."""
    ranges = request.headers.get("accept", "").lower().split(",")
    return any(each.partition(";")[0].strip() == EVENT_STREAM for each in ranges)


def event(data: Any, name: str = "") -> str:
    """Write one event. JSON has no line breaks, so it is one line of data whatever the text holds."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n" if name else f"data: {text}\n\n"


async def heartbeats(work: asyncio.Future[Any]) -> AsyncIterator[str]:
    """Give a comment every few seconds until ``work`` is done."""
    while not (await asyncio.wait({work}, timeout=_HEARTBEAT_SECONDS))[0]:
        yield HEARTBEAT


async def event_stream(
    scope: Scope, work: Coroutine[Any, Any, T], tell: Callable[[T], AsyncIterator[str]]
) -> StreamingResponse:
    """Give the response that sends what ``tell`` makes of the ``work``'s result, event by event.

    Work that takes longer than a second is waited for within the stream, which has begun by then: its failure is an
    event "problem".

    :raises WenjuError: if the work fails before that; the response then has the failure's own status.
    """
    working = asyncio.ensure_future(work)
    if (await asyncio.wait({working}, timeout=_PROMPT_SECONDS))[0]:
        working.result()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            if not working.done():
                yield HEARTBEAT.encode()
            async for beat in heartbeats(working):
                yield beat.encode()
            async for each in tell(working.result()):
                yield each.encode("utf-8")
        except WenjuError as error:
            if kind_of(error) is INTERNAL:
                raise
            problem = bytes(problem_response(scope, kind_of(error), str(error)).body).decode("utf-8")
            yield event(problem, "" if speaks_openai(scope["path"]) else "problem").encode("utf-8")
        finally:
            working.cancel()

    # Proxies of nginx's kind would hold the events back.
    return StreamingResponse(pieces(), media_type=EVENT_STREAM, headers={"X-Accel-Buffering": "no"})
