"""HTTP for the bot, beside its work on the same event loop: Telegram's webhook, and the page that tells its health."""

import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.telegram.errors import ListenError

__all__ = ["App", "Request", "Response", "Site", "hosted", "listen"]

_BODY_LIMIT = 1_000_000  # bytes; Telegram's updates stay far below
_BACKLOG = 128

_Message: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[_Message]]
_Send: TypeAlias = Callable[[_Message], Awaitable[None]]
App: TypeAlias = Callable[[MutableMapping[str, Any], _Receive, _Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in; names of headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back."""

    status: int
    body: bytes = b""
    media_type: str = "text/plain; charset=utf-8"

    @classmethod
    def json(cls, status: int, value: object) -> "Response":
        """Write a value as JSON."""
        return cls(status, json.dumps(value).encode(), "application/json")


Site: TypeAlias = Callable[[Request], Awaitable[Response]]
"""Answers a request."""


def application_of(site: Site) -> App:
    """Make an ASGI application of a site; bodies beyond a megabyte are refused before they are read whole."""

    async def app(scope: MutableMapping[str, Any], receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            return
        body = await _body(receive)
        if body is None:
            response = Response(413)
        else:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
            response = await site(Request(scope["method"], scope["path"], headers, body))
        fields = [(b"content-type", response.media_type.encode()), (b"content-length", b"%d" % len(response.body))]
        await send({"type": "http.response.start", "status": response.status, "headers": fields})
        await send({"type": "http.response.body", "body": response.body})

    return app


def listen(host: str, port: int, variable: str) -> socket.socket:
    """Listen on an address; ``variable`` is the setting that names the port, for the error's cure.

    :raises ListenError: if the address is taken, not permitted or unknown.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ListenError(f"cannot listen on {host} port {port} ({reason}): choose another with {variable}") from error


@asynccontextmanager
async def hosted(site: Site, listener: socket.socket) -> AsyncIterator[None]:
    """Answer requests on a listening socket for as long as the block lasts."""
    import asyncio

    import uvicorn

    class Server(uvicorn.Server):
        """A server that leaves the signals of the process to the bot."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(
        application_of(site), lifespan="off", ws="none", access_log=False, log_config=None, server_header=False
    )
    server = Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()


async def _body(receive: _Receive) -> bytes | None:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > _BODY_LIMIT:
            return None
        if not message.get("more_body", False):
            return body
