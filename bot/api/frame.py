"""What stands around every request: its id, the log line, the headers, the last resort, the limit on bodies."""

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.api.problems import BODY_TOO_LARGE, INTERNAL, problem_response

__all__ = ["MAX_BODY_BYTES", "BodyLimit", "RequestFrame", "request_id_of"]

MAX_BODY_BYTES = 64 * 1024

_logger = logging.getLogger(__name__)
# Printable, and without spaces, so that an id cannot pass for other words of a log line.
_REQUEST_ID = re.compile(r"[!-~]{1,128}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_CLIENT_LEFT = 499  # nginx's number for it; never sent


def request_id_of(scope: Scope) -> str:
    """Give the id of the request, as ``RequestFrame`` laid it down."""
    request_id: str = scope["state"]["request_id"]
    return request_id


class RequestFrame:
    """ASGI middleware, the outermost: names the request, logs it without its words, and answers when all else fails.

    HEAD is answered as GET is. The client's ``X-Request-ID`` is kept if it is 1 to 128 printable ASCII characters
    without spaces.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand around ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to the application within."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        if method == "HEAD":  # what GET gives, and the server leaves the body away
            scope = {**scope, "method": "GET"}
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def framed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, framed_send)
        except Exception:
            # The last resort: what failed is logged under the request's id, and the client is told no more than the id.
            _logger.exception("request %s failed", request_id)
            if status:
                raise
            await problem_response(INTERNAL, INTERNAL.example, request_id)(scope, receive, framed_send)
        finally:
            # The route's template and not the address, which may hold a question.
            path = getattr(scope.get("route"), "path", "-")
            elapsed = (time.perf_counter() - started) * 1000
            _logger.info("%s %s %d %.1fms %s", method, path, status or _CLIENT_LEFT, elapsed, request_id)


class BodyLimit:
    """ASGI middleware: reads the body before the application does, and refuses one that is too large.

    It counts what arrives and does not rely on ``Content-Length``, which chunked requests do not have.
    """

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY_BYTES) -> None:
        """Refuse bodies of more than ``limit`` bytes before they reach ``app``."""
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, then pass the request on to the application within."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        too_large = declared.isdecimal() and int(declared) > self._limit
        body = b""
        more = not too_large
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            too_large = len(body) > self._limit
            more = message.get("more_body", False) and not too_large
        if too_large:
            detail = f"The body has more than {self._limit} bytes. Send a shorter question or history."
            await problem_response(BODY_TOO_LARGE, detail, request_id_of(scope))(scope, receive, send)
            return
        handed_over = False

        async def replay() -> Message:
            nonlocal handed_over
            if handed_over:
                return await receive()
            handed_over = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)
