"""What stands around every request: its id, the log line, the headers, the counts, the last resort."""

import json
import logging
import re
import time
import uuid
from datetime import UTC, datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.api.callers import address_of
from bot.api.kinds import INTERNAL
from bot.api.metrics import Metrics
from bot.api.problems import problem_response

__all__ = ["ACCESS_LOG", "RequestFrame", "request_id_of"]

ACCESS_LOG = "bot.api.access"
"""The name of the logger that gets one line of JSON for each request."""

_logger = logging.getLogger(__name__)
_access = logging.getLogger(ACCESS_LOG)
# Printable, and without spaces, so that an id cannot pass for other words of a log line.
_REQUEST_ID = re.compile(r"[!-~]{1,128}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
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

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Stand around ``app``."""
        self._app = app
        self._metrics = metrics

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
            await problem_response(scope, INTERNAL, INTERNAL.example)(scope, receive, framed_send)
        finally:
            self._record(scope, method, status or _CLIENT_LEFT, time.perf_counter() - started)

    def _record(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        # The route's template and not the address, which may hold a question.
        route = getattr(scope.get("route"), "path", "-")
        self._metrics.count(route, method, status, seconds)
        state = scope["state"]
        caller = state.get("caller")
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request_id": state["request_id"],
            "method": method[:20],
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "address": address_of(scope),
            "key": caller.key.id if caller is not None and caller.key is not None else None,
        }
        if "question" in state:  # only where the operator has asked for it
            line["question"] = state["question"]
        _access.info("%s", json.dumps(line))
