"""Server-sent events, as browsers and OpenAI's clients read them."""

import json
from collections.abc import Iterable
from typing import Any

from fastapi import Request
from starlette.responses import StreamingResponse

__all__ = ["EVENT_CONTENT", "EVENT_STREAM", "event", "event_stream", "wants_events"]

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


def wants_events(request: Request) -> bool:
    """Tell whether the client asks for events in its header Accept."""
    ranges = request.headers.get("accept", "").lower().split(",")
    return any(each.partition(";")[0].strip() == EVENT_STREAM for each in ranges)


def event(data: Any, name: str = "") -> str:
    """Write one event. JSON has no line breaks, so it is one line of data whatever the text holds."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n" if name else f"data: {text}\n\n"


def event_stream(events: Iterable[str]) -> StreamingResponse:
    """Give the response that sends the events one by one."""

    async def pieces() -> Any:
        for each in events:
            yield each.encode("utf-8")

    # Proxies of nginx's kind would hold the events back.
    return StreamingResponse(pieces(), media_type=EVENT_STREAM, headers={"X-Accel-Buffering": "no"})
