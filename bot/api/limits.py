"""The limits on what a client sends: the size of a body, and the time that it takes to arrive."""

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.api.kinds import BODY_TOO_LARGE, BODY_TOO_SLOW
from bot.api.options import ApiOptions
from bot.api.problems import RefusedError, problem_response, speaks_openai

__all__ = ["BodyLimit"]

# A connection closed on a client that is still sending is reset, and the reset takes the answer with it: what the
# client sends is let go by for so long, and so many bytes.
_LINGER_SECONDS = 2.0
_LINGER_BYTES = 64 << 20


class BodyLimit:
    """ASGI middleware: reads the body before the application does, and refuses one that is too large or too slow.

    It counts what arrives and does not rely on ``Content-Length``, which chunked requests do not have. An uploaded
    file is not held in memory here: what the application reads of it is counted as it comes.
    """

    def __init__(self, app: ASGIApp, options: ApiOptions) -> None:
        """Stand before ``app``."""
        self._app = app
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to the application within."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = scope["method"] == "POST" and scope["path"] == "/v1/documents"
        limit = self._options.max_upload_bytes if upload else self._options.max_body_bytes
        if speaks_openai(scope["path"]):  # its clients send the whole conversation each time
            limit = self._options.max_chat_bytes
        seconds = self._options.upload_seconds if upload else self._options.body_seconds
        headers = Headers(scope=scope)
        body = _Body(receive, limit, seconds)
        # Who asks before sending sends nothing once refused.
        if headers.get("expect", "").lower() != "100-continue":
            send = body.lingering(send)
        try:
            body.expect(headers.get("content-length", ""))
            if not upload:
                receive = await body.whole()
            else:
                receive = body.receive
        except RefusedError as error:
            await problem_response(scope, error.kind, str(error), headers=error.headers)(scope, receive, send)
            return
        except _LeftError:
            return
        await self._app(scope, receive, send)


class _LeftError(Exception):
    """The client has gone before its request was complete."""


class _Body:
    """A body on its way."""

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive = receive
        self._limit = limit
        self._seconds = seconds
        self._ends = asyncio.get_running_loop().time() + seconds
        self._size = 0
        self._complete = False

    def expect(self, declared: str) -> None:
        if declared.isdecimal() and int(declared[:20]) > self._limit:
            raise self._too_large()

    async def receive(self) -> Message:
        if self._complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._ends):
                message = await self._receive()
        except TimeoutError as error:
            detail = f"The body did not arrive within {self._seconds:g} seconds. Send it at once."
            raise RefusedError(BODY_TOO_SLOW, detail) from error
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            self._complete = not message.get("more_body", False)
            if self._size > self._limit:
                raise self._too_large()
        return message

    def lingering(self, send: Send) -> Send:
        """Give a way to send that lets go by what of the body is still to come, before the response ends."""

        async def lingering(message: Message) -> None:
            last = message["type"] == "http.response.body" and not message.get("more_body", False)
            if last and not self._complete:
                await send({**message, "more_body": True})
                await self._let_go()
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        return lingering

    async def _let_go(self) -> None:
        gone = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                while gone < _LINGER_BYTES and not self._complete:
                    message = await self._receive()
                    gone += len(message.get("body", b""))
                    self._complete = message["type"] != "http.request" or not message.get("more_body", False)

    async def whole(self) -> Receive:
        """Read all of it, and give a way to receive it at once."""
        parts: list[bytes] = []
        while not self._complete:
            message = await self.receive()
            if message["type"] != "http.request":
                raise _LeftError
            parts.append(message.get("body", b""))
        waiting = [{"type": "http.request", "body": b"".join(parts), "more_body": False}]

        async def replay() -> Message:
            return waiting.pop() if waiting else await self._receive()

        return replay

    def _too_large(self) -> RefusedError:
        return RefusedError(BODY_TOO_LARGE, f"The body has more than {self._limit} bytes. Send a smaller one.")
