import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.bot.telegram.methods import ApiError

__all__ = ["HttpRequest", "Transport"]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it came in: ``parameters`` are those of the address."""

    path: str
    parameters: Mapping[str, str]
    content_type: str
    body: bytes = field(repr=False)


class Transport:
    """HTTP around a function that answers a request with a result, or with bytes, or raises an ``ApiError``."""

    def __init__(self, handle: Callable[[HttpRequest], Any]) -> None:
        self._http = _HttpServer(handle)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handle: Callable[[HttpRequest], Any]) -> None:
        super().__init__(("127.0.0.1", 0), _RequestHandler)
        self.handle = handle

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep test output clean when a bot is killed in the middle of a request."""


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _HttpServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        address = urlsplit(self.path)
        request = HttpRequest(address.path, dict(parse_qsl(address.query)), self.headers.get("Content-Type", ""), body)
        code = 200
        answer: dict[str, Any]
        try:
            result = self.server.handle(request)
            if isinstance(result, bytes):
                self._send(200, "application/octet-stream", result)
                return
            answer = {"ok": True, "result": result}
        except ApiError as error:
            code = error.code
            answer = {"ok": False, "error_code": code, "description": error.description}
            if error.parameters:
                answer["parameters"] = error.parameters
        self._send(code, "application/json", json.dumps(answer).encode())

    do_GET = do_POST  # noqa: N815  (the Bot API takes both)

    def _send(self, code: int, kind: str, payload: bytes) -> None:
        try:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the poller gave up waiting

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep test output clean."""
